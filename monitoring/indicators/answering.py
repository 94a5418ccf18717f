"""Who answered for a case on the day of an event: the figures of a closed quarter stay where the work was done.

Handing a case over moves its columns; what was counted before the handover remains with the curator of that day, and
with the department where that curator worked then (indicators 4.0, 9; S1-101).
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.enums import Role
from accounts.models import Appointment, Department
from casework.models import CuratorAssignment, SupportCase


def with_units(rows: QuerySet[Any], day: Combinable | date, path: str = "") -> QuerySet[Any]:
    """Annotate rows with `unit_curator` and `unit_department`: who answered for the case, on `day`, and where.

    `path` leads from the rows to their case; `day` is a date, or an OuterRef to a column of the rows. A case without
    a curator on the day is its next curator's, one that never had any stands under its own columns.
    """
    prefix = f"{path}__" if path else ""
    held = CuratorAssignment.objects.filter(case=OuterRef(f"{path}_id" if path else "pk"))
    curators = [
        Subquery(held.filter(starts_on__lte=day).order_by("-starts_on").values("curator_id")[:1]),
        Subquery(held.order_by("starts_on").values("curator_id")[:1]),
        F(f"{prefix}curator_id"),
    ]
    posts = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        user=OuterRef("unit_curator"),
        role=Role.SPECIALIST,
        institution=OuterRef(f"{prefix}institution_id"),
        deputy_for=None,
        starts_on__lte=day,
    )
    department = Subquery(posts.order_by("starts_on", "pk").values("department_id")[:1])
    of_curators: QuerySet[Any] = rows.annotate(unit_curator=Coalesce(*curators, output_field=BigIntegerField()))
    placed: QuerySet[Any] = of_curators.annotate(
        unit_department=Coalesce(department, F(f"{prefix}department_id"), output_field=BigIntegerField())
    )
    return placed


def cases_of_curators(units: Collection[int]) -> QuerySet[Any]:
    """Ids of all cases that these curators answer for or ever did: what is asked for the day is among them."""
    answered = CuratorAssignment.objects.filter(curator__in=units).order_by().values("case_id")
    return answered.union(SupportCase.objects.filter(curator__in=units).order_by().values("pk"))


def institutions_of(departments: Collection[int]) -> QuerySet[Any]:
    """Ids of the institutions of these departments; a curator works within one."""
    return Department.objects.filter(pk__in=departments).order_by().values("institution_id")
