"""The pages of contracts: registering, ending and filling in a browser, the list, who opens what, the papers."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst
from pypdf import PdfReader

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User
from casework.models import SupportCase
from common.calendar import add_months
from common.text import long_date, money, short_date
from contracts.enums import ContractState, Employment, EndKind
from contracts.models import FollowUpSheet, SocialContract
from contracts.papers import ENDS, KINDS
from families.models import Family
from families.services import restrict
from tests.casework.visiting import entered
from tests.cast import Cast, client_of
from tests.factories.contracts import authority_of, contract_in, facts, filled, met, registered
from tests.factories.families import SubsistenceMinimumFactory, household

DAY = timedelta(days=1)


def page(name: str, row: Any) -> str:
    return reverse(f"contracts:{name}", args=[row.pk])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def form_data(form: Any, **values: Any) -> dict[str, Any]:
    """What a browser sends when nothing but `values` is changed."""
    known = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in (known | values).items()}


def facts_typed(family: Family, user: User) -> dict[str, Any]:
    values = facts(family, authority=authority_of(family, user))
    days = {name: values[name].strftime("%d.%m.%Y") for name in ("signed_on", "starts_on", "planned_end_on")}
    keys = {name: values[name].pk for name in ("applicant", "authority")}
    return {"number": "К-77/2026", "kind": "JOB_SEARCH", "amount": "120 000,00", **days, **keys}


@pytest.mark.requirement("S2-20")
def test_registering_in_a_browser(cast: Cast, case: SupportCase, family: Family) -> None:
    client = client_of(cast.specialist)
    form = client.get(page("register", family)).context["form"]
    assert form["applicant"].value() == family.memberships.get(is_head=True).person_id
    typed = facts_typed(family, cast.contract_specialist) | {"authority_specialist": "Орлова А. А."}
    data = form_data(form, **typed)
    answer = client.post(page("register", family), data, follow=True)
    contract = SocialContract.objects.get()
    assert (contract.authority_id, contract.authority_specialist) == (typed["authority"], "Орлова А. А.")
    for words in (contract.authority.title, "Орлова А. А."):
        assert words in text_of(answer).replace("&quot;", '"')
    assert answer.redirect_chain[0][0] == contract.get_absolute_url()
    assert "К-77/2026" in text_of(answer)
    repeated = client.post(page("register", family), data)
    assert repeated.url == contract.get_absolute_url()
    assert SocialContract.objects.count() == 1


def test_what_was_typed_stays_beside_the_refusal(cast: Cast, case: SupportCase, family: Family) -> None:
    client = client_of(cast.specialist)
    typed = facts_typed(family, cast.contract_specialist) | {"planned_end_on": "01.01.2099"}
    data = form_data(client.get(page("register", family)).context["form"], **typed)
    form = client.post(page("register", family), data).context["form"]
    assert "planned_end_on" in form.errors
    assert form["number"].value() == "К-77/2026"
    assert not SocialContract.objects.exists()


def test_the_days_of_a_contract_are_named_in_full(cast: Cast, case: SupportCase, family: Family) -> None:
    """The summary of errors stands apart from the form: a bare preposition would say nothing there."""
    client = client_of(cast.specialist)
    text = client.post(reverse("contracts:register", args=[family.pk]), {"starts_on": ""}).content.decode()
    for label in ("Действует с", "Действует по"):
        assert f"{label}: Обязательное поле." in text


def test_a_family_without_a_case_is_led_to_one(cast: Cast) -> None:
    """Domain 3.8: where the family has no open case, the system proposes one with the contract as its ground."""
    family = household(department=cast.department, curator=cast.specialist)
    client = client_of(cast.specialist)
    typed = facts_typed(family, cast.contract_specialist)
    data = form_data(client.get(page("register", family)).context["form"], **typed)
    answer = client.post(page("register", family), data, follow=True)
    assert "откройте его на основании социального контракта" in text_of(answer)
    card = client.get(reverse("families:card", args=[family.pk]))
    assert "К-77/2026" in text_of(card)


def test_ending_and_the_months_of_the_follow_up(cast: Cast, case: SupportCase, family: Family) -> None:
    contract, client = registered(family, cast.specialist), client_of(cast.specialist)
    shown = client.get(page("end", contract))
    assert shown.context["consequences"]
    today = family.institution.today()
    data = {"last_day": today.strftime("%d.%m.%Y"), "kind": EndKind.WITHDRAWN, "explanation": ""}
    answer = client.post(page("end", contract), data, follow=True)
    assert [month.state for month in answer.context["months"]] == ["to-come"] * 12
    past = client.get(page("end", contract), follow=True)
    assert past.redirect_chain == [(contract.get_absolute_url(), 302)]
    assert "Состояние сейчас: «последующее сопровождение»" in past.content.decode()


@pytest.mark.requirement("S2-27")
def test_filling_the_sheet_of_a_month_in_a_browser(cast: Cast, case: SupportCase, family: Family) -> None:
    contract, client = contract_in(ContractState.FOLLOW_UP, family, cast.specialist), client_of(cast.specialist)
    sheet = contract.sheets.get(month=1)
    empty = client.get(page("sheet_fill", sheet))
    assert reverse("casework:visit_new", args=[case.pk]) in text_of(empty)
    met(case, sheet.period_from, sheet.period_to)
    form = client.get(page("sheet_fill", sheet)).context["form"]
    assert form["contacted_on"].value() == sheet.period_to.isoformat()
    mentor = "Лапина О. Е., фонд «Очаг»"
    data = form_data(form, employment=Employment.EMPLOYED, per_capita="18 250,50", mentor=mentor)
    answer = client.post(page("sheet_fill", sheet), data, follow=True)
    assert answer.redirect_chain[0][0] == sheet.get_absolute_url()
    assert mentor in text_of(answer)
    following = client.get(page("sheet_fill", contract.sheets.get(month=2))).context["form"]
    assert following["mentor"].value() == mentor, "who it was last month is proposed for this one"
    sheet.refresh_from_db()
    assert (sheet.contacted_on, str(sheet.per_capita)) == (sheet.period_to, "18250.50")
    stale = client.post(page("sheet_fill", sheet), data)
    assert stale.context["form"].conflict


@pytest.mark.parametrize("name", ["of_case", "contract", "sheet"])
@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("specialist", 200),
        ("head", 200),
        ("director", 200),
        ("secretary", 404),
        ("contract_specialist", 200),
        ("colleague", 404),
        ("other_head", 404),
        ("foreign_director", 404),
        ("ministry", 404),
        ("member", 404),
        ("region_admin", 404),
        ("duty_officer", 404),
    ],
)
def test_who_opens_a_contract(cast: Cast, case: SupportCase, family: Family, name: str, role: str, status: int) -> None:
    authority = authority_of(family, cast.contract_specialist)
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist, authority=authority)
    row = {"of_case": case, "contract": contract, "sheet": contract.sheets.get(month=1)}[name]
    if name == "of_case" and role == "contract_specialist":
        status = 404
    client = client_of(cast.people[role])
    assert client.get(page(name, row)).status_code == status
    seen = AccessEvent.objects.filter(user=cast.people[role], action=AccessAction.VIEW)
    if status == 200:
        assert seen.latest("pk").family_id == family.pk
    else:
        assert not seen.filter(kind__in=["socialcontract", "followupsheet"]).exists()


@pytest.mark.parametrize("name", ["head", "director", "contract_specialist"])
def test_readers_get_no_forms(cast: Cast, case: SupportCase, family: Family, name: str) -> None:
    authority = authority_of(family, cast.contract_specialist)
    running = registered(family, cast.specialist, authority=authority)
    over = contract_in(ContractState.FOLLOW_UP, family, cast.specialist, authority=authority)
    client = client_of(cast.people[name])
    urls = [page("edit", running), page("end", running), page("stop", over), page("conclusion", over)]
    urls.append(page("sheet_fill", over.sheets.get(month=1)))
    assert {client.get(url).status_code for url in urls} == {403}
    assert page("end", running) not in text_of(client.get(page("contract", running)))
    assert page("sheet_fill", over.sheets.get(month=1)) not in text_of(client.get(page("contract", over)))


@pytest.mark.requirement("S2-20")
def test_the_authority_sees_the_contract_part_alone(cast: Cast, case: SupportCase, family: Family) -> None:
    """Clarifications, role table: contracts of that authority, nothing else; restricted not at all."""
    authority = authority_of(family, cast.contract_specialist)
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist, authority=authority)
    foreign = registered(family, cast.specialist)
    sheet = contract.sheets.get(month=1)
    met(case, sheet.period_from)
    filled(sheet, cast.specialist, contacted_on=sheet.period_from, circumstances="Ребёнок часто болеет")
    client = client_of(cast.contract_specialist)
    assert [row["contract"] for row in client.get(reverse("contracts:contracts")).context["rows"]] == [contract]
    assert client.get(page("contract", foreign)).status_code == 404
    shown = text_of(client.get(page("contract", contract))) + text_of(client.get(page("sheet", sheet)))
    assert contract.applicant.full_name in shown
    for hidden in ("Ребёнок часто болеет", case.number, reverse("families:card", args=[family.pk]), "casework"):
        assert hidden not in shown
    for url in (reverse("casework:case", args=[case.pk]), reverse("families:card", args=[family.pk])):
        assert client.get(url).status_code == 404
    assert client.post(page("summary", contract)).status_code == 403
    restrict(actor=cast.specialist, family=family, reason="Угроза со стороны бывшего мужа")
    assert client.get(page("contract", contract)).status_code == 404
    assert client.get(reverse("contracts:contracts")).context["rows"] == []


def test_a_former_contact_of_the_authority_sees_nothing(cast: Cast, case: SupportCase, family: Family) -> None:
    authority = authority_of(family, cast.contract_specialist)
    contract = registered(family, cast.specialist, authority=authority)
    client = client_of(cast.contract_specialist)
    assert client.get(page("contract", contract)).status_code == 200
    authority.contacts.update(left_on=family.institution.today())
    assert client.get(page("contract", contract)).status_code == 404


def test_the_list_says_what_is_next(cast: Cast, case: SupportCase, family: Family) -> None:
    today = family.institution.today()
    late = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    ending = registered(
        family, cast.specialist, starts_on=add_months(today, -5), planned_end_on=add_months(today, 1) - 3 * DAY
    )
    running = registered(family, cast.specialist)
    over = contract_in(ContractState.COMPLETED, family, cast.specialist)
    client = client_of(cast.head)

    def found(state: str = "") -> list[SocialContract]:
        answer = client.get(reverse("contracts:contracts"), {"state": state} if state else {})
        rows = [row["contract"] for row in answer.context["rows"]]
        preset = next((row for row in answer.context["presets"] if row.get("current") and state), None)
        assert preset is None or str(preset.get("count", len(rows))) == str(len(rows))
        return rows

    assert found() == [late, ending, running, over]
    assert found("overdue") == [late]
    assert found("due") == [late]
    assert found("ending") == [ending]
    assert set(found("running")) == {ending, running}
    assert found("follow-up") == [late]
    assert found("over") == [over]
    assert found("nonsense") == [late, ending, running, over]
    event = AccessEvent.objects.filter(user=cast.head, action=AccessAction.LIST, kind="socialcontract").latest("pk")
    assert set(event.object_ids) == {late.pk, ending.pk, running.pk, over.pk}


def test_my_families_say_which_sheet_waits(cast: Cast, case: SupportCase, family: Family) -> None:
    """The first unfilled one of the months that have begun, with the way to it, for one query however many cases."""
    url, client = reverse("casework:my_families"), client_of(cast.specialist)
    without = queries(cast.specialist, url)
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    (row,) = client.get(url).context["rows"]
    (note,) = row["notes"]
    sheets = list(FollowUpSheet.objects.filter(contract=contract).unfilled().order_by("month"))
    assert (note.url, note.tone) == (page("sheet", sheets[0]), "bad")
    assert f'href="{note.url}"' in text_of(client.get(url))
    assert queries(cast.specialist, url) == without
    today = family.institution.today()
    for sheet in sheets:
        if sheet.period_from <= today:
            filled(sheet, cast.specialist)
    assert client.get(url).context["rows"][0]["notes"] == ()


def test_restricted_families_stand_in_the_lists_of_those_named(cast: Cast, case: SupportCase, family: Family) -> None:
    registered(family, cast.specialist)
    restrict(actor=cast.specialist, family=family, reason="Угроза со стороны бывшего мужа")
    for person, count in ((cast.specialist, 1), (cast.head, 0), (cast.director, 0)):
        assert len(client_of(person).get(reverse("contracts:contracts")).context["rows"]) == count


def queries(user: User, url: str) -> int:
    client = client_of(user)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len([row for row in captured if "SAVEPOINT" not in row["sql"]])


@pytest.mark.parametrize("name", ["specialist", "head", "director", "contract_specialist"])
def test_the_list_costs_the_same_with_two_and_with_ten(
    cast: Cast, case: SupportCase, family: Family, name: str
) -> None:
    authority = authority_of(family, cast.contract_specialist)

    def add(count: int) -> None:
        for _ in range(count):
            other = household(department=cast.department, curator=cast.specialist)
            registered(other, cast.specialist, authority=authority)

    url = reverse("contracts:contracts")
    add(2)
    few = queries(cast.people[name], url)
    add(8)
    assert queries(cast.people[name], url) == few


@pytest.mark.parametrize("name", ["of_case", "case", "contract", "sheet"])
def test_a_page_costs_the_same_with_one_contract_and_with_three(
    cast: Cast, case: SupportCase, family: Family, name: str
) -> None:
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    rows = {"of_case": case, "contract": contract, "sheet": contract.sheets.get(month=1)}
    url = reverse("casework:case", args=[case.pk]) if name == "case" else page(name, rows[name])
    single = queries(cast.specialist, url)
    for sheet in contract.sheets.filter(month__lte=2):
        met(case, sheet.period_from, sheet.period_to)
        filled(sheet, cast.specialist, contacted_on=sheet.period_to)
    for _ in range(2):
        contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    assert queries(cast.specialist, url) == single


def paper(user: User, url: str) -> str:
    """The text of the paper that a button makes."""
    answer = client_of(user).post(url, follow=True)
    pdf = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = " ".join(part.extract_text() for part in PdfReader(BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("\xad", ""))


def squeezed(text: str) -> str:
    """Without spaces and hyphens, which the layout puts where a narrow cell needs them."""
    return re.sub(r"[\s\-\u2010]", "", text)


@pytest.mark.requirement("D9")
def test_the_paper_of_a_sheet(cast: Cast, case: SupportCase, family: Family) -> None:
    """Documents 5.9."""
    SubsistenceMinimumFactory.create(region=cast.region, amount="17733.00")
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist, authority_specialist="Орлова А. А.")
    sheet = contract.sheets.get(month=1)
    assert client_of(cast.specialist).post(page("sheet_print", sheet)).status_code == 403
    met(case, sheet.period_from)
    service = entered(case, cast.head, on=sheet.period_to)
    texts = {"circumstances": "Жильё тёплое", "recommendations_kept": "Выполнены", "needs": "Место в саду"}
    filled(sheet, cast.specialist, contacted_on=sheet.period_from, mentor="Лапина О. Е., фонд «Очаг»", **texts)
    text = paper(cast.specialist, page("sheet_print", sheet))
    for part in (
        "ЛИСТ СОПРОВОЖДЕНИЯ",
        contract.number,
        contract.authority.title,
        "Орлова А. А.",
        contract.family.title,
        contract.applicant.full_name,
        f"Направление {capfirst(KINDS[contract.kind])}",
        f"с {long_date(contract.starts_on)} по {long_date(contract.planned_end_on)}",
        money(contract.amount),
        f"{long_date(contract.ended_on)}, {ENDS[EndKind(contract.end_kind)]}",
        f"Куратор {cast.specialist.get_short_name()}",
        "Наставник Лапина О. Е., фонд «Очаг»",
        f"1 из 12, с {long_date(sheet.period_from)} по {long_date(sheet.period_to)}",
        f"{long_date(sheet.period_from)}, на дому",
        "работает по трудовому договору",
        "17 733,00 руб.",
        "Выполнены",
        service.title.title,
        f"С листом ознакомлен(а) получатель {contract.applicant.short_name}",
        cast.specialist.get_short_name(),
        "18 000,00 руб.",
        "выше прожиточного минимума на 267,00 руб.",
        "достигнуто",
        "Жильё тёплое",
        "Место в саду",
        "Лист заполнен после окончания месяца",
        "на дому",
    ):
        assert squeezed(part) in squeezed(text), part


@pytest.mark.requirement("D9")
def test_the_paper_of_the_summary(cast: Cast, case: SupportCase, family: Family) -> None:
    contract = contract_in(ContractState.STOPPED, family, cast.specialist)
    filled(contract.sheets.get(month=1), cast.specialist)
    SocialContract.objects.filter(pk=contract.pk).update(conclusion="Семья вышла из бедности", is_new_advised=False)
    text = paper(cast.head, page("summary", contract))
    for part in (
        "СВОДНЫЙ ЛИСТ СОПРОВОЖДЕНИЯ",
        contract.number,
        contract.applicant.full_name,
        *(f"{short_date(row.period_from)} — {short_date(row.period_to)}" for row in contract.sheets.all()),
        "отказ семьи",
        "заполнен с опозданием",
        "не заполнен",
        "не требуется",
        "Семья вышла из бедности",
        "нецелесообразно",
    ):
        assert squeezed(part) in squeezed(text), part
    assert FollowUpSheet.objects.filter(contract=contract, is_void=True).exists()


def test_a_case_shows_its_contracts_and_what_happened(cast: Cast, case: SupportCase, family: Family) -> None:
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    client = client_of(cast.specialist)
    overview = text_of(client.get(reverse("casework:case", args=[case.pk])))
    assert page("sheet_fill", contract.sheets.get(month=1)) in overview
    assert f"Социальный контракт № {contract.number} окончен" in overview
    changes = client.get(reverse("casework:changes", args=[case.pk])).context["changes"]
    fields = {row.name for change in changes for row in change.fields}
    assert {"ended_on", "end_kind", "period_from"} <= fields


def test_a_second_case_of_the_family_keeps_its_contracts(cast: Cast, case: SupportCase, family: Family) -> None:
    """The contract is the family's: whoever answers for it now keeps it."""
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    assert client_of(cast.colleague).get(page("contract", contract)).status_code == 404
    Family.objects.filter(pk=family.pk).update(curator=cast.colleague)
    assert client_of(cast.colleague).get(page("contract", contract)).status_code == 200
    assert client_of(cast.specialist).get(page("contract", contract)).status_code == 404
