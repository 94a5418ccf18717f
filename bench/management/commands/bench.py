"""`manage.py bench`: measure the scale database against the floors, in one run."""

import json
import signal
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench.floors import write_plans
from bench.measuring import Row, as_json, table
from bench.run import Run
from bench.subjects import SUBJECTS
from families.models import Family


class Command(BaseCommand):
    """Prints the table and writes it as JSON."""

    help = "Measure pages, searches and jobs on the scale database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subjects", nargs="*", choices=[*SUBJECTS, []], help="which ones; all of them when none")
        parser.add_argument("--turns", type=int, default=50, help="how often each thing is done")
        parser.add_argument("--seconds", type=int, default=30, help="how long fifty people work at once")
        parser.add_argument("--requests", type=int, default=500, help="requests over which memory is watched")
        parser.add_argument("--papers", type=int, default=20, help="PDFs that are made to be measured")
        parser.add_argument("--json", type=Path, default=None, help="where the numbers are written")
        parser.add_argument("--plans", action="store_true", help="write the plans of the floors to bench/floors")

    def handle(self, *args: Any, **options: Any) -> None:
        if not connection.settings_dict["NAME"].endswith("_scale"):
            raise CommandError("This is no scale database: its name has to end in _scale (make bench makes one).")
        # The server of a run that is told to stop has to stop as well.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        rows: list[Row] = []
        with Run(**{name: options[name] for name in ("turns", "seconds", "requests", "papers")}) as run:
            for name in options["subjects"] or SUBJECTS:
                self.stdout.write(f"{name} ...")
                self.stdout.flush()
                rows += SUBJECTS[name](run)
                # After each subject: an hour's run that is broken off keeps what it has measured.
                if options["json"]:
                    _write(rows, options["json"])
        data = f"{Family.objects.count():,} families"
        self.stdout.write(f"{data}, {run.turns} turns\n\n{table(rows)}")
        if options["plans"]:
            self.stdout.write(f"\nplans: {', '.join(write_plans(data))}")


def _write(rows: list[Row], file: Path) -> None:
    file.write_text(json.dumps([as_json(row) for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")
