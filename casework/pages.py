"""Tabs and buttons of the pages of a case that the core of the room owns; `casework.apps` imports this module."""
