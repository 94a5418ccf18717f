from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

STARTUP = (
    "casework.kinds",
    "casework.guards",
    "casework.pages",
    "casework.visit_pages",
    "casework.programmes",
    "casework.agencies",
    "casework.steps",
)
"""Modules that register what they have: kinds of events, guards, tabs and panels; one or more for each subject."""


class CaseworkConfig(AppConfig):
    """Casework: cases, visits, programmes."""

    name = "casework"
    verbose_name = _("Casework")

    def ready(self) -> None:
        for module in STARTUP:
            import_module(module)
