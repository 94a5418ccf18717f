from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    """Office work common to all rooms."""

    name = "records"
    verbose_name = _("Records")
