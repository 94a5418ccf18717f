from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    """Indicators, reports, reminders."""

    name = "monitoring"
    verbose_name = _("Monitoring")

    def ready(self) -> None:
        """Name the notifications, the rules and the workers of this room."""
        import_module("monitoring.notices")
        import_module("monitoring.reporting")
        import_module("monitoring.rules").register_rules()
