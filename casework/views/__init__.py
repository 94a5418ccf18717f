"""Pages of the casework room, by subject."""
