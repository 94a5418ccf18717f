"""A million families and the numbers to reach: scale data, and measurements against floors. See BENCHMARKS.md."""
