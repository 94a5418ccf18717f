"""The world the access table is judged in: the cast, a family for every relation, and what belongs to units and people.

Each family is a whole household with a case and everything that can hang on it (`furnish` of the rooms), and each text
of it is a token. One world holds them all at once, so that a list is asked once and judged for every family.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Model

from accounts.models import Appointment, User
from families import services
from families.enums import GrantReason
from families.models import Family
from families.services.samples import SOURCE as SAMPLE_SOURCE
from tests.access.domains import Relation, Role
from tests.access.routes import room_files
from tests.access.tokenizing import Tokenizer, Tokens, records_of
from tests.cast import Cast, build_cast
from tests.factories.accounts import AppointmentFactory, UserFactory, deputy_of
from tests.factories.families import granted, household
from tests.factories.partners import ContactPersonFactory

DAY: Final = datetime.timedelta(days=1)
N, R = Relation, Role
FAMILY, UNIT, PERSON = "family", "unit", "person"
# A form's key is taken before the page asks for the right, and given back with the refusal.
KEYS_OF_FORMS: Final = frozenset({"records_formsubmission"})
STAFF: Final = (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR, R.DUTY_OFFICER)
COUNCIL: Final = (R.COUNCIL_SECRETARY, R.COUNCIL_MEMBER, R.COUNCIL_CHAIR)
NAMED_ROLES: Final = (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR, R.COUNCIL_SECRETARY, R.AUDITOR)
REGIONAL: Final = (R.MINISTRY, R.RESOURCE_CENTRE, R.REGION_ADMIN)


@dataclass(frozen=True, slots=True)
class Spec:
    """How a family of the world stands: its unit, its curator, whether closed or restricted, and to whom it is open.

    A grant is (person, reason, whether it lets write, its last day counted from today or None).
    """

    department: str = "department"
    curator: str | None = "colleague"
    registered_by: str = "colleague"
    precinct: bool = False
    closed: bool = False
    with_case: bool = True
    named: tuple[str, ...] | None = None
    grants: tuple[tuple[str, GrantReason, bool, int | None], ...] = ()
    relations: tuple[tuple[Role, Relation], ...] = ()


G = GrantReason
CLOSED: Final[dict[str, Any]] = {"closed": True}
FAMILIES: Final[dict[str, Spec]] = {
    "own": Spec(curator="specialist", relations=((R.SPECIALIST, N.OWN), (R.CONTRACT_SPECIALIST, N.AUTHORITY))),
    "team": Spec(grants=(("specialist", G.CASE_TEAM, True, None),), relations=((R.SPECIALIST, N.OWN_TEAM),)),
    "registered": Spec(
        curator=None,
        registered_by="specialist",
        with_case=False,
        grants=(("specialist", G.REGISTERED, True, 30),),
        relations=((R.SPECIALIST, N.REGISTERED),),
    ),
    "precinct": Spec(precinct=True, relations=((R.SPECIALIST, N.OWN_PRECINCT),)),
    "handover": Spec(grants=(("specialist", G.HANDOVER, False, 0),), relations=((R.SPECIALIST, N.HANDOVER),)),
    "former": Spec(grants=(("specialist", G.HANDOVER, False, -1),), relations=((R.SPECIALIST, N.FORMER),)),
    "department": Spec(),
    "institution": Spec(department="second_department", curator="neighbour"),
    "elsewhere": Spec(
        department="other_department", curator="other_specialist", grants=(("other_secretary", G.AGENDA, False, 30),)
    ),
    "foreign": Spec(
        department="foreign_department",
        curator="foreign_specialist",
        grants=(("specialist", G.HANDOVER, False, 0), ("secretary", G.AGENDA, False, 30)),
    ),
    "restricted_named": Spec(curator="specialist", named=("specialist", "head", "director", "secretary", "auditor")),
    "restricted_unnamed": Spec(named=()),
    "closed": Spec(**CLOSED),
    "closed_recent": Spec(
        **CLOSED,
        curator="specialist",
        grants=(("specialist", G.HANDOVER, False, 0),),
        relations=((R.SPECIALIST, N.CLOSED_RECENT),),
    ),
    "closed_old": Spec(
        **CLOSED,
        curator="specialist",
        grants=(("specialist", G.HANDOVER, False, -1), ("secretary", G.AGENDA, False, 30)),
        relations=((R.SPECIALIST, N.CLOSED_OLD), *((role, N.AGENDA_DURING) for role in COUNCIL)),
    ),
    "closed_granted": Spec(
        **CLOSED, grants=(("specialist", G.HEAD, False, None),), relations=((R.SPECIALIST, N.CLOSED_GRANTED),)
    ),
    "agenda_before": Spec(
        grants=(("secretary", G.AGENDA, False, 30),), relations=tuple((role, N.AGENDA_BEFORE) for role in COUNCIL)
    ),
    "agenda_during": Spec(
        curator="specialist",
        grants=(("secretary", G.AGENDA, False, 0),),
        relations=((R.SPECIALIST, N.OWN), *((role, N.AGENDA_DURING) for role in COUNCIL)),
    ),
    "agenda_beside": Spec(
        department="second_department",
        curator="neighbour",
        grants=(("secretary", G.AGENDA, False, 30),),
        relations=(
            *((role, N.INSTITUTION) for role in (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DUTY_OFFICER)),
            *((role, N.AGENDA_DURING) for role in COUNCIL),
        ),
    ),
    "agenda_after": Spec(
        grants=(("secretary", G.AGENDA, False, -1),), relations=tuple((role, N.AGENDA_AFTER) for role in COUNCIL)
    ),
    "sample": Spec(grants=(("auditor", G.AUDIT, False, 0),), relations=((R.AUDITOR, N.SAMPLE_GRANTED),)),
    "sample_expired": Spec(grants=(("auditor", G.AUDIT, False, -1),), relations=((R.AUDITOR, N.SAMPLE_EXPIRED),)),
}
# The subjects of the person stood in for, by which a deputy is judged; or of the post that somebody has left.
PRINCIPALS: Final[dict[Role, tuple[str, ...]]] = {
    R.SPECIALIST: ("own", "session drafted", "report_specialist own"),
    R.DEPARTMENT_HEAD: ("department", "session drafted", "report_department own"),
    R.DIRECTOR: ("institution", "session drafted", "report_institution_draft own"),
    R.COUNCIL_SECRETARY: ("agenda_during", "session drafted"),
    R.COUNCIL_MEMBER: ("agenda_during", "session drafted"),
    R.COUNCIL_CHAIR: ("agenda_during", "session drafted"),
    R.DUTY_OFFICER: ("department",),
    R.CONTRACT_SPECIALIST: ("own",),
}
DEPUTISED: Final = (*STAFF, *COUNCIL)


@dataclass(slots=True)
class Subject:
    """A family, a unit, a session…: what routes are asked about, with the ids that fill their addresses.

    `rows[name]` is the record behind `ids[name]`. `relations` says how it stands to each role; a role that is missing
    is not asked about it.
    """

    kind: str
    key: str
    cast: Cast
    relations: dict[Role, Relation]
    ids: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, row: Model, *more: Any) -> None:
        """Let `at=name` lead to this record; `more` are further arguments of the address."""
        self.rows[name] = row
        self.ids[name] = (row.pk, *more)

    @property
    def family(self) -> Family:
        found: Family = self.rows["family"]
        return found

    @property
    def spec(self) -> Spec:
        """How a family stands; KeyError for other kinds."""
        return FAMILIES[self.key]

    @property
    def today(self) -> datetime.date:
        return self.family.institution.today()


@dataclass(slots=True)
class Actor:
    """Somebody who asks: the person of a role, or who stands in, or stood in, for them."""

    role: Role
    user: User | None
    post: Appointment | None = None
    standing_in: Relation | None = None

    def relation(self, subject: Subject) -> Relation | None:
        """How the subject stands to the actor; None where the table has no such question."""
        if self.standing_in and subject.key in PRINCIPALS[self.role]:
            return self.standing_in
        return subject.relations.get(self.role)

    def is_asked_about(self, subject: Subject | None) -> bool:
        """Who stands in, or stood in, for somebody is asked about that person's subjects alone."""
        if self.standing_in is None:
            return True
        return subject is not None and subject.key in PRINCIPALS[self.role]

    def __str__(self) -> str:
        return f"{self.role.value}{f' {self.standing_in.value}' if self.standing_in else ''}"


@dataclass(slots=True)
class World:
    """The cast, the subjects, their tokens, and whoever asks.

    `by_post` holds rows that people see by their post alone: the model's label, what a row is called, its id.
    """

    cast: Cast
    subjects: list[Subject] = field(default_factory=list)
    tokens: Tokens = field(default_factory=Tokens)
    objects: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    leads: dict[Role, User | None] = field(default_factory=dict)
    by_post: dict[str, dict[str, int]] = field(default_factory=dict)

    def count_rows(self) -> None:
        """Remember how many rows each table has."""
        self.rows = {table: rows_of(table) for table in connection.introspection.table_names()}

    def changed(self, tables: set[str]) -> list[str]:
        """Those of the tables that hold something they did not, or hold it no more."""
        return sorted(table for table in tables if table not in KEYS_OF_FORMS or rows_of(table) != self.rows[table])

    def of_kind(self, kind: str) -> Iterator[Subject]:
        yield from (subject for subject in self.subjects if subject.kind == kind)

    def subject(self, key: str, kind: str = FAMILY) -> Subject:
        return next(subject for subject in self.of_kind(kind) if subject.key == key)

    def tokenize(self, subject: Subject, rows: list[Model], objects: Mapping[str, str] | None = None) -> None:
        """Turn the texts of these records into tokens; `objects` says of which of them the table speaks otherwise."""
        Tokenizer(self.tokens, self.objects | dict(objects or {})).fill(rows, subject.key)
        for row in subject.rows.values():
            if isinstance(row, Model):
                row.refresh_from_db()

    def lead(self, role: Role) -> Actor:
        """The person of a role in the first region."""
        return Actor(role, self.leads[role])

    def deputy(self, role: Role, standing_in: Relation) -> Actor:
        """Somebody without a post of their own who stands in for the person of the role, or did until yesterday."""
        principal = self.cast.by_role()[role].appointments.get()
        today = principal.local_today()
        person = User.objects.get(pk=self.cast.newcomer.pk)  # who has not been asked yet what they may work as
        if standing_in is N.DEPUTY_EXPIRED:
            deputy_of(principal, user=person, starts_on=today - 9 * DAY, ends_on=today - DAY)
            return Actor(role, person, None, standing_in)
        row = deputy_of(principal, user=person, starts_on=today - DAY, ends_on=today)
        return Actor(role, person, row, standing_in)

    def former_contact(self) -> Actor:
        """A contract specialist who was the contact person of the authority of the family "own" until yesterday."""
        return self._contact("own", left_on=self.cast.institution.today() - DAY)

    def contact_abroad(self) -> Actor:
        """A contract specialist whom the authority of another region, of the family "foreign", names as its own."""
        return self._contact("foreign")

    def _contact(self, key: str, **values: Any) -> Actor:
        person = UserFactory.create()
        post = AppointmentFactory.create(user=person, role=R.CONTRACT_SPECIALIST, region=self.cast.region)
        ContactPersonFactory.create(partner=self.subject(key).rows["contract"].authority, user=person, **values)
        return Actor(R.CONTRACT_SPECIALIST, person, post, N.OTHER_AUTHORITY)


def rows_of(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        (count,) = cursor.fetchone()
    return int(count)


def build_world(only: frozenset[str] = frozenset(FAMILIES)) -> World:
    """Write the world to the database; `only` chooses among its families."""
    cast = build_cast()
    Authenticator.objects.create(user=cast.newcomer, type=Authenticator.Type.TOTP, data={"secret": "newcomer"})
    world = World(cast, leads={R.ANONYMOUS: None} | {R(role): user for role, user in cast.by_role().items()})
    for room in room_files():
        world.objects |= getattr(room, "OBJECTS", {})
    for key in FAMILIES:
        if key in only:
            world.subjects.append(_family(world, key))
    for room in room_files():
        if hasattr(room, "subjects"):
            world.subjects += room.subjects(world)
        if hasattr(room, "by_post"):
            world.by_post |= room.by_post(cast)
    world.count_rows()
    return world


def _family(world: World, key: str) -> Subject:
    """A family as its spec says, furnished by every room, then turned into tokens, restricted and opened to people."""
    cast, spec = world.cast, FAMILIES[key]
    person = cast.people
    family = household(
        department=getattr(cast, spec.department),
        curator=person[spec.curator] if spec.curator else None,
        registered_by=person[spec.registered_by],
        precinct=cast.precinct if spec.precinct else None,
        children=1,
    )
    subject = Subject(FAMILY, key, cast, {role: relation_of(role, key) for role in Role})
    subject.add("family", family)
    for room in room_files():
        if hasattr(room, "furnish"):
            room.furnish(subject)
    family.refresh_from_db()
    today = subject.today
    for name, reason, writes, days in spec.grants:
        ends = None if days is None else today + days * DAY
        dates = {"starts_on": today - 9 * DAY, "ends_on": ends}
        if reason is G.AUDIT and ends is not None and ends >= today:
            sample = {"source": f"{SAMPLE_SOURCE}{key}", "note": "проверка", "actor": cast.director}
            subject.add("sample", granted(family, person[name], reason, **dates, **sample))
        else:
            granted(family, person[name], reason, **dates, may_write=writes)
    if spec.named is not None:
        director = cast.director
        services.restrict(actor=director, family=family, reason="усыновление", people=[person[n] for n in spec.named])
    world.tokenize(subject, records_of(family))
    return subject


def relation_of(role: Role, key: str) -> Relation:
    """How a family of the world stands to a role."""
    spec = FAMILIES[key]
    if role in (named := dict(spec.relations)):
        return named[role]
    region = N.OTHER_REGION if key == "foreign" else N.REGION
    if role in REGIONAL:
        return region
    if role in (R.SYSTEM_ADMIN, R.ANONYMOUS):
        return N.ANYWHERE
    if role is R.PARTNER_USER:
        return N.RESTRICTED_UNNAMED if spec.named is not None else N.NOT_ADDRESSED
    if key == "foreign":
        return N.OTHER_REGION
    return _in_region(role, key, spec)


def _in_region(role: Role, key: str, spec: Spec) -> Relation:
    elsewhere = key == "elsewhere"
    if spec.named is not None:
        return N.RESTRICTED_NAMED if key == "restricted_named" and role in NAMED_ROLES else N.RESTRICTED_UNNAMED
    if role in COUNCIL:
        return N.OTHER_BODY if elsewhere else N.NEVER_ON_AGENDA
    if role is R.CONTRACT_SPECIALIST:
        return N.OTHER_AUTHORITY
    if spec.closed and role in {R.DEPARTMENT_HEAD, R.DIRECTOR}:
        return N.CLOSED
    whole = role in {R.DIRECTOR, R.AUDITOR} or key == "institution"
    return N.OTHER_INSTITUTION if elsewhere else N.INSTITUTION if whole else N.DEPARTMENT
