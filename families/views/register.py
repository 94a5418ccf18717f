"""Registering a family: the family and its members on one form, and the likely duplicates before anything is saved."""

from typing import Any, cast

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require, signed_in, working_appointment, works_as
from accounts.enums import AccessAction, Role
from accounts.journal import record
from accounts.models import Appointment, User
from families.access import may_register
from families.duplicates import Home, Known, Match, Reach, find
from families.forms.people import BaseMemberFormSet, FamilyForm, MemberForm, MemberFormSet
from families.models import Family, Person
from families.services import NewMember, ask_for_transfer, register_family
from families.views.editing import sent
from records.models import FormSubmission
from records.services.drafts import OpenDraft, open_draft

DRAFT = "families.family:new"
TRANSFER_SALT = "families.transfer"
TRANSFER_HOLDS = 24 * 60 * 60
CONFIRM_SALT = "families.another"
HIGHEST_ROWS = 30


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a new family; where it may be known already, only after saying that it is another one."""
    user = signed_in(request)
    require(may_register(user))
    appointment = working_appointment(user)
    draft = open_draft(user, DRAFT)
    form, members = _forms(request, appointment, draft)
    context: dict[str, Any] = {"form": form, "formset": members, "formsets": [members], "draft": draft}
    context |= {"matches": [], "answer": ""}
    if request.method == "POST" and "add_row" not in request.POST and form.is_valid() and members.is_valid():
        if made := _made_before(user, form):
            return redirect(made)
        matches = find(user, form.instance.region, *_typed(form, members))
        known = _known_people(user, appointment, members.filled)
        shown = [match.family.pk for match in matches]
        answer = signing.Signer(salt=CONFIRM_SALT).signature(",".join(map(str, shown)))
        if matches:
            record(request, AccessAction.DUPLICATE_CHECK, "family", object_ids=shown)
        context |= {"matches": [_shown(match, user) for match in matches], "answer": answer}
        if members.is_valid() and (not matches or request.POST.get("another") == answer):
            url = sent(request, form, lambda: _register(user, form, members.filled, known), kind="family", url="")
            if url:
                draft.discard()
                messages.success(request, _registered(user))
                return redirect(url)
    return render(request, "families/new.html", context)


def _registered(user: User) -> str:
    """That it is done, and for a specialist where the family stands until somebody answers for it."""
    if works_as(user, Role.SPECIALIST):
        return _("The family is registered. Until it has a curator, you find it on the page “Families”.")
    return _("The family is registered.")


def _forms(request: HttpRequest, appointment: Appointment, draft: OpenDraft) -> tuple[FamilyForm, BaseMemberFormSet]:
    """The forms of the page, empty, from the draft, or as sent; "add_row" sends one row more (without scripts)."""
    family = Family(region=appointment.region, institution=appointment.institution)
    today = appointment.local_today()
    shared: dict[str, Any] = {"prefix": "members", "form_kwargs": {"today": today}}
    if request.method == "POST":
        data = _with_one_more(request.POST) if "add_row" in request.POST else request.POST
        return FamilyForm(data, family=family, today=today), _formset(data, **shared)
    return draft.fill(FamilyForm(family=family, today=today)), draft.fill_formset(_formset(**shared))


def _formset(*args: Any, **kwargs: Any) -> BaseMemberFormSet:
    return cast("BaseMemberFormSet", MemberFormSet(*args, **kwargs))


def _with_one_more(data: QueryDict) -> QueryDict:
    longer = data.copy()
    total = longer.get("members-TOTAL_FORMS", "")
    longer["members-TOTAL_FORMS"] = str(min(int(total), HIGHEST_ROWS - 1) + 1 if total.isdecimal() else 1)
    return longer


def _made_before(user: User, form: FamilyForm) -> str:
    """Where the first sending of this form led: it must not meet its own family as a duplicate."""
    earlier = FormSubmission.objects.filter(user=user, kind="families.family", key=form.cleaned_data["submission"])
    return earlier.values_list("url", flat=True).first() or ""


def _typed(form: FamilyForm, members: BaseMemberFormSet) -> tuple[list[Known], Home]:
    """What was typed, for the comparison with the region's people."""
    names = ("last_name", "first_name", "patronymic", "birth_date", "snils", "phone")
    people = [Known(**{name: row.cleaned_data[name] for name in names}) for row in members.filled]
    typed = form.cleaned_data
    settlement = typed["settlement"]
    return people, Home(
        settlement_id=settlement.pk if settlement else None,
        **{name: typed[name] for name in ("street", "house", "flat", "phone")},
    )


def _known_people(user: User, appointment: Appointment, rows: list[MemberForm]) -> dict[str, Person]:
    """People with the SNILS typed whom the user may open: they join the new family as they are.

    For others the SNILS is refused at its field: a person stands in the region once.
    """
    numbers = {row.cleaned_data["snils"]: row for row in rows if row.cleaned_data["snils"]}
    stored = Person.objects.filter(region=appointment.region_id, snils__in=list(numbers))
    visible = Person.objects.visible_to(user).filter(pk__in=stored.values("pk"))
    known = {person.snils: person for person in visible}
    for number in stored.values_list("snils", flat=True).order_by("pk"):
        if number not in known:
            numbers[number].add_error("snils", _("A person with this SNILS is already known in the region."))
    return known


def _register(user: User, form: FamilyForm, rows: list[MemberForm], known: dict[str, Person]) -> str:
    """Make the records; the address of the card, or of the names for a person who registers and does not open."""
    family = form.instance
    joined = [
        NewMember(known.get(row.cleaned_data["snils"]) or row.instance, row.membership(family.registered_on))
        for row in rows
    ]
    if not any(member.membership.is_head for member in joined):
        adults = [member for member in joined if not member.person.is_minor_on(family.registered_on)]
        (adults or joined)[0].membership.is_head = True
    register_family(actor=user, family=family, members=joined)
    if Family.objects.visible_to(user).filter(pk=family.pk).exists():
        return reverse("families:card", args=[family.pk])
    return reverse("families:names")


def _shown(match: Match, user: User) -> dict[str, Any]:
    """What may be told of a likely duplicate: a link, a name, or the name, the year of birth and whom to call."""
    family = match.family
    people = [
        {"name": row.person.full_name, "year": row.person.birth_date.year}
        for row in sorted(match.people.values(), key=lambda row: row.person.birth_date)
    ]
    elsewhere = match.reach is Reach.REGION
    return {
        "title": family.title,
        "url": reverse("families:card", args=[family.pk]) if match.reach is Reach.OWN else "",
        "people": people if match.reach is not Reach.INSTITUTION else [],
        "kinds": [kind.text for kind in match.kinds],
        "has_namesake": match.has_namesake,
        "precinct": family.precinct if match.reach is Reach.INSTITUTION else None,
        "institution": family.institution if elsewhere else None,
        "phone": (family.department.phone or family.institution.phone) if elsewhere else "",
        "transfer": signing.dumps([user.pk, family.pk], salt=TRANSFER_SALT) if elsewhere else "",
    }


@require_POST
def transfer(request: HttpRequest) -> HttpResponse:
    """Ask another institution to hand a family over; only for a family that the duplicate check showed."""
    user = signed_in(request)
    require(may_register(user))
    try:
        user_pk, family_pk = signing.loads(request.POST.get("family", ""), salt=TRANSFER_SALT, max_age=TRANSFER_HOLDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Http404 from None
    if user_pk != user.pk:
        raise Http404
    family = get_object_or_404(Family.objects.filter(is_restricted=False), pk=family_pk)
    ask_for_transfer(actor=user, family=family, on=working_appointment(user).local_today())
    messages.success(request, _("The head of the department has been asked. What you typed is kept as a draft."))
    return redirect("families:new")
