"""Staff of the institution that keeps a body: who speaks on a question, who carries a decision out."""

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import Appointment, User
from councils.models import Council

STAFF = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)


def speakers_of(council: Council) -> "QuerySet[User, User]":
    """People who work with families at the body's institution today."""
    posts = Appointment.objects.in_force(council.today()).filter(role__in=STAFF, institution=council.institution_id)
    people = User.objects.filter(is_active=True, pk__in=posts.values("user_id"))
    return people.order_by("last_name", "first_name", "pk")
