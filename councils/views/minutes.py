"""Minutes and papers: drafting, signing in the system or on paper, correcting, printing."""

from collections import Counter
from functools import partial

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import NotNow, require_state, signed_in
from accounts.enums import AccessAction
from accounts.models import User
from councils import access, papers
from councils.documents import agenda_docx, minutes_docx
from councils.enums import ItemState, SessionState
from councils.forms.sessions import ConfirmForm, CorrectionForm, SignedPaperForm
from councils.models import AgendaItem, CouncilSession, Decision, Minutes
from councils.readiness import minutes_lack
from councils.services import minutes
from councils.views.common import about, act, answer, confirm, journal, open_session, require_correct
from councils.views.rows import is_hidden, packet_is_open
from records.services.submissions import taken_once

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WITH_MINUTES = (SessionState.MINUTES_DRAFTED, SessionState.MINUTES_SIGNED)


@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up the minutes."""
    session = open_session(request, pk, access.may_write)
    require_state(session, SessionState.HELD)
    if minutes_lack(session):
        raise NotNow
    draft_minutes = partial(minutes.draft_minutes, session=session, actor=signed_in(request))
    return act(request, session, draft_minutes, saved=_("The minutes are drawn up."))


def _waiting(session: CouncilSession) -> Minutes:
    row = minutes.unsigned(session)
    if row is None:
        if session.state == SessionState.MINUTES_SIGNED:
            raise NotNow(_("The minutes are signed already."), back=session.get_absolute_url())
        require_state(session, SessionState.MINUTES_DRAFTED)
        raise NotNow
    return row


@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair signs; the password was asked for just before."""
    session = open_session(request, pk, access.may_sign)
    row = _waiting(session)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        minutes.sign_in_system(session=session, actor=signed_in(request))
        return redirect(session)

    return confirm(
        request,
        session,
        form,
        save,
        saved=_("The minutes are signed."),
        title=_("Sign the minutes?"),
        action=_("Sign"),
        template="councils/sign.html",
        facts=[*about(session), *_signed(row)],
        consequences=_consequences(row),
        restricted=_withheld(signed_in(request), session),
    )


def _withheld(user: User, session: CouncilSession) -> list[AgendaItem]:
    """The questions that the paper for the chair withholds, where `user` may open them one by one, with a reason."""
    if not (packet_is_open(user, session) and access.reads_restricted(user, session)):
        return []
    items = AgendaItem.objects.visible_to(user).filter(session=session).exclude(state=ItemState.WITHDRAWN)
    return [item for item in items.with_page().order_by("position") if is_hidden(user, item)]


def _signed(row: Minutes) -> list[dict[str, str]]:
    """What the signature is put to: the decisions of the session by type, or what a new version corrects."""
    if row.edition > 1:
        correction = [(_("What is corrected"), row.correction), (_("Reason"), row.correction_reason)]
        return [{"label": label, "value": value} for label, value in correction]
    decided = Decision.objects.filter(item__session=row.session_id).with_enrolment()
    by_effect = Counter(capfirst(decision.effect) for decision in decided.order_by("item__position", "ordinal"))
    counts = [(_("Decisions in all"), by_effect.total()), *by_effect.items()]
    return [{"label": label, "value": str(count)} for label, count in counts]


def _consequences(row: Minutes) -> list[str]:
    if row.edition > 1:
        return [_("The corrected version replaces the one before; decisions stay as they were.")]
    return [
        _("The minutes get their number and can no longer be changed."),
        _("The decisions take effect: families are put on support, extended, removed."),
    ]


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The secretary uploads the paper that the chair signed."""
    session = open_session(request, pk, lambda user, row: access.keeps(user, row.council))
    row = _waiting(session)
    form = SignedPaperForm(request.POST or None, request.FILES or None, initial={"signed_on": session.council.today()})

    def save() -> HttpResponse:
        file = form.cleaned_data["file"][0]
        minutes.sign_on_paper(
            session=session,
            signed_on=form.cleaned_data["signed_on"],
            file=file,
            name=file.name,
            actor=signed_in(request),
        )
        return redirect(session)

    return answer(
        request,
        form,
        save,
        saved=_("The minutes are signed."),
        title=_("Signed minutes"),
        action=_("Sign"),
        back_url=session.get_absolute_url(),
        about=str(session),
        facts=_signed(row),
        consequences=_consequences(row),
    )


@require_http_methods(["GET", "POST"])
@taken_once("minutes_correction")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a corrected version of signed minutes."""
    session = open_session(request, pk)
    require_correct(request, session)
    require_state(session, SessionState.MINUTES_SIGNED)
    form = CorrectionForm(request.POST or None)

    def save() -> HttpResponse:
        minutes.correct_minutes(
            session=session,
            reason=form.cleaned_data["reason"],
            correction=form.cleaned_data["correction"],
            actor=signed_in(request),
        )
        return redirect(session)

    return answer(
        request,
        form,
        save,
        saved=_("The corrected minutes wait for a signature."),
        title=_("Correct the minutes"),
        action=_("Save"),
        back_url=session.get_absolute_url(),
        about=str(session),
        text=_(
            "The new version is signed as the first one was. What was decided is changed by another decision alone."
        ),
    )


@require_POST
def agenda_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda as PDF."""
    session = open_session(request, pk, access.may_print)
    _journal(request, session, names=False)
    return redirect("records:document", papers.issue_agenda(session=session, actor=signed_in(request)).pk)


@require_POST
def minutes_print(request: HttpRequest, pk: int, variant: str) -> HttpResponse:
    """The minutes as PDF: with names for the file, or by case numbers for members and organisations."""
    names = variant == "full"
    session = open_session(request, pk, access.may_print if names else access.may_read_minutes)
    row = _to_read(signed_in(request), session)
    _journal(request, session, names=names)
    issue = papers.issue_minutes if names else papers.issue_public_minutes
    return redirect("records:document", issue(session=session, minutes=row, actor=signed_in(request)).pk)


@require_GET
def agenda_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The agenda for the word processor."""
    session = open_session(request, pk, access.may_print)
    _journal(request, session, names=False)
    return _download(agenda_docx(session, signed_in(request)), f"Повестка {session.day:%d.%m.%Y}.docx")


@require_GET
def minutes_word(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes for the word processor, with the families named."""
    session = open_session(request, pk, access.may_print)
    row = _last(session)
    _journal(request, session, names=True)
    return _download(minutes_docx(session, row, signed_in(request)), f"Протокол {session.day:%d.%m.%Y}.docx")


def _to_read(user: User, session: CouncilSession) -> Minutes:
    """The version to take: the chair reads the one that waits for the signature, others the one that counts."""
    waiting = minutes.unsigned(session) if access.chairs(user, session) else None
    return waiting or _last(session)


def _last(session: CouncilSession) -> Minutes:
    """The signed version that counts, else the draft."""
    rows = Minutes.objects.filter(session=session)
    row = rows.exclude(signed_on=None).order_by("-edition").first() or rows.first()
    if row is None:
        raise NotNow
    return row


def _journal(request: HttpRequest, session: CouncilSession, *, names: bool) -> None:
    journal(request, session, papers.told_on_paper(session, names=names), AccessAction.PRINT)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
