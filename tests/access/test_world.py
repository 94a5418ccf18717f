"""The world is whole: every text of every personal record is a token, every relation of the families occurs."""

import pytest
from django.db.models import DateField, DecimalField, Model

from families.personal_data import registered
from tests.access.domains import FAMILY, Relation, Role
from tests.access.routes import room_files
from tests.access.tokenizing import OF_A_STATE, personal_models, records_of, text_fields, texts_of
from tests.access.worlds import World

pytestmark = pytest.mark.django_db
# Relations that other rooms' records make: a session's candidates, a referral, and the deputies' own.
MADE_ELSEWHERE = {
    Relation.CANDIDATE,
    Relation.ADDRESSED,
    Relation.DEPUTY_IN_FORCE,
    Relation.DEPUTY_EXPIRED,
}


def furnished() -> set[str]:
    """The models of the rooms that furnish families."""
    rooms = [room for room in room_files() if hasattr(room, "furnish")]
    return {label for room in rooms for label in getattr(room, "OBJECTS", {}) if label.count(".") == 1}


def records(world: World) -> list[Model]:
    return records_of(world.subject("own").family)


def test_a_family_has_a_record_of_every_personal_model(world: World) -> None:
    labels = {model._meta.label for model in personal_models()} & furnished()
    assert labels - {row._meta.label for row in records(world)} == {"families.FamilyGrant"}
    assert "families.FamilyGrant" in {row._meta.label for row in records_of(world.subject("team").family)}


def test_every_text_of_a_family_is_a_token(world: World) -> None:
    bare = [
        f"{row._meta.label}.{place.name}"
        for row in records(world)
        for place in texts_of(row)
        if not world.tokens.found_in(f"{getattr(row, place.name)}")
    ]
    assert bare == []


def test_the_world_has_a_record_in_every_state_that_has_a_text(world: World) -> None:
    assert OF_A_STATE - {token.field for token in world.tokens} == set()


def test_fields_named_as_personal_carry_tokens_or_are_dates_and_codes() -> None:
    plain = {
        f"{row.model._meta.label}.{name}"
        for row in registered()
        for name in row.fields
        if row.model._meta.get_field(name) not in text_fields(row.model)
        and not isinstance(row.model._meta.get_field(name), DateField | DecimalField)
        and not row.model._meta.get_field(name).choices  # type: ignore[union-attr]
    }
    # The number of a decision names no person; the income per head is derived from the total by the database.
    assert plain <= {"families.FamilyStatus.decision_number", "families.IncomeRecord.per_capita"}


def test_no_two_texts_are_the_same_token(world: World) -> None:
    texts = [token.text for token in world.tokens]
    assert len(texts) == len(set(texts)) > 2000


@pytest.mark.parametrize("role", Role)
def test_every_relation_of_the_table_occurs(world: World, role: Role) -> None:
    there = {subject.relations[role] for subject in world.of_kind("family")}
    assert set(FAMILY[role]) - there <= MADE_ELSEWHERE


def test_tokens_are_found_however_they_are_written(world: World) -> None:
    token = next(token for token in world.tokens if token.field == "families.Person.last_name")
    for written in (token.text, token.text.upper(), f"«{token.text}»", f"{token.text[:-1]}ой", f"x{token.text}"[1:]):
        assert world.tokens.found_in(written) == {token}
    digits, phone = next(
        (digits, token) for digits, token in world.tokens.by_digits.items() if token.field == "families.Person.phone"
    )
    for written in (f"+7{digits}", f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"):
        assert world.tokens.found_in(written) == {phone}
