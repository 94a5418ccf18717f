"""Pages of the partners room, by subject."""
