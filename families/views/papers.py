"""Consents and statements: entering, showing, printing, withdrawing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require, require_now, signed_in
from accounts.enums import AccessAction
from common.text import short_date
from families import papers, services
from families.access import Part, may_print, may_write, may_write_consent, require_write
from families.forms.papers import ConsentForm, RevokeConsentForm, StatementForm
from families.models import Consent, Family, FamilyStatement
from families.opening import open_family
from families.views.card import pages_of
from families.views.editing import form_page, sent, withdrawal_page
from records.services.papers import papers_of

LACKS_ADDRESS = gettext_lazy(
    "The consent lacks the operator's address, which the law asks for (152-FZ, article 9): the region's administrator "
    "enters it for the institution, before the consent is entered."
)


def _consent(request: HttpRequest, pk: int, action: AccessAction = AccessAction.VIEW) -> tuple[Family, Consent]:
    rows = Consent.objects.visible_to(signed_in(request)).select_related("subject", "given_by", "created_by")
    consent = get_object_or_404(rows, pk=pk)
    family = _opened(request, consent.family_id, "consent", pk, action)
    consent.family = family
    return family, consent


def _statement(
    request: HttpRequest, pk: int, action: AccessAction = AccessAction.VIEW
) -> tuple[Family, FamilyStatement]:
    rows = FamilyStatement.objects.visible_to(signed_in(request)).select_related("given_by", "withdrawn_by")
    statement = get_object_or_404(rows, pk=pk)
    family = _opened(request, statement.family_id, "familystatement", pk, action)
    statement.family = family
    return family, statement


def _opened(request: HttpRequest, family_id: int, kind: str, pk: int, action: AccessAction) -> Family:
    return open_family(request, family_id, part=Part.DETAILS, kind=kind, object_id=pk, action=action)


@require_http_methods(["GET", "POST"])
def consent_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a consent with every field the law asks for; it leads to its page, where it is printed."""
    user = signed_in(request)
    family = open_family(request, pk, part=Part.DETAILS)
    require(may_write_consent(user, family))
    form = ConsentForm(request.POST or None, family=family, user=user, today=family.institution.today())

    def save() -> str:
        besides = form.cleaned_data["besides"]
        consent = services.give_consent(actor=user, consent=form.instance, besides=besides)
        return reverse("families:consent", args=[consent.pk])

    title = _("Consent to the processing of personal data")
    warning = "" if family.institution.address else str(LACKS_ADDRESS)
    return form_page(request, family, form, save, key=f"consent:new:{pk}", title=title, warning=warning)


@require_GET
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """A consent with its state, its papers and scans."""
    user = signed_in(request)
    family, row = _consent(request, pk)
    today = family.institution.today()
    listed = papers.consent_context(row)
    context = pages_of(user, family, "") | {
        "consent": row,
        "facts": _facts(row),
        "in_force": row.is_in_force(today),
        "data": listed["data"],
        "actions_listed": listed["actions"],
        "writes": may_write_consent(user, family),
        "may_print": may_print(user, family),
        "warning": LACKS_ADDRESS if row.operator_address == row.operator_name else "",
        "papers": papers_of(user, "families.consent", row),
    }
    return render(request, "families/consent.html", context)


def _facts(consent: Consent) -> list[dict[str, Any]]:
    allowed = {True: _("yes"), False: _("no")}
    facts = [
        (_("Whose data"), consent.subject.full_name),
        (_("Given by"), consent.given_by.full_name),
        (_("Document of the representative's authority"), consent.authority_document),
        (_("Purpose"), consent.purpose),
        (_("Operator"), ", ".join(dict.fromkeys((consent.operator_name, consent.operator_address)))),
        (_("Data on health"), allowed[consent.health_data]),
        (_("Photographs"), allowed[consent.photo_allowed]),
        (_("Publication of photographs"), allowed[consent.publication_allowed]),
        (_("Recipients"), "; ".join(consent.recipients)),
        (_("Processing is entrusted to"), "; ".join(consent.processors)),
        (_("Given on"), short_date(consent.given_on)),
        (_("Valid to"), short_date(consent.valid_to)) if consent.valid_to else (_("Is valid"), _("until withdrawn")),
    ]
    if consent.revoked_on:
        facts.append((_("Withdrawn"), f"{short_date(consent.revoked_on)}. {consent.revocation_note}"))
    return [{"label": label, "value": value} for label, value in facts]


@require_POST
def consent_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the consent as PDF and hand it out."""
    user = signed_in(request)
    family, row = _consent(request, pk, AccessAction.PRINT)
    require(may_print(user, family))
    return redirect("records:document", papers.issue_consent(actor=user, consent=row).pk)


@require_POST
def consent_withdrawal_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The application for withdrawing, to be signed."""
    user = signed_in(request)
    family, row = _consent(request, pk, AccessAction.PRINT)
    require(may_print(user, family))
    paper = papers.issue_withdrawal(actor=user, consent=row, on=family.institution.today())
    return redirect("records:document", paper.pk)


@require_POST
def consent_publication_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The separate consent to the publication of photographs, to be signed."""
    user = signed_in(request)
    family, row = _consent(request, pk, AccessAction.PRINT)
    require(may_print(user, family) and row.publication_allowed)
    return redirect("records:document", papers.issue_publication(actor=user, consent=row).pk)


@require_http_methods(["GET", "POST"])
def consent_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """The consent is withdrawn."""
    user = signed_in(request)
    family, row = _consent(request, pk)
    require(may_write_consent(user, family))
    page = reverse("families:consent", args=[pk])
    require_now(row.revoked_on is None, _("The consent was withdrawn already."), back=page)
    form = RevokeConsentForm(request.POST or None, initial={"on": family.institution.today()})

    def save() -> None:
        services.revoke_consent(actor=user, consent=row, **form.cleaned_data)

    if request.method == "POST" and form.is_valid() and sent(request, form, save, kind="consent:revoke", url=page):
        messages.success(request, _("The consent is withdrawn."))
        return redirect(page)
    context = {
        "title": _("Withdraw the consent No. %(number)s?") % {"number": row.number},
        "facts": [{"label": _("Whose data"), "value": row.subject.full_name}],
        "consequences": [
            _("From this day nothing more is handed over to other organisations on the ground of it."),
            _("What was sent before stays in the log."),
        ],
        "form": form,
        "action": _("Withdraw the consent"),
        "danger": True,
        "back_url": page,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "POST"])
def statement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the family's statement with its responsibility for the information."""
    user = signed_in(request)
    family = open_family(request, pk, part=Part.DETAILS)
    require_write(user, family)
    form = StatementForm(request.POST or None, family=family, today=family.institution.today())

    def save() -> str:
        row = services.give_statement(actor=user, statement=form.instance)
        return reverse("families:statement", args=[row.pk])

    return form_page(request, family, form, save, key=f"statement:new:{pk}", title=_("Statement of the family"))


@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """A statement with its papers."""
    user = signed_in(request)
    family, row = _statement(request, pk)
    context = pages_of(user, family, "") | {
        "statement": row,
        "may_print": may_print(user, family) and row.withdrawn_on is None,
        "may_withdraw": may_write(user, family) and row.withdrawn_on is None,
        "papers": papers_of(user, "families.statement", row),
    }
    return render(request, "families/statement.html", context)


@require_POST
def statement_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the statement as PDF and hand it out."""
    family, row = _statement(request, pk, AccessAction.PRINT)
    require(may_print(signed_in(request), family))
    _require_valid(row)
    return redirect("records:document", papers.issue_statement(actor=signed_in(request), statement=row).pk)


@require_http_methods(["GET", "POST"])
def statement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a statement back that was entered in error, with the reason; it keeps its number."""
    user = signed_in(request)
    family, row = _statement(request, pk)
    require_write(user, family)
    _require_valid(row)
    return withdrawal_page(
        request,
        save=lambda reason: services.withdraw_statement(actor=user, statement=row, reason=reason),
        title=_("Withdraw the statement No. %(number)s?") % {"number": row.number},
        facts=((_("Given by"), row.given_by.full_name), (_("Given on"), short_date(row.given_on))),
        consequences=[
            _("The statement keeps its number, is shown as withdrawn with the reason, and is printed no more."),
            _("To correct a statement, withdraw it and enter the right one."),
        ],
        back=row.get_absolute_url(),
    )


def _require_valid(row: FamilyStatement) -> None:
    require_now(row.withdrawn_on is None, _("The statement was withdrawn already."), back=row.get_absolute_url())
