"""What happens to the family, and what is printed, stands on the timeline of its case, without personal data."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from casework.enums import EventGroup, LegalBasis, NoticeSubject, Stage
from casework.models import AgencyNotice, CaseEvent, SupportCase
from casework.services.journal import change_service
from casework.services.notices import note_answer
from casework.services.visits import change_visit
from families import services
from families.enums import GrantReason, IncomeSource, RiskGroup, StatusKind
from families.models import Category, FamilyCategory, FamilyMembership
from families.services import NewMember
from tests.casework.conftest import CaseAt
from tests.casework.visiting import entered, members_of, people_of, recorded
from tests.cast import Cast, client_of
from tests.factories.families import ConsentFactory, FamilyStatementFactory, PersonFactory, granted, household
from tests.factories.partners import PartnerFactory

Happens = Callable[[Cast, SupportCase, date], Any]


def kinds(case: SupportCase) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("-pk").values_list("kind", flat=True))


def titles(person: User, case: SupportCase, **query: str) -> list[str]:
    page = client_of(person).get(reverse("casework:case", args=[case.pk]), query).context["page"]
    return [row.title for row in page.rows]


def mother(case: SupportCase) -> FamilyMembership:
    return case.family.memberships.select_related("person", "family").get(is_representative=True)


def consent(case: SupportCase, on: date) -> Any:
    person = mother(case).person
    return ConsentFactory.build(
        family=case.family, subject=person, given_by=person, given_on=on, number="", created_by=None, operator_name=""
    )


def joins(cast: Cast, case: SupportCase, on: date) -> None:
    person = PersonFactory.build(region=case.region, last_name="Тайникова", birth_date=date(2015, 5, 5))
    membership = FamilyMembership(role="CHILD", starts_on=on)
    services.add_member(actor=cast.specialist, family=case.family, member=NewMember(person, membership))


def leaves(cast: Cast, case: SupportCase, on: date) -> None:
    members = case.family.memberships.select_related("person", "family__institution")
    child = members.filter(is_representative=False).earliest("pk")
    services.end_membership(actor=cast.specialist, membership=child, on=on, reason="уехал к отцу")


def categorised(cast: Cast, case: SupportCase, on: date) -> None:
    category = Category.objects.filter(is_confidential=True, ends_at_age=None).first()
    assert category is not None
    row = FamilyCategory(family=case.family, category=category, starts_on=on, member=mother(case))
    services.add_category(actor=cast.specialist, row=row)


def gives_income(cast: Cast, case: SupportCase, _on: date) -> None:
    services.record_income(
        actor=cast.specialist,
        family=case.family,
        period_from=date(2025, 1, 1),
        period_to=date(2025, 3, 31),
        total=Decimal(77123),
        members_counted=2,
        source=IncomeSource.STATEMENT,
    )


HAPPENINGS: dict[str, Happens] = {
    "consent_given": lambda cast, case, on: services.give_consent(actor=cast.specialist, consent=consent(case, on)),
    "status_set": lambda cast, case, on: services.set_status(
        actor=cast.specialist, family=case.family, kind=StatusKind.HARDSHIP, on=on
    ),
    "risk_group_set": lambda cast, case, on: services.set_risk_group(
        actor=cast.specialist, family=case.family, group=RiskGroup.values[0], on=on
    ),
    "member_joined": joins,
    "member_left": leaves,
    "category_entered": categorised,
    "income_entered": gives_income,
    "family_restricted": lambda cast, case, on: services.restrict(
        actor=cast.specialist, family=case.family, reason="пострадавший ребёнок"
    ),
}


@pytest.mark.parametrize("kind", HAPPENINGS)
def test_what_happens_to_the_family_is_told_without_personal_data(cast: Cast, at: CaseAt, kind: str) -> None:
    case, stranger = at(Stage.ACTIVE), at(Stage.ACTIVE)
    HAPPENINGS[kind](cast, case, cast.institution.today())
    event = CaseEvent.objects.filter(case=case).latest("pk")
    assert (event.kind, event.by) == (kind, cast.specialist)
    assert kind not in kinds(stranger)
    told = str(event.params)
    secrets = {person.last_name for person in people_of(case)} | {"Тайникова", "77123", "отцу", "пострадавший"}
    assert not [secret for secret in secrets if secret in told]


def test_the_ends_of_consent_status_and_restriction_are_told(cast: Cast, at: CaseAt) -> None:
    case, on = at(Stage.ACTIVE), cast.institution.today()
    given = services.give_consent(actor=cast.specialist, consent=consent(case, on - timedelta(days=1)))
    services.revoke_consent(actor=cast.specialist, consent=given, on=on, note="передумала")
    services.set_status(actor=cast.specialist, family=case.family, kind=StatusKind.HARDSHIP, on=on - timedelta(days=3))
    services.set_status(actor=cast.specialist, family=case.family, kind=None, on=on)
    services.restrict(actor=cast.head, family=case.family, reason="угрозы")
    services.end_restriction(actor=cast.director, family=case.family, reason="угроз больше нет")
    assert kinds(case)[:6] == [
        "family_opened",
        "family_restricted",
        "status_ended",
        "status_set",
        "consent_revoked",
        "consent_given",
    ]
    assert f"Отозвано согласие №\u00a0{given.number}" in titles(cast.head, case, show=EventGroup.PAPERS)
    assert "Статус семьи: трудная жизненная ситуация" in titles(cast.head, case, show=EventGroup.FAMILY)


def test_a_restriction_is_told_only_to_who_may_know_of_it(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    services.restrict(actor=cast.head, family=case.family, reason="угрозы")
    services.end_restriction(actor=cast.director, family=case.family, reason="угроз больше нет")
    granted(case.family, cast.auditor, GrantReason.AUDIT)
    auditor = client_of(cast.auditor)
    auditor.post(reverse("families:reason", args=[case.family_id]), {"reason": "выборка"})
    shown = auditor.get(reverse("casework:case", args=[case.pk])).context["page"].rows
    assert shown
    assert not [row for row in shown if row.icon in {"lock", "lock-open"}]
    changes = auditor.get(reverse("casework:changes", args=[case.pk])).context["changes"]
    assert "is_restricted" not in {field.name for change in changes for field in change.fields}
    assert {"Для семьи ограничен доступ", "Доступ к семье больше не ограничен"} <= set(titles(cast.head, case))


def test_a_family_without_an_open_case_has_no_timeline(cast: Cast, at: CaseAt) -> None:
    closed, alone = at(Stage.CLOSED), household(department=cast.department)
    before = CaseEvent.objects.count()
    for family in (closed.family, alone):
        services.set_status(actor=cast.head, family=family, kind=StatusKind.HARDSHIP, on=cast.institution.today())
    assert CaseEvent.objects.count() == before


def test_corrections_are_told(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    visit, row = recorded(case, cast.specialist), entered(case, cast.specialist)
    visit.observations = "Порядок в доме"
    change_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    row.quantity = 3
    change_service(row=row, recipients=people_of(case), actor=cast.specialist)
    newest = list(CaseEvent.objects.filter(case=case).order_by("-pk")[:2])
    assert [(event.kind, event.object_id) for event in newest] == [
        ("service_corrected", row.pk),
        ("visit_corrected", visit.pk),
    ]
    assert f"Запись №\u00a0{row.number} журнала исправлена" in titles(cast.head, case, show=EventGroup.VISITS)


def test_an_answer_to_a_notice_is_told(cast: Cast, at: CaseAt) -> None:
    case, today = at(Stage.ACTIVE), cast.institution.today()
    notice = AgencyNotice.objects.create(
        case=case,
        addressee=PartnerFactory.create(region=case.region),
        subject=NoticeSubject.values[0],
        legal_basis=LegalBasis.NO_PERSONAL_DATA,
        text="Просим сообщить",
        sent_on=today,
        sent_by=cast.head,
        number="7/2026",
        method="EMAIL",
        created_by=cast.specialist,
    )
    note_answer(notice=notice, on=today, answer="Семья на учёте", actor=cast.specialist)
    event = CaseEvent.objects.filter(case=case).latest("pk")
    assert (event.kind, event.params) == ("notice_answered", {"number": "7/2026"})


def test_a_printed_paper_is_told_once_and_leads_to_the_documents(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    visit = recorded(case, cast.specialist)
    statement = FamilyStatementFactory.create(family=case.family, given_by=mother(case).person)
    client = client_of(cast.specialist)
    for _time in range(2):
        client.post(reverse("casework:visit_act", args=[visit.pk]))
        client.post(reverse("families:statement_print", args=[statement.pk]))
    assert kinds(case)[:2] == ["paper_issued", "paper_issued"]
    assert kinds(case).count("paper_issued") == 2
    page = client.get(reverse("casework:case", args=[case.pk]), {"show": EventGroup.PAPERS}).context["page"]
    assert {row.url for row in page.rows} == {reverse("casework:documents", args=[case.pk])}
    assert any(row.title.startswith("Выдан документ: Акт посещения семьи") for row in page.rows)
