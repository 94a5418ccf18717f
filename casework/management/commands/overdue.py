"""The overdue cases of a day as JSON, for scripts: numbers and codes of units, no personal data."""

import json
from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from casework.contacts import due_dates
from casework.models import SupportCase


class Command(BaseCommand):
    """Prints a list of objects, the longest overdue first; the same cases as the lists and reports of that day show."""

    help = "Print the cases whose contact was overdue at the end of a day, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", required=True, metavar="DATE", type=_day, help="the day, as 2026-09-30")
        parser.add_argument("--unit", metavar="CODE", help="a region, an institution or a department; default: all")

    def handle(self, *_args: Any, on: date, unit: str | None, **_options: Any) -> None:
        # "Today" past the day makes the facts answer as they stood at its end, whatever time zone the units are in.
        cases = SupportCase.objects.overdue(on, today=on + timedelta(days=1))
        if unit is not None:
            cases = cases.filter(Q(region__code=unit) | Q(institution__code=unit) | Q(department__code=unit))
        rows = list(cases.values_list("pk", "number", "region__code", "institution__code", "department__code"))
        due = due_dates([row[0] for row in rows], on)
        found = [
            {
                "case": number,
                "due_on": due[pk].isoformat(),
                "days_overdue": (on - due[pk]).days,
                "region": region,
                "institution": institution,
                "department": department,
            }
            for pk, number, region, institution, department in rows
        ]
        found.sort(key=lambda row: (row["due_on"], row["institution"], row["case"]))
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no date such as 2026-09-30.") from None
