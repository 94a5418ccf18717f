"""`manage.py bench`: measure the scale database against the floors, in one run."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench.measuring import Row, table
from bench.server import served
from bench.subjects import lists, searching
from families.models import Family

SUBJECTS = ("lists", "search")


class Command(BaseCommand):
    """Prints the table and writes it as JSON."""

    help = "Measure pages, searches and jobs on the scale database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, []], help="which ones; all of them when none")
        parser.add_argument("--turns", type=int, default=50, help="how often each thing is done")
        parser.add_argument("--json", type=Path, default=None, help="where the numbers are written")

    def handle(self, *args: Any, **options: Any) -> None:
        if not connection.settings_dict["NAME"].endswith("_scale"):
            raise CommandError("This is no scale database: its name has to end in _scale (make bench makes one).")
        chosen = options["subjects"] or SUBJECTS
        turns = options["turns"]
        rows: list[Row] = []
        if "lists" in chosen:
            rows += lists.sql_part(turns)
            with served() as address:
                rows += lists.pages(address, turns)
        if "search" in chosen:
            rows += searching.by_name(turns)
        self.stdout.write(f"{Family.objects.count():,} families, {turns} turns, milliseconds\n\n{table(rows)}")
        if options["json"]:
            numbers = [asdict(row) | {"ratio": row.ratio, "reached": row.reached} for row in rows]
            options["json"].write_text(json.dumps(numbers, ensure_ascii=False, indent=1))
