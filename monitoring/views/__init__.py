"""Pages of the monitoring room, by subject."""
