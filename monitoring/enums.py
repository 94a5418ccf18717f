"""Choices of the monitoring room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportLevel(models.TextChoices):
    """Whose report it is; each feeds the next (domain 3.9). The codes are those of `indicators.Level`."""

    SPECIALIST = "SPECIALIST", _("specialist")
    DEPARTMENT = "DEPARTMENT", _("department")
    INSTITUTION = "INSTITUTION", _("institution")
    REGION = "REGION", _("region")


LOWER_LEVEL: dict[str, ReportLevel] = {
    ReportLevel.DEPARTMENT: ReportLevel.SPECIALIST,
    ReportLevel.INSTITUTION: ReportLevel.DEPARTMENT,
    ReportLevel.REGION: ReportLevel.INSTITUTION,
}
"""The level that feeds a level."""

UNIT_OF_LEVEL: dict[str, str] = {
    ReportLevel.SPECIALIST: "specialist",
    ReportLevel.DEPARTMENT: "department",
    ReportLevel.INSTITUTION: "institution",
    ReportLevel.REGION: "region",
}
"""The field that holds the unit of a report."""


class ReportState(models.TextChoices):
    """Where an edition of a report stands (domain 3.9); the quarter that still runs has no report yet."""

    GENERATED = "GENERATED", _("draft")
    SUBMITTED = "SUBMITTED", _("waits for acceptance")
    RETURNED = "RETURNED", _("returned")
    ACCEPTED = "ACCEPTED", _("accepted")
    PUBLISHED = "PUBLISHED", _("published")
    RECEIVED = "RECEIVED", _("accepted by the ministry")
    SUPERSEDED = "SUPERSEDED", _("replaced by a correction")


class Step(models.TextChoices):
    """What is done to a report; each leaves an event."""

    GENERATE = "GENERATE", _("drafted by the system")
    NAME_AUTHOR = "NAME_AUTHOR", _("author named")
    SUBMIT = "SUBMIT", _("submitted")
    ACCEPT = "ACCEPT", _("accepted")
    RETURN = "RETURN", _("returned with a remark")
    PUBLISH = "PUBLISH", _("published")
    RECEIVE = "RECEIVE", _("accepted by the ministry")
    CORRECT = "CORRECT", _("correction begun")
    SUPERSEDE = "SUPERSEDE", _("replaced by a correction")
