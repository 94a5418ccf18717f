"""The chain of a report: from draft to acceptance, publication and correction (domain 3.9; S2-38, S2-39)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.enums import Role
from accounts.models import Appointment, User
from accounts.notifications import notify, settle
from accounts.signatures import stood_in_for
from common.calendar.quarters import ROMAN
from monitoring import access
from monitoring.chain import COUNTING, Move, move_for
from monitoring.enums import ReportLevel, ReportState, Step
from monitoring.models import QuarterlyReport, ReportEvent
from monitoring.services.figures import fix_below, store_figures, stored, waiting_titles
from monitoring.services.rendering import order_rendering

STAMPS: dict[str, str] = {Step.ACCEPT: "accepted", Step.PUBLISH: "published", Step.RECEIVE: "received"}
"""The columns that say when and by whom a step was made."""

WAITING = ("monitoring.report_due", "monitoring.report_overdue", "report.author", "report.submit")
"""What people are told while a report waits for them: settled as soon as it is moved on."""

AUTHOR_ROLES = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)


@transaction.atomic
def take_step(*, report: QuarterlyReport, step: Step, actor: User, reason: str = "") -> bool:
    """Move an edition along its chain; who may is in the table of `chain.MOVES`.

    Submitting and publishing a draft fixes its figures. A report below that was not submitted does not hold it up, but
    one that waits for acceptance does: it would be listed as not submitted. Where facts entered meanwhile have changed
    the figures, nothing moves: the new ones stand in the draft, and False asks the author to look at them first. Raises
    PermissionDenied, or ValidationError for a step that the state does not allow or a reason that is missing.
    """
    _lock(report)
    move = move_for(step, report.state, report.level)
    if move is None:
        raise ValidationError(_("The report has been moved on meanwhile: open it again."))
    require(access.may_move(actor, report, move))
    if move.needs_reason and not reason.strip():
        raise ValidationError({"reason": _("Give the reason.")})
    if move.freezes:
        _check_below(report)
        if not _freeze(report):
            return False
    _transition(report, move, actor, reason.strip())
    if step is Step.RETURN:
        _draft_anew(report)
    else:
        order_rendering(report=report, actor=actor)
    if report.state in COUNTING[report.level] and step is not Step.RECEIVE:
        _supersede_previous(report)
    settle(WAITING, [report.pk])
    tell(report, step)
    return True


@transaction.atomic
def recount(*, report: QuarterlyReport, actor: User) -> None:
    """Count the figures of a draft anew; its author may (indicators 4.4, 5)."""
    _lock(report)
    require(access.may_write(actor, report))
    store_figures([report])


@transaction.atomic
def name_author(*, report: QuarterlyReport, author: User, actor: User) -> None:
    """Let a member of staff write the institution's report; the director names them (clarifications, Work)."""
    _lock(report)
    require(access.may_name_author(actor, report))
    if not possible_authors(report).filter(pk=author.pk).exists():
        raise ValidationError({"author": _("This person does not work in the institution.")})
    report.author = author
    report.save()
    _record(report, Step.NAME_AUTHOR, actor, "")
    notify([author], "report.author", fact=f"report:{report.pk}:author:{author.pk}", **_target(report))


@transaction.atomic
def begin_correction(*, report: QuarterlyReport, actor: User, reason: str) -> QuarterlyReport:
    """Open the next edition of a report that counts; it replaces this one when it gets as far (domain I14)."""
    _lock(report)
    require(access.may_correct(actor, report))
    if not reason.strip():
        raise ValidationError({"reason": _("Give the reason.")})
    if QuarterlyReport.objects.filter(previous=report).exists():
        raise ValidationError(_("A new edition of this report is in work already."))
    edition = _open_edition(report, correction_reason=reason.strip())
    _record(edition, Step.CORRECT, actor, reason.strip())
    return edition


def possible_authors(report: QuarterlyReport) -> Any:
    """Who may be named to write the institution's report: its staff, by name."""
    posts = Appointment.objects.in_force(report.local_today()).filter(
        institution=report.institution, role__in=AUTHOR_ROLES, deputy_for=None
    )
    return User.objects.filter(is_active=True, pk__in=posts.values("user"))


def _lock(report: QuarterlyReport) -> None:
    """Fill `report` anew and lock it to the end of the transaction: one step at a time."""
    report.refresh_from_db(from_queryset=QuarterlyReport.objects.with_units().select_for_update(of=("self",)))


def _check_below(report: QuarterlyReport) -> None:
    if waiting := waiting_titles(report):
        raise ValidationError(first_taken(report, waiting), code="waiting")


def first_taken(report: QuarterlyReport, waiting: Sequence[str]) -> str:
    """What has to happen before a report moves on, and who does it; `waiting` are the units of `waiting_titles`."""
    texts = {
        ReportLevel.DEPARTMENT: _("First the head of the department accepts or returns these reports: %(units)s."),
        ReportLevel.INSTITUTION: _("First the director accepts or returns these reports: %(units)s."),
    }
    return texts[ReportLevel(report.level)] % {"units": ", ".join(waiting)}


def _freeze(report: QuarterlyReport) -> bool:
    """Count for the last time, with the objects counted; whether the figures are those that the author has seen."""
    seen = {code: line for code, (line, _lower) in stored(report).items()}
    store_figures([report], with_evidence=True)
    fix_below([report])
    return {code: line for code, (line, _lower) in stored(report).items()} == seen


def _transition(report: QuarterlyReport, move: Move, actor: User, reason: str) -> None:
    """The only way an edition changes its state."""
    now = timezone.now()
    report.state = move.target
    if move.freezes:
        report.submitted_at, report.submitted_on = now, report.local_today()
        report.submitted_by, report.submitted_for = actor, stood_in_for(actor)
    if move.step in STAMPS:
        stamp = STAMPS[move.step]
        setattr(report, f"{stamp}_at", now)
        setattr(report, f"{stamp}_by", actor)
        setattr(report, f"{stamp}_for", stood_in_for(actor))
    if move.step is Step.RETURN:
        report.return_reason = reason
    report.save()
    _record(report, move.step, actor, reason)


def _supersede_previous(report: QuarterlyReport) -> None:
    """What this edition corrects counts no longer."""
    previous = report.previous
    while previous is not None and previous.state == ReportState.RETURNED:
        previous = previous.previous
    move = move_for(Step.SUPERSEDE, previous.state, previous.level) if previous else None
    if previous is not None and move is not None:
        previous.state = move.target
        previous.save()
        _record(previous, Step.SUPERSEDE, None, "")


def _draft_anew(report: QuarterlyReport) -> None:
    """The draft after a returned edition, unless a correction is in work; of a published one it is a correction."""
    if not QuarterlyReport.objects.filter(previous=report).exists():
        _open_edition(report, correction_reason=report.return_reason[:500] if report.published_at else "")


def _open_edition(report: QuarterlyReport, *, correction_reason: str = "") -> QuarterlyReport:
    """The draft that follows this edition, with the figures of now and the analysis as it was."""
    edition: QuarterlyReport = QuarterlyReport.objects.create(
        **{name: getattr(report, name) for name in ("level", "region", "institution", "department", "specialist")},
        **{name: getattr(report, name) for name in ("year", "quarter", "due_on", "author", "analysis")},
        edition=report.edition + 1,
        previous=report,
        correction_reason=correction_reason or report.correction_reason,
    )
    store_figures([edition])
    _record(edition, Step.GENERATE, None, "")
    return edition


def _record(report: QuarterlyReport, step: Step, by: User | None, note: str) -> None:
    ReportEvent.objects.create(report=report, step=step, by=by, note=note)


def _target(report: QuarterlyReport) -> dict[str, Any]:
    return {
        "target": "reports:report",
        "target_id": report.pk,
        "quarter": ROMAN[report.quarter - 1],
        "year": report.year,
        "unit": report.unit_title,
    }


def tell(report: QuarterlyReport, step: Step) -> None:
    """Tell those who are to act on a report after this step, or who wrote it."""
    if step is Step.SUBMIT:
        recipients = _holders(report, _takers(report))
    elif step in {Step.RETURN, Step.ACCEPT, Step.RECEIVE}:
        recipients = [key for key in {report.submitted_by_id, report.author_id} if key is not None]
    else:
        recipients = _holders(report, Q(role=Role.MINISTRY, region=report.region))
    notify(recipients, f"report.{step.lower()}", fact=f"report:{report.pk}:{step}", **_target(report))


def _takers(report: QuarterlyReport) -> Q:
    if report.level == ReportLevel.SPECIALIST:
        return Q(role=Role.DEPARTMENT_HEAD, department=report.department)
    return Q(role=Role.DIRECTOR, institution=report.institution)


def _holders(report: QuarterlyReport, posts: Q) -> list[int]:
    """Who holds one of these posts today, deputies included; never who has just acted."""
    rows = Appointment.objects.in_force(report.local_today()).filter(posts).exclude(user=report.submitted_by)
    return sorted(set(rows.values_list("user_id", flat=True)))
