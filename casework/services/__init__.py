"""Writes of the casework room, by subject. Who may is asked of `casework.access`; what is impossible is refused."""
