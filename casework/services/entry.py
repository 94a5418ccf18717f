"""What visits and rows of the journal have in common: the day, the period, the members of the family (I8, I9, R8)."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Institution
from casework.models import SupportCase
from common.calendar import is_late_entry
from common.text import short_date
from families.models import Family, FamilyMembership, Person

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Errors = dict[str, "str | _StrPromise"]


def day_errors(
    field: str, on: date, *, institution: Institution, case: SupportCase | None, is_period_open: bool, late_reason: str
) -> Errors:
    """What is wrong with the day of a fact: not in the future, within the case, not in a closed period, late with a
    reason only (I8, R8). `field` names the day in a form, the reason is `late_reason` there."""
    today = institution.today()
    if on > today:
        return {field: _("This day has not come yet.")}
    if case is not None and on < case.opened_on:
        return {field: _("The case was opened on %(day)s.") % {"day": short_date(case.opened_on)}}
    if case is not None and case.closed_on is not None and on > case.closed_on:
        return {field: _("The case was closed on %(day)s.") % {"day": short_date(case.closed_on)}}
    if not is_period_open:
        return {field: _("The reporting period of this day is closed: the head of the department enters it.")}
    if is_late_entry(on, today) and not late_reason.strip():
        return {"late_reason": _("More than ten days have passed: say why it is entered late.")}
    return {}


def members_on(family: Family, on: date) -> dict[int, Person]:
    """The people of the family on `on` by the ids of their memberships."""
    rows = FamilyMembership.objects.filter(family=family).on(on).select_related("person")
    return {row.pk: row.person for row in rows}


def strangers_error(people: Iterable[Person], known: Iterable[Person], on: date) -> str:
    """Who of `people` was no member of the family on the day; "" when all were (I9)."""
    keys = {person.pk for person in known}
    strangers = [person.short_name for person in people if person.pk not in keys]
    if not strangers:
        return ""
    return _("Not members of the family on %(day)s: %(names)s.") % {
        "day": short_date(on),
        "names": ", ".join(strangers),
    }


def raise_if_any(errors: Errors) -> None:
    """Raise them as one ValidationError, if there are any."""
    if errors:
        raise ValidationError(dict(errors))
