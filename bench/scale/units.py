"""Two regions, a hundred institutions with their departments, and the people who work there."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from accounts.enums import Role, SettlementKind, TerritoryKind
from accounts.models import Appointment, Department, Institution, Region, RegionPolicy, Territory, User
from bench.scale.filling import Filling
from bench.scale.names import GIVEN, PATRONYMICS, SURNAMES
from bench.scale.plan import CURATORS, DEPARTMENTS, INSTITUTIONS, YEARS

SECOND_REGION_FROM = 96
"""Institutions from this number on belong to the second region: lists of the first must not reach them."""
SETTLEMENTS = 600
REGION_ROLES = (Role.MINISTRY, Role.RESOURCE_CENTRE, Role.AUDITOR, Role.REGION_ADMIN)


def load_units(filling: Filling) -> None:
    """Units by the models, for they are few; `scale_staff` and `scale_settlement` tell the next steps who is where."""
    regions = [
        Region.objects.create(
            code=f"scale-{number}",
            title=f"{title} область",
            authority_title="Министерство",
            time_zone="Europe/Moscow",
        )
        for number, title in ((1, "Большая"), (2, "Малая"))
    ]
    since = filling.plan.today - timedelta(days=(YEARS + 1) * 365)
    for region in regions:
        RegionPolicy.objects.create(region=region, valid_from=since)
    settlements = _settlements(regions)
    institutions = Institution.objects.bulk_create(
        Institution(
            region=regions[number >= SECOND_REGION_FROM],
            code=f"scale-{number:03}",
            full_name=f"Комплексный центр социального обслуживания населения №\N{NO-BREAK SPACE}{number}",
            short_name=f"КЦСОН №\N{NO-BREAK SPACE}{number}",
        )
        for number in range(1, INSTITUTIONS + 1)
    )
    each = DEPARTMENTS // INSTITUTIONS
    departments = Department.objects.bulk_create(
        Department(
            institution=institutions[number // each],
            code=f"scale-{number + 1:03}",
            title=f"Отделение №\N{NO-BREAK SPACE}{number % each + 1}",
        )
        for number in range(DEPARTMENTS)
    )
    staff = _Staff(since)
    for number, department in enumerate(departments, 1):
        for place in range(CURATORS):
            staff.hire(Role.SPECIALIST, department.institution, department, number, place)
        staff.hire(Role.DEPARTMENT_HEAD, department.institution, department, number, 0)
    for number, institution in enumerate(institutions, 1):
        staff.hire(Role.DIRECTOR, institution, None, number, 0)
        staff.hire(Role.COUNCIL_SECRETARY, institution, None, number, 0)
    for number, region in enumerate(regions, 1):
        for role in REGION_ROLES:
            staff.hire(role, None, None, number, 0, region=region)
    staff.write()
    _table("scale_settlement", ("n", "settlement_id", "region_id"), settlements)


def _settlements(regions: Sequence[Region]) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for region in regions:
        parents = Territory.objects.bulk_create(
            Territory(region=region, kind=TerritoryKind.MUNICIPALITY, title=f"{SURNAMES[n * 7][0]}ский район")
            for n in range(SETTLEMENTS // 20)
        )
        places = Territory.objects.bulk_create(
            Territory(
                region=region,
                parent=parents[n // 20],
                kind=TerritoryKind.SETTLEMENT,
                settlement_kind=SettlementKind.RURAL,
                title=f"{SURNAMES[n * 3][0]}о",
                is_rural=n % 20 != 0,
            )
            for n in range(SETTLEMENTS)
        )
        rows += [(n, place.pk, region.pk) for n, place in enumerate(places)]
    return rows


class _Staff:
    """People in their posts, all with the same unusable password: measurements open sessions of their own."""

    def __init__(self, since: date) -> None:
        self.since = since
        self.users: list[User] = []
        self.posts: list[tuple[Role, Region, Institution | None, Department | None, int, int]] = []

    def hire(
        self,
        role: Role,
        institution: Institution | None,
        department: Department | None,
        number: int,
        place: int,
        *,
        region: Region | None = None,
    ) -> None:
        """A person who works as `role`; `number` numbers the units of the level, `place` those who work there."""
        spread = len(self.users) * 997
        self.users.append(
            User(
                username=f"{role.lower()}-{number}-{place}@scale",
                last_name=SURNAMES[spread % len(SURNAMES)][1],
                first_name=GIVEN["women"][spread % len(GIVEN["women"])],
                patronymic=PATRONYMICS[spread % len(PATRONYMICS)][1],
                password="!",  # noqa: S106 - nobody signs in with it
            )
        )
        home = region or (institution.region if institution else None)
        if home is None:
            raise ValueError("a post lies in a region")
        self.posts.append((role, home, institution, department, number, place))

    def write(self) -> None:
        users = User.objects.bulk_create(self.users)
        Appointment.objects.bulk_create(
            Appointment(
                user=user,
                role=role,
                region=region,
                institution=institution,
                department=department,
                starts_on=self.since,
            )
            for user, (role, region, institution, department, _number, _place) in zip(users, self.posts, strict=True)
        )
        _table(
            "scale_staff",
            ("user_id", "role", "region_id", "institution_id", "department_id", "department", "place"),
            [
                (user.pk, role.value, region.pk, institution and institution.pk, department and department.pk, n, place)
                for user, (role, region, institution, department, n, place) in zip(users, self.posts, strict=True)
            ],
        )


def _table(name: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """A temporary table of these rows; `role` is text, the rest numbers."""
    kinds = ", ".join(f"{column} {'text' if column == 'role' else 'bigint'}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} ({kinds})")
        with cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {name}")
