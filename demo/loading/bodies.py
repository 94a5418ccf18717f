"""The bodies of a region with the people who sit in them, from the organisations that the source names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role
from accounts.models import Appointment, Region, User
from common.history import bulk_create_with_history
from common.text import typeset
from councils.enums import SeatRole
from councils.models import Council, CouncilMember
from demo.names import People
from demo.structure import BodyData, RegionData
from partners.models import PartnerOrganisation

SINCE = date(2020, 1, 1)
NO_PASSWORD = "!"  # noqa: S105 - what says that there is none


@dataclass(eq=False)
class Body:
    """A council with its seats at hand; `approves` what puts families on support and takes them off."""

    code: str
    council: Council
    approves: bool
    seats: list[CouncilMember] = field(default_factory=list)

    def seat(self, role: SeatRole) -> CouncilMember:
        return next(seat for seat in self.seats if seat.role == role)

    @property
    def voting(self) -> list[CouncilMember]:
        return [seat for seat in self.seats if seat.may_vote]


def seat_everybody(data: RegionData, region: Region, people: People) -> list[Body]:
    """Write the members of every body; bodies without seats in the source are left out."""
    councils = {row.title: row for row in Council.objects.filter(region=region).select_related("region", "institution")}
    partners = {row.title: row for row in PartnerOrganisation.objects.filter(region=region)}
    approving = data.policy.approving_body.value
    bodies = []
    for source in data.bodies:
        if source.seats:
            council = councils[typeset(source.title)]
            seats = list(_seats(source, council, partners, people))
            bodies.append(Body(source.code, council, source.kind.value == approving, seats))
    bulk_create_with_history([seat for body in bodies for seat in body.seats], actor=None)
    return bodies


def _seats(
    source: BodyData, council: Council, partners: dict[str, PartnerOrganisation], people: People
) -> Iterator[CouncilMember]:
    for place in source.seats:
        person = people.colleague()
        organisation = partners.get(typeset(place.organisation))
        yield CouncilMember(
            council=council,
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            sex=person.sex,
            post=place.post,
            is_deputy_head=place.role == SeatRole.CHAIR and "глав" in place.post.lower(),
            organisation=organisation,
            organisation_title="" if organisation else typeset(place.organisation),
            role=place.role,
            may_vote=place.role != SeatRole.SECRETARY,
            starts_on=SINCE,
        )


def seat_sign_ins(data: RegionData, region: Region, body: Body) -> User:
    """Give the demo's sign-ins their seats in the main body, and its chair an account; return the chair."""
    secretary = User.objects.get(username=f"secretary@{data.code}.demo")
    chair = chair_account(body, region, f"chair@{data.code}.demo", secretary.password)
    member = User.objects.get(username=f"member@{data.code}.demo")
    for seat, user in ((body.seat(SeatRole.SECRETARY), secretary), (body.seat(SeatRole.MEMBER), member)):
        seat.user = user
        seat.last_name, seat.first_name, seat.patronymic = user.last_name, user.first_name, user.patronymic
        seat.save()
    return chair


def chair_account(body: Body, region: Region, login: str, password: str = NO_PASSWORD) -> User:
    """An account for the chair of a body, who signs its minutes in the system."""
    seat = body.seat(SeatRole.CHAIR)
    seat.user = User.objects.create(
        username=login,
        last_name=seat.last_name,
        first_name=seat.first_name,
        patronymic=seat.patronymic,
        post=seat.post,
        password=password,
    )
    seat.save()
    Appointment.objects.create(user=seat.user, role=Role.COUNCIL_CHAIR, region=region, starts_on=SINCE)
    return seat.user
