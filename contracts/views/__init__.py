"""Pages of the contracts room, by subject."""
