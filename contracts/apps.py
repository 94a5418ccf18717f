from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Social contracts and their follow-up."""

    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        import_module("contracts.pages")
