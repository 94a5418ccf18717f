"""Who is refused a personal object leaves a row in the journal, which tells nobody that there is such an object."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import BigIntegerField
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.enums import AccessAction
from accounts.journal import _answering, _places, institutions_of, kind_title, place_of, register_places
from accounts.models import AccessEvent, User
from casework.enums import Stage
from casework.models import SupportCase
from councils.enums import SessionState
from councils.models import AgendaItem, Decision
from families.models import Family
from families.services import restrict
from monitoring.enums import ReportLevel
from tests.cast import Cast, client_of
from tests.factories.casework import case_at
from tests.factories.councils import body, session_at
from tests.factories.families import household
from tests.factories.monitoring import report_of

NOBODYS = 987_654_321
ROOMS = ("records.", "families.", "casework.", "contracts.", "councils.", "monitoring.")
# Whose numbers are no person's: a collegial body and its seats, an order of background work.
IMPERSONAL = ("councils/bodies/", "councils/members/", "councils/rules/", "records/work/", "rules/work/")


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return case_at(Stage.ACTIVE, family=household(department=cast.department), curator=cast.specialist)


def _contracting(cast: Cast) -> SupportCase:
    return case_at(Stage.CONTRACTING, family=household(department=cast.department), curator=cast.specialist)


def refusals() -> list[AccessEvent]:
    return list(AccessEvent.objects.filter(action=AccessAction.DENIED).order_by("pk"))


@pytest.mark.requirement("X8")
def test_outside_the_scope_and_without_the_right(cast: Cast, case: SupportCase) -> None:
    """404 of a stranger, 403 of one who opens the case and may not do this: one row each, and none of a reading."""
    path = reverse("casework:case", args=[case.pk])
    assert client_of(cast.neighbour).get(path).status_code == 404
    assert client_of(cast.director).post(f"{path}problems/new/").status_code == 403
    rows = [(row.user_id, row.kind, row.object_id, row.family_id, row.route) for row in refusals()]
    assert rows == [
        (cast.neighbour.pk, "supportcase", case.pk, None, "casework:case"),
        (cast.director.pk, "supportcase", case.pk, None, "casework:problem_new"),
    ]
    assert AccessEvent.objects.exclude(action=AccessAction.DENIED).count() == 0


def test_a_refusal_outlives_the_request_that_was_rolled_back(cast: Cast, case: SupportCase) -> None:
    """The card was opened, in the journal too, before it turned out that the director closes no family."""
    assert client_of(cast.director).get(reverse("families:restrict", args=[case.family_id])).status_code == 403
    events = AccessEvent.objects.filter(user=cast.director)
    assert list(events.values_list("action", "kind", "object_id")) == [("DENIED", "family", case.family_id)]


def test_a_number_that_nobody_has_leaves_the_same_row_at_the_same_cost(cast: Cast, case: SupportCase) -> None:
    client = client_of(cast.other_specialist)
    costs = []
    client.get("/families/1/")
    for number in (case.family_id, NOBODYS):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("families:card", args=[number])).status_code == 404
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert [(row.kind, row.object_id) for row in refusals()[1:]] == [("family", case.family_id), ("family", NOBODYS)]


def test_a_number_too_great_to_be_anybodys_leads_nowhere(cast: Cast) -> None:
    client = client_of(cast.specialist)
    greatest = BigIntegerField.MAX_BIGINT
    for number in (greatest, greatest + 1, 99999999999999999999):
        assert client.get(reverse("casework:case", args=[number])).status_code == 404
    assert [row.object_id for row in refusals()] == [greatest]


def test_what_is_no_refusal_leaves_no_row(cast: Cast, case: SupportCase) -> None:
    """An address that leads nowhere, a page that is nobody's object, a page that opens, and who is not signed in.

    And a button pressed twice: what was done already, there is no page for any more.
    """
    client = client_of(cast.specialist)
    assert client.get("/cases/nothing/here/").status_code == 404
    assert client.get("/rules/").status_code == 403
    assert client.get(reverse("casework:case", args=[case.pk])).status_code == 200
    assert Client().get(reverse("families:card", args=[NOBODYS])).status_code == 302
    session = session_at(SessionState.MINUTES_DRAFTED, cast)
    assert client_of(cast.secretary).post(reverse("councils:minutes_draft", args=[session.pk])).status_code == 302
    assert refusals() == []


def test_a_page_that_there_is_not_at_this_state_is_refused_to_nobody(cast: Cast) -> None:
    """Whoever may do it, and comes too late or too early, has been let in to the object."""
    council = body(cast)
    drafted = session_at(SessionState.MINUTES_DRAFTED, cast, council=council)
    planned_one = session_at(SessionState.PLANNED, cast, council=council)
    question, waiting = (AgendaItem.objects.filter(session=row)[0].pk for row in (drafted, planned_one))
    secretary = client_of(cast.secretary)
    for method, name, args in (
        ("get", "candidates", [drafted.pk]),
        ("post", "item_include", [question]),
        ("post", "item_move", [question, "up"]),
        ("get", "attendance", [drafted.pk]),
        ("get", "minutes_upload", [planned_one.pk]),
        ("get", "minutes_correct", [drafted.pk]),
        ("get", "minutes_docx", [planned_one.pk]),
        ("get", "decision_new", [waiting]),
        ("get", "extract_new", [Decision.objects.filter(item=question)[0].pk]),
    ):
        assert getattr(secretary, method)(reverse(f"councils:{name}", args=args)).status_code in {302, 404}, name
    fresh = case_at(Stage.DIAGNOSTIC, family=household(department=cast.department), curator=cast.specialist)
    for user, name, further in ((cast.specialist, "move", [Stage.REFLECTION]), (cast.head, "stage_undo", [])):
        answer = client_of(user).get(reverse(f"casework:{name}", args=[fresh.pk, *further]))
        assert answer.status_code in {302, 404}, name
    assert refusals() == []


def test_what_the_state_alone_forbids_is_refused_to_nobody(cast: Cast) -> None:
    """403 as ever for the secretary after the signing and for an agreement without a programme; 404 of a packet
    that is not open yet; and whoever has not the right at any state leaves a row all the same."""
    council = body(cast)
    signed = session_at(SessionState.MINUTES_SIGNED, cast, council=council)
    coming = session_at(SessionState.PLANNED, cast, council=council)
    decided = Decision.objects.filter(item__session=signed)[0]
    question = AgendaItem.objects.get(session=signed)
    scenes = (
        (cast.secretary, "councils:session_edit", signed.pk, 403),
        (cast.secretary, "councils:item_edit", question.pk, 403),
        (cast.secretary, "councils:decision_edit", decided.pk, 403),
        (cast.chair, "councils:packet", coming.pk, 404),
        (cast.member, "councils:packet", coming.pk, 404),
        (cast.chair, "councils:restricted_item", question.pk, 404),
        (cast.specialist, "casework:agreement_new", _contracting(cast).pk, 403),
    )
    for user, name, number, status in scenes:
        answer = client_of(user).get(reverse(name, args=[number]))
        assert answer.status_code == status, name
        assert status == 404 or "Сейчас это сделать нельзя" in answer.content.decode(), name
    assert refusals() == []
    others = (
        (cast.member, "councils:session_edit", signed.pk, 403),
        (cast.foreign_member, "councils:packet", coming.pk, 404),
    )
    for user, name, number, status in others:
        assert client_of(user).get(reverse(name, args=[number])).status_code == status, name
    assert [event.user_id for event in refusals()] == [cast.member.pk, cast.foreign_member.pk]


@pytest.mark.requirement("X8")
def test_the_journal_tells_of_refusals_and_names_only_objects_of_the_institution(cast: Cast, case: SupportCase) -> None:
    """The auditor reads the number of an own family; of a foreign one no more than of none at all."""
    foreign: Family = household(department=cast.other_department)
    client = client_of(cast.neighbour)
    for number in (case.family_id, foreign.pk, NOBODYS):
        client.get(reverse("families:card", args=[number]))
    shown = client_of(cast.auditor).get("/journal/?action=DENIED")
    numbers = [[item.number for item in row["names"]] for row in shown.context["rows"]]
    assert numbers == [[], [], [case.family.registry_number]]
    assert foreign.registry_number not in shown.content.decode()
    assert "получил(а) отказ" in shown.content.decode()


@pytest.mark.requirement("X8")
def test_the_journal_tells_of_a_restricted_family_those_alone_whom_it_is_open_to(cast: Cast, case: SupportCase) -> None:
    """To others its number reads as one that nobody has: to who was refused, to the head, to the auditor."""
    restrict(actor=cast.director, family=case.family, reason="усыновление")
    client = client_of(cast.colleague)
    for name, number in (("families:card", case.family_id), ("casework:case", case.pk), ("families:card", NOBODYS)):
        assert client.get(reverse(name, args=[number])).status_code == 404

    def numbers(reader: User) -> list[list[str]]:
        rows = client_of(reader).get("/journal/?action=DENIED").context["rows"]
        return [[item.number for item in row["names"]] for row in rows]

    for reader in (cast.colleague, cast.head, cast.auditor):
        assert numbers(reader) == [[], [], []], reader.username
    assert numbers(cast.director) == [[], [case.number], [case.family.registry_number]]


@pytest.mark.requirement("X8")
def test_the_families_behind_a_figure_refused_leave_a_row(cast: Cast) -> None:
    """The head reads the figures of the institution, not whom they count; a figure that there is not is no refusal."""
    report = report_of(cast, ReportLevel.INSTITUTION)
    for user, code in ((cast.head, "Q3"), (cast.director, "Q99")):
        assert client_of(user).get(reverse("reports:evidence", args=[report.pk, code])).status_code == 404
    assert [(row.user_id, row.kind, row.object_id, row.route) for row in refusals()] == [
        (cast.head.pk, "quarterlyreport", report.pk, "reports:evidence")
    ]
    shown = client_of(cast.auditor).get("/journal/?action=DENIED")
    assert [row["names"] for row in shown.context["rows"]] == [[]]
    assert "квартальный отчёт" in shown.content.decode()


@pytest.mark.requirement("X8")
def test_who_of_others_is_refused_a_family_is_known_to_the_auditor_of_its_institution(
    cast: Cast, case: SupportCase
) -> None:
    """And to the auditor of the reader; of a number that nobody has to the latter alone."""
    client = client_of(cast.other_specialist)
    for name, number in (("families:card", case.family_id), ("casework:case", case.pk), ("families:card", NOBODYS)):
        assert client.get(reverse(name, args=[number])).status_code == 404

    def numbers(reader: User) -> list[list[str]]:
        rows = client_of(reader).get("/journal/?action=DENIED").context["rows"]
        return [[item.number for item in row["names"]] for row in rows]

    assert numbers(cast.auditor) == numbers(cast.director) == [[case.number], [case.family.registry_number]]
    assert numbers(cast.other_auditor) == [[], [], []]
    assert numbers(cast.head) == []


@pytest.mark.django_db
def test_of_every_object_that_can_be_refused_it_is_known_who_answers_for_it() -> None:
    for kind in _places.values():
        assert institutions_of(kind, [NOBODYS]) == {}
        assert kind in _answering, kind


def routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield route, entry.callback.__module__
        else:
            yield from routes(entry, route)


def test_every_number_in_an_address_of_a_family_is_somebodys() -> None:
    """A room that adds pages about persons says whose numbers their addresses hold."""

    class Match:
        def __init__(self, route: str) -> None:
            self.route, self.kwargs = route, {"pk": 1}

    numbered = [route for route, module in routes(get_resolver()) if module.startswith(ROOMS) and "<int:pk>" in route]
    unknown = {re.split("<", route)[0] for route in numbered if not place_of(Match(route))}  # type: ignore[arg-type]
    assert len(numbered) > 80
    assert unknown == set(IMPERSONAL)
    for route in set(numbered):
        kind = place_of(Match(route))  # type: ignore[arg-type]
        assert not kind or kind_title(kind) != kind, route


def test_a_place_holds_numbers_of_one_kind() -> None:
    with pytest.raises(ValueError, match="cases/"):
        register_places({"cases/": "visit"})
