"""The cast: the units and people whom the tests of every room share.

Two regions. In the first one, where most scenes play, an institution with two departments and another institution; in
the second one an institution of its own. A person for each role, a deputy in force and one whose time is over.
Everybody's names, telephone and e-mail are unique tokens (`tests.tokens`), and whoever needs a second factor has one.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.enums import LEVEL_OF_ROLE, Role, UnitLevel
from accounts.models import Appointment, Department, Institution, Precinct, Region, Territory, User
from tests import tokens
from tests.factories.accounts import (
    AppointmentFactory,
    DepartmentFactory,
    InstitutionFactory,
    MunicipalityFactory,
    PrecinctAssignmentFactory,
    PrecinctFactory,
    RegionFactory,
    SettlementFactory,
    UserFactory,
    deputy_of,
)

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    """Who is who. `people` holds everybody by the name of the attribute; `tokens` tells whose a token is.

    region > institution > department, second_department; region > other_institution > other_department;
    foreign_region > foreign_institution > foreign_department.
    """

    region: Region
    institution: Institution
    department: Department
    second_department: Department
    other_institution: Institution
    other_department: Department
    foreign_region: Region
    foreign_institution: Institution
    foreign_department: Department
    municipality: Territory
    settlement: Territory
    precinct: Precinct

    specialist: User
    """Works in `department` and holds `precinct`."""
    colleague: User
    """A specialist of the same department."""
    neighbour: User
    """A specialist of `second_department`."""
    head: User
    second_head: User
    director: User
    secretary: User
    duty_officer: User
    auditor: User
    member: User
    chair: User
    contract_specialist: User
    partner_user: User
    resource_centre: User
    ministry: User
    region_admin: User
    second_region_admin: User
    system_admin: User
    second_system_admin: User

    deputy: User
    """A specialist of `second_department` who stands in for `head` from yesterday to tomorrow."""
    expired_deputy: User
    """Stood in for `head` until yesterday and has no other post."""
    newcomer: User
    """Has an account and no appointment."""
    dismissed: User
    """Has an appointment as a specialist of `department`, but the account is switched off."""

    other_specialist: User
    other_head: User
    other_director: User
    other_secretary: User
    other_auditor: User

    foreign_specialist: User
    foreign_head: User
    foreign_director: User
    foreign_secretary: User
    foreign_member: User
    foreign_ministry: User
    foreign_region_admin: User

    people: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def by_role(self) -> dict[str, User]:
        """The person of each role in the first region."""
        return {role: self.people[name] for name, role in LEAD.items()}


# The people of the first region's institution, one for a role.
LEAD: dict[str, Role] = {
    "specialist": Role.SPECIALIST,
    "head": Role.DEPARTMENT_HEAD,
    "director": Role.DIRECTOR,
    "secretary": Role.COUNCIL_SECRETARY,
    "member": Role.COUNCIL_MEMBER,
    "chair": Role.COUNCIL_CHAIR,
    "duty_officer": Role.DUTY_OFFICER,
    "contract_specialist": Role.CONTRACT_SPECIALIST,
    "partner_user": Role.PARTNER_USER,
    "resource_centre": Role.RESOURCE_CENTRE,
    "ministry": Role.MINISTRY,
    "auditor": Role.AUDITOR,
    "region_admin": Role.REGION_ADMIN,
    "system_admin": Role.SYSTEM_ADMIN,
}

LEVEL_NAMES: dict[str, str] = {
    role: {UnitLevel.SYSTEM: ""}.get(level, level.value.lower()) for role, level in LEVEL_OF_ROLE.items()
}
"""The unit a role is held at, as a field of Appointment; empty for the whole system."""


def client_of(user: User, appointment: Appointment | None = None) -> Client:
    """A browser in which `user` is signed in, working in `appointment` (default: their first one in force)."""
    client = Client()
    client.force_login(user)
    if appointment is not None:
        session = client.session
        session["appointment"] = appointment.pk
        session.save()
    return client


def build_cast() -> Cast:
    """Write the cast to the database; the same every time."""
    units = _units()
    builder = _People(units)
    people = builder.hire()
    cast = Cast(**units, **people, people=people, tokens=builder.tokens)
    PrecinctAssignmentFactory.create(precinct=cast.precinct, specialist=cast.specialist)
    return cast


def _units() -> dict[str, Any]:
    region = RegionFactory.create(code="north", title=f"Область {tokens.word('region')}", time_zone="Asia/Vladivostok")
    foreign_region = RegionFactory.create(code="south", title=f"Край {tokens.word('foreign_region')}")
    institution = _institution("institution", region)
    other_institution = _institution("other_institution", region)
    foreign_institution = _institution("foreign_institution", foreign_region)
    municipality = MunicipalityFactory.create(region=region, title=f"Район {tokens.word('municipality')}")
    settlement = SettlementFactory.create(parent=municipality, title=f"Село {tokens.word('settlement')}")
    institution.municipalities.add(municipality)
    department = _department("department", institution)
    precinct = PrecinctFactory.create(department=department, title=f"Участок {tokens.word('precinct')}")
    precinct.settlements.add(settlement)
    return {
        "region": region,
        "institution": institution,
        "department": department,
        "second_department": _department("second_department", institution),
        "other_institution": other_institution,
        "other_department": _department("other_department", other_institution),
        "foreign_region": foreign_region,
        "foreign_institution": foreign_institution,
        "foreign_department": _department("foreign_department", foreign_institution),
        "municipality": municipality,
        "settlement": settlement,
        "precinct": precinct,
    }


def _institution(name: str, region: Region) -> Institution:
    return InstitutionFactory.create(
        region=region, code=name.replace("_", "-"), short_name=f"Центр «{tokens.word(name)}»"
    )


def _department(name: str, institution: Institution) -> Department:
    return DepartmentFactory.create(
        institution=institution, code=name.replace("_", "-"), title=f"Отделение «{tokens.word(name)}»"
    )


class _People:
    """Hires everybody into `units` and remembers whose token is whose."""

    def __init__(self, units: dict[str, Any]) -> None:
        self.units = units
        self.tokens: dict[str, str] = {}
        self.password = make_password(PASSWORD)
        self.people: dict[str, User] = {}
        self.posts: list[Appointment] = []

    def hire(self) -> dict[str, Any]:
        for name, role in LEAD.items():
            self._appoint(name, role, department="department", institution="institution", region="region")
        self._appoint("colleague", Role.SPECIALIST, department="department")
        self._appoint("neighbour", Role.SPECIALIST, department="second_department")
        self._appoint("second_head", Role.DEPARTMENT_HEAD, department="second_department")
        self._appoint("second_region_admin", Role.REGION_ADMIN, region="region")
        self._appoint("second_system_admin", Role.SYSTEM_ADMIN)
        for prefix in ("other", "foreign"):
            for post, role in (
                ("specialist", Role.SPECIALIST),
                ("head", Role.DEPARTMENT_HEAD),
                ("director", Role.DIRECTOR),
                ("secretary", Role.COUNCIL_SECRETARY),
            ):
                self._appoint(
                    f"{prefix}_{post}", role, department=f"{prefix}_department", institution=f"{prefix}_institution"
                )
        self._appoint("other_auditor", Role.AUDITOR, institution="other_institution")
        self._appoint("foreign_member", Role.COUNCIL_MEMBER, region="foreign_region")
        self._appoint("foreign_ministry", Role.MINISTRY, region="foreign_region")
        self._appoint("foreign_region_admin", Role.REGION_ADMIN, region="foreign_region")
        self._appoint("deputy", Role.SPECIALIST, department="second_department")
        self._person("expired_deputy")
        self._person("newcomer")
        self._appoint("dismissed", Role.SPECIALIST, department="department")
        self.people["dismissed"].is_active = False
        # Every test begins with these people: a statement for all of them, not one for each.
        User.objects.bulk_create(self.people.values())
        Appointment.objects.bulk_create(self.posts)
        self._deputies()
        self._give_second_factors()
        return self.people

    def _person(self, name: str) -> User:
        parts = {part: self._token(name, part) for part in ("last_name", "first_name", "patronymic")}
        phone = f"+7{tokens.digits(f'user:{name}.phone', 10)}"
        email = f"{tokens.digits(f'user:{name}.email', 12)}@example.org"
        self.tokens |= {phone: f"user:{name}.phone", email: f"user:{name}.email"}
        self.people[name] = user = UserFactory.build(
            username=name, password=self.password, phone=phone, email=email, post=self._token(name, "post"), **parts
        )
        return user

    def _token(self, name: str, part: str) -> str:
        place = f"user:{name}.{part}"
        found = tokens.word(place)
        self.tokens[found] = place
        return found

    def _appoint(self, name: str, role: Role, **units: str) -> None:
        """Appoint a new person to `role` at the unit of the role's level, out of the names in `units`."""
        level = LEVEL_NAMES[role]
        unit = {level: self.units[units[level]]} if level else {}
        self.posts.append(AppointmentFactory.build(user=self._person(name), role=role, **unit))

    def _deputies(self) -> None:
        principal = next(post for post in self.posts if post.user == self.people["head"])
        assert principal.institution
        today = principal.institution.today()
        day = timedelta(days=1)
        deputy_of(principal, user=self.people["deputy"], starts_on=today - day, ends_on=today + day)
        former = self.people["expired_deputy"]
        deputy_of(principal, user=former, starts_on=today - 10 * day, ends_on=today - day)

    def _give_second_factors(self) -> None:
        deputy = self.people["deputy"], self.people["expired_deputy"]
        needing = {post.user.username: post.user for post in self.posts if post.needs_second_factor}
        needing |= {user.username: user for user in deputy}
        Authenticator.objects.bulk_create(
            Authenticator(user=user, type=Authenticator.Type.TOTP, data={"secret": name})
            for name, user in needing.items()
        )
