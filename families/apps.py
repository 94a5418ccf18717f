from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class FamiliesConfig(AppConfig):
    """Families, people and the door to personal data."""

    name = "families"
    verbose_name = _("Families")

    def ready(self) -> None:
        """Keep the dictionary complete; name the room's personal data, the doors of its papers and its notices."""
        dictionary = import_module("families.dictionary")
        post_migrate.connect(dictionary.ensure_categories, sender=self)
        import_module("families.registrations")
