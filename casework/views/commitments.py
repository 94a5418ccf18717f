"""The tab "Agreement and notices": support agreements, and the register of notices to agencies."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_now, require_open, signed_in
from accounts.enums import AccessAction
from accounts.signatures import acting_post, signing_post
from casework.access import may_draft, may_print, may_send_notice, may_sign_agreement
from casework.agencies import untold_agencies
from casework.enums import Ground, LegalBasis, NoticeSubject
from casework.forms.commitments import AgreementForm, AnswerForm, NoticeForm, SendForm, TerminateForm
from casework.forms.programmes import StepForm
from casework.frame import frame, open_case_page
from casework.models import AgencyNotice, SupportAgreement, SupportCase
from casework.notice_papers import issue_notice
from casework.papers import issue_agreement
from casework.registry import Permission, everybody
from casework.services import agreements, notices
from casework.services.programmes import end_within_support
from casework.views.editing import answer, draft_of
from casework.waiting import next_step
from common.text import mid_line, numbered, short_date
from families.access import Part
from families.models import FamilyMembership


@require_GET
def commitments(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreements with the family, and every notice about it."""
    user = signed_in(request)
    case = open_case_page(request, pk, part=Part.DETAILS)
    signed = SupportAgreement.objects.visible_to(user).filter(case=case)
    sent = AgencyNotice.objects.visible_to(user).filter(case=case)
    writes = may_draft(user, case)
    rows = list(signed.select_related("representative", "programme"))
    has_open = any(row.terminated_on is None for row in rows)
    context = frame(request, case, "commitments") | {
        "agreements": [(row, next_step(row, case)) for row in rows],
        "notices": [(row, next_step(row, case)) for row in sent.select_related("addressee", "consent", "sent_by")],
        "untold": untold_agencies(case, case.institution.today()) if case.is_open else [],
        "may_draft": writes,
        "may_begin": writes and not has_open and agreements.approved_programme(case) is not None,
        "may_sign": may_sign_agreement(user, case),
        "may_print": may_print(user, case),
        "may_send": may_send_notice(user, case),
    }
    return render(request, "casework/commitments.html", context)


def _back(case: SupportCase) -> str:
    return reverse("casework:commitments", args=[case.pk])


def _agreement(request: HttpRequest, pk: int, allowed: Permission = everybody, **opening: Any) -> SupportAgreement:
    rows = SupportAgreement.objects.visible_to(signed_in(request)).select_related("programme", "representative")
    row = get_object_or_404(rows, pk=pk)
    row.case = open_case_page(request, row.case_id, part=Part.DETAILS, allowed=allowed, **opening)
    row.programme.case = row.case
    return row


def _notice(request: HttpRequest, pk: int, allowed: Permission = everybody, **opening: Any) -> AgencyNotice:
    rows = AgencyNotice.objects.visible_to(signed_in(request)).select_related("addressee", "consent")
    row = get_object_or_404(rows, pk=pk)
    row.case = open_case_page(request, row.case_id, part=Part.DETAILS, allowed=allowed, **opening)
    return row


def _confirm(
    request: HttpRequest,
    row: SupportAgreement | AgencyNotice,
    form: StepForm,
    save: Callable[[], HttpResponse],
    **shown: Any,
) -> HttpResponse:
    """The page before an act that cannot be undone: whom it is about and what it brings about."""
    template = "ui/confirm.html"
    return answer(request, row.case, form, save, back_url=_back(row.case), template=template, **shown)


def _facts_of_agreement(row: SupportAgreement) -> list[dict[str, Any]]:
    facts = [
        (_("Family"), f"{row.case.family.title}, {numbered(row.case.number)}"),
        (_("For the family"), row.representative.full_name),
        (_("For the institution"), f"{row.institution_signatory}, {mid_line(row.signatory_post)}"),
        (_("Programme"), numbered(row.programme.number)),
        (_("Term"), f"{short_date(row.starts_on)} – {short_date(row.ends_on)}"),
    ]
    if row.signed_on:
        facts.insert(1, (_("Support agreement"), f"{numbered(row.number)}, {short_date(row.signed_on)}"))
    return [{"label": label, "value": value} for label, value in facts]


def _facts_of_notice(row: AgencyNotice) -> list[dict[str, Any]]:
    basis = row.get_legal_basis_display()
    if row.consent:
        basis = f"{basis}, {numbered(row.consent.number)}, {short_date(row.consent.given_on)}"
    facts = (
        (_("Family"), f"{row.case.family.title}, {numbered(row.case.number)}"),
        (_("Addressee"), row.addressee.title),
        (_("Subject"), row.get_subject_display()),
        (_("Legal basis"), basis),
        (_("Text"), row.text),
    )
    return [{"label": label, "value": value} for label, value in facts]


def _agreement_form(request: HttpRequest, row: SupportAgreement, initial: dict[str, Any] | None) -> HttpResponse:
    form = AgreementForm(request.POST or None, case=row.case, instance=row, initial=initial)

    def save() -> HttpResponse:
        agreements.save_draft(agreement=form.instance, actor=signed_in(request))
        return redirect(_back(row.case))

    known: dict[str, Any] = {"title": _("Support agreement"), "draft": draft_of(request)}
    return answer(request, row.case, form, save, action=_("Save"), back_url=_back(row.case), **known)


@require_http_methods(["GET", "POST"])
def agreement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw up an agreement for the approved programme."""
    case = open_case_page(request, pk, part=Part.DETAILS, allowed=may_draft)
    programme = agreements.approved_programme(case)
    require_open(programme is not None)
    members = FamilyMembership.objects.filter(family=case.family, is_representative=True).on(case.institution.today())
    representative = members.order_by("-is_head").first()
    initial = {"representative": representative.person_id if representative else None, **_signatory(case)}
    if programme is not None:
        ends_on = end_within_support(case, programme.starts_on, programme.ends_on)
        initial |= {"starts_on": programme.starts_on, "ends_on": ends_on}
    return _agreement_form(request, SupportAgreement(case=case, programme=programme), initial)


def _signatory(case: SupportCase) -> dict[str, Any]:
    """Who signs for the institution: its director by appointment, or who stands in; the words are those of a paper."""
    post = signing_post(case.institution, case.institution.today())
    ground = "устав"
    title = mid_line(post.user.post) if post else ""
    if post and post.deputy_for:
        title = acting_post(post.deputy_for.user, default="директор")
        ground = f"приказ {post.order}".strip()
    return {
        "institution_signatory": post.user.get_full_name() if post else case.institution.director_name,
        "signatory_post": title or "директор",
        "signatory_ground": ground,
    }


@require_http_methods(["GET", "POST"])
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the draft of an agreement."""
    row = _agreement(request, pk, may_draft)
    require_now(row.signed_on is None, _("The support agreement is signed already."), back=_back(row.case))
    return _agreement_form(request, row, None)


@require_http_methods(["GET", "POST"])
def agreement_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day on which both sides signed."""
    row = _agreement(request, pk, may_sign_agreement)
    require_now(row.signed_on is None, _("The support agreement is signed already."), back=_back(row.case))
    form = StepForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        agreements.sign(agreement=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    consequences = [
        _("The agreement gets its number and can no longer be changed, only terminated."),
        _("From this day the programme is in force."),
    ]
    if row.case.ground == Ground.SOCIAL_CONTRACT and row.case.enrolled_on is None:
        consequences.append(_("From this day the family is on support."))
    shown = {"title": _("Signing of the agreement"), "action": _("Sign"), "consequences": consequences}
    saved = _("The support agreement is signed.")
    return _confirm(request, row, form, save, facts=_facts_of_agreement(row), saved=saved, **shown)


@require_http_methods(["GET", "POST"])
def agreement_terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a signed agreement early."""
    row = _agreement(request, pk, may_sign_agreement)
    require_now(row.terminated_on is None, _("The support agreement is terminated already."), back=_back(row.case))
    form = TerminateForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        agreements.terminate(agreement=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    consequences = [
        _("The agreement ends on the day you name, and its end cannot be taken back."),
        _("Active support takes another agreement with the family."),
    ]
    title = _("Terminate the agreement")
    shown = {"title": title, "action": title, "consequences": consequences, "danger": True}
    saved = _("The support agreement is terminated.")
    return _confirm(request, row, form, save, facts=_facts_of_agreement(row), saved=saved, **shown)


@require_POST
def agreement_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the agreement as PDF and hand it out."""
    row = _agreement(request, pk, may_print, action=AccessAction.PRINT)
    return redirect("records:document", issue_agreement(actor=signed_in(request), agreement=row).pk)


def _notice_form(request: HttpRequest, row: AgencyNotice, **initial: Any) -> HttpResponse:
    user = signed_in(request)
    consents = notices.usable_consents(row, row.case.institution.today())
    form = NoticeForm(request.POST or None, case=row.case, user=user, consents=consents, instance=row, initial=initial)

    def save() -> HttpResponse:
        notices.save_notice(notice=form.instance, actor=user)
        return redirect(_back(row.case))

    known: dict[str, Any] = {"title": _("Notice to an agency"), "draft": draft_of(request)}
    return answer(request, row.case, form, save, action=_("Save"), back_url=_back(row.case), **known)


@require_http_methods(["GET", "POST"])
def notice_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a notice; one to an organisation of the programme names it, and what it is about, from the start."""
    case = open_case_page(request, pk, part=Part.DETAILS, allowed=may_draft)
    asked = request.GET.get("addressee")
    untold = next((row for row in untold_agencies(case, case.institution.today()) if str(row.pk) == asked), None)
    known: dict[str, Any] = {"addressee": untold, "subject": NoticeSubject.PROGRAMME} if untold else {}
    return _notice_form(request, AgencyNotice(case=case), **known)


@require_http_methods(["GET", "POST"])
def notice_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the draft of a notice."""
    row = _notice(request, pk, may_draft)
    require_now(row.sent_on is None, _("The notice was sent already."), back=_back(row.case))
    return _notice_form(request, row)


@require_http_methods(["GET", "POST"])
def notice_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a notice under its number."""
    row = _notice(request, pk, may_send_notice)
    require_now(row.sent_on is None, _("The notice was sent already."), back=_back(row.case))
    form = SendForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        notices.send(notice=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    consequences = [_("The notice gets its number and can be neither changed nor taken back.")]
    if row.legal_basis != LegalBasis.NO_PERSONAL_DATA:
        consequences.append(_("Data of the family leave the institution: what was sent stays with the addressee."))
    title = _("Send the notice")
    shown = {"title": title, "action": title, "consequences": consequences, "saved": _("The notice is sent.")}
    return _confirm(request, row, form, save, facts=_facts_of_notice(row), **shown)


@require_http_methods(["GET", "POST"])
def notice_delivered(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the day on which the agency received the notice."""
    row = _notice(request, pk, may_draft)
    form = StepForm(request.POST or None, initial={"on": row.delivered_on or row.case.institution.today()})

    def save() -> HttpResponse:
        notices.note_delivery(notice=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    title = _("Delivery of the notice")
    return answer(request, row.case, form, save, title=title, action=_("Save"), back_url=_back(row.case))


@require_http_methods(["GET", "POST"])
def notice_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the answer of the agency."""
    row = _notice(request, pk, may_draft)
    initial = {"on": row.answered_on or row.case.institution.today(), "answer": row.answer}
    form = AnswerForm(request.POST or None, initial=initial)

    def save() -> HttpResponse:
        notices.note_answer(notice=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    title = _("Answer of the agency")
    return answer(request, row.case, form, save, title=title, action=_("Save"), back_url=_back(row.case))


@require_POST
def notice_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the notice as PDF and hand it out."""
    row = _notice(request, pk, may_print, action=AccessAction.PRINT)
    return redirect("records:document", issue_notice(actor=signed_in(request), notice=row).pk)
