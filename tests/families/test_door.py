"""The access table against the pages of this room: every role in every relation to a family, by unique tokens."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Appointment, User
from families import services
from families.enums import GrantReason
from families.models import Category, Consent, Family, FamilyStatement
from tests import tokens
from tests.access.domains import Action, Fields, Relation, Role, relations_of
from tests.access.oracle import Fact, Outcome, load
from tests.cast import Cast, client_of
from tests.factories.accounts import deputy_of
from tests.factories.families import (
    ConsentFactory,
    FamilyCategoryFactory,
    FamilyStatementFactory,
    IncomeRecordFactory,
    granted,
    household,
)

pytestmark = pytest.mark.django_db
ORACLE = load()
DAY = datetime.timedelta(days=1)
N = Relation
ELSEWHERE = {
    N.OTHER_INSTITUTION: "other_department",
    N.OTHER_REGION: "foreign_department",
    N.INSTITUTION: "second_department",
    N.REGION: "other_department",
}
# Live reason, and whether it lets write; the end is counted from today, None for no end.
GRANTS: dict[Relation, tuple[GrantReason, bool, int | None]] = {
    N.OWN_TEAM: (GrantReason.CASE_TEAM, True, None),
    N.REGISTERED: (GrantReason.REGISTERED, True, 30),
    N.HANDOVER: (GrantReason.HANDOVER, False, 0),
    N.FORMER: (GrantReason.HANDOVER, False, -1),
    N.CLOSED_RECENT: (GrantReason.HANDOVER, False, 0),
    N.CLOSED_OLD: (GrantReason.HANDOVER, False, -1),
    N.CLOSED_GRANTED: (GrantReason.HEAD, False, None),
    N.SAMPLE_GRANTED: (GrantReason.AUDIT, False, 0),
    N.SAMPLE_EXPIRED: (GrantReason.AUDIT, False, -1),
}
AGENDA: dict[Relation, int] = {N.AGENDA_BEFORE: 30, N.AGENDA_DURING: 0, N.AGENDA_AFTER: -1}
WITHOUT_CURATOR = {N.REGISTERED, N.CLOSED, N.CLOSED_RECENT, N.CLOSED_OLD, N.CLOSED_GRANTED}


@dataclass
class Scene:
    """A family, and a person who stands to it in some relation."""

    cast: Cast
    role: Role
    relation: Relation
    user: User = field(init=False)
    family: Family = field(init=False)
    client: Client = field(init=False)
    consent: Consent = field(init=False)
    statement: FamilyStatement = field(init=False)

    def __post_init__(self) -> None:
        lead = self.cast.by_role()[self.role]
        self.user, post = self._person(lead)
        self._build(lead)
        self.client = client_of(self.user, post)
        if self.family.is_restricted or self.role is Role.AUDITOR:
            reason = reverse("families:reason", args=[self.family.pk])
            self.client.post(reason, {"reason": "готовлюсь к посещению"})

    def _person(self, lead: User) -> tuple[User, Appointment | None]:
        """The person of the role, or somebody who stands in for them, still or no longer."""
        if self.relation not in {N.DEPUTY_IN_FORCE, N.DEPUTY_EXPIRED}:
            return lead, None
        principal = lead.appointments.get()
        today = principal.local_today()
        ends = today if self.relation is N.DEPUTY_IN_FORCE else today - DAY
        stand_in = self.cast.foreign_head  # has a second factor, and a post of their own elsewhere
        row = deputy_of(principal, user=stand_in, starts_on=today - 9 * DAY, ends_on=ends)
        return stand_in, row if self.relation is N.DEPUTY_IN_FORCE else None

    def _build(self, lead: User) -> None:
        department = getattr(self.cast, ELSEWHERE.get(self.relation, "department"))
        own = self.role is Role.SPECIALIST and self.relation in {N.OWN, N.DEPUTY_IN_FORCE, N.DEPUTY_EXPIRED}
        keeper = lead if own else self.cast.colleague
        self.family = household(
            department=department,
            curator=None if self.relation in WITHOUT_CURATOR else keeper,
            registered_by=lead if self.relation is N.REGISTERED else self.cast.colleague,
            title=tokens.word("door.title"),
            housing_note=tokens.word("door.housing"),
            precinct=self.cast.precinct if self.relation is N.OWN_PRECINCT else None,
        )
        mother = self.family.memberships.get(is_head=True)
        IncomeRecordFactory.create(family=self.family, total="123456.78", members_counted=1)
        FamilyCategoryFactory.create(
            family=self.family, category=Category.objects.get(code="REFUSAL_RISK"), note=tokens.word("door.health")
        )
        self.consent = ConsentFactory.create(
            family=self.family, subject=mother.person, purpose=tokens.word("door.consent")
        )
        self.statement = FamilyStatementFactory.create(
            family=self.family, given_by=mother.person, text=tokens.word("door.statement")
        )
        self._grant(lead)

    def _grant(self, lead: User) -> None:
        today = self.family.institution.today()
        if self.relation in GRANTS:
            reason, writes, days = GRANTS[self.relation]
            ends = None if days is None else today + days * DAY
            granted(self.family, lead, reason, starts_on=today - 9 * DAY, ends_on=ends, may_write=writes)
        if self.relation in AGENDA or (self.role is Role.COUNCIL_SECRETARY and self.relation in DEPUTY):
            ends = today + AGENDA.get(self.relation, 30) * DAY
            granted(self.family, lead, GrantReason.AGENDA, starts_on=today - 9 * DAY, ends_on=ends)
        if self.relation in {N.RESTRICTED_NAMED, N.RESTRICTED_UNNAMED}:
            people = [lead] if self.relation is N.RESTRICTED_NAMED else []
            services.restrict(actor=self.cast.director, family=self.family, reason="усыновление", people=people)

    @cached_property
    def card(self) -> Any:
        return self.get("card")

    def get(self, name: str, *args: int) -> Any:
        return self.client.get(reverse(f"families:{name}", args=args or [self.family.pk]))

    def post(self, name: str, data: dict[str, Any] | None = None, *args: int) -> Any:
        return self.client.post(reverse(f"families:{name}", args=args or [self.family.pk]), data or {})


DEPUTY = {N.DEPUTY_IN_FORCE, N.DEPUTY_EXPIRED}


def text_of(response: Any) -> str:
    return str(response.content.decode()) if response.status_code == 200 else ""


def status(response: Any) -> Outcome:
    if response.status_code in {200, 302}:
        return Outcome.ALLOW
    return {403: Outcome.DENY403, 404: Outcome.DENY404}[response.status_code]


def shows(response: Any, token: str, *, missing: Outcome = Outcome.DENY403) -> Outcome:
    """Whether a page shows the token; a page that opens without it refuses the part of the family."""
    found = status(response)
    return missing if found is Outcome.ALLOW and token not in text_of(response) else found


def part_of_card(token: str) -> Callable[[Scene], Outcome]:
    return lambda scene: shows(scene.card, token)


def searched(scene: Scene) -> Outcome:
    response = scene.client.post(reverse("families:search"), {"q": scene.family.title})
    if response.status_code != 302:
        return status(response)
    link = reverse("families:card", args=[scene.family.pk])
    return shows(scene.client.get(response.url), link, missing=Outcome.LIST_WITHOUT)


def named(scene: Scene) -> Outcome:
    response = scene.client.get(reverse("families:names"))
    if status(response) is not Outcome.ALLOW:
        return status(response)
    text = text_of(response)
    assert scene.family.registry_number not in text
    assert reverse("families:card", args=[scene.family.pk]) not in text
    return Outcome.FIELDS if scene.family.title in text else Outcome.LIST_WITHOUT


def registering(scene: Scene) -> Outcome:
    return status(scene.client.get(reverse("families:new")))


def found_elsewhere(scene: Scene) -> Outcome:
    """What the check for duplicates tells somebody who enters the same person again."""
    person = scene.family.memberships.get(is_head=True).person
    response = scene.client.post(reverse("families:new"), new_family(person))
    if status(response) is not Outcome.ALLOW:
        return status(response)
    if person.full_name not in text_of(response).split('id="new-family"')[0]:
        return Outcome.LIST_WITHOUT
    shown = text_of(response)
    assert scene.family.institution.short_name in shown
    assert str(person.birth_date.year) in shown
    assert scene.family.registry_number not in shown
    assert tokens.word("door.housing") not in shown
    return Outcome.FIELDS


def new_family(person: Any) -> dict[str, Any]:
    return {
        "registered_on": "01.11.2026",
        "submission": "0b8b8a51-96b4-4f5e-9d52-000000000001",
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-last_name": person.last_name,
        "members-0-first_name": person.first_name,
        "members-0-patronymic": person.patronymic,
        "members-0-sex": person.sex,
        "members-0-birth_date": person.birth_date.isoformat(),
        "members-0-role": "MOTHER",
    }


ASK: dict[tuple[str, Action], Callable[[Scene], Outcome]] = {
    ("family_card", Action.READ): lambda scene: shows(scene.card, tokens.word("door.housing")),
    ("family_card", Action.LIST): searched,
    ("family_card", Action.CREATE): registering,
    ("family_card", Action.WRITE): lambda scene: status(scene.post("edit")),
    ("family_members", Action.WRITE): lambda scene: status(scene.post("member_new")),
    ("family_income", Action.READ): part_of_card("123 456,78".replace(" ", "\xa0")),
    ("special_category", Action.READ): part_of_card(tokens.word("door.health")),
    ("family_statement", Action.READ): lambda scene: shows(
        scene.get("statement", scene.statement.pk), tokens.word("door.statement")
    ),
    ("family_statement", Action.WRITE): lambda scene: status(scene.post("statement_new")),
    ("consent", Action.READ): lambda scene: shows(scene.get("consent", scene.consent.pk), tokens.word("door.consent")),
    ("consent", Action.WRITE): lambda scene: status(scene.post("consent_new")),
    ("restricted_mark", Action.WRITE): lambda scene: status(scene.get("restrict")),
    ("restricted_mark", Action.APPROVE): lambda scene: status(scene.get("unrestrict")),
    ("family_grant", Action.READ): lambda scene: status(scene.get("grants")),
    ("card_readers", Action.READ): lambda scene: status(scene.get("readers")),
    ("family_directory", Action.LIST): named,
    ("duplicate_elsewhere", Action.LIST): found_elsewhere,
}


# What is found elsewhere is not found at home.
ONLY: dict[str, set[Relation]] = {"duplicate_elsewhere": {N.OTHER_INSTITUTION, N.OTHER_REGION}}


def asked(name: str, action: Action, role: Role, relation: Relation) -> Fact | None:
    """The fact of the table that the scene can show, None where it shows none."""
    known = relations_of(name, action, role)
    if relation in known:
        return ORACLE.fact(name, action, role, relation) if relation in ONLY.get(name, {relation}) else None
    return ORACLE.fact(name, action, role, N.NEW) if N.NEW in known and relation not in DEPUTY else None


def expected(fact: Fact, card: Fact) -> set[Outcome]:
    """The outcomes that keep the rule.

    The reason is given beforehand, so what opens with a reason opens; one's own actions are a page; and a part that is
    refused as unknown to somebody who reads the card may as well be refused openly (style rule 5). Whoever stood in for
    somebody works in their own post again, whose lists open without the family.
    """
    if fact.outcome is Outcome.ALLOW_WITH_REASON or fact.fields is Fields.OWN_ACTIONS:
        return {Outcome.ALLOW}
    if fact.outcome is Outcome.DENY404 and card.shows and fact.key.object != "family_card":
        return {Outcome.DENY404, Outcome.DENY403}
    if fact.key.relation is N.DEPUTY_EXPIRED and fact.outcome is Outcome.DENY403:
        return {Outcome.DENY403, Outcome.LIST_WITHOUT}
    return {fact.outcome}


def relations() -> list[tuple[Role, Relation]]:
    pairs = {(role, relation) for role in Role for relation in relations_of("family_card", Action.READ, role)}
    return sorted((role, relation) for role, relation in pairs if role is not Role.ANONYMOUS)


@pytest.mark.requirement("X1", "S3-9")
@pytest.mark.parametrize(("role", "relation"), relations(), ids=str)
def test_pages_answer_as_the_access_table_says(cast: Cast, role: Role, relation: Relation) -> None:
    scene = Scene(cast, role, relation)
    card = ORACLE.fact("family_card", Action.READ, role, relation)
    wrong = []
    for (name, action), ask in ASK.items():
        fact = asked(name, action, role, relation)
        if fact is not None and (found := ask(scene)) not in expected(fact, card):
            wrong.append(f"{fact.key}: {found}, not {fact.outcome} (line {fact.line}: {fact.source})")
    assert not wrong, "\n".join(wrong)


def test_whoever_has_not_signed_in_is_led_to_the_sign_in_page(cast: Cast) -> None:
    family = household(department=cast.department)
    for name in ("card", "history", "readers", "edit"):
        response = Client().get(reverse(f"families:{name}", args=[family.pk]))
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("account_login"))
