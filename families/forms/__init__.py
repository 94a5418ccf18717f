"""Forms of the families room, by subject."""
