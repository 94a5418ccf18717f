"""Every route, asked as every role in every relation, answers as the access table says and shows nothing else."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from tests.access.domains import Relation, Role
from tests.access.doors import wrong_doors
from tests.access.oracle import Outcome
from tests.access.routes import Route, table
from tests.access.walk import Walker
from tests.access.worlds import DEPUTISED, Actor, Subject, World

pytestmark = pytest.mark.django_db

# Texts that no page shows: a cancelled file stands nowhere any more.
NEVER_SHOWN: Final = frozenset({"records.Attachment.cancel_reason"})
# What of a session stands in its papers alone, or on its page in one state and not in another.
ON_PAPERS: Final = frozenset(
    {
        "councils.AgendaItem.heard",
        "councils.AgendaItem.reason",
        "councils.AgendaItem.speaker_name",
        "councils.AgendaItem.spoke",
        "councils.Attendance.absence_reason",
        "councils.Council.established_by",
        "councils.Council.title_genitive",
        "councils.CouncilMember.first_name",
        "councils.CouncilMember.last_name",
        "councils.CouncilMember.organisation_title",
        "councils.CouncilMember.patronymic",
        "councils.CouncilMember.post",
        "councils.CouncilSession.agenda_approved_by",
        "councils.Minutes.correction_reason",
        "councils.Minutes.signatory",
        "councils.MinutesExtract.addressee",
    }
)
# The secretary has none of the forms, papers and the history of changes, in which alone these stand; the specialist of
# an authority reads of a sheet what concerns the contract; no page offers to hang a file on a family without a case.
NOT_SHOWN_TO: Final = {
    Role.SPECIALIST: frozenset({"records.Attachment.description"}),
    Role.CONTRACT_SPECIALIST: frozenset({"contracts.FollowUpSheet.circumstances"}),
    Role.COUNCIL_SECRETARY: frozenset(
        {
            "casework.Assessment.comment",
            "casework.Assessment.conclusion",
            "casework.SocialDiagnosis.verified_how",
            "families.ExternalId.value",
            "families.FamilyMembership.representation_document",
            "families.MemberTrait.document",
            "families.Person.citizenship",
            "families.Person.document_issued_by",
            "families.Person.document_issued_on",
            "families.Person.document_number",
            "families.Person.document_series",
            "families.Person.name_dative",
            "families.Person.name_genitive",
            "families.Person.phone_note",
            "families.Person.snils",
        }
    ),
}
Samples = dict[Route, dict[str, Any]]


@pytest.fixture(scope="module")
def samples(world: World) -> Samples:
    """For each route that takes something: what a person who may would send."""
    walkers = [Walker(world, world.lead(role)) for role in Role]
    return {route: sample_of(walkers, route) for route in table() if "POST" in route.methods}


def sample_of(walkers: list[Walker], route: Route) -> dict[str, Any]:
    """The form of the first page that shows one to somebody who may."""
    found = (walker.sample(route, subject) for walker, subject in those_who_may(walkers, route))
    return next((data for data in found if data is not None), dict(route.data))


def those_who_may(walkers: list[Walker], route: Route) -> Iterator[tuple[Walker, Subject | None]]:
    """People to whom the table allows the route, with a subject, the plainest first."""
    for walker in walkers:
        for subject in subjects_of(walker.world, route):
            fact = walker.expected(route, subject)
            if fact is not None and fact.outcome is Outcome.ALLOW:
                yield walker, subject


def subjects_of(world: World, route: Route) -> list[Subject | None]:
    """The subjects a route can be asked about; one None for a route about nothing in particular."""
    return [subject for subject in world.subjects if route.at in subject.ids] if route.at else [None]


def one_of_a_relation(actor: Actor, subjects: list[Subject | None]) -> list[Subject | None]:
    """The first subject of each relation: the others stand to the actor just so. Sessions differ by their state."""
    found: dict[tuple[Relation | None, str], Subject | None] = {}
    for subject in subjects:
        relation = actor.relation(subject) if subject else None
        if subject is None or relation is not None:
            state = subject.key if subject and subject.kind == "session" else ""
            found.setdefault((relation, state), subject)
    return list(found.values())


def walk(world: World, actor: Actor, samples: Samples) -> Walker:
    """Ask everything: pages and papers in every relation, forms in one relation of each answer, shown and sent."""
    walker = Walker(world, actor)
    for turn, route in enumerate(table()):
        if route.is_list:
            walker.ask_list(route)
            continue
        subjects = one_of_a_relation(actor, subjects_of(world, route))
        if len(route.methods) > 1:
            subjects = one_of_an_answer(walker, route, subjects, turn)
        for subject in subjects:
            for method in route.methods:
                walker.ask(route, subject, method, samples[route] if method == "POST" else None)
    return walker


def one_of_an_answer(walker: Walker, route: Route, subjects: list[Subject | None], turn: int) -> list[Subject | None]:
    """One subject for each answer of the table; each route begins with another one, so that all have their turn."""
    start = turn % max(len(subjects), 1)
    found: dict[Outcome, Subject | None] = {}
    for subject in [*subjects[start:], *subjects[:start]]:
        if (fact := walker.expected(route, subject)) is not None:
            found.setdefault(fact.outcome, subject)
    return list(found.values())


def judged(walker: Walker) -> None:
    """The judgement of a whole walk; the number of cells stands in the report of the run."""
    faults = [*walker.faults, *wrong_doors(walker), *walker.missing_in_lists()]
    assert walker.cells > 100
    assert not faults, "\n".join([f"{len(faults)} faults in {walker.cells} cells:", *faults])


@pytest.mark.requirement("X1", "L21")
@pytest.mark.parametrize("role", Role)
def test_every_route_answers_as_the_table_says(
    world: World, samples: Samples, role: Role, record_property: Callable[[str, object], None]
) -> None:
    walker = walk(world, world.lead(role), samples)
    record_property("cells", walker.cells)
    judged(walker)
    not_shown = walker.not_shown() - NEVER_SHOWN - ON_PAPERS
    assert not_shown <= NOT_SHOWN_TO.get(role, frozenset())


@pytest.mark.parametrize("role", DEPUTISED)
def test_a_deputy_sees_what_the_person_stood_in_for_sees(world: World, role: Role) -> None:
    walker = brief_walk(world, world.deputy(role, Relation.DEPUTY_IN_FORCE))
    judged(walker)


@pytest.mark.parametrize("role", DEPUTISED)
def test_a_deputy_whose_time_is_over_sees_nothing(world: World, role: Role) -> None:
    walker = brief_walk(world, world.deputy(role, Relation.DEPUTY_EXPIRED))
    assert not walker.faults, "\n".join(walker.faults)
    assert walker.found == set()


def brief_walk(world: World, actor: Actor) -> Walker:
    """Ask pages about the subject of the person stood in for, and every list."""
    walker = Walker(world, actor)
    for route in table():
        if route.is_list:
            walker.ask_list(route)
            continue
        for subject in subjects_of(world, route):
            if actor.is_asked_about(subject) and "GET" in route.methods:
                walker.ask(route, subject, "GET")
    return walker


def test_every_text_is_shown_to_somebody_who_may_read_it(world: World) -> None:
    """The union: whoever works with a family finds each of its texts on some page."""
    found = set()
    for role in (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR):
        walker = Walker(world, world.lead(role))
        for route in table():
            subject = world.subject("own")
            if not route.is_list and route.at in subject.ids and "GET" in route.methods:
                walker.ask(route, subject, "GET")
        found |= {token.field for token in walker.found}
    assert {token.field for token in world.tokens if token.owner == "own"} - found == NEVER_SHOWN
