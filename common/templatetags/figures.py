"""Filters that write figures in the language of the interface."""

from decimal import Decimal

from django import template
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from common import text

register = template.Library()


@register.filter
def numbered(number: str | int) -> str:
    """«№ 7», "No. 7"; nothing for a record that has no number yet."""
    return text.numbered(number)


@register.filter
def roubles(amount: Decimal | int | None) -> str:
    """«1 671 472,00 руб.», "1,671,472.00 RUB"; a dash for no sum."""
    if amount is None:
        return text.DASH
    return _("%(sum)s RUB") % {"sum": floatformat(amount, "2g")}
