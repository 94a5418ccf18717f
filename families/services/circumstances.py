"""What is true of a family for a time: categories, traits, statuses, risk group, income."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.calendar import add_years, full_months_between
from common.history import acting, update_with_history
from families import hooks
from families.enums import FamilyFact, IncomeSource, PopulationGroup, RiskGroup, StatusKind, TraitKind
from families.hooks import Happening
from families.models import (
    Category,
    Family,
    FamilyCategory,
    FamilyRiskGroup,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
    SubsistenceMinimum,
)

ONE_DAY = timedelta(days=1)
LOW_INCOME = "LOW_INCOME"
# From the mildest: a status ends by improvement when what follows stands before it here, or nothing follows.
SEVERITY = (None, StatusKind.EARLY_TROUBLE, StatusKind.HARDSHIP, StatusKind.SOCIALLY_DANGEROUS)
TRAITS_UNTIL_AGE = {TraitKind.CARE_LEAVER: 23}
"""Traits that an age ends by itself (S1-3)."""


def age_end(birth: date, age: int) -> date:
    """The last day before the birthday on which the person is `age` years old (I19)."""
    return add_years(birth, age) - ONE_DAY


def trait_end(kind: str, birth: date) -> date | None:
    """The last day of a trait that an age ends; None for others."""
    age = TRAITS_UNTIL_AGE.get(TraitKind(kind))
    return age_end(birth, age) if age else None


def add_category(*, actor: User, row: FamilyCategory) -> FamilyCategory:
    """Put the family into a category; one with an age bound ends by itself before the member's birthday (I19)."""
    return _save_category(actor, row, FamilyFact.CATEGORY_ENTERED)


def change_category(*, actor: User, row: FamilyCategory) -> FamilyCategory:
    """Save a changed category of the family under the same rules."""
    return _save_category(actor, row, FamilyFact.CATEGORY_CHANGED)


@transaction.atomic
def _save_category(actor: User, row: FamilyCategory, fact: FamilyFact) -> FamilyCategory:
    bind_to_age(row)
    if row.is_primary:
        others = FamilyCategory.objects.filter(family=row.family, is_primary=True).exclude(pk=row.pk)
        update_with_history(others, actor=actor, is_primary=False)
    with acting(actor):
        row.full_clean()
        row.save()
    on = row.starts_on if fact is FamilyFact.CATEGORY_ENTERED else row.family.institution.today()
    hooks.happened(Happening(row.family, fact, on, actor))
    return row


def bind_to_age(row: FamilyCategory) -> None:
    """Set the end of a category that an age bounds, at the latest the day before the birthday.

    Raises ValidationError without the member whose age it is, or when the birthday is past on the first day.
    """
    age = row.category.ends_at_age
    if age is None:
        return
    if row.member is None:
        raise ValidationError({"member": _("Say on whom it rests: this category ends at the age of %d.") % age})
    last = age_end(row.member.person.birth_date, age)
    if last < row.starts_on:
        raise ValidationError({"starts_on": _("The member is already %d years old on this day.") % age})
    row.ends_on = min(row.ends_on, last) if row.ends_on else last


def add_trait(*, actor: User, row: MemberTrait) -> MemberTrait:
    """Note what is true of a member; a trait that an age ends gets its last day."""
    return _save_trait(actor, row)


def change_trait(*, actor: User, row: MemberTrait) -> MemberTrait:
    """Save a changed trait under the same rules."""
    return _save_trait(actor, row)


def _save_trait(actor: User, row: MemberTrait) -> MemberTrait:
    last = trait_end(row.kind, row.membership.person.birth_date)
    if last is not None:
        if last < row.starts_on:
            raise ValidationError({"starts_on": _("The member is too old for this trait on this day.")})
        row.ends_on = min(row.ends_on, last) if row.ends_on else last
    with acting(actor):
        row.full_clean()
        row.save()
    return row


@transaction.atomic
def set_status(
    *,
    actor: User,
    family: Family,
    kind: StatusKind | None,
    on: date,
    decided_by: str = "",
    decision_number: str = "",
    decision_date: date | None = None,
    by_improvement: bool = False,
) -> FamilyStatus | None:
    """Give the family a status from `on` (None: it has none from then on); the former one ends the day before.

    `by_improvement` says that the former status ended by improvement: then the new one is milder, or none
    (clarification 27). Raises ValidationError when statuses would overlap or the family has no status to end.
    """
    current = _current(family.statuses, on)
    if by_improvement:
        _check_improvement(current, kind)
    with acting(actor):
        _end(current, on, StatusKind, kind, ended_by_improvement=by_improvement)
        if kind is None:
            hooks.happened(Happening(family, FamilyFact.STATUS_ENDED, on, actor))
            return None
        row = FamilyStatus(
            family=family,
            kind=kind,
            starts_on=on,
            decided_by=decided_by,
            decision_number=decision_number,
            decision_date=decision_date,
        )
        row.full_clean()
        row.save()
    hooks.happened(Happening(family, FamilyFact.STATUS_SET, on, actor, details={"status": kind}))
    return row


@transaction.atomic
def set_risk_group(
    *, actor: User, family: Family, group: RiskGroup | None, on: date, basis: str = ""
) -> FamilyRiskGroup | None:
    """Move the family on the ladder of risk groups from `on` (None: it leaves the ladder). Raises ValidationError."""
    current = _current(family.risk_groups, on)
    with acting(actor):
        _end(current, on, RiskGroup, group)
        if group is None:
            hooks.happened(Happening(family, FamilyFact.RISK_GROUP_LEFT, on, actor))
            return None
        row = FamilyRiskGroup(family=family, group=group, starts_on=on, basis=basis)
        row.full_clean()
        row.save()
    hooks.happened(Happening(family, FamilyFact.RISK_GROUP_SET, on, actor, details={"group": group}))
    return row


def _current(rows: Any, on: date) -> Any:
    return rows.on(on).first()


def _end(current: Any, on: date, kinds: Any, following: Any, **values: Any) -> None:
    """End what holds on `on` the day before; the same again, or twice on one day, is a mistake to be told."""
    if current is None:
        if following is None:
            raise ValidationError({"on": _("There is nothing to end on this day.")})
        return
    value = current.kind if kinds is StatusKind else current.group
    if value == following:
        raise ValidationError(_("The family is in this state already since %s.") % date_format(current.starts_on))
    if current.starts_on >= on:
        raise ValidationError(
            {"on": _("The present state began on %s: choose a later day.") % date_format(current.starts_on)}
        )
    current.ends_on = on - ONE_DAY
    for name, given in values.items():
        setattr(current, name, given)
    current.full_clean()
    current.save()


def _check_improvement(current: FamilyStatus | None, following: StatusKind | None) -> None:
    if current is None or SEVERITY.index(following) >= SEVERITY.index(StatusKind(current.kind)):
        raise ValidationError({"by_improvement": _("After an improvement the new status is milder, or there is none.")})


@transaction.atomic
def record_income(
    *,
    actor: User,
    family: Family,
    period_from: date,
    period_to: date,
    total: Decimal,
    members_counted: int,
    source: IncomeSource,
    mark_low_income: bool = False,
) -> IncomeRecord:
    """Note the family's income over whole months, compared with the minimum in force on the period's last day.

    `mark_low_income` puts a family below the minimum into the category LOW_INCOME from the day after the period.
    Raises ValidationError.
    """
    row = IncomeRecord(
        family=family,
        period_from=period_from,
        period_to=period_to,
        total=total,
        members_counted=members_counted,
        source=source,
    )
    return _compare_income(actor, row, FamilyFact.INCOME_ENTERED, mark_low_income=mark_low_income)


@transaction.atomic
def correct_income(*, actor: User, row: IncomeRecord, reason: str, mark_low_income: bool = False) -> IncomeRecord:
    """Save a corrected record under the same rules, compared anew; the reason stands in its history.

    Raises ValidationError, also for a record that was withdrawn.
    """
    row.require_valid()
    return _compare_income(actor, row, FamilyFact.INCOME_CORRECTED, reason, mark_low_income=mark_low_income)


@transaction.atomic
def withdraw_income(*, actor: User, row: IncomeRecord, reason: str) -> IncomeRecord:
    """Take a record back that was entered in error: it stays to be seen and counts nowhere.

    Raises ValidationError for one that was withdrawn already.
    """
    row.withdraw(on=row.family.institution.today(), actor=actor, reason=reason)
    _save_income(actor, row, FamilyFact.INCOME_WITHDRAWN, reason)
    return row


def _compare_income(
    actor: User, row: IncomeRecord, fact: FamilyFact, reason: str = "", *, mark_low_income: bool
) -> IncomeRecord:
    """Save the record, compared with the minimum at the end of its period."""
    after = row.period_to + ONE_DAY
    row.months = max(full_months_between(row.period_from, after), 1)
    row.minimum_used = minimum_on(row.family, row.period_to)
    _save_income(actor, row, fact, reason)
    row.refresh_from_db(fields=["per_capita"])
    if mark_low_income and row.is_low:
        _mark_low_income(actor, row.family, after)
    return row


def _save_income(actor: User, row: IncomeRecord, fact: FamilyFact, reason: str = "") -> None:
    with acting(actor, reason):
        row.full_clean(exclude=["per_capita"])
        row.save()
    details = {"since": row.period_from, "until": row.period_to}
    hooks.happened(Happening(row.family, fact, row.family.institution.today(), actor, details=details))


def minimum_on(family: Family, day: date) -> Decimal | None:
    """The region's subsistence minimum per capita in force on `day`, roubles a month; None where none is entered."""
    amounts = SubsistenceMinimum.objects.filter(
        region=family.region_id, group=PopulationGroup.PER_CAPITA, valid_from__lte=day
    ).order_by("-valid_from")
    found: Decimal | None = amounts.values_list("amount", flat=True).first()
    return found


def _mark_low_income(actor: User, family: Family, since: date) -> None:
    category = Category.objects.get(code=LOW_INCOME)
    known = family.categories.filter(category=category).exclude(ends_on__lt=since)
    if not known.exists():
        add_category(actor=actor, row=FamilyCategory(family=family, category=category, starts_on=since))
