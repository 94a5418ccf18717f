"""Filters that write values as Russian papers do, whatever the language of the interface."""

from datetime import date
from decimal import Decimal

from django import template

from common import text

register = template.Library()


@register.filter
def long_date(day: date | None) -> str:
    """«23 сентября 2021 г.»; a dash for no date."""
    return text.long_date(day) if day else text.DASH


@register.filter
def short_date(day: date | None) -> str:
    """«23.09.2021»; a dash for no date."""
    return text.short_date(day) if day else text.DASH


@register.filter
def signed(number: int) -> str:
    """«+12», «−6», «0»."""
    return text.signed(number)


@register.filter
def mid_line(words: str) -> str:
    """A post in the middle of a line: «заведующий отделением»."""
    return text.mid_line(words)


@register.filter
def money(amount: Decimal | int | None) -> str:
    """«1 671 472,00 руб.»; a dash for no sum."""
    return text.DASH if amount is None else text.money(amount)
