"""Staff of the institution that keeps a body: who speaks on a question, who carries a decision out."""

from typing import Any

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Appointment, User
from casework.models import SupportCase
from councils.models import Council

STAFF = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)


def _posts(council: Council) -> "QuerySet[Appointment, Appointment]":
    """The posts in force today by which people work with families at the body's institution."""
    return Appointment.objects.in_force(council.today()).filter(role__in=STAFF, institution=council.institution_id)


def speakers_of(council: Council) -> "QuerySet[User, User]":
    """People who work with families at the body's institution today."""
    people = User.objects.filter(is_active=True, pk__in=_posts(council).values("user_id"))
    return people.order_by("last_name", "first_name", "pk")


def staff_by_unit(council: Council, case: SupportCase | None) -> dict[str, list[User]]:
    """The same people by the unit they work at: that of the case first, its curator on top; each person once."""
    rows = _posts(council).filter(user__is_active=True).select_related("user", "department", "institution")

    def place(post: Appointment) -> tuple[Any, ...]:
        is_curator = case is not None and post.user_id == case.curator_id
        is_near = case is not None and post.department_id == case.department_id
        unit = post.department.title if post.department else ""
        return not is_near, not unit, unit, not is_curator, post.user.get_full_name(), post.user_id

    found: dict[str, list[User]] = {}
    known: set[int] = set()
    for post in sorted(rows, key=place):
        if post.user_id not in known:
            known.add(post.user_id)
            found.setdefault(str(post.department or post.institution), []).append(post.user)
    return found
