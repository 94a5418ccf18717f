"""Forms of the casework room, by subject."""
