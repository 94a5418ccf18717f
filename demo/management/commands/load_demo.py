"""`manage.py load_demo`: the regions of the sources with invented families, once."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Region
from common.editing import only_database_checks
from demo.loading import load_region
from demo.loading.references import check_references
from demo.loading.reports import load_reports
from demo.regions import REGIONS
from monitoring.daily import apply_everywhere


class Command(BaseCommand):
    """Fills an empty database; a database that already has regions is left as it is."""

    help = "Load the demo regions with invented families into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        if Region.objects.exists():
            self.stdout.write("There are regions already: nothing loaded.")
            return
        # All or nothing: after an interrupted load the next start begins anew.
        with transaction.atomic(), only_database_checks():
            for region in REGIONS:
                families = load_region(region)
                check_references()
                self.stdout.write(f"{region.title}: {families} families")
            load_reports(list(Region.objects.order_by("pk")))
        # People find what the last morning would have told them, also on a day off.
        apply_everywhere(timezone.now())
