"""Writes of the records room; other rooms import from the module of the subject."""
