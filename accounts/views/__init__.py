"""Pages of the accounts room, by subject."""
