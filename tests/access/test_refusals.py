"""Forms sent by those who may not, in every relation that is refused.

The walk sends a form in one relation of each answer of the table, and what only takes in all of them; here forms are
sent in the others. They are what a person who may would send, so that nothing but the right is missing.
"""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access.domains import Role
from tests.access.routes import Route, table
from tests.access.test_walk import Samples, one_of_a_relation, one_of_an_answer, sample_of, subjects_of
from tests.access.walk import WRITTEN_ALWAYS, Walker, led_back, prepare, watched
from tests.access.worlds import Subject, World

pytestmark = pytest.mark.django_db

FORMS = [(turn, route) for turn, route in enumerate(table()) if {"GET", "POST"} <= {*route.methods} and route.at]


@pytest.fixture(scope="module")
def samples(world: World) -> Samples:
    """For each form about something: what a person who may would send."""
    walkers = [Walker(world, world.lead(role)) for role in Role]
    return {route: sample_of(walkers, route) for _turn, route in FORMS}


def refused(walker: Walker) -> Iterator[tuple[Route, Subject]]:
    """Each form with one subject of every relation in which the table refuses it, but for those of the walk."""
    for turn, route in FORMS:
        subjects = one_of_a_relation(walker.actor, subjects_of(walker.world, route))
        walked = one_of_an_answer(walker, route, subjects, turn)
        for subject in subjects:
            fact = walker.expected(route, subject)
            if subject is not None and subject not in walked and fact is not None and not fact.shows:
                yield route, subject


@pytest.mark.requirement("X1", "L21")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_a_form_of_who_may_not_changes_nothing(world: World, samples: Samples, role: Role) -> None:
    walker = Walker(world, world.lead(role))
    faults = []
    for route, subject in refused(walker):
        walker.give_needed_reason(subject)
        with transaction.atomic():
            prepare(route, subject)
            path = reverse(route.name, args=subject.ids[route.at])
            with watched() as traces:
                answer = walker.client.post(path, samples[route])
            changed = world.changed(traces.written - WRITTEN_ALWAYS)
            is_refused = answer.status_code in {403, 404} or (route.state and led_back(answer))
            if changed or not is_refused:
                faults.append(f"{role}: {route.name} of {subject.key}: {answer.status_code}, wrote {changed}")
            transaction.set_rollback(True)
    assert not faults, "\n".join(faults)
