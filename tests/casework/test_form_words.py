"""What forms of a case say and propose: what has been saved, the names of acts, signatories of full age."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.utils import translation

from accounts.models import Appointment
from casework.enums import ProgrammeState, Stage
from casework.models import SupportCase
from common.calendar import add_years
from families.models import Consent, FamilyMembership
from tests.casework.conftest import CaseAt
from tests.casework.test_form_pages import assessment, day, diagnosis, need, notice, problem, programme, resource
from tests.cast import Cast, client_of
from tests.factories.families import household
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import mother_of, programme_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(cast: Cast) -> Client:
    return client_of(cast.specialist)


def told(answer: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("form", "typed", "saved"),
    [
        ("problems/new", problem, "Сохранено: проблема."),
        ("resources/new", resource, "Сохранено: ресурс семьи."),
        ("diagnosis/new", diagnosis, "Сохранено: социальный диагноз."),
        ("need", need, "Сохранено: оценка нуждаемости."),
        ("assessments/new", assessment, "Сохранено: оценка состояния семьи."),
        ("programmes/new", programme, "Сохранено: индивидуальная программа сопровождения."),
        ("notices/new", notice, "Сохранено: письмо организации."),
    ],
)
def test_the_next_page_says_what_has_been_saved(
    at: CaseAt, web: Client, form: str, typed: Callable[[SupportCase], dict[str, Any]], saved: str
) -> None:
    case = at(Stage.CONTRACTING)
    url = f"/cases/{case.pk}/{form}/"
    data = typed(case) | {"submission": str(web.get(url).context["form"]["submission"].value())}
    headers = {"accept-language": "ru"}
    assert told(web.post(url, data | {"submission": "spoilt"}, headers=headers)) == []
    answer = web.post(url, data, headers=headers)
    assert told(answer) == [saved]
    assert saved in web.get(answer.url, headers=headers).content.decode()  # type: ignore[attr-defined]


def test_a_step_is_reported_by_a_noun_of_its_own(cast: Cast, at: CaseAt) -> None:
    row = programme_at(ProgrammeState.AGREED, at(Stage.CONTRACTING), author=cast.specialist, head=cast.head)
    url = f"/programmes/{row.pk}/submit/"
    answer = client_of(cast.head).post(url, {"on": day(row.case)}, headers={"accept-language": "ru"})
    assert told(answer) == ["Программа передана на утверждение."]


def test_a_page_names_the_act_and_not_its_outcome() -> None:
    with translation.override("ru"):
        words = [
            translation.gettext(text)
            for text in ("Signing of the agreement", "Verification of the information", "Delivery of the notice")
        ]
    assert words == ["Подписание договора", "Подтверждение сведений", "Вручение письма"]


def test_the_agreement_is_proposed_with_the_director_by_appointment(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    url = f"/cases/{case.pk}/agreement/new/"
    form = client_of(cast.specialist).get(url).context["form"]
    assert form["institution_signatory"].value() == cast.director.get_full_name()
    assert not form["institution_signatory"].field.disabled
    Appointment.objects.filter(user=cast.director).delete()
    case.institution.director_name = "Ломова Вера Ильинична"
    case.institution.save()
    form = client_of(cast.specialist).get(url).context["form"]
    assert form["institution_signatory"].value() == "Ломова Вера Ильинична"


def test_the_agreement_is_proposed_until_the_end_of_support(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    row = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    url = f"/cases/{case.pk}/agreement/new/"

    def proposed() -> date:
        return client_of(cast.specialist).get(url).context["form"]["ends_on"].value()

    assert proposed() == row.ends_on
    earlier = row.ends_on.replace(day=1)
    SupportCase.objects.filter(pk=case.pk).update(planned_end_on=earlier)
    assert proposed() == earlier


@pytest.mark.parametrize("page", ["agreement", "agree", "consent", "statement", "contract"])
def test_only_adults_are_offered_as_signatories(cast: Cast, at: CaseAt, page: str) -> None:
    case = at(Stage.CONTRACTING, family=household(department=cast.department))
    today = case.institution.today()
    child = FamilyMembership.objects.exclude(pk=mother_of(case).pk).get(family=case.family).person
    states = {"agreement": ProgrammeState.APPROVED, "agree": ProgrammeState.DRAFT}
    row = programme_at(states.get(page, ProgrammeState.DRAFT), case, author=cast.specialist, head=cast.head)
    url, field = {
        "agreement": (f"/cases/{case.pk}/agreement/new/", "representative"),
        "agree": (f"/programmes/{row.pk}/agree/", "person"),
        "consent": (f"/families/{case.family_id}/consents/new/", "given_by"),
        "statement": (f"/families/{case.family_id}/statements/new/", "given_by"),
        "contract": (f"/families/{case.family_id}/contracts/new/", "applicant"),
    }[page]

    def offered() -> set[int]:
        form = client_of(cast.specialist).get(url).context["form"]
        return {person.pk for person in form.fields[field].queryset}

    assert offered() == {mother_of(case).person_id}
    child.birth_date = add_years(today, -18)
    child.save()
    assert offered() == {mother_of(case).person_id, child.pk}


def test_the_paper_of_a_draft_is_named_a_draft_and_not_by_an_empty_number(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    web, url = client_of(cast.specialist), f"/cases/{case.pk}/agreement/new/"
    form = web.get(url).context["form"]
    web.post(url, {name: form[name].value() or "" for name in form.fields} | {"submission": form["submission"].value()})
    page = web.get(f"/cases/{case.pk}/agreement/", headers={"accept-language": "ru"}).content.decode()
    assert 'PDF<span class="hidden-visually"> (черновик)</span>' in page


def test_recipients_of_a_consent_are_chosen_from_the_register_and_typed(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    clinic, school = (
        PartnerFactory.create(institution=case.institution, title=title) for title in ("Больница", "Школа")
    )
    closed = PartnerFactory.create(institution=case.institution, closed_on=case.institution.today())
    foreign = PartnerFactory.create(institution=cast.foreign_institution)
    web, url = client_of(cast.specialist), f"/families/{case.family_id}/consents/new/"
    form = web.get(url).context["form"]
    assert set(form.fields["partners"].queryset) >= {clinic, school}
    assert not {closed, foreign} & set(form.fields["partners"].queryset)
    mother = mother_of(case).person_id
    typed = {name: form[name].value() or "" for name in ("purpose", "data", "actions", "submission")}
    typed |= {"subject": mother, "given_by": mother, "given_on": day(case)}
    typed |= {"partners": [clinic.pk, school.pk], "recipients": "Банк «Вектор»\nШкола"}

    refused = web.post(url, typed | {"given_on": ""})
    assert refused.context["form"]["recipients"].value() == typed["recipients"]
    assert [str(pk) for pk in refused.context["form"]["partners"].value()] == [str(clinic.pk), str(school.pk)]

    assert web.post(url, typed).status_code == 302
    consent = Consent.objects.get(family=case.family, purpose=typed["purpose"])
    assert consent.recipients == ["Больница", "Школа", "Банк «Вектор»"]


def test_a_second_consent_for_the_same_purpose_asks_first(cast: Cast, at: CaseAt) -> None:
    """Sent anew it leads to the first; entered anew it names the first, and is taken once that is confirmed."""
    case = at(Stage.CONTRACTING)
    web, url = client_of(cast.specialist), f"/families/{case.family_id}/consents/new/"
    mother = mother_of(case).person_id

    def typed() -> dict[str, Any]:
        form = web.get(url).context["form"]
        kept = {name: form[name].value() or "" for name in ("purpose", "data", "actions", "submission")}
        return kept | {"subject": mother, "given_by": mother, "given_on": day(case)}

    first = typed()
    made = web.post(url, first)
    assert made.status_code == 302
    known = Consent.objects.order_by("pk").last()
    assert known is not None
    assert web.post(url, first).url == made.url  # type: ignore[attr-defined]
    again = typed() | {"purpose": first["purpose"].upper()}
    asked = web.post(url, again)
    assert asked.status_code == 200
    assert f"{known.number}" in asked.context["form"].errors["besides"][0]
    assert 'name="besides"' in asked.content.decode()
    assert 'name="besides"' not in web.get(url).content.decode()
    assert web.post(url, again | {"besides": "on"}).status_code == 302
    assert web.post(url, typed() | {"purpose": "Съёмка на празднике"}).status_code == 302


def test_many_tabs_fold_into_a_menu_that_names_the_open_one(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    page = client_of(cast.specialist).get(f"/cases/{case.pk}/stage/").content.decode()
    menu = page.partition('<details class="tabs-menu">')[2].partition("</details>")[0]
    assert menu.partition("</summary>")[0].partition("<span")[0].endswith("<summary>Этапы и сроки")
    assert menu.count("<li>") > 5
    few = client_of(cast.specialist).get("/inbox/").content.decode()
    assert "tabs-menu" not in few


def test_tabs_past_the_eighth_stand_under_more_which_names_the_open_one(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.CONTRACTING)
    client = client_of(cast.specialist)
    shown = client.get(f"/cases/{case.pk}/changes/")
    titles = [str(tab["title"]) for tab in shown.context["tabs"]]
    assert len(titles) > 9
    bar = shown.content.decode().partition('<ul class="tabs many">')[2].partition("</nav>")[0]
    before, _found, more = bar.partition('<details class="tabs-more"')
    assert [before.count(f">{title}<") for title in titles] == [1] * 8 + [0] * len(titles[8:])
    assert all(f">{title}</a>" in more for title in titles[8:])
    assert "<strong>Изменения</strong>" in more.partition("</summary>")[0]
    other = client.get(f"/cases/{case.pk}/").content.decode().partition('<details class="tabs-more"')[2]
    assert "<strong>" not in other.partition("</summary>")[0]
