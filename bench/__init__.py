"""A million families and the numbers to reach: scale data, and measurements against floors. `make bench` runs them."""
