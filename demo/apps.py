from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Invented families in the real institutions of five regions."""

    name = "demo"
    verbose_name = _("Demo")
