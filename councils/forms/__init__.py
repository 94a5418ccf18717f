"""Forms of the councils room, by subject."""
