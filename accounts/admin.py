"""Registers the administration pages of the room."""

from accounts.administration import people, units

__all__ = ["people", "units"]
