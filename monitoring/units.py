"""Units by the codes that scripts know them by."""

from datetime import date
from typing import NamedTuple

from accounts.models import Department, Institution, Region
from monitoring.indicators import Level


class UnknownUnit(LookupError):
    """No region, institution or department has this code."""


class CodedUnit(NamedTuple):
    """A unit, the level of its figures, and its local date."""

    level: Level
    unit: Region | Institution | Department
    today: date


def unit_with_code(code: str) -> CodedUnit:
    """The region, else the institution, else the department with this code. Raises UnknownUnit."""
    region = Region.objects.filter(code=code).first()
    if region is not None:
        return CodedUnit(Level.REGION, region, region.today())
    institution = Institution.objects.filter(code=code).select_related("region").first()
    if institution is not None:
        return CodedUnit(Level.INSTITUTION, institution, institution.today())
    department = Department.objects.filter(code=code).select_related("institution__region").first()
    if department is not None:
        return CodedUnit(Level.DEPARTMENT, department, department.institution.today())
    raise UnknownUnit(f"No region, institution or department has the code {code}.")
