"""Choices of the accounts room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does at a unit (access rules 6.1). A curator is no role: it is an assignment to a case."""

    SPECIALIST = "SPECIALIST", _("specialist")
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD", _("head of department")
    DIRECTOR = "DIRECTOR", _("director")
    COUNCIL_SECRETARY = "COUNCIL_SECRETARY", _("council secretary")
    COUNCIL_MEMBER = "COUNCIL_MEMBER", _("council member")
    COUNCIL_CHAIR = "COUNCIL_CHAIR", _("council chair")
    DUTY_OFFICER = "DUTY_OFFICER", _("duty officer")
    CONTRACT_SPECIALIST = "CONTRACT_SPECIALIST", _("social contract specialist")
    PARTNER_USER = "PARTNER_USER", _("partner's representative")
    RESOURCE_CENTRE = "RESOURCE_CENTRE", _("resource centre methodologist")
    MINISTRY = "MINISTRY", _("ministry staff")
    AUDITOR = "AUDITOR", _("auditor")
    REGION_ADMIN = "REGION_ADMIN", _("region administrator")
    SYSTEM_ADMIN = "SYSTEM_ADMIN", _("system administrator")


class UnitLevel(models.TextChoices):
    """The kind of unit a role is held at."""

    DEPARTMENT = "DEPARTMENT", _("department")
    INSTITUTION = "INSTITUTION", _("institution")
    REGION = "REGION", _("region")
    SYSTEM = "SYSTEM", _("whole system")


LEVEL_OF_ROLE: dict[str, UnitLevel] = {
    Role.SPECIALIST: UnitLevel.DEPARTMENT,
    Role.DEPARTMENT_HEAD: UnitLevel.DEPARTMENT,
    Role.DIRECTOR: UnitLevel.INSTITUTION,
    Role.COUNCIL_SECRETARY: UnitLevel.INSTITUTION,
    Role.COUNCIL_MEMBER: UnitLevel.REGION,
    Role.COUNCIL_CHAIR: UnitLevel.REGION,
    Role.DUTY_OFFICER: UnitLevel.DEPARTMENT,
    Role.CONTRACT_SPECIALIST: UnitLevel.REGION,
    Role.PARTNER_USER: UnitLevel.REGION,
    Role.RESOURCE_CENTRE: UnitLevel.REGION,
    Role.MINISTRY: UnitLevel.REGION,
    Role.AUDITOR: UnitLevel.INSTITUTION,
    Role.REGION_ADMIN: UnitLevel.REGION,
    Role.SYSTEM_ADMIN: UnitLevel.SYSTEM,
}

SECOND_FACTOR_ROLES = frozenset(
    {
        Role.DEPARTMENT_HEAD,
        Role.DIRECTOR,
        Role.COUNCIL_SECRETARY,
        Role.CONTRACT_SPECIALIST,
        Role.MINISTRY,
        Role.AUDITOR,
        Role.REGION_ADMIN,
        Role.SYSTEM_ADMIN,
    }
)
"""Roles that see many families, or can give themselves a role that does: they sign in with a second factor."""


ADMINISTRATOR_ROLES = frozenset({Role.REGION_ADMIN, Role.SYSTEM_ADMIN})
"""Roles that open the administration pages."""


REGION_WIDE_ROLES = frozenset({Role.MINISTRY, Role.RESOURCE_CENTRE, Role.REGION_ADMIN})
"""Roles that see all institutions of the region: their figures, or their units; never a family."""

JOURNAL_READERS = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.AUDITOR)
"""Access rules 6.2, Audit log: own actions, the department's, the institution's; nobody else has a journal."""


class TerritoryKind(models.TextChoices):
    MUNICIPALITY = "MUNICIPALITY", _("municipality")
    SETTLEMENT = "SETTLEMENT", _("settlement")


class SettlementKind(models.TextChoices):
    CITY = "CITY", _("city")
    TOWN = "TOWN", _("workers' settlement")
    URBAN = "URBAN", _("urban-type settlement")
    RURAL = "RURAL", _("rural settlement")


class InstitutionStatus(models.TextChoices):
    """Honours of an institution that its letterhead and reports name (S0-87)."""

    BASE_SITE = "BASE_SITE", _("base site")
    INTERNSHIP_SITE = "INTERNSHIP_SITE", _("professional internship site")
    RESOURCE_CENTRE = "RESOURCE_CENTRE", _("resource centre")


class ApprovingBody(models.TextChoices):
    """Which body of the region approves programmes and enrols families (clarifications, 1)."""

    COORDINATION_COUNCIL = "COORDINATION_COUNCIL", _("coordination council")
    WORKING_GROUP = "WORKING_GROUP", _("interagency working group")
    PRECINCT_COMMISSION = "PRECINCT_COMMISSION", _("precinct social commission")


class DeadlineShift(models.TextChoices):
    """What a report's due date does when it falls on a day off (R9)."""

    NONE = "none", _("stays")
    NEXT_WORKING_DAY = "next_working_day", _("moves to the next working day")


class AccessAction(models.TextChoices):
    """How personal data was reached (access rules 6.3, 8)."""

    VIEW = "VIEW", _("opened")
    LIST = "LIST", _("saw in a list")
    SEARCH = "SEARCH", _("searched")
    DUPLICATE_CHECK = "DUPLICATE_CHECK", _("checked for duplicates")
    PRINT = "PRINT", _("printed")
    DOWNLOAD = "DOWNLOAD", _("downloaded")
    EXPORT = "EXPORT", _("exported")
    HISTORY = "HISTORY", _("read the history of changes")
    DENIED = "DENIED", _("was refused")
    SECURITY = "SECURITY", _("changed the access of an account")
