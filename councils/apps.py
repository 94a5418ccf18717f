from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CouncilsConfig(AppConfig):
    """Sessions, decisions, minutes."""

    name = "councils"
    verbose_name = _("Councils")
