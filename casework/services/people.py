"""Staff as the services of this room need them: heads to tell, curators to choose from."""

from datetime import date

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Appointment, Department, Institution, PrecinctAssignment, User
from casework.models import SupportCase
from families.models import Family

TEAM_ROLES = (Role.SPECIALIST, Role.DEPARTMENT_HEAD)


def heads_of(department: Department, on: date) -> list[int]:
    """The ids of the heads of a department on `on`, deputies included."""
    posts = Appointment.objects.in_force(on).filter(role=Role.DEPARTMENT_HEAD, department=department)
    return sorted(set(posts.values_list("user_id", flat=True)))


def possible_curators(institution_id: int | None, department: Department | None, on: date) -> QuerySet[User]:
    """Who may be made a curator on `on` (I20): specialists in a post of their own, of `department` if it is given."""
    posts = Appointment.objects.in_force(on).filter(role=Role.SPECIALIST, institution=institution_id, deputy_for=None)
    if department is not None:
        posts = posts.filter(department=department)
    return User.objects.filter(is_active=True, pk__in=posts.values("user_id")).order_by(
        "last_name", "first_name", "patronymic", "pk"
    )


def possible_team(case: SupportCase, on: date) -> QuerySet[User]:
    """Who may join the team of a case: specialists and heads in the region, from any service, but the curator."""
    posts = Appointment.objects.in_force(on).filter(role__in=TEAM_ROLES, region=case.region_id)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user_id"))
    if case.curator_id is not None:
        people = people.exclude(pk=case.curator_id)
    return people.order_by("last_name", "first_name", "patronymic", "pk")


def department_of(curator: User, institution: Institution, on: date) -> Department | None:
    """Where `curator` works as a specialist of `institution` on `on`; None for a person who has left (I20)."""
    posts = Appointment.objects.in_force(on).filter(
        user=curator, user__is_active=True, role=Role.SPECIALIST, institution=institution, deputy_for=None
    )
    post = posts.select_related("department__institution__region").order_by("starts_on", "pk").first()
    return post.department if post else None


def precinct_specialist(family: Family, on: date) -> User | None:
    """Whom the precinct's order names for the family's address on `on` (S1-53): the curator proposed by default."""
    if family.precinct_id is None:
        return None
    held = PrecinctAssignment.objects.filter(precinct=family.precinct_id, starts_on__lte=on).exclude(ends_on__lt=on)
    assignment = held.select_related("specialist").order_by("-starts_on").first()
    return assignment.specialist if assignment else None
