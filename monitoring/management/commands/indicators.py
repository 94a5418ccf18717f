"""The indicators of a unit for any period as JSON, for scripts: figures by code, no personal data."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.calendar import DateRange
from monitoring.indicators import Value, values
from monitoring.units import UnknownUnit, unit_with_code


class Command(BaseCommand):
    """Prints an object: codes with the value, and for a share its part and its whole."""

    help = "Print the indicators of a region, an institution or a department for a period, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--unit", required=True, metavar="CODE", help="a region, an institution or a department")
        parser.add_argument("--from", required=True, metavar="DATE", dest="starts_on", type=_day)
        parser.add_argument("--to", required=True, metavar="DATE", dest="ends_on", type=_day, help="the last day")

    def handle(self, *_args: Any, unit: str, starts_on: date, ends_on: date, **_options: Any) -> None:
        try:
            level, found, today = unit_with_code(unit)
            period = DateRange(starts_on, ends_on)
        except (UnknownUnit, ValueError) as error:
            raise CommandError(str(error)) from None
        figures = values(level, [found.pk], period, today=today)[found.pk]
        self.stdout.write(json.dumps({code: _shown(value) for code, value in figures.items()}, indent=2))


def _shown(value: Value) -> dict[str, int | None]:
    if value.whole is None:
        return {"value": value.number}
    return {"value": value.number, "part": value.part, "whole": value.whole}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text} is no date such as 2026-09-30.") from None
