from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, units, appointments and the access journal."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Connect the log lines of signing in, register the checks and the notifications of this room."""
        import_module("accounts.checks")
        import_module("accounts.signals")
        notifications = import_module("accounts.notifications")
        notifications.register(
            "second_factor_reset",
            _("Two administrators have taken off your second factor. Set up a new one."),
        )
