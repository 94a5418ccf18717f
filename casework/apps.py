from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseworkConfig(AppConfig):
    """Cases, visits, programmes."""

    name = "casework"
    verbose_name = _("Casework")
