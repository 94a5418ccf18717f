"""People who work in a demo region: one sign-in per role, and the colleagues that the source's staffing asks for."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password

from accounts.context_processors import DEMO_PASSWORD
from accounts.enums import LEVEL_OF_ROLE, Role, UnitLevel
from accounts.models import Appointment, Department, Institution, PrecinctAssignment, User
from common.calendar import add_months
from demo.loading.units import Units
from demo.names import People, PersonData
from demo.structure import DepartmentData, RegionData, StaffData

SIGN_INS: dict[str, tuple[Role, str]] = {
    "specialist": (Role.SPECIALIST, "Специалист по работе с семьёй"),
    "head": (Role.DEPARTMENT_HEAD, "Заведующий отделением"),
    "director": (Role.DIRECTOR, "Директор"),
    "secretary": (Role.COUNCIL_SECRETARY, "Секретарь совета"),
    "member": (Role.COUNCIL_MEMBER, "Член совета"),
    "ministry": (Role.MINISTRY, "Консультант отдела"),
    "resource": (Role.RESOURCE_CENTRE, "Методист ресурсного центра"),
    "auditor": (Role.AUDITOR, "Специалист по внутреннему контролю"),
    "admin": (Role.REGION_ADMIN, "Администратор региона"),
}
YEARS_AT_WORK = 3
# The number of colleagues is the source's, up to so many: the demo has forty families to share among them.
MOST_COLLEAGUES = 5


@dataclass
class Staff:
    """The accounts of a region. `specialists` are those of each department by its code, the demo's own one first."""

    specialists: dict[str, list[User]] = field(default_factory=dict)
    heads: dict[str, User] = field(default_factory=dict)
    home: str = ""
    """Code of the department in which the demo's specialist and head work."""


def load_staff(data: RegionData, units: Units, people: People) -> Staff:
    """Write the accounts and appointments of a region."""
    since = add_months(units.region.today(), -12 * YEARS_AT_WORK)
    hired = _Hiring(data, units, people, since)
    staff = Staff()
    staffed = [(institution, department) for institution, department in data.departments()]
    institution_data, home = next(
        ((institution, department) for institution, department in staffed if department.staff), staffed[0]
    )
    staff.home = home.code
    for name, (role, post) in SIGN_INS.items():
        user = hired.sign_in(f"{name}@{data.code}.demo", role, post, home, institution_data.code)
        if role is Role.SPECIALIST:
            staff.specialists[home.code] = [user]
        elif role is Role.DEPARTMENT_HEAD:
            staff.heads[home.code] = user
        elif role is Role.DIRECTOR:
            units.institutions[institution_data.code].director_name = user.get_full_name()
            units.institutions[institution_data.code].save()
    for _institution, department in staffed:
        hired.department(department, staff)
    for institution in units.institutions.values():
        if institution.code != institution_data.code:
            hired.director(institution)
    _assign_precincts(units, staff, since)
    return staff


class _Hiring:
    """Makes accounts with one password hash for all: hashing anew for each would take a second apiece."""

    def __init__(self, data: RegionData, units: Units, people: People, since: date) -> None:
        self.data, self.units, self.people, self.since = data, units, people, since
        self.password = make_password(DEMO_PASSWORD)

    def sign_in(self, login: str, role: Role, post: str, home: DepartmentData, institution: str) -> User:
        """A person whom the sign-in page of the demo lists."""
        user = self._user(login, self.people.colleague(), post, self.password)
        level = LEVEL_OF_ROLE[role]
        department = self.units.departments[home.code] if level == UnitLevel.DEPARTMENT else None
        in_institution = level in {UnitLevel.DEPARTMENT, UnitLevel.INSTITUTION}
        Appointment.objects.create(
            user=user,
            role=role,
            region=self.units.region,
            institution=self.units.institutions[institution] if in_institution else None,
            department=department,
            starts_on=self.since,
        )
        return user

    def department(self, data: DepartmentData, staff: Staff) -> None:
        """The colleagues of a department: its head and specialists, where the demo has not hired them."""
        department = self.units.departments[data.code]
        specialists = staff.specialists.setdefault(data.code, [])
        wanted = data.staff or (StaffData(position="Специалист по социальной работе", count=2),)
        for position in wanted:
            for _number in range(min(position.count, MOST_COLLEAGUES)):
                if position.role is Role.DEPARTMENT_HEAD and data.code not in staff.heads:
                    staff.heads[data.code] = self._colleague(data.code, position, department)
                elif position.role is Role.SPECIALIST and len(specialists) < MOST_COLLEAGUES:
                    specialists.append(self._colleague(data.code, position, department))
        if data.code not in staff.heads:
            head = StaffData(position="Заведующий отделением", count=1, role=Role.DEPARTMENT_HEAD)
            staff.heads[data.code] = self._colleague(data.code, head, department)

    def director(self, institution: Institution) -> None:
        """Who heads an institution in which nobody of the demo signs in."""
        user = self._user(f"{institution.code}-director", self.people.colleague(), "Директор", "!")
        Appointment.objects.create(
            user=user,
            role=Role.DIRECTOR,
            region=self.units.region,
            institution=institution,
            starts_on=self.since,
        )
        institution.director_name = user.get_full_name()
        institution.save()

    def _colleague(self, code: str, position: StaffData, department: Department) -> User:
        number = User.objects.filter(username__startswith=f"{code}-").count() + 1
        user = self._user(f"{code}-{number}", self.people.colleague(), position.position, "!")
        Appointment.objects.create(
            user=user,
            role=position.role,
            region=self.units.region,
            institution=department.institution,
            department=department,
            starts_on=self.since,
        )
        return user

    @staticmethod
    def _user(login: str, person: PersonData, post: str, password: str) -> User:
        return User.objects.create(
            username=login,
            last_name=person.last_name,
            first_name=person.first_name,
            patronymic=person.patronymic,
            post=post,
            password=password,
        )


def _assign_precincts(units: Units, staff: Staff, since: date) -> None:
    codes = {department.pk: code for code, department in units.departments.items()}
    taken: dict[str, int] = {}
    for precinct in units.precincts:
        code = codes[precinct.department_id]
        specialists = staff.specialists[code]
        turn = taken.setdefault(code, 0)
        taken[code] += 1
        PrecinctAssignment.objects.create(
            precinct=precinct, specialist=specialists[turn % len(specialists)], starts_on=since
        )
