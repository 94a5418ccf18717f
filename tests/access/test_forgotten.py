"""No condition of a door is there for nothing: whichever is forgotten, somebody is given what is not theirs."""

import pytest

from tests.access.defects import SCOPES, WIDENED, dropped
from tests.access.domains import Role
from tests.access.doors import wrong_doors
from tests.access.forgetting import Met, conditions_of_rooms, doors, name_of
from tests.access.test_controls import scoped_classes
from tests.access.walk import Walker
from tests.access.worlds import World
from tests.factories.partners import ContactPersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def met(world: World) -> Met:
    """What the doors ask when every role has opened them."""
    found = Met()
    for role in Role:
        with found.watching(role):
            assert list(wrong_doors(Walker(world, world.lead(role)))) == []
    return found


def test_every_forgotten_condition_is_noticed(world: World, met: Met) -> None:
    ContactPersonFactory.create(partner=world.subject("team").rows["contract"].authority)
    walkers = {role: [Walker(world, world.lead(role))] for role in Role}
    contacts = [Walker(world, actor) for actor in (world.former_contact(), world.contact_abroad())]
    assert [fault for walker in contacts for fault in wrong_doors(walker)] == []
    walkers[Role.CONTRACT_SPECIALIST] += contacts
    unseen = []
    for defect, roles in met.defects():
        with defect.planted():
            if not any(next(wrong_doors(walker), None) for role in roles for walker in walkers[role]):
                unseen.append(str(defect))
    assert not unseen, "\n".join(unseen)
    assert len(met.roles) > 50


def test_every_condition_of_the_rooms_is_asked(met: Met) -> None:
    """A new `..._q` is opened by somebody here, or has a defect written by hand."""
    by_hand = {name_of(defect.owner, defect.attribute) for defect in WIDENED}
    wanted = {name_of(*door) for door in conditions_of_rooms()}
    assert wanted - met.opened - by_hand == set()


def test_every_scope_of_every_queryset_is_dropped() -> None:
    """Each scope by its own name: a class that has its `visible_to` dropped has not yet its `in_charge`."""
    written = {(owner, scope) for owner in scoped_classes() for scope in SCOPES if scope in vars(owner)}
    assert written - {(defect.owner, defect.attribute) for defect in dropped()} == set()
    assert written - set(doors()) == set()
