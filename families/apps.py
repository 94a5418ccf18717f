from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FamiliesConfig(AppConfig):
    """Families, people and the door to personal data."""

    name = "families"
    verbose_name = _("Families")
