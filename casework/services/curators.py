"""Who answers for a case: assigning a curator, handing one case or a whole caseload over, and the end of it.

Everything is written set by set, so that forty cases cost what one does, and the columns of case and family move in
the same transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import Department, User
from accounts.notifications import notify, settle
from casework import access
from casework.models import CuratorAssignment, SupportCase
from casework.services.events import record_event, record_events
from casework.services.people import department_of, heads_of
from common.history import acting, bulk_create_with_history, update_with_history
from families.enums import GrantReason
from families.services import bulk_grant, bulk_revoke, set_responsibility

HANDOVER_DAYS = 10
"""How long the former curator goes on reading, counted from the last day in charge (access rules 6.3, 2)."""

HANDOVER_SOURCE = "casework.handover"


@dataclass(frozen=True, slots=True)
class _Taken:
    """The cases of one act, locked, and who answers for them until now."""

    cases: list[SupportCase]
    assignments: dict[int, CuratorAssignment]

    @property
    def former(self) -> dict[User, list[SupportCase]]:
        """The cases by the curator who hands them over."""
        found: dict[User, list[SupportCase]] = {}
        for case in self.cases:
            if case.pk in self.assignments:
                found.setdefault(self.assignments[case.pk].curator, []).append(case)
        return found


def current(case: SupportCase) -> CuratorAssignment | None:
    """The assignment that is open now."""
    return CuratorAssignment.objects.filter(case=case, ends_on=None).select_related("curator").first()


def assign_curator(
    *,
    case: SupportCase,
    curator: User,
    starts_on: date,
    actor: User,
    order: str = "",
    reason: str = "",
    seen: Mapping[int, int] | None = None,
) -> CuratorAssignment:
    """Make `curator` answer for `case` from `starts_on`; the former one, if any, answered until the day before."""
    reassign(cases=[case], curator=curator, starts_on=starts_on, actor=actor, order=order, reason=reason, seen=seen)
    case.refresh_from_db(from_queryset=SupportCase.objects.with_page())
    return CuratorAssignment.objects.select_related("curator").get(case=case, ends_on=None)


@transaction.atomic
def reassign(
    *,
    cases: Iterable[SupportCase],
    curator: User,
    starts_on: date,
    actor: User,
    reason: str = "",
    order: str = "",
    seen: Mapping[int, int] | None = None,
) -> int:
    """Hand these cases over to `curator` as of `starts_on`; return how many changed hands.

    Cases that are the curator's already are passed over. `seen` holds the versions of the cases that the actor saw:
    where one has changed since, nothing is done. An assignment that began on `starts_on` itself is set right in place.
    Raises PermissionDenied for a person who may not assign, ValidationError for a curator without a post (I20), for a
    closed case, and for days that do not fit.
    """
    taken = _take([case.pk for case in cases], actor, seen)
    if not taken.cases:
        return 0
    department = _department(curator, taken.cases, starts_on)
    changing = [case for case in taken.cases if case.curator_id != curator.pk]
    _check_days(changing, taken.assignments, starts_on)
    if not changing:
        return 0
    taken = _Taken(changing, {key: row for key, row in taken.assignments.items() if key in {c.pk for c in changing}})
    _write_assignments(taken, curator, starts_on, actor, order=order, reason=reason)
    _move_columns(changing, curator, department, actor, reason)
    _hand_over(taken, starts_on, actor)
    _record(taken, curator, starts_on, actor)
    _tell(taken, curator, starts_on, actor)
    settle_openings([case.pk for case in changing])
    return len(changing)


def settle_openings(case_ids: Iterable[int]) -> None:
    """These cases have a curator: the notices that asked for one are settled."""
    settle(["casework.case_opened", "casework.curator_missing"], case_ids)


def ask_for_curator(case: SupportCase) -> None:
    """Tell the heads of the department that the case goes on without a curator (I3)."""
    today = case.institution.today()
    notify(
        heads_of(case.department, today),
        "casework.curator_missing",
        fact=f"case:{case.pk}:nobody:{today.isoformat()}",
        target="casework:curators",
        target_id=case.pk,
        number=case.number,
    )


def _take(keys: list[int], actor: User, seen: Mapping[int, int] | None) -> _Taken:
    """Lock the cases and check that the actor may assign, and decided on what is stored now."""
    rows = SupportCase.objects.filter(pk__in=keys).with_page().select_for_update(of=("self",)).order_by("pk")
    cases = list(rows)
    require(all(access.may_assign(actor, case) for case in cases))
    if seen is not None and any(seen.get(case.pk) != case.version for case in cases):
        raise ValidationError(
            _("Some of these cases were changed meanwhile. Look at their curators and choose again."), code="stale"
        )
    held = CuratorAssignment.objects.filter(case__in=keys, ends_on=None).select_related("curator")
    return _Taken(cases, {row.case_id: row for row in held})


def _department(curator: User, cases: list[SupportCase], starts_on: date) -> Department:
    """Where the curator works, now and on the day the cases are handed over."""
    institutions = {case.institution for case in cases}
    if len(institutions) > 1:
        raise ValidationError(_("Cases of several institutions are not handed over together."))
    institution = institutions.pop()
    today = institution.today()
    if starts_on > today:
        raise ValidationError({"starts_on": _("This day has not come yet.")})
    department = department_of(curator, institution, today)
    if department is None or department_of(curator, institution, starts_on) is None:
        raise ValidationError(
            {"curator": _("%(person)s does not work at the institution in this time.") % {"person": curator}}
        )
    return department


def _check_days(cases: list[SupportCase], assignments: Mapping[int, CuratorAssignment], starts_on: date) -> None:
    early = [case for case in cases if starts_on < case.opened_on]
    if early:
        raise ValidationError({"starts_on": _("Case %s was opened later than this day.") % early[0].number})
    overtaken = [case for case in cases if case.pk in assignments and starts_on < assignments[case.pk].starts_on]
    if overtaken:
        raise ValidationError(
            {"starts_on": _("Case %s was handed over to another curator after this day.") % overtaken[0].number}
        )


def _write_assignments(taken: _Taken, curator: User, starts_on: date, actor: User, *, order: str, reason: str) -> None:
    """Close the former assignments the day before, set right those of the same day, and open the new ones."""
    same_day = [row.pk for row in taken.assignments.values() if row.starts_on == starts_on]
    former = [row.pk for row in taken.assignments.values() if row.starts_on < starts_on]
    rows = CuratorAssignment.objects.all()
    update_with_history(rows.filter(pk__in=former), actor=actor, reason=reason, ends_on=starts_on - timedelta(days=1))
    update_with_history(
        rows.filter(pk__in=same_day), actor=actor, reason=reason, curator=curator, assigned_by=actor, order=order
    )
    replaced = {row.case_id for row in taken.assignments.values() if row.starts_on == starts_on}
    fresh = [
        CuratorAssignment(
            case=case, curator=curator, starts_on=starts_on, order=order, reason=reason, assigned_by=actor
        )
        for case in taken.cases
        if case.pk not in replaced
    ]
    try:
        with transaction.atomic():
            bulk_create_with_history(fresh, actor=actor, reason=reason)
    except IntegrityError as error:
        raise ValidationError(_("The case already has a curator on these days."), code="overlap") from error


def _move_columns(cases: list[SupportCase], curator: User, department: Department, actor: User, reason: str) -> None:
    """Curator and department of the cases, and of their families, in step."""
    update_with_history(
        SupportCase.objects.filter(pk__in=[case.pk for case in cases]),
        actor=actor,
        reason=reason,
        curator=curator,
        department=department,
    )
    set_responsibility(
        families=[case.family_id for case in cases],
        institution=department.institution,
        department=department,
        curator=curator,
        actor=actor,
        reason=reason,
    )


def _hand_over(taken: _Taken, starts_on: date, actor: User) -> None:
    """Let the former curators read for ten days; the new one needs no grant of an earlier handover."""
    last_day = starts_on - timedelta(days=1)
    for former, cases in taken.former.items():
        answered = [case for case in cases if taken.assignments[case.pk].starts_on < starts_on]
        allow_reading(former, answered, last_day=last_day, actor=actor)


def allow_reading(former: User, cases: Iterable[SupportCase], *, last_day: date, actor: User) -> None:
    """Open the families to a former curator for reading until ten days after the last day in charge."""
    families = [case.family_id for case in cases]
    if not families:
        return
    bulk_revoke(families=families, user=former, reason=GrantReason.HANDOVER, actor=actor)
    bulk_grant(
        families=families,
        user=former,
        reason=GrantReason.HANDOVER,
        starts_on=last_day,
        ends_on=last_day + timedelta(days=HANDOVER_DAYS),
        actor=actor,
        source=HANDOVER_SOURCE,
    )


def _record(taken: _Taken, curator: User, starts_on: date, actor: User) -> None:
    first = [case.pk for case in taken.cases if case.pk not in taken.assignments]
    former = {key: {"former": row.curator} for key, row in taken.assignments.items()}
    record_events(first, "curator_assigned", on=starts_on, by=actor, params={"curator": curator})
    record_events(former, "curator_changed", on=starts_on, by=actor, params={"curator": curator}, each=former)


def _tell(taken: _Taken, curator: User, starts_on: date, actor: User) -> None:
    """Tell the new curator and the former ones, once each however many cases there are."""
    _tell_one(curator, taken.cases, "assigned", starts_on, actor)
    for former, cases in taken.former.items():
        _tell_one(former, cases, "released", starts_on, actor)


def _tell_one(person: User, cases: list[SupportCase], what: str, on: date, actor: User) -> None:
    if person.pk == actor.pk:
        return
    latest = max(case.pk for case in cases)
    fact = f"curator:{what}:{latest}:{len(cases)}:{on.isoformat()}:{actor.pk}"
    if len(cases) == 1:
        notify(
            [person],
            f"casework.{what}",
            fact=fact,
            target="casework:case",
            target_id=latest,
            number=cases[0].number,
            on=f"{on:%d.%m.%Y}",
        )
    else:
        notify([person], f"casework.{what}_many", fact=fact, count=len(cases), on=f"{on:%d.%m.%Y}")


def release(*, case: SupportCase, on: date, actor: User) -> None:
    """End the curator's assignment with the case; the family has no curator any more and the former one reads on."""
    assignment = current(case)
    if assignment is not None:
        if on < assignment.starts_on:
            raise ValidationError({"on": _("The curator was assigned later than this day.")})
        assignment.ends_on = on
        with acting(actor):
            assignment.save()
    set_responsibility(
        families=[case.family_id],
        institution=case.institution,
        department=case.department,
        curator=None,
        actor=actor,
        reason="",
    )
    if assignment is not None:
        allow_reading(assignment.curator, [case], last_day=on, actor=actor)


def resume(*, case: SupportCase, actor: User, reason: str) -> None:
    """Give a case whose closing was a mistake back to its last curator, if that person still works there; else the
    heads are asked for another."""
    assignment = CuratorAssignment.objects.filter(case=case).select_related("curator").order_by("-starts_on").first()
    if assignment is None:
        return
    department = department_of(assignment.curator, case.institution, case.institution.today())
    if department != case.department:
        update_with_history(SupportCase.objects.filter(pk=case.pk), actor=actor, reason=reason, curator=None)
        ask_for_curator(case)
        return
    assignment.ends_on = None
    with acting(actor, reason):
        assignment.save()
    _move_columns([case], assignment.curator, case.department, actor, reason)
    bulk_revoke(families=[case.family_id], user=assignment.curator, reason=GrantReason.HANDOVER, actor=actor)
    record_event(
        case, "curator_assigned", on=case.institution.today(), by=actor, params={"curator": assignment.curator}
    )


def take_over(*, case: SupportCase, former: CuratorAssignment | None, on: date, actor: User) -> None:
    """Let the curator of the former case answer for the new one, after a relapse, if still in post.

    Otherwise the case goes on without one, and the heads of its department are asked to assign another (I3).
    """
    department = department_of(former.curator, case.institution, case.institution.today()) if former else None
    if former is None or department is None:
        ask_for_curator(case)
        return
    fresh = CuratorAssignment(case=case, curator=former.curator, starts_on=on, order=former.order, assigned_by=actor)
    with acting(actor):
        fresh.save()
    _move_columns([case], former.curator, department, actor, "")
    bulk_revoke(families=[case.family_id], user=former.curator, reason=GrantReason.HANDOVER, actor=actor)
    record_event(case, "curator_assigned", on=on, by=actor, params={"curator": former.curator})
    case.refresh_from_db(from_queryset=SupportCase.objects.with_page())
