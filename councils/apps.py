from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

STARTUP = ("councils.kinds", "councils.pages")
"""Modules that register what the room has: kinds of events and notices, doors of papers, its part of a case's page."""


class CouncilsConfig(AppConfig):
    """Sessions, decisions, minutes."""

    name = "councils"
    verbose_name = _("Councils")

    def ready(self) -> None:
        for module in STARTUP:
            import_module(module)
