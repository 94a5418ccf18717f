"""Opening a case, and what may be changed in one apart from its stage."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.notifications import notify
from casework.contacts import refresh_contacts
from casework.enums import Ground, Stage
from casework.models import ContactInterval, IdentificationSource, StageChange, SupportCase
from casework.services.events import record_event
from casework.services.locking import lock
from casework.services.people import heads_of
from common.calendar import first_contact_due, support_end_window
from common.history import acting
from common.text import short_date
from families.enums import TraitKind
from families.models import Family, FamilyMembership, MemberTrait
from records.services.numbers import next_number

NUMBER_KIND = "case"
TRAITS_INSTEAD_OF_CHILDREN = (TraitKind.REFUSAL_RISK, TraitKind.CARE_LEAVER)
"""Families without minor children that are supported all the same, with a reason (I1; S4-8, S4-6)."""


@transaction.atomic
def open_case(
    *,
    family: Family,
    source: IdentificationSource,
    ground: Ground,
    opened_on: date,
    actor: User,
    eligibility_note: str = "",
    is_early_stage: bool = False,
    measure_complex: str = "",
) -> SupportCase:
    """Open a case in diagnostics for the family's own unit, and ask the head to assign a curator.

    Raises ValidationError when the family is not eligible (I1), has an open case (I2), or the day has not come.
    """
    # Two who open a case for one family at once come one after the other, and the second is told why not.
    family = (
        Family.objects.select_for_update(of=("self",))
        .select_related("institution__region", "department", "region")
        .get(pk=family.pk)
    )
    _check_opening(family, opened_on, eligibility_note)
    policy = family.region.policy_on(opened_on)
    case = SupportCase(
        family=family,
        region=family.region,
        institution=family.institution,
        department=family.department,
        is_restricted=family.is_restricted,
        opened_on=opened_on,
        opened_by=actor,
        source=source,
        ground=ground,
        eligibility_note=eligibility_note.strip(),
        is_early_stage=is_early_stage,
        measure_complex=measure_complex,
        stage_since=opened_on,
        next_contact_due_on=first_contact_due(opened_on, policy.first_contact_days),
    )
    case.full_clean(exclude=["number"])
    case.number = next_number(institution=family.institution, kind=NUMBER_KIND, on=opened_on).text
    with acting(actor):
        case.save()
    StageChange.objects.create(case=case, from_stage="", to_stage=case.stage, on=opened_on, by=actor)
    record_event(case, "case_opened", on=opened_on, by=actor, params={"number": case.number, "ground": ground})
    notify(
        heads_of(case.department, family.institution.today()),
        "casework.case_opened",
        fact=f"case:{case.pk}:opened",
        target="casework:curators",
        target_id=case.pk,
        number=case.number,
    )
    return case


def _check_opening(family: Family, opened_on: date, eligibility_note: str) -> None:
    errors: dict[str, str] = {}
    if opened_on > family.institution.today():
        errors["opened_on"] = _("This day has not come yet.")
    elif not has_minor_child(family, opened_on):
        if not is_supported_without_children(family, opened_on):
            errors["opened_on"] = _why_no_child(family, opened_on)
        elif not eligibility_note.strip():
            errors["eligibility_note"] = _("Say why a family without minor children is supported.")
    if errors:
        raise ValidationError(errors)
    if family.cases.filter(closed_on=None).exists():
        raise ValidationError(_("The family already has an open case."), code="second_case")
    if family.cases.filter(closed_on__gt=opened_on).exists():
        raise ValidationError({"opened_on": _("The former case of the family was still open on this day.")})


def _why_no_child(family: Family, on: date) -> str:
    """Before a family was registered nobody belongs to it yet: that is then the reason."""
    if on < family.registered_on and not FamilyMembership.objects.filter(family=family).on(on).exists():
        day = short_date(family.registered_on)
        return _("The family was registered on %(day)s: a case is opened on that day or later.") % {"day": day}
    return _("No child under 18 lives with the family on this day.")


def has_minor_child(family: Family, on: date) -> bool:
    """Whether a person under 18 lives with the family on `on` (I1, R10)."""
    members = FamilyMembership.objects.filter(family=family).on(on).living_together().select_related("person")
    return any(
        row.person.is_minor_on(on) and (row.person.died_on is None or row.person.died_on > on)
        for row in members
        if row.person.birth_date <= on
    )


def is_supported_without_children(family: Family, on: date) -> bool:
    """Whether a pregnant woman who may refuse the newborn, or a care leaver, belongs to the family (I1)."""
    traits = MemberTrait.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
    return traits.filter(membership__family=family, kind__in=TRAITS_INSTEAD_OF_CHILDREN).exists()


@transaction.atomic
def set_term(*, case: SupportCase, planned_end_on: date, actor: User, reason: str) -> None:
    """Plan the end of support within 3 to 12 months of enrolment (R4, I10); longer takes a decision."""
    lock(case)
    if case.enrolled_on is None or case.removed_on is not None:
        raise ValidationError(_("A term is planned for a family on support."))
    policy = case.region.policy_on(case.enrolled_on)
    window = support_end_window(case.enrolled_on, (policy.term_min_months, policy.term_max_months))
    if planned_end_on not in window:
        raise ValidationError(
            {
                "planned_end_on": _("Support is planned to end from %(first)s to %(last)s; longer takes a decision.")
                % {"first": f"{window.starts_on:%d.%m.%Y}", "last": f"{window.last_day:%d.%m.%Y}"}
            }
        )
    case.planned_end_on = planned_end_on
    with acting(actor, reason):
        case.save()
    record_event(case, "term_planned", on=case.institution.today(), by=actor, params={"until": planned_end_on})


@transaction.atomic
def set_interval(*, case: SupportCase, months: int | None, actor: User, reason: str) -> None:
    """Give the case an interval of contacts of its own from today on, or with None the region's policy again
    (lessons, 5). Contacts that were due before keep the interval of their day."""
    lock(case)
    if not case.is_open:
        raise ValidationError(_("The case is closed."))
    today = case.institution.today()
    row = ContactInterval.objects.filter(case=case, valid_from=today).first()
    row = row or ContactInterval(case=case, valid_from=today)
    row.months = months
    with acting(actor, reason):
        row.full_clean()
        row.save()
    record_event(case, "interval_changed", on=today, by=actor, params={"months": months or "—"})
    refresh_contacts([case.pk], today)


@transaction.atomic
def change_case(*, case: SupportCase, actor: User) -> None:
    """Save corrected fields of a case; the version that was read is checked, the history keeps the old values.

    The ground decides whether a council is needed (clarification 3): after the diagnostics it stands. Raises
    ValidationError.
    """
    stored = SupportCase.objects.select_for_update().get(pk=case.pk)
    if stored.ground != case.ground and stored.stage != Stage.DIAGNOSTIC:
        raise ValidationError({"ground": _("The ground is not changed after the diagnostics.")})
    if not case.eligibility_note.strip() and not has_minor_child(case.family, case.opened_on):
        raise ValidationError({"eligibility_note": _("Say why a family without minor children is supported.")})
    with acting(actor):
        case.full_clean()
        case.save()


def is_on_support(case: SupportCase) -> bool:
    """Whether the case is in a stage in which a decision may still change its support."""
    return case.enrolled_on is not None and case.removed_on is None and case.stage != Stage.CLOSED
