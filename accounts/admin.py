"""Registers the administration pages of the room."""

from accounts.administration import log, people, units

__all__ = ["log", "people", "units"]
