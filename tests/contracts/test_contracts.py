"""Registering a contract, its term, its end, and the monthly duty that it brings (domain 3.8; R2, R5, R6)."""

from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from casework.contacts import refresh_contacts
from casework.enums import ContractDutyKind, LegalBasis, NoticeSubject, Stage
from casework.models import AgencyNotice, ContractDuty, SupportCase
from casework.services import notices
from common.calendar import add_months
from common.editing import StaleVersion
from contracts.enums import ContractState, EndKind
from contracts.models import FollowUpSheet, SocialContract, TermLimit
from contracts.services import contracts as services
from contracts.services.moves import transition
from contracts.states import MOVES
from families.models import Family
from tests.casework.rows import set_own_interval
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.contracts import authority_of, contract_in, ended, met, registered
from tests.factories.families import ConsentFactory, FamilyMembershipFactory, PersonFactory, household
from tests.factories.partners import PartnerFactory

DAY = timedelta(days=1)


def due_on(case: SupportCase) -> date:
    case.refresh_from_db()
    return case.next_contact_due_on


@pytest.mark.requirement("S0-26", "S2-20")
def test_the_copy_of_a_contract_that_the_authority_concluded(cast: Cast, family: Family, case: SupportCase) -> None:
    authority = authority_of(family)
    contract = registered(family, cast.specialist, authority=authority, authority_specialist="Орлова А. А.")
    assert (contract.authority, contract.authority_specialist) == (authority, "Орлова А. А.")
    assert (contract.state, contract.case, contract.institution) == (ContractState.RUNNING, case, case.institution)
    kinds = ["contract_in_force", "contract_registered"]
    assert list(case.events.filter(kind__startswith="contract").order_by("-id").values_list("kind", flat=True)) == kinds
    assert contract.history.latest().history_user == cast.specialist


@pytest.mark.requirement("S0-26")
def test_data_of_the_family_go_to_the_authority_by_notice_and_its_answer_comes_back(
    cast: Cast, family: Family, case: SupportCase
) -> None:
    """On the ground of a consent that names the authority, and of no other."""
    today = case.institution.today()
    authority = authority_of(family)
    contract = registered(family, cast.specialist, authority=authority)
    of_contact = {"family": family, "subject": family.memberships.main_contacts().get().person}
    elsewhere, named = (ConsentFactory.create(**of_contact, recipients=[title]) for title in ("КДН", authority.title))
    notice = AgencyNotice(
        case=case,
        addressee=contract.authority,
        subject=NoticeSubject.ENROLLED,
        legal_basis=LegalBasis.CONSENT,
        consent=elsewhere,
        text=f"Семья {family.title}, договор № {contract.number}: поставлена на сопровождение.",
    )
    with pytest.raises(ValidationError):
        notices.save_notice(notice=notice, actor=cast.specialist)
    notice.consent = named
    notices.save_notice(notice=notice, actor=cast.specialist)
    notices.send(notice=notice, on=today, method="почта", actor=cast.head)
    notices.note_answer(notice=notice, on=today, answer="Выплата назначена", actor=cast.specialist)
    sent = AgencyNotice.objects.get(addressee=contract.authority)
    assert (sent.sent_on, sent.consent, sent.answer) == (today, named, "Выплата назначена")
    assert set(case.events.filter(kind__startswith="notice").values_list("kind", flat=True)) == {
        "notice_sent",
        "notice_answered",
    }


@pytest.mark.requirement("S2-27")
def test_a_contract_makes_a_contact_due_each_month(cast: Cast, case: SupportCase, family: Family) -> None:
    """The own interval of three months gives way to the monthly duty while it holds."""
    today = case.institution.today()
    last = today - 10 * DAY
    met(case, last)
    set_own_interval(case, (last, 3))
    refresh_contacts([case.pk], today)
    assert due_on(case) == add_months(last, 3)
    contract = registered(family, cast.specialist)
    assert due_on(case) == add_months(last, 1)
    duty = ContractDuty.objects.get(family=family)
    assert (duty.contract_number, duty.starts_on, duty.ends_on) == (contract.number, contract.starts_on, None)


@pytest.mark.requirement("S0-25")
def test_support_goes_on_before_during_and_after_a_contract(cast: Cast, case: SupportCase, family: Family) -> None:
    """The case is one and the same; a contact is due each month during the contract and after it, not before."""
    today = case.institution.today()
    last = today - 10 * DAY
    met(case, last)
    set_own_interval(case, (last, 3))
    refresh_contacts([case.pk], today)
    assert due_on(case) == add_months(last, 3)
    contract = registered(family, cast.specialist)
    assert (set(SocialContract.objects.running(today)), due_on(case)) == ({contract}, add_months(last, 1))
    day = today - DAY
    services.end(contract=contract, last_day=day, kind=EndKind.WITHDRAWN, explanation="", actor=cast.specialist)
    assert not SocialContract.objects.running(today).exists()
    assert (set(SocialContract.objects.in_follow_up(today)), due_on(case)) == ({contract}, add_months(last, 1))
    assert (contract.case, case.stage) == (case, Stage.ACTIVE)


@pytest.mark.requirement("S2-26", "I16", "R5")
def test_the_duty_lasts_twelve_months_after_the_end(cast: Cast, case: SupportCase, family: Family) -> None:
    today = case.institution.today()
    contract = registered(family, cast.specialist)
    services.end(contract=contract, last_day=today, kind=EndKind.WITHDRAWN, explanation="", actor=cast.specialist)
    duty = ContractDuty.objects.get(family=family)
    assert (duty.runs_until, duty.ends_on) == (today, add_months(today, 12))
    sheets = list(FollowUpSheet.objects.filter(contract=contract).order_by("month"))
    assert [row.month for row in sheets] == list(range(1, 13))
    assert sheets[0].period_from == today + DAY
    assert sheets[-1].period_to == add_months(today, 12) == contract.follow_up_ends_on
    assert all(before.period_to + DAY == after.period_from for before, after in pairwise(sheets))
    assert all(row.history.count() == 1 for row in sheets)


@pytest.mark.requirement("R2")
def test_the_duty_holds_in_post_support(cast: Cast) -> None:
    """Clarification 9: the monthly duty holds whatever the stage."""
    family = household(department=cast.department)
    case = case_at(Stage.POST_SUPPORT, family=family, curator=cast.specialist, actor=cast.specialist)
    before = due_on(case)
    family.refresh_from_db()
    registered(family, cast.specialist)
    last = case.last_contact_on or case.enrolled_on
    assert last is not None
    assert due_on(case) == add_months(last, 1) < before


@pytest.mark.requirement("R5")
@pytest.mark.parametrize(
    ("last_day", "follow_up_ends_on", "sixth"),
    [
        (date(2021, 8, 31), date(2022, 8, 31), (date(2022, 2, 1), date(2022, 2, 28))),
        (date(2024, 2, 29), date(2025, 2, 28), (date(2024, 7, 30), date(2024, 8, 29))),
    ],
)
def test_sheets_are_counted_from_the_last_day(
    cast: Cast, case: SupportCase, last_day: date, follow_up_ends_on: date, sixth: tuple[date, date]
) -> None:
    """The vectors of R5, through the service."""
    SupportCase.objects.filter(pk=case.pk).update(opened_on=date(2021, 1, 1))
    person = PersonFactory.create(region=cast.region)
    FamilyMembershipFactory.create(family=case.family, person=person, starts_on=date(2020, 1, 1))
    case.family.refresh_from_db()
    contract = ended(case.family, cast.specialist, last_day, applicant=person)
    assert contract.follow_up_ends_on == follow_up_ends_on
    row = contract.sheets.get(month=6)
    assert (row.period_from, row.period_to) == sixth


@pytest.mark.requirement("R6", "I16")
@pytest.mark.parametrize(
    ("kind", "longest"), [("JOB_SEARCH", 9), ("BUSINESS", 12), ("SMALLHOLDING", 12), ("OTHER_HARDSHIP", 6)]
)
def test_a_contract_lasts_as_long_as_its_kind_allows(cast: Cast, family: Family, kind: str, longest: int) -> None:
    """R6 and clarification 37: from three months to the longest of the kind, the last day included."""
    starts_on = family.institution.today() - 20 * DAY
    window = (add_months(starts_on, 3) - DAY, add_months(starts_on, longest) - DAY)
    for wrong in (window[0] - DAY, window[1] + DAY):
        with pytest.raises(ValidationError) as refused:
            registered(family, cast.specialist, kind=kind, starts_on=starts_on, planned_end_on=wrong)
        assert "planned_end_on" in refused.value.message_dict
    for right in window:
        registered(family, cast.specialist, kind=kind, starts_on=starts_on, planned_end_on=right)


@pytest.mark.requirement("R6")
def test_a_region_sets_its_own_terms_from_a_day_on(cast: Cast, family: Family) -> None:
    starts_on = family.institution.today() - 20 * DAY
    limit = TermLimit.objects.create(
        region=cast.region, kind=ContractDutyKind.JOB_SEARCH, valid_from=starts_on + DAY, longest_months=4
    )
    long = {"starts_on": starts_on, "planned_end_on": add_months(starts_on, 9) - DAY}
    registered(family, cast.specialist, **long)
    limit.valid_from = starts_on
    limit.save()
    with pytest.raises(ValidationError):
        registered(family, cast.specialist, **long)
    limit.region = cast.foreign_region
    limit.save()
    registered(family, cast.specialist, **long)


def wrong_facts(cast: Cast, family: Family) -> list[tuple[str, dict[str, Any]]]:
    today = family.institution.today()
    child = family.memberships.get(role="CHILD").person
    abroad = PartnerFactory.create(region=cast.foreign_region, institution=None)
    closed = authority_of(family, closed_on=today - 100 * DAY)
    return [
        ("signed_on", {"signed_on": today + DAY, "starts_on": today + DAY, "planned_end_on": add_months(today, 5)}),
        ("starts_on", {"signed_on": today, "starts_on": today - DAY}),
        ("applicant", {"applicant": child}),
        ("applicant", {"applicant": PersonFactory.create(region=cast.region)}),
        ("authority", {"authority": abroad}),
        ("authority", {"authority": closed}),
        ("__all__", {"amount": "-1"}),
    ]


def test_facts_that_do_not_fit_are_refused(cast: Cast, family: Family) -> None:
    for field, values in wrong_facts(cast, family):
        with pytest.raises(ValidationError) as refused:
            registered(family, cast.specialist, **values)
        assert field in refused.value.message_dict, values
    assert not SocialContract.objects.exists()
    assert not ContractDuty.objects.exists()


def test_a_number_is_used_once_by_an_authority_and_once_for_a_family(cast: Cast, family: Family) -> None:
    authority = authority_of(family)
    registered(family, cast.specialist, authority=authority, number="7")
    for taken in ({"authority": authority, "number": "7"}, {"number": "7"}):
        with pytest.raises(ValidationError), transaction.atomic():
            registered(family, cast.specialist, **taken)
    registered(family, cast.specialist, authority=authority, number="8")
    assert ContractDuty.objects.filter(family=family).count() == 2


def test_a_contract_that_begins_later_is_in_force_on_its_first_day(
    cast: Cast, family: Family, case: SupportCase
) -> None:
    contract = contract_in(ContractState.SIGNED, family, cast.specialist)
    before = due_on(case)
    with pytest.raises(ValidationError):
        services.put_in_force(contract=contract, actor=cast.specialist)
    SocialContract.objects.filter(pk=contract.pk).update(
        signed_on=contract.signed_on - DAY, starts_on=contract.signed_on
    )
    services.put_in_force(contract=contract, actor=None)
    contract.refresh_from_db()
    assert contract.state == ContractState.RUNNING
    assert due_on(case) <= before


def test_correcting_moves_the_duty_along(cast: Cast, family: Family) -> None:
    contract = registered(family, cast.specialist, number="1")
    stale = SocialContract.objects.with_page().get(pk=contract.pk)
    contract.number, contract.starts_on = "1-А", contract.starts_on + DAY
    services.correct(contract=contract, actor=cast.specialist)
    duty = ContractDuty.objects.get(family=family)
    assert (duty.contract_number, duty.starts_on) == ("1-А", contract.starts_on)
    stale.amount = 5
    with pytest.raises(StaleVersion):
        services.correct(contract=stale, actor=cast.specialist)


def test_an_ended_contract_is_read_only(cast: Cast, family: Family) -> None:
    contract = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    contract.number = "другой"
    with pytest.raises(ValidationError):
        services.correct(contract=contract, actor=cast.specialist)
    assert ContractDuty.objects.filter(family=family, contract_number="другой").count() == 0


def test_ends_that_do_not_fit_are_refused(cast: Cast, family: Family) -> None:
    today = family.institution.today()
    contract = registered(family, cast.specialist)
    known: dict[str, Any] = {"last_day": today, "kind": EndKind.FULFILLED, "explanation": ""}
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("last_day", {"last_day": today + DAY}),
        ("last_day", {"last_day": contract.starts_on - DAY}),
        ("kind", {"kind": EndKind.EXPIRED_UNFULFILLED}),
        ("explanation", {"kind": EndKind.TERMINATED_BY_AUTHORITY, "explanation": " "}),
    ]
    for field, values in wrong:
        with pytest.raises(ValidationError) as refused:
            services.end(contract=contract, actor=cast.specialist, **(known | values))
        assert field in refused.value.message_dict
    contract.refresh_from_db()
    assert (contract.state, contract.ended_on) == (ContractState.RUNNING, None)
    assert not FollowUpSheet.objects.exists()


def test_two_contracts_run_side_by_side(cast: Cast, family: Family, case: SupportCase) -> None:
    """Domain 3.8: a second contract signed in the follow-up of the first; the follow-up goes on, one contact is due."""
    today = case.institution.today()
    first = contract_in(ContractState.FOLLOW_UP, family, cast.specialist)
    second = registered(family, cast.specialist)
    met(case, today)
    refresh_contacts([case.pk], today)
    assert due_on(case) == add_months(today, 1)
    assert set(SocialContract.objects.in_follow_up(today)) == {first}
    assert set(SocialContract.objects.running(today)) == {second}
    assert first.sheets.count() == 12


TABLE = {("SIGNED", "RUNNING"), ("RUNNING", "FOLLOW_UP"), ("STOPPED", "FOLLOW_UP")}
TABLE |= {("FOLLOW_UP", "COMPLETED"), ("FOLLOW_UP", "STOPPED")}


def test_the_table_is_that_of_the_domain() -> None:
    assert {(move.source.value, move.target.value) for move in MOVES} == TABLE


@pytest.mark.parametrize(("source", "target"), sorted(set(product(ContractState.values, ContractState.values)) - TABLE))
def test_only_the_moves_of_the_table(cast: Cast, family: Family, case: SupportCase, source: str, target: str) -> None:
    """Every state by every state: a move that the table lacks changes nothing and writes no event."""
    contract = contract_in(ContractState(source), family, cast.specialist)
    assert contract.state == source
    before = list(case.events.values_list("pk", flat=True))
    today = case.institution.today()
    with pytest.raises(ValidationError):
        transition(contract=contract, to=ContractState(target), actor=cast.specialist, on=today)
    contract.refresh_from_db()
    assert contract.state == source
    assert list(case.events.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("name", ["head", "director", "colleague", "secretary", "contract_specialist", "auditor"])
def test_only_the_specialist_keeps_contracts(cast: Cast, family: Family, name: str) -> None:
    """Access rules 6.2: the head and the director read; nobody else writes."""
    actor, today = cast.people[name], family.institution.today()
    with pytest.raises(PermissionDenied):
        registered(family, actor)
    contract = registered(family, cast.specialist)
    with pytest.raises(PermissionDenied):
        services.end(contract=contract, last_day=today, kind=EndKind.FULFILLED, explanation="", actor=actor)
    with pytest.raises(PermissionDenied):
        services.correct(contract=SocialContract.objects.with_page().get(pk=contract.pk), actor=actor)
    contract.refresh_from_db()
    assert contract.state == ContractState.RUNNING


@pytest.mark.requirement("I16")
def test_the_database_keeps_state_and_end_together(cast: Cast, family: Family) -> None:
    contract = registered(family, cast.specialist)
    rows = SocialContract.objects.filter(pk=contract.pk)
    for values in (
        {"state": ContractState.FOLLOW_UP},
        {"ended_on": contract.planned_end_on},
        {"stop_reason": "REFUSAL"},
        {"planned_end_on": contract.starts_on - DAY},
        {"signed_on": contract.starts_on + DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
