"""The routes of every room, one file each, and what the room hangs on a family of the world."""
