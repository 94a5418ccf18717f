"""The programme of support: versions, their states, and how each is drawn up, agreed, approved and replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from casework import access, registry
from casework.enums import BasisBody, DecisionKind, ExecutorKind, ProgrammeState, Stage
from casework.models import CaseDecision, CaseProblem, ProgrammeActivity, SupportCase, SupportProgramme
from casework.services.decisions import Basis, enrol, may_do_without_council
from casework.services.events import Params, record_event
from casework.services.locking import lock
from casework.waiting import watch
from common.calendar import support_end_window
from common.history import acting
from common.text import short_date
from families.models import FamilyMembership, Person
from records.services.attachments import attach_file
from records.services.numbers import next_number

if TYPE_CHECKING:
    from django.forms import BaseInlineFormSet

PROGRAMME_NUMBER = "casework.programme"
PROGRAMME_OWNER = "casework.programme"
"""The kind under which the papers of a programme are kept."""

State = ProgrammeState

TRANSITIONS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.AGREED, State.TERMINATED}),
    State.AGREED: frozenset({State.DRAFT, State.SUBMITTED, State.TERMINATED}),
    State.SUBMITTED: frozenset({State.DRAFT, State.APPROVED}),
    State.APPROVED: frozenset({State.ACTIVE, State.TERMINATED, State.SUPERSEDED}),
    State.ACTIVE: frozenset({State.COMPLETED, State.TERMINATED, State.SUPERSEDED}),
    State.COMPLETED: frozenset(),
    State.TERMINATED: frozenset(),
    State.SUPERSEDED: frozenset(),
}
"""Domain 3.7; a draft that is given up, or changed after the family agreed, goes back without a number."""

STAGES_OF_WORK = (Stage.DIAGNOSTIC, Stage.CONTRACTING, Stage.ACTIVE, Stage.REFLECTION)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What keeps a version from the family and the head, and what its author should think about (S4-16)."""

    unanswered: tuple[CaseProblem, ...]
    lacks_family: bool
    one_agency: bool
    late: tuple[ProgrammeActivity, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.unanswered and not self.lacks_family and not self.late

    def require(self) -> None:
        """Raise ValidationError that names everything that is missing."""
        missing = []
        if self.unanswered:
            titles = "; ".join(str(problem) for problem in self.unanswered)
            missing.append(_("No activity answers these problems: %(problems)s.") % {"problems": titles})
        if self.lacks_family:
            missing.append(_("At least one activity is done by the family itself."))
        if self.late:
            titles = "; ".join(row.title for row in self.late)
            missing.append(
                _("These activities are due after the programme ends: %(activities)s.") % {"activities": titles}
            )
        if missing:
            raise ValidationError(missing)


def readiness(programme: SupportProgramme) -> Readiness:
    """Judge a version: every open problem answered or left aside with a reason, the family does something (S0-63)."""
    activities = list(programme.activities.all())
    answered = {row.problem_id for row in activities}
    problems = CaseProblem.objects.filter(case=programme.case_id, resolved_on=None, not_addressed="")
    others = [row for row in activities if row.executor_kind != ExecutorKind.FAMILY]
    agencies = {row.executor_partner_id for row in others}
    return Readiness(
        unanswered=tuple(problem for problem in problems.select_related("kind") if problem.pk not in answered),
        lacks_family=all(row.executor_kind != ExecutorKind.FAMILY for row in activities),
        one_agency=bool(others) and len(agencies) == 1,
        late=tuple(row for row in activities if row.due_on is not None and row.due_on > programme.ends_on),
    )


def _move(programme: SupportProgramme, state: ProgrammeState) -> None:
    """Set the next state, if the table allows it. Raises ValidationError."""
    if state not in TRANSITIONS[programme.state]:
        raise ValidationError(
            _("The programme is “%(state)s”: this cannot be done now.") % {"state": programme.get_state_display()}
        )
    programme.state = state


def _save(programme: SupportProgramme, actor: User, reason: str = "") -> None:
    with acting(actor, reason):
        programme.full_clean()
        programme.save()


def _record(programme: SupportProgramme, kind: str, on: date, actor: User) -> None:
    record_event(
        programme.case,
        kind,
        on=on,
        by=actor,
        params={"edition": programme.edition},
        object_kind="programme",
        object_id=programme.pk,
    )


def check_term(case: SupportCase, starts_on: date, ends_on: date) -> None:
    """I10: 3 to 12 months from enrolment, or from the start while not enrolled; longer where a body extended it."""
    first = case.enrolled_on or starts_on
    policy = case.region.policy_on(first)
    window = support_end_window(first, (policy.term_min_months, policy.term_max_months))
    extensions = CaseDecision.objects.filter(case=case, kind=DecisionKind.EXTEND)
    last = max([window.last_day, *(row.until for row in extensions if row.until)])
    if starts_on < case.opened_on:
        raise ValidationError({"starts_on": _("The case was opened later than this day.")})
    if not window.starts_on <= ends_on <= last:
        raise ValidationError(
            {
                "ends_on": _("The programme ends from %(first)s to %(last)s; longer takes a decision.")
                % {"first": f"{window.starts_on:%d.%m.%Y}", "last": f"{last:%d.%m.%Y}"}
            }
        )


def end_within_support(case: SupportCase, starts_on: date, ends_on: date) -> date:
    """The end to propose for a term: `ends_on`, or the planned end of support where that comes first."""
    support_ends_on = case.planned_end_on
    return ends_on if support_ends_on is None or support_ends_on <= starts_on else min(ends_on, support_ends_on)


@transaction.atomic
def draft_programme(*, programme: SupportProgramme, actor: User) -> SupportProgramme:
    """Begin a version of the programme; the next one copies the unfinished activities of the one in force (S0-50).

    Raises PermissionDenied for those who may not draft, ValidationError while another version is being prepared.
    """
    case = programme.case
    lock(case)
    require(access.may_draft(actor, case))
    if case.stage not in STAGES_OF_WORK:
        raise ValidationError(_("Support has ended: there is nothing to plan."))
    check_term(case, programme.starts_on, programme.ends_on)
    last = SupportProgramme.objects.filter(case=case).order_by("-edition").first()
    if last is not None and not programme.change_reason.strip():
        raise ValidationError({"change_reason": _("Say what the new version changes and why.")})
    programme.edition = last.edition + 1 if last else 1
    programme.drafted_on, programme.drafted_by = case.institution.today(), actor
    _save(programme, actor)
    in_force = SupportProgramme.objects.filter(case=case, state__in=[State.APPROVED, State.ACTIVE]).first()
    if in_force is not None:
        _copy_unfinished(in_force, programme, actor)
    _record(programme, "programme_drafted", programme.drafted_on, actor)
    return programme


def _copy_unfinished(source: SupportProgramme, target: SupportProgramme, actor: User) -> None:
    for place, row in enumerate(source.activities.unfinished(), start=1):
        old = row.pk
        row.pk, row.version, row.copied_from_id, row.programme, row.position = None, 1, old, target, place
        row._state.adding = True
        with acting(actor):
            row.save()


@transaction.atomic
def change_programme(*, programme: SupportProgramme, actor: User, save_rows: Callable[[], None] | None = None) -> bool:
    """Save a changed draft, and with `save_rows` its activities; a version that was agreed has to be agreed anew.

    True where the agreement of the family fell away by it. Raises ValidationError for a version that was submitted
    (I14), and for an end before the day by which an activity is done.
    """
    stored = SupportProgramme.objects.select_for_update().get(pk=programme.pk)
    require(access.may_draft(actor, programme.case))
    if not stored.is_editable:
        raise ValidationError(_("A submitted programme is read-only: make a new version."))
    check_term(programme.case, programme.starts_on, programme.ends_on)
    was_agreed = stored.state == State.AGREED
    if was_agreed:
        programme.state, programme.agreed_on, programme.agreed_with = State.DRAFT, None, None
    _save(programme, actor)
    watch(programme.case_id)
    if save_rows is not None:
        with acting(actor):
            save_rows()
    _check_deadlines(programme)
    if was_agreed:
        _record(programme, "programme_changed", programme.case.institution.today(), actor)
    return was_agreed


def _check_deadlines(programme: SupportProgramme) -> None:
    last = programme.activities.filter(due_on__gt=programme.ends_on).order_by("-due_on", "pk").first()
    if last is not None and last.due_on is not None:
        raise ValidationError(
            {
                "ends_on": _("The activity “%(title)s” is due on %(day)s: the programme ends no earlier.")
                % {"title": last.title, "day": short_date(last.due_on)}
            }
        )


@transaction.atomic
def agree(*, programme: SupportProgramme, on: date, person: Person, actor: User) -> None:
    """The family agreed to the version on `on`, by its representative or another member of full age (S0-63).

    A family agrees to what can be submitted as it stands: a change afterwards would take its agreement away. Raises
    ValidationError that names what `readiness` finds missing.
    """
    case = programme.case
    require(access.may_draft(actor, case))
    readiness(programme).require()
    _check_day(case, on, programme.drafted_on)
    members = FamilyMembership.objects.filter(family=case.family, person=person).on(on)
    if person.is_minor_on(on) or not members.exists():
        raise ValidationError({"person": _("A member of the family of full age agrees to the programme.")})
    _move(programme, State.AGREED)
    programme.agreed_on, programme.agreed_with = on, person
    _save(programme, actor)
    _record(programme, "programme_agreed", on, actor)


def _check_day(case: SupportCase, on: date, earliest: date | None) -> None:
    if on > case.institution.today():
        raise ValidationError({"on": _("This day has not come yet.")})
    if earliest is not None and on < earliest:
        raise ValidationError({"on": _("The step before was taken later: %(day)s.") % {"day": f"{earliest:%d.%m.%Y}"}})


@transaction.atomic
def submit(*, programme: SupportProgramme, on: date, actor: User) -> None:
    """Submit the version for approval: the head. Raises ValidationError for what `readiness` finds missing."""
    case = programme.case
    require(access.may_advance(actor, case))
    _check_day(case, on, programme.agreed_on)
    readiness(programme).require()
    _move(programme, State.SUBMITTED)
    programme.submitted_on, programme.return_remark = on, ""
    _save(programme, actor)
    _record(programme, "programme_submitted", on, actor)


@transaction.atomic
def return_programme(*, programme: SupportProgramme, remark: str, on: date, actor: User) -> None:
    """The body returned the version for correction, with a remark; higher rooms call this for a council's decision."""
    if not remark.strip():
        raise ValidationError({"remark": _("Say what has to be corrected.")})
    if programme.state != State.SUBMITTED:
        raise ValidationError(_("Only a submitted programme is returned."))
    _move(programme, State.DRAFT)
    programme.return_remark, programme.submitted_on = remark.strip(), None
    programme.agreed_on, programme.agreed_with = None, None
    _save(programme, actor, remark)
    _record(programme, "programme_returned", on, actor)


@transaction.atomic
def approve_programme(
    *, programme: SupportProgramme, body: BasisBody, title: str, number: str, on: date, actor: User, chair: str = ""
) -> SupportProgramme:
    """A body approved the version on `on`: it gets its number, keeps a snapshot of the decision, becomes read-only.

    A council's approval puts the family on support, unless an earlier decision did (clarification 4); the team may
    approve for a family with a social contract only (clarification 3). The version in force before is superseded; where
    support is going on under it, the new one is in force at once, while before active support it waits for an
    agreement of its own (I4). Who may, the caller asks. Raises ValidationError.
    """
    case = lock(programme.case)
    _check_day(case, on, programme.submitted_on)
    if body == BasisBody.TEAM_DECISION and not may_do_without_council(case, on):
        raise ValidationError({"body": _("The team approves programmes under a social contract on record only.")})
    if not number.strip():
        raise ValidationError({"number": _("Name the number of the decision.")})
    _move(programme, State.APPROVED)
    was_active = _supersede(programme, on, actor)
    programme.approved_on = on
    programme.basis_body, programme.basis_title, programme.basis_number = body, title.strip(), number.strip()
    programme.basis_chair = chair.strip()
    programme.number = next_number(institution=case.institution, kind=PROGRAMME_NUMBER, on=on).text
    _save(programme, actor)
    params: Params = {"programme": programme.number, "body": body.value, "number": programme.basis_number, "date": on}
    record_event(
        case, "programme_approved", on=on, by=actor, params=params, object_kind="programme", object_id=programme.pk
    )
    if body != BasisBody.TEAM_DECISION and case.stage == Stage.CONTRACTING:
        enrol(case=case, effective_on=on, basis=Basis(body, programme.basis_number, on), actor=actor)
    if was_active and case.stage != Stage.CONTRACTING:
        activate(programme=programme, on=on, actor=actor)
    return programme


def _supersede(programme: SupportProgramme, on: date, actor: User) -> bool:
    """Replace the version in force; True where work was going on under it."""
    was_active = False
    rows = SupportProgramme.objects.select_for_update().filter(
        Q(state__in=[State.APPROVED, State.ACTIVE]), case=programme.case_id
    )
    for row in rows.exclude(pk=programme.pk):
        was_active = was_active or row.state == State.ACTIVE
        _move(row, State.SUPERSEDED)
        row.closed_on = on
        _save(row, actor)
    return was_active


def activate(*, programme: SupportProgramme, on: date, actor: User) -> None:
    """Work begins under an approved version: its agreement is signed (S4-26)."""
    _move(programme, State.ACTIVE)
    _save(programme, actor)
    params: Params = {"programme": programme.number}
    record_event(programme.case, "programme_in_force", on=on, by=actor, params=params)


def deciding_bodies(case: SupportCase, on: date) -> list[BasisBody]:
    """Who may approve a programme of the case on `on`: the region's approving body, and for a family with a social
    contract the team besides (I4, clarification 3)."""
    approving = BasisBody(case.region.policy_on(on).approving_body)
    return [approving, BasisBody.TEAM_DECISION] if may_do_without_council(case, on) else [approving]


def bodies_on_paper(case: SupportCase, on: date) -> list[BasisBody]:
    """Those of them whose minutes are kept on paper: what others decide follows from their minutes in the system."""
    return [body for body in deciding_bodies(case, on) if not registry.body_with_minutes(case, body, on)]


@transaction.atomic
def record_approval(
    *,
    programme: SupportProgramme,
    body: BasisBody,
    title: str,
    number: str,
    on: date,
    scans: Sequence[UploadedFile[Any]],
    actor: User,
    chair: str = "",
) -> SupportProgramme:
    """The head enters the approval from the minutes on paper of the body that decides, and attaches them.

    Never for own support. Raises as `approve_programme` does, and for a body that does not decide on this case, or
    whose decisions come from minutes in the system.
    """
    case = programme.case
    require(access.may_approve_programme(actor, case))
    if body not in deciding_bodies(case, on):
        raise ValidationError({"body": _("This body does not approve programmes for the family.")})
    if registry.body_with_minutes(case, body, on):
        raise ValidationError({"body": follows_from_minutes()})
    if not scans:
        raise ValidationError({"scans": _("Attach the minutes.")})
    approve_programme(programme=programme, body=body, title=title, number=number, on=on, actor=actor, chair=chair)
    for scan in scans:
        attach_file(
            actor=actor,
            file=scan,
            name=scan.name or "",
            owner_kind=PROGRAMME_OWNER,
            owner=programme,
            description=f"Протокол № {programme.basis_number} от {on:%d.%m.%Y}",
        )
    return programme


def follows_from_minutes() -> str:
    """Why the approval of a body that works in the system is not entered by hand."""
    return _("The body keeps its minutes in the system: the approval follows when they are signed.")


@transaction.atomic
def record_return(*, programme: SupportProgramme, remark: str, on: date, actor: User) -> None:
    """The head enters that the body returned the version, as minutes on paper say."""
    require(access.may_approve_programme(actor, programme.case))
    _check_day(programme.case, on, programme.submitted_on)
    return_programme(programme=programme, remark=remark, on=on, actor=actor)


def save_rows(programme: SupportProgramme, rows: "BaseInlineFormSet[Any, Any, Any]") -> None:
    """Save the activities that a valid page of rows changed, and number them in the order of the page."""
    rows.save(commit=False)
    for gone in rows.deleted_objects:
        gone.delete()
    place = 0
    for form in rows.forms:
        row = form.instance
        if form in rows.deleted_forms or (row.pk is None and not form.has_changed()):
            continue
        place += 1
        if form.has_changed() or row.position != place:
            row.programme, row.position = programme, place
            row.full_clean()
            row.save()
