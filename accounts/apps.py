from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, units, appointments and the access journal."""

    name = "accounts"
    verbose_name = _("Accounts")
