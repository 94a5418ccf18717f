"""Routes of the monitoring room."""

from tests.access.routes import page

ROUTES = [
    page("automatic_rules", "automatic_rules.read"),
]
