"""Pages of the families room, by subject."""
