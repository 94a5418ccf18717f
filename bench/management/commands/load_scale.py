"""`manage.py load_scale`: a database as large as the whole country's, to measure against."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import Region
from bench.scale import load

SUFFIX = "_scale"


class Command(BaseCommand):
    """Fills an empty database whose name says that it is meant for this."""

    help = "Load scale data into an empty database whose name ends in _scale."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--families", type=int, default=100_000, help="how many families")
        parser.add_argument("--visits-per-family", type=int, default=20, help="how many visits each has on average")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other families")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day the histories stop")

    def handle(self, *args: Any, **options: Any) -> None:
        name = connection.settings_dict["NAME"]
        if not name.endswith(SUFFIX):
            raise CommandError(f"{name} is no database for scale data: its name has to end in {SUFFIX}.")
        if Region.objects.exists():
            raise CommandError(f"{name} is not empty: drop it and create it anew.")
        if options["families"] < 1 or options["visits_per_family"] < 1:
            raise CommandError("There is nothing to load: give at least one family and one visit.")
        load(
            families=options["families"],
            visits_per_family=options["visits_per_family"],
            seed=options["seed"],
            today=options["today"] or date.today(),  # noqa: DTZ011 - any day will do
            say=self.stdout.write,
        )
