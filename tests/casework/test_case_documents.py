"""The documents tab of a case: every paper of the case and of its family, each to who takes it by its own door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from casework.enums import ProgrammeState, Stage
from casework.models import SupportCase
from councils.enums import SessionState
from councils.models import Decision
from councils.services.execution import make_extract
from families.enums import GrantReason
from tests.casework.conftest import CaseAt
from tests.casework.visiting import entered, recorded
from tests.cast import Cast, client_of
from tests.factories.casework import opened_case
from tests.factories.contracts import registered
from tests.factories.councils import session_at
from tests.factories.families import ConsentFactory, granted
from tests.factories.programmes import programme_at
from tests.factories.records import AttachmentFactory, IssuedDocumentFactory

Issue = Callable[..., int]


def tab(case: SupportCase) -> str:
    return reverse("casework:documents", args=[case.pk])


def shown(person: User, case: SupportCase, **query: str) -> set[int]:
    return {paper.pk for paper in client_of(person).get(tab(case), query).context["documents"]}


def issue(case: SupportCase, owner_kind: str, owner: Any, **values: Any) -> int:
    """A paper of a record of the case's family."""
    known = {"kind": owner_kind, "title": owner_kind, "family_id": case.family_id, "institution": case.institution}
    paper = IssuedDocumentFactory.create(owner_kind=owner_kind, owner_id=owner.pk, **(known | values))
    return int(paper.pk)


def scene(cast: Cast, case: SupportCase) -> dict[str, int]:
    """One paper of each kind of record that a case and its family have."""
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    owners = {
        "casework.programme": programme,
        "casework.visit": recorded(case, cast.specialist),
        "casework.service": entered(case, cast.specialist),
        "contracts.contract": registered(case.family, cast.specialist),
        "families.consent": ConsentFactory.create(family=case.family, subject=case.family.memberships.first().person),
    }
    return {kind: issue(case, kind, owner) for kind, owner in owners.items()}


def test_every_paper_of_the_case_and_its_family_stands_on_one_page(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    papers = scene(cast, case)
    for person in (cast.specialist, cast.head, cast.director):
        assert shown(person, case) == set(papers.values()), person
    assert shown(cast.head, case, kind="casework.visit") == {papers["casework.visit"]}
    page = client_of(cast.head).get(tab(case)).content.decode()
    for pk in papers.values():
        assert reverse("records:document", args=[pk]) in page
        assert client_of(cast.head).get(reverse("records:document", args=[pk])).status_code == 200


def test_each_paper_is_listed_only_to_who_may_take_it(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    papers = scene(cast, case)
    granted(case.family, cast.colleague)
    granted(case.family, cast.second_head, GrantReason.HANDOVER)
    granted(case.family, cast.auditor, GrantReason.AUDIT)
    client_of(cast.auditor).post(reverse("families:reason", args=[case.family_id]), {"reason": "выборка"})
    for person in (cast.specialist, cast.colleague, cast.head, cast.second_head):
        listed = shown(person, case)
        for kind, pk in papers.items():
            taken = client_of(person).get(reverse("records:document", args=[pk])).status_code == 200
            assert taken is (pk in listed), (person, kind)
    assert papers["contracts.contract"] not in shown(cast.colleague, case)
    assert papers["casework.visit"] in shown(cast.colleague, case)


def test_an_extract_without_names_stands_among_the_papers_of_who_may_take_it(cast: Cast) -> None:
    decision = Decision.objects.with_page().filter(item__session=session_at(SessionState.MINUTES_SIGNED, cast))[0]
    extract = make_extract(decision=decision, addressee="КДН", names_family=False, actor=cast.secretary)
    case = decision.item.case
    assert case is not None
    assert extract.issued_document_id in shown(cast.director, case)
    assert extract.issued_document_id not in shown(cast.head, case)


def test_papers_of_another_case_of_the_family_are_left_to_it(cast: Cast, at: CaseAt) -> None:
    former = at(Stage.CLOSED)
    case = opened_case(former.family, actor=cast.head, opened_on=cast.institution.today())
    visit = recorded(case, cast.head)
    consent = ConsentFactory.create(family=case.family, subject=case.family.memberships.first().person)
    own, common = issue(case, "casework.visit", visit), issue(case, "families.consent", consent)
    other = issue(case, "casework.case", former)
    assert shown(cast.head, case) == {own, common}
    assert shown(cast.head, former) == {other, common}


def test_a_printed_paper_appears_with_its_newest_version(cast: Cast, at: CaseAt) -> None:
    case = at(Stage.ACTIVE)
    visit = recorded(case, cast.specialist, observations="Всё спокойно")
    client = client_of(cast.specialist)
    assert shown(cast.specialist, case) == set()
    client.post(reverse("casework:visit_act", args=[visit.pk]))
    [first] = shown(cast.specialist, case)
    visit.observations = "Порядок в доме"
    visit.save()
    client.post(reverse("casework:visit_act", args=[visit.pk]))
    [second] = client.get(tab(case)).context["documents"]
    assert (second.supersedes_id, second.version) == (first, 2)


def test_files_of_all_records_are_listed_and_only_the_cases_own_are_withdrawn(cast: Cast, at: CaseAt) -> None:
    case, stranger = at(Stage.ACTIVE), at(Stage.ACTIVE)
    visit = recorded(case, cast.specialist)
    known = {"institution": case.institution, "family_id": case.family_id}
    own = AttachmentFactory.create(owner_kind="casework.case", owner_id=case.pk, **known)
    photo = AttachmentFactory.create(owner_kind="casework.visit", owner_id=visit.pk, **known)
    AttachmentFactory.create(
        owner_kind="casework.case", owner_id=stranger.pk, institution=case.institution, family_id=stranger.family_id
    )
    answer = client_of(cast.specialist).get(tab(case))
    assert {file.pk for file in answer.context["papers"].attachments} == {own.pk, photo.pk}
    page = answer.content.decode()
    assert reverse("records:attachment_cancel", args=[own.pk]) in page
    assert reverse("records:attachment_cancel", args=[photo.pk]) not in page


@pytest.mark.parametrize("person", ["colleague", "head"])
def test_the_tab_costs_the_same_with_few_papers_and_with_many(cast: Cast, at: CaseAt, person: str) -> None:
    few, many = at(Stage.ACTIVE), at(Stage.ACTIVE)
    for case in (few, many):
        granted(case.family, cast.colleague)
        scene(cast, case)
    for number in range(10):
        visit = recorded(many, cast.specialist)
        issue(many, "casework.visit", visit)
        consent = ConsentFactory.create(family=many.family, subject=many.family.memberships.first().person)
        issue(many, "families.consent", consent, number=f"{number}/к")

    def cost(case: SupportCase) -> int:
        client = client_of(getattr(cast, person))
        client.get(tab(case))
        with CaptureQueriesContext(connection) as captured:
            client.get(tab(case))
        return sum("SAVEPOINT" not in query["sql"] for query in captured)

    assert cost(few) == cost(many)
