"""Pages of the councils room, by subject."""
