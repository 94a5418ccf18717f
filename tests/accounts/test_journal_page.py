"""The access journal on the screen: whose rows, which filters, and that looking leaves a row."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import colleagues_of
from accounts.enums import JOURNAL_READERS, AccessAction, Role
from accounts.journal import kind_title, record_for
from accounts.models import AccessEvent, User
from casework.enums import Stage
from families.enums import GrantReason
from families.grants import revoke
from families.services import restrict
from tests.cast import LEAD, Cast, client_of
from tests.factories.casework import case_at
from tests.factories.families import granted, household
from tests.factories.records import IssuedDocumentFactory

URL = "/journal/"
ACTORS = ["specialist", "colleague", "neighbour", "head", "director", "other_specialist", "foreign_specialist"]


@pytest.fixture
def events(cast: Cast) -> dict[str, AccessEvent]:
    """One event of everybody in ACTORS."""
    return {
        name: record_for(
            User.objects.get(pk=cast.people[name].pk), AccessAction.VIEW, "family", object_id=7, reason=f"by {name}"
        )
        for name in ACTORS
    }


@pytest.mark.requirement("X8", "L11")
@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("specialist", ["specialist"]),
        ("head", ["specialist", "colleague", "head"]),
        ("director", ["specialist", "colleague", "neighbour", "head", "director"]),
        ("auditor", ["specialist", "colleague", "neighbour", "head", "director"]),
        ("other_auditor", ["other_specialist"]),
        ("foreign_head", ["foreign_specialist"]),
    ],
)
def test_whose_reading_each_role_may_look_through(
    cast: Cast, events: dict[str, AccessEvent], reader: str, seen: list[str]
) -> None:
    response = client_of(cast.people[reader]).get(URL)
    shown = {row["event"].user_id for row in response.context["rows"]}
    assert shown == {cast.people[name].pk for name in seen}
    page = response.content.decode()
    for name in set(ACTORS) - set(seen) - {reader}:
        assert cast.people[name].last_name not in page, name


def test_nobody_else_has_a_journal(cast: Cast, events: dict[str, AccessEvent]) -> None:
    closed = [name for name, role in LEAD.items() if role not in JOURNAL_READERS]
    assert len(closed) == len(Role) - 4
    for name in [*closed, "newcomer", "expired_deputy"]:
        assert client_of(cast.people[name]).get(URL).status_code == 403, name
        assert not AccessEvent.objects.visible_to(User.objects.get(pk=cast.people[name].pk)).exists(), name


def test_a_deputy_reads_the_journal_of_the_department_stood_in_for(cast: Cast, events: dict[str, AccessEvent]) -> None:
    client = client_of(cast.deputy, cast.deputy.appointments.get(role=Role.DEPARTMENT_HEAD))
    shown = {row["event"].user for row in client.get(URL).context["rows"]}
    assert shown == {cast.specialist, cast.colleague, cast.head}


def test_looking_is_an_event_without_the_ids_of_the_rows(cast: Cast, events: dict[str, AccessEvent]) -> None:
    client_of(cast.auditor).get(URL)
    event = AccessEvent.objects.order_by("-id")[0]
    assert (event.user, event.action, event.kind) == (cast.auditor, AccessAction.LIST, "accessevent")
    assert (event.object_id, event.object_ids, event.route, event.address) == (None, [], "journal", "127.0.0.1")


def found(cast: Cast, reader: str = "auditor", **filters: Any) -> list[AccessEvent]:
    response = client_of(cast.people[reader]).get(URL, filters)
    return [row["event"] for row in response.context["rows"]]


def test_filters_by_person_action_and_kind(cast: Cast, events: dict[str, AccessEvent]) -> None:
    other = record_for(cast.colleague, AccessAction.PRINT, "visit", object_id=9)
    assert found(cast, person=cast.colleague.pk) == [other, events["colleague"]]
    assert found(cast, action=AccessAction.PRINT) == [other]
    assert found(cast, kind="visit") == [other]
    assert found(cast, person=cast.specialist.pk, kind="visit") == []


def test_days_are_those_of_the_institution(cast: Cast) -> None:
    moments = [datetime(2026, 3, 1, 13, 59, tzinfo=UTC), datetime(2026, 3, 1, 14, 0, tzinfo=UTC)]
    for at in moments:
        AccessEvent.objects.create(
            user=cast.specialist,
            role=Role.SPECIALIST,
            institution_id=cast.institution.pk,
            action=AccessAction.VIEW,
            kind="family",
            at=at,
        )
    assert [event.at for event in found(cast, until="01.03.2026")] == moments[:1]
    assert [event.at for event in found(cast, since="02.03.2026", until="02.03.2026")] == moments[1:]


@pytest.mark.parametrize(
    "filters",
    [
        {"person": "foreign_specialist"},
        {"person": "x"},
        {"action": "NONE"},
        {"since": "31.02.2026"},
        {"until": "99999999"},
        {"kind": "'; drop"},
        {"cursor": "x"},
        {"person": "\x00"},
    ],
)
def test_filters_that_make_no_sense_are_left_out(
    cast: Cast, events: dict[str, AccessEvent], filters: dict[str, str]
) -> None:
    values = {key: str(cast.people[value].pk) if value in cast.people else value for key, value in filters.items()}
    assert len(found(cast, **values)) == 5


def test_the_choice_of_people_ends_at_the_unit(cast: Cast) -> None:
    assert set(colleagues_of(User.objects.get(pk=cast.head.pk))) == {
        cast.specialist,
        cast.colleague,
        cast.head,
        cast.duty_officer,
        cast.deputy,
        cast.expired_deputy,
        cast.dismissed,
    }
    assert list(colleagues_of(User.objects.get(pk=cast.ministry.pk))) == [cast.ministry]


def test_chosen_filters_can_be_taken_off_one_by_one(cast: Cast, events: dict[str, AccessEvent]) -> None:
    response = client_of(cast.auditor).get(URL, {"action": "VIEW", "since": "01.01.2026", "cursor": "x"})
    assert [chip["url"] for chip in response.context["chips"]] == ["?since=01.01.2026", "?action=VIEW"]


@pytest.mark.parametrize(
    ("reader", "others", "own"),
    [("auditor", True, True), ("director", True, True), ("head", False, True), ("specialist", False, True)],
)
def test_reasons_are_for_the_auditor_the_director_and_the_author(
    cast: Cast, events: dict[str, AccessEvent], reader: str, others: bool, own: bool
) -> None:
    page = client_of(cast.people[reader]).get(URL).content.decode()
    assert ("by colleague" in page) is others
    if reader != "auditor":
        assert (f"by {reader}" in page) is own


def test_pages_follow_one_another_without_gap_or_repeat(cast: Cast) -> None:
    for number in range(120):
        record_for(cast.specialist, AccessAction.VIEW, "family", object_id=number)
    client = client_of(cast.specialist)
    seen: list[int] = []
    cursor = ""
    while True:
        page = client.get(URL, {"cursor": cursor, "kind": "family"}).context["page"]
        seen += [event.object_id for event in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert seen == list(range(119, -1, -1))


@pytest.mark.requirement("X8", "L11")
def test_what_others_read_of_the_institutions_families_its_auditor_sees_too(cast: Cast) -> None:
    """A card, a list and what tells of several families; each institution sees what it answers for, and no more."""
    ours, theirs = household(department=cast.department), household(department=cast.other_department)
    keys = [ours.pk, theirs.pk]
    member = User.objects.get(pk=cast.member.pk)
    neighbour = User.objects.get(pk=cast.other_specialist.pk)
    card = record_for(neighbour, AccessAction.VIEW, "family", object_id=ours.pk, family_id=ours.pk)
    record_for(neighbour, AccessAction.LIST, "family", object_ids=keys)
    record_for(member, AccessAction.VIEW, "councilsession", object_id=1, family_ids=keys)

    def seen(reader: str) -> list[tuple[int, list[int], list[int] | None]]:
        rows = [event for event in found(cast, reader) if event.kind != "accessevent"]
        return sorted((event.user_id, event.object_ids, event.family_ids or []) for event in rows)

    of_ours = [(neighbour.pk, [], []), (neighbour.pk, [ours.pk], []), (member.pk, [], [ours.pk])]
    of_theirs = [(neighbour.pk, [theirs.pk], []), (member.pk, [], [theirs.pk])]
    assert seen("auditor") == seen("director") == sorted(of_ours)
    assert seen("other_auditor") == sorted(of_theirs + of_ours[:2])
    assert seen("head") == seen("foreign_head") == []
    assert found(cast, "auditor", kind="family")[-1] == card


@pytest.mark.requirement("L20")
def test_own_events_and_those_of_others_are_one_list_each_part_found_by_its_index(cast: Cast) -> None:
    family = household(department=cast.department)
    for number in range(70):
        reader = cast.specialist if number % 3 else cast.other_specialist
        record_for(reader, AccessAction.VIEW, "visit", object_id=number, family_id=family.pk)
    client = client_of(cast.auditor)
    first = client.get(URL, {"kind": "visit"}).context
    second = client.get(URL, {"kind": "visit", "cursor": first["page"].next_cursor}).context
    back = client.get(URL, {"kind": "visit", "cursor": second["page"].previous_cursor}).context
    numbers = [[event.object_id for event in shown["page"].rows] for shown in (first, second, back)]
    assert numbers == [list(range(69, 19, -1)), list(range(19, -1, -1)), list(range(69, 19, -1))]
    assert str(first["total"]) == "70"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = [
            part.order_by("-at", "-id")[:51].explain()
            for part in AccessEvent.objects.parts_visible_to(User.objects.get(pk=cast.auditor.pk))
        ]
    for plan, index in zip(plans, ("access_by_institution", "access_by_object_institution"), strict=True):
        assert f"using {index} " in plan
        assert "Sort" not in plan


@pytest.mark.requirement("L20")
@pytest.mark.parametrize("reader", ["specialist", "head", "director", "auditor"])
def test_the_page_costs_the_same_with_two_rows_and_with_fifty(cast: Cast, reader: str) -> None:
    client = client_of(cast.people[reader])
    client.get(URL)
    costs = []
    for _ in range(2):
        for name in ("specialist", "colleague") * 12:
            record_for(User.objects.get(pk=cast.people[name].pk), AccessAction.VIEW, "family", object_id=1)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def named_in(response: Any) -> list[list[tuple[str, str, str]]]:
    return [[(item.number, item.name, item.url) for item in row["names"]] for row in response.context["rows"]]


def test_objects_are_named_as_far_as_the_reader_may_open_them(cast: Cast) -> None:
    case = case_at(Stage.ACTIVE, family=household(department=cast.department), curator=cast.specialist)
    family = case.family
    actor = User.objects.get(pk=cast.specialist.pk)
    record_for(actor, AccessAction.VIEW, "supportcase", object_id=case.pk, family_id=family.pk)
    record_for(actor, AccessAction.VIEW, "visit", object_id=168, family_id=family.pk)
    card, page = reverse("families:card", args=[family.pk]), reverse("casework:case", args=[case.pk])

    seen = client_of(cast.head).get(URL)
    assert named_in(seen) == [[(family.registry_number, family.title, card)], [(case.number, family.title, page)]]
    assert "168" not in seen.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    assert f'href="{page}"' in seen.content.decode()

    unseen = client_of(cast.auditor).get(URL)
    assert [names for names in named_in(unseen) if names][-2:] == [
        [(family.registry_number, "", "")],
        [(case.number, "", "")],
    ]
    assert family.title not in unseen.content.decode()

    restrict(actor=cast.head, family=family, people=[cast.head], reason="Угроза ребёнку")
    assert named_in(client_of(cast.head).get(URL))[-1] == [(case.number, "", page)]


def test_a_paper_is_named_by_its_title_and_the_families_it_tells_of(cast: Cast) -> None:
    family = household(department=cast.department)
    paper = IssuedDocumentFactory.create(
        institution=cast.institution, title="Акт посещения семьи", number="4/2026", issued_on=date(2026, 3, 1)
    )
    actor = User.objects.get(pk=cast.specialist.pk)
    record_for(actor, AccessAction.DOWNLOAD, "issueddocument", object_id=paper.pk, family_id=family.pk)
    titled = "Акт посещения семьи №\xa04/2026, 01.03.2026"
    card = reverse("families:card", args=[family.pk])
    assert named_in(client_of(cast.head).get(URL)) == [[("", titled, ""), (family.registry_number, family.title, card)]]
    own = client_of(cast.head).get(reverse("families:readers", args=[family.pk])).context["rows"]
    assert [[item.name for item in row["names"]] for row in own if row["event"].kind == "issueddocument"] == [[titled]]


def test_families_told_of_are_counted_as_families(cast: Cast) -> None:
    keys = [household(department=cast.department).pk for _number in range(2)]
    actor = User.objects.get(pk=cast.specialist.pk)
    record_for(actor, AccessAction.VIEW, "councilsession", object_id=1, family_ids=keys)
    page = client_of(cast.head).get(URL).content.decode()
    assert "заседание: 2 семьи" in page
    assert "2 записи" not in page


def test_a_list_that_was_looked_through_names_its_first_rows(cast: Cast) -> None:
    families = [household(department=cast.department) for _number in range(7)]
    actor = User.objects.get(pk=cast.specialist.pk)
    client = client_of(cast.head)

    def cost(count: int) -> int:
        record_for(actor, AccessAction.LIST, "family", object_ids=[family.pk for family in families[:count]])
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    cost(1)
    assert cost(1) == cost(7)
    [row] = [row for row in client.get(URL).context["rows"] if row["total"] == 7]
    assert [item.number for item in row["names"]] == [family.registry_number for family in families[:5]]
    assert row["is_cut"]
    assert "7 записей" in client.get(URL).content.decode()


@pytest.mark.requirement("X8")
def test_a_change_of_access_is_told_in_words_with_the_names_of_the_unit(cast: Cast) -> None:
    """A grant is written down as a code with ids; people read to whom and why, a name only of those of their unit."""
    family = household(department=cast.department)
    for user in (cast.neighbour, cast.other_specialist):
        granted(family, user, reason=GrantReason.AGENDA, actor=cast.head, source="councils.session:3")
    revoke(family=family, actor=cast.head, user=cast.neighbour, reason=GrantReason.AGENDA)
    revoke(family=family, actor=cast.head, reason=GrantReason.AGENDA)

    def reasons(reader: User, path: str = URL) -> list[str]:
        rows = client_of(reader).get(path).context["rows"]
        return [row["reason"] for row in rows if row["event"].kind == "familygrant"]

    why = "ведёт заседание, на котором рассматривают семью"
    name = str(cast.neighbour)
    told = [
        f"доступ закрыт тем, кому был открыт ({why})",
        f"доступ закрыт: {name} ({why})",
        f"доступ открыт: другой сотрудник ({why})",
        f"доступ открыт: {name} ({why})",
    ]
    assert reasons(cast.auditor) == told
    # Also of somebody of the reader's own unit, whom a specialist may not look after.
    record_for(cast.specialist, AccessAction.SECURITY, "familygrant", reason=f"+HEAD user:{cast.colleague.pk}")
    assert reasons(cast.specialist) == [f"доступ открыт: другой сотрудник ({GrantReason.HEAD.label})"]
    assert reasons(cast.head, reverse("families:readers", args=[family.pk])) == [
        line.replace(name, "другой сотрудник") for line in told
    ]


def test_the_empty_journal_says_so(cast: Cast) -> None:
    page = client_of(cast.specialist).get(reverse("journal"))
    assert page.context["rows"] == []
    assert 'class="empty"' in page.content.decode()


def test_kinds_are_named_by_their_models() -> None:
    assert kind_title("user") == str(User._meta.verbose_name)
    assert kind_title("gone") == "gone"


def test_a_kind_that_nobody_could_read_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="no kind 'familly'"):
        record_for(cast.specialist, AccessAction.VIEW, "familly", object_id=7)
