"""What is true of a family for a time: categories, traits, statuses, the risk group, income, external numbers."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import require_now, signed_in
from common.text import money, short_date
from families import services
from families.access import Part, may_read, require_write
from families.enums import SENSITIVE_TRAITS
from families.forms.circumstances import (
    CategoryForm,
    ExternalIdForm,
    IncomeCorrectionForm,
    IncomeForm,
    RiskGroupForm,
    StatusForm,
    TraitForm,
)
from families.models import ExternalId, Family, FamilyCategory, FamilyMembership, IncomeRecord, MemberTrait
from families.opening import open_family
from families.views.editing import form_page, withdrawal_page


def _writable(request: HttpRequest, pk: int, part: Part = Part.CARD) -> Family:
    family = open_family(request, pk, part=part)
    require_write(signed_in(request), family)
    return family


def _row(request: HttpRequest, rows: QuerySet[Any], pk: int) -> tuple[Family, Any]:
    """A row of a family that may be written in; 404 where the family is not opened."""
    row = get_object_or_404(rows, pk=pk)
    owner = row.membership.family_id if isinstance(row, MemberTrait) else row.family_id
    return _writable(request, owner), row


@require_http_methods(["GET", "POST"])
def category_new(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    family = _writable(request, pk)
    today = family.institution.today()
    form = CategoryForm(request.POST or None, instance=FamilyCategory(family=family), today=today, user=user)
    return form_page(
        request,
        family,
        form,
        lambda: services.add_category(actor=user, row=form.instance),
        key=f"category:new:{pk}",
        title=_("New category of the family"),
    )


@require_http_methods(["GET", "POST"])
def category_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = FamilyCategory.objects.visible_to(user).select_related("category")
    if not may_read(user, Part.HEALTH):
        rows = rows.filter(category__is_confidential=False)
    family, row = _row(request, rows, pk)
    row.family = family
    form = CategoryForm(request.POST or None, instance=row, today=family.institution.today(), user=user)
    return form_page(
        request,
        family,
        form,
        lambda: services.change_category(actor=user, row=form.instance),
        key=f"category:edit:{pk}",
        title=_("Category of the family"),
        about=str(row),
    )


@require_http_methods(["GET", "POST"])
def trait_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A trait of a member; `?member=` chooses whose."""
    user = signed_in(request)
    family = _writable(request, pk)
    form = TraitForm(
        request.POST or None,
        family=family,
        today=family.institution.today(),
        user=user,
        initial={"membership": _member(request, family)},
    )
    return form_page(
        request,
        family,
        form,
        lambda: services.add_trait(actor=user, row=form.instance),
        key=f"trait:new:{pk}",
        title=_("New trait of a member"),
    )


def _member(request: HttpRequest, family: Family) -> int | None:
    chosen = request.GET.get("member", "")
    if not chosen.isdecimal():
        return None
    rows = FamilyMembership.objects.filter(family=family).order_by("pk")
    return rows.filter(pk=int(chosen) % 2**63).values_list("pk", flat=True).first()


@require_http_methods(["GET", "POST"])
def trait_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    rows = MemberTrait.objects.visible_to(user).select_related("membership__person")
    if not may_read(user, Part.HEALTH):
        rows = rows.exclude(kind__in=SENSITIVE_TRAITS)
    family, row = _row(request, rows, pk)
    form = TraitForm(request.POST or None, instance=row, family=family, today=family.institution.today(), user=user)
    return form_page(
        request,
        family,
        form,
        lambda: services.change_trait(actor=user, row=form.instance),
        key=f"trait:edit:{pk}",
        title=_("Trait of a member"),
        about=row.membership.person.full_name,
    )


@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The next status of the family, or its end."""
    user = signed_in(request)
    family = _writable(request, pk)
    form = StatusForm(request.POST or None, today=family.institution.today())
    return form_page(
        request,
        family,
        form,
        lambda: services.set_status(actor=user, family=family, **form.values),
        key=f"status:new:{pk}",
        title=_("Status of the family"),
        intro=_("The former status ends the day before."),
    )


@require_http_methods(["GET", "POST"])
def risk_group(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step on the ladder of risk groups, or leaving it."""
    user = signed_in(request)
    family = _writable(request, pk)
    form = RiskGroupForm(request.POST or None, today=family.institution.today())
    return form_page(
        request,
        family,
        form,
        lambda: services.set_risk_group(actor=user, family=family, **form.values),
        key=f"risk:new:{pk}",
        title=_("Risk group of the family"),
        intro=_("The former risk group ends the day before."),
    )


@require_http_methods(["GET", "POST"])
def income_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Income over some months, compared with the minimum of the region."""
    user = signed_in(request)
    family = _writable(request, pk, Part.DETAILS)
    today = family.institution.today()
    together = FamilyMembership.objects.filter(family=family).on(today).living_together().count()
    counted = {"members_counted": together or None}
    form = IncomeForm(request.POST or None, instance=IncomeRecord(family=family), today=today, initial=counted)
    return form_page(
        request,
        family,
        form,
        lambda: services.record_income(actor=user, family=family, **form.values),
        key=f"income:new:{pk}",
        title=_("Income of the family"),
        intro=_("The income per head is compared with the subsistence minimum in force at the end of the period."),
    )


def _income(request: HttpRequest, pk: int) -> tuple[Family, IncomeRecord]:
    """A record that counts, of a family that may be written in."""
    row = get_object_or_404(IncomeRecord.objects.visible_to(signed_in(request)), pk=pk)
    row.family = family = _writable(request, row.family_id, Part.DETAILS)
    card = reverse("families:card", args=[family.pk])
    require_now(row.withdrawn_on is None, _("The record was withdrawn already."), back=card)
    return family, row


@require_http_methods(["GET", "POST"])
def income_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a recorded income, with the reason; it is compared anew."""
    user = signed_in(request)
    family, row = _income(request, pk)
    form = IncomeCorrectionForm(request.POST or None, instance=row, today=family.institution.today())

    def save() -> None:
        given = {name: form.cleaned_data[name] for name in ("reason", "mark_low_income")}
        services.correct_income(actor=user, row=form.instance, **given)

    return form_page(
        request,
        family,
        form,
        save,
        key=f"income:edit:{pk}",
        title=_("Correction of the income"),
        intro=_("The income per head is compared with the subsistence minimum in force at the end of the period."),
    )


@require_http_methods(["GET", "POST"])
def income_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recorded income back, with the reason; it stays on the card."""
    user = signed_in(request)
    family, row = _income(request, pk)
    period = f"{short_date(row.period_from)} – {short_date(row.period_to)}"
    facts = (
        (_("Period"), period),
        (_("Source"), row.get_source_display()),
        (_("Income of the family"), money(row.total)),
    )
    return withdrawal_page(
        request,
        save=lambda reason: services.withdraw_income(actor=user, row=row, reason=reason),
        title=_("Withdraw the record of income?"),
        facts=facts,
        consequences=[
            _("The record stays on the card as withdrawn, with the reason, and is counted no more."),
            _("A category that the family was put into because of it stays: correct it where it is wrong."),
        ],
        back=reverse("families:card", args=[family.pk]),
    )


@require_http_methods(["GET", "POST"])
def external_new(request: HttpRequest, pk: int) -> HttpResponse:
    family = _writable(request, pk, Part.DETAILS)
    today = family.institution.today()
    form = ExternalIdForm(request.POST or None, instance=ExternalId(family=family), today=today)
    return form_page(request, family, form, form.save, key=f"external:new:{pk}", title=_("Number in another system"))


@require_http_methods(["GET", "POST"])
def external_edit(request: HttpRequest, pk: int) -> HttpResponse:
    family, row = _row(request, ExternalId.objects.visible_to(signed_in(request)), pk)
    row.family = family
    form = ExternalIdForm(request.POST or None, instance=row, today=family.institution.today())
    return form_page(request, family, form, form.save, key=f"external:edit:{pk}", title=_("Number in another system"))
