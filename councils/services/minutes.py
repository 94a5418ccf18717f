"""Minutes: drafted, signed in either way, corrected by a new version; signing adopts what was decided (I14)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify, settle
from casework.models import SupportCase
from casework.services.events import Params, record_event
from common.history import acting
from councils import access
from councils.enums import DecisionState, ItemState, SessionState, SigningWay
from councils.models import CouncilSession, Decision, Minutes
from councils.papers import MINUTES, issue_minutes
from councils.readiness import minutes_lack
from councils.services import effects, grants
from councils.services.states import lock, transition
from councils.waiting import tell_secretariat
from records.services.attachments import attach_file
from records.services.numbers import next_number

NUMBER_KIND = "councils.minutes"
MINUTES_WAIT = "councils.minutes_to_sign"


@transaction.atomic
def draft_minutes(*, session: CouncilSession, actor: User) -> Minutes:
    """Draw up the minutes of a session that was held: every question has its outcome. The chair is told.

    Raises PermissionDenied, or ValidationError for what is missing or would be refused at the signing.
    """
    lock(session)
    require(access.may_write(actor, session))
    if lacks := minutes_lack(session):
        raise ValidationError(lacks)
    effects.rehearse(decisions=_decisions(session), session=session, actor=actor)
    transition(session=session, to=SessionState.MINUTES_DRAFTED, actor=actor)
    row = Minutes(session=session, drafted_on=session.council.today(), drafted_by=actor)
    with acting(actor):
        row.full_clean()
        row.save()
    _tell_chair(session, row)
    return row


def _decisions(session: CouncilSession) -> list[Decision]:
    rows = Decision.objects.filter(item__session=session, item__state=ItemState.CONSIDERED)
    return list(rows.select_related("item__case", "executor_member").order_by("item__position", "ordinal"))


def _tell_chair(session: CouncilSession, row: Minutes) -> None:
    if session.chair is not None and session.chair.user_id is not None:
        notify(
            [session.chair.user_id],
            MINUTES_WAIT,
            fact=f"minutes:{row.pk}",
            target="councils:session",
            target_id=session.pk,
            day=session.day,
        )


def unsigned(session: CouncilSession) -> Minutes | None:
    """The version of the minutes that waits for its signature."""
    return Minutes.objects.filter(session=session, signed_on=None).order_by("-edition").first()


@transaction.atomic
def sign_in_system(*, session: CouncilSession, actor: User) -> Minutes:
    """The chair signs in person, after the password was asked again. Raises PermissionDenied, ValidationError."""
    lock(session)
    require(access.may_sign(actor, session))
    signatory = session.chair.full_name if session.chair else ""
    return _sign(
        session, session.council.today(), actor, signing_way=SigningWay.IN_SYSTEM, signed_by=actor, signatory=signatory
    )


@transaction.atomic
def sign_on_paper(*, session: CouncilSession, signed_on: date, file: File[Any], name: str, actor: User) -> Minutes:
    """The secretary uploads the paper that the chair signed. Raises PermissionDenied, ValidationError."""
    lock(session)
    require(access.keeps(actor, session.council))
    _to_sign(session)
    if not session.day <= signed_on <= session.council.today():
        raise ValidationError({"signed_on": _("The day lies between the session and today.")})
    scan = attach_file(
        actor=actor, file=file, name=name, owner_kind=MINUTES, owner=session, description="Подписанный протокол"
    )
    signatory = session.chair.full_name if session.chair else ""
    return _sign(session, signed_on, actor, signing_way=SigningWay.ON_PAPER, signatory=signatory, attachment_id=scan.pk)


def _to_sign(session: CouncilSession) -> Minutes:
    row = unsigned(session)
    if row is None:
        raise ValidationError(_("There are no minutes that wait for a signature."), code="state")
    return row


def _sign(session: CouncilSession, on: date, actor: User, **signature: Any) -> Minutes:
    """Number, adopt, freeze, in one transaction; a correction takes the number of the version before."""
    row = _to_sign(session)
    is_first = session.state != SessionState.MINUTES_SIGNED
    row.signed_on = on
    for name, value in signature.items():
        setattr(row, name, value)
    if is_first:
        row.number = _adopt(session, on, actor)
    else:
        row.number = session.number
    row.issued_document_id = issue_minutes(session=session, minutes=row, actor=actor).pk
    with acting(actor, row.correction_reason):
        row.full_clean()
        row.save()
    settle([MINUTES_WAIT], [session.pk])
    told = {"number": row.number, "day": session.day}
    tell_secretariat(session, "councils.minutes_signed", fact=f"minutes:{row.pk}", actor=actor, **told)
    return row


def _adopt(session: CouncilSession, on: date, actor: User) -> str:
    """Adopt the decisions and let them take effect; return the number of the minutes."""
    if session.council.institution is None:
        raise ValidationError(_("The body has no secretariat that numbers its minutes."))
    if lacks := minutes_lack(session):
        raise ValidationError(lacks)
    number = next_number(institution=session.council.institution, kind=NUMBER_KIND, on=session.day).text
    transition(session=session, to=SessionState.MINUTES_SIGNED, actor=actor, number=number, signed_on=on)
    decisions = _decisions(session)
    with acting(actor):
        for decision in decisions:
            decision.state = DecisionState.ADOPTED
            decision.save()
    effects.apply(decisions=decisions, session=session, number=number, actor=actor)
    grants.end_after_signing(session=session, signed_on=on, actor=actor)
    for decision in decisions:
        _announce(session, decision, number, actor)
    return number


def _announce(session: CouncilSession, decision: Decision, number: str, actor: User) -> None:
    """Write the decision on the case's timeline, and tell its curator and whoever carries it out."""
    case: SupportCase | None = decision.item.case
    told = {decision.executor_user_id, decision.executor_member.user_id if decision.executor_member else None}
    if case is not None:
        params: Params = {"decision": decision.type, "number": number, "date": session.day}
        record_event(
            case,
            "council_decided",
            on=session.day,
            by=actor,
            params=params,
            object_kind="session",
            object_id=session.pk,
        )
        told.add(case.curator_id)
    notify(
        [key for key in told if key is not None],
        "councils.decided_on_case" if case else "councils.decided",
        fact=f"decision:{decision.pk}",
        target="councils:decision",
        target_id=decision.pk,
        number=number,
        day=session.day,
        decision=str(decision),
        **({"case": case.number} if case else {}),
    )


@transaction.atomic
def correct_minutes(*, session: CouncilSession, reason: str, correction: str, actor: User) -> Minutes:
    """Begin a corrected version of signed minutes: what reads otherwise and why (I14). It is signed as the first was.

    The secretary, until 30 days after the signing.

    Raises PermissionDenied, or ValidationError while another correction waits or nothing has been signed.
    """
    lock(session)
    require(access.may_correct(actor, session))
    if session.state != SessionState.MINUTES_SIGNED:
        raise ValidationError(_("The minutes are not signed: change them as they are."))
    if unsigned(session) is not None:
        raise ValidationError(_("A correction already waits for its signature."))
    last = Minutes.objects.filter(session=session).order_by("-edition")[0]
    row = Minutes(
        session=session,
        edition=last.edition + 1,
        drafted_on=session.council.today(),
        drafted_by=actor,
        correction_reason=reason.strip(),
        correction=correction.strip(),
    )
    with acting(actor, reason):
        row.full_clean()
        row.save()
    _tell_chair(session, row)
    return row
