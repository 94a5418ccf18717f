"""Choices of the casework room; the words are those of the glossary."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(models.TextChoices):
    """The six stages of a case (domain 3.4; S4-18 to S4-29). CONTRACTING is about the support agreement."""

    DIAGNOSTIC = "DIAGNOSTIC", _("diagnostics")
    CONTRACTING = "CONTRACTING", _("agreement")
    ACTIVE = "ACTIVE", _("active support")
    REFLECTION = "REFLECTION", _("reflection")
    POST_SUPPORT = "POST_SUPPORT", _("post-support")
    CLOSED = "CLOSED", _("closed")


class Ground(models.TextChoices):
    """Why the case was opened."""

    APPLICATION = "APPLICATION", _("application of the family")
    COUNCIL = "COUNCIL", _("decision of a council")
    SIGNAL = "SIGNAL", _("signal")
    SOCIAL_CONTRACT = "SOCIAL_CONTRACT", _("social contract")
    KDN = "KDN", _("commission on minors")
    REFERRAL = "REFERRAL", _("referral of an agency")


class RemovalReason(models.TextChoices):
    """Why a family left support (domain 3.4). The first three are improvement."""

    SITUATION_IMPROVED = "SITUATION_IMPROVED", _("the situation improved")
    EXITED_HARDSHIP = "EXITED_HARDSHIP", _("overcame the difficult life situation")
    GOALS_ACHIEVED = "GOALS_ACHIEVED", _("goals of support achieved")
    REFUSAL = "REFUSAL", _("the family refused")
    INSURMOUNTABLE = "INSURMOUNTABLE", _("insurmountable obstacles")
    MOVED = "MOVED", _("moved away")
    TERM_EXPIRED = "TERM_EXPIRED", _("the term expired")
    CHILD_OF_AGE = "CHILD_OF_AGE", _("the child came of age")
    TRANSFERRED = "TRANSFERRED", _("transferred to another institution")
    STATUS_WORSENED = "STATUS_WORSENED", _("the status worsened")
    CHILD_PLACED = "CHILD_PLACED", _("the child was placed in an institution")
    DEATH = "DEATH", _("death")
    NOT_NEEDED = "NOT_NEEDED", _("does not need support")
    ERROR = "ERROR", _("opened by mistake")
    OTHER = "OTHER", _("other")


IMPROVEMENT = frozenset({RemovalReason.SITUATION_IMPROVED, RemovalReason.EXITED_HARDSHIP, RemovalReason.GOALS_ACHIEVED})
"""Removal with improvement: Q5 counts it (indicators 4.1 d), and a final assessment is required (I11)."""

REASONS_WITH_TEXT = frozenset({RemovalReason.INSURMOUNTABLE, RemovalReason.OTHER})
"""Reasons that must be explained in words (I11; Vladimir order 420/1, 4.8)."""

REASONS_OF_CONTRACT_FAMILIES = frozenset(
    {RemovalReason.REFUSAL, RemovalReason.GOALS_ACHIEVED, RemovalReason.INSURMOUNTABLE}
)
"""The only reasons for which a family under contract duty may leave support (I12; Vladimir order 420/1, 4.8)."""


REASONS_WITHOUT_POST_SUPPORT = frozenset(
    {
        RemovalReason.MOVED,
        RemovalReason.REFUSAL,
        RemovalReason.DEATH,
        RemovalReason.CHILD_OF_AGE,
        RemovalReason.TRANSFERRED,
        RemovalReason.INSURMOUNTABLE,
        RemovalReason.STATUS_WORSENED,
        RemovalReason.ERROR,
    }
)
"""After these there is nobody left to watch over, or another institution or programme does: the case is closed."""

REASONS_WITHOUT_COUNCIL = frozenset(
    {
        RemovalReason.REFUSAL,
        RemovalReason.INSURMOUNTABLE,
        RemovalReason.MOVED,
        RemovalReason.DEATH,
        RemovalReason.ERROR,
    }
)
"""Facts on which the head ends support at once, the council being told at its next session; others it decides."""

REASONS_IN_DIAGNOSTICS = frozenset(
    {
        RemovalReason.NOT_NEEDED,
        RemovalReason.REFUSAL,
        RemovalReason.MOVED,
        RemovalReason.DEATH,
        RemovalReason.TRANSFERRED,
        RemovalReason.ERROR,
    }
)
"""How a case ends that never came to an agreement."""

REASONS_IN_CONTRACTING = REASONS_IN_DIAGNOSTICS | {RemovalReason.OTHER}
"""How it ends before active support; once the family is put on support, only as `REASONS_WITHOUT_COUNCIL` allow."""


class DecisionKind(models.TextChoices):
    """What a body decided on a case that lasts (domain 3.6): the snapshot a case keeps of it."""

    ENROL = "ENROL", _("put on support")
    EXTEND = "EXTEND", _("extend the term")
    REMOVE = "REMOVE", _("remove from support")


class EventGroup(models.TextChoices):
    """Kinds of events by which a timeline is filtered."""

    STAGES = "stages", _("Stages and decisions")
    PEOPLE = "people", _("Curator and team")
    VISITS = "visits", _("Visits and services")
    PROGRAMME = "programme", _("Diagnosis and programme")
    PAPERS = "papers", _("Documents and notices")
    FAMILY = "family", _("Family")
    CONTRACT = "contract", _("Social contract")


class GuardCode(StrEnum):
    """Conditions of the moves between stages (domain 3.4). Each subject registers those that it can answer."""

    PROBLEM_RECORDED = "PROBLEM_RECORDED"
    INFORMATION_VERIFIED = "INFORMATION_VERIFIED"
    NEED_ASSESSED = "NEED_ASSESSED"  # the assessment says: needs support
    NEED_REFUTED = "NEED_REFUTED"  # the assessment says: does not need support
    CONSENT_ON_FILE = "CONSENT_ON_FILE"
    CURATOR_ASSIGNED = "CURATOR_ASSIGNED"
    JOINT_PLAN = "JOINT_PLAN"
    NOTICES_SENT = "NOTICES_SENT"
    PROGRAMME_APPROVED = "PROGRAMME_APPROVED"
    AGREEMENT_SIGNED = "AGREEMENT_SIGNED"
    ENROLLED = "ENROLLED"
    PROGRAMME_ENDED = "PROGRAMME_ENDED"  # its last day has come
    GOALS_REACHED = "GOALS_REACHED"  # every activity of it is closed
    TERM_ENDING = "TERM_ENDING"
    EXTENDED = "EXTENDED"
    PROGRAMME_RENEWED = "PROGRAMME_RENEWED"  # a version approved since the reflection began
    FINAL_ASSESSMENT = "FINAL_ASSESSMENT"  # a final assessment dated since the reflection began, or in this episode
    REMOVAL_DECIDED = "REMOVAL_DECIDED"
    POST_SUPPORT_OVER = "POST_SUPPORT_OVER"
    NO_CONTRACT_DUTY = "NO_CONTRACT_DUTY"


class BasisBody(models.TextChoices):
    """Who decided; a lower room remembers of a decision only this, a number and a date."""

    COORDINATION_COUNCIL = "COORDINATION_COUNCIL", _("coordination council")
    WORKING_GROUP = "WORKING_GROUP", _("interagency working group")
    PRECINCT_COMMISSION = "PRECINCT_COMMISSION", _("precinct social commission")
    TEAM_DECISION = "TEAM_DECISION", _("decision of the team")
    OTHER = "OTHER", _("other body")


class TeamRole(models.TextChoices):
    """The profession a team member brings to the case (S1-15, S1-66)."""

    SPECIALIST = "SPECIALIST", _("social work specialist")
    PSYCHOLOGIST = "PSYCHOLOGIST", _("psychologist")
    PEDAGOGUE = "PEDAGOGUE", _("social pedagogue")
    LAWYER = "LAWYER", _("lawyer")
    MEDIC = "MEDIC", _("medical worker")
    OTHER = "OTHER", _("other")


class ContractDutyKind(models.TextChoices):
    """Kinds of social contracts whose families have the monthly duty (domain 3.2, contracts)."""

    JOB_SEARCH = "JOB_SEARCH", _("job search")
    BUSINESS = "BUSINESS", _("own business")
    SMALLHOLDING = "SMALLHOLDING", _("smallholding")
    OTHER_HARDSHIP = "OTHER_HARDSHIP", _("overcoming hardship")


class VisitState(models.TextChoices):
    """A visit from plan to outcome. A failed visit is no contact (R1)."""

    PLANNED = "PLANNED", _("planned")
    HELD = "HELD", _("held")
    NOT_AT_HOME = "NOT_AT_HOME", _("nobody at home")
    REFUSED = "REFUSED", _("refused")
    CANCELLED = "CANCELLED", _("cancelled")


class Channel(models.TextChoices):
    """How the family was met or served."""

    HOME = "HOME", _("at home")
    OFFICE = "OFFICE", _("at the institution")
    TRIP = "TRIP", _("on a field trip")
    ONLINE = "ONLINE", _("online")
    PHONE = "PHONE", _("by phone")
    EVENT = "EVENT", _("at an event")


HOME_CHANNELS = frozenset({Channel.HOME, Channel.TRIP})
"""Channels that count as a home visit (clarification 6)."""


class VisitPurpose(models.TextChoices):
    PLANNED = "PLANNED", _("scheduled")
    UNPLANNED = "UNPLANNED", _("unplanned")
    PRIMARY = "PRIMARY", _("first examination")
    SIGNAL = "SIGNAL", _("on a signal")
    CHECK = "CHECK", _("check of the programme")
    FOLLOW_UP = "FOLLOW_UP", _("follow-up of a social contract")


class VisitCheck(models.TextChoices):
    """Steps of the visit that the specialist ticks off (S3-20)."""

    INTRODUCED = "INTRODUCED", _("introduced oneself and the purpose")
    CHILDREN_SEEN = "CHILDREN_SEEN", _("saw all children")
    HOME_SEEN = "HOME_SEEN", _("looked at where the children sleep, eat and learn")
    FOOD_SEEN = "FOOD_SEEN", _("made sure there is food")
    TALKED_WITH_CHILD = "TALKED_WITH_CHILD", _("talked with a child apart")
    PROGRAMME_REVIEWED = "PROGRAMME_REVIEWED", _("went through the programme with the family")
    RIGHTS_EXPLAINED = "RIGHTS_EXPLAINED", _("explained benefits and services")


class Signature(models.TextChoices):
    """What became of the representative's signature under the act."""

    SIGNED = "SIGNED", _("signed")
    REFUSED = "REFUSED", _("refused to sign")
    ABSENT = "ABSENT", _("was not there")


class RecordType(models.TextChoices):
    """What a row of the service journal is (S2-13, S2-33, S1-8)."""

    SERVICE = "SERVICE", _("social service")
    SUPPORT_MEASURE = "SUPPORT_MEASURE", _("support measure")
    URGENT = "URGENT", _("urgent service")


class ServiceKind(models.TextChoices):
    """The seven kinds of social services of the federal law 442-FZ, article 20 (S1-7)."""

    HOUSEHOLD = "HOUSEHOLD", _("household")
    MEDICAL = "MEDICAL", _("medical")
    PSYCHOLOGICAL = "PSYCHOLOGICAL", _("psychological")
    PEDAGOGICAL = "PEDAGOGICAL", _("pedagogical")
    LABOUR = "LABOUR", _("labour")
    LEGAL = "LEGAL", _("legal")
    COMMUNICATION = "COMMUNICATION", _("communication skills")


class MeasureKind(models.TextChoices):
    """The five kinds of help of social support that are not social services (S2-13; 442-FZ, article 22)."""

    MEDICAL = "MEDICAL", _("medical help")
    PSYCHOLOGICAL = "PSYCHOLOGICAL", _("psychological help")
    PEDAGOGICAL = "PEDAGOGICAL", _("pedagogical help")
    LEGAL = "LEGAL", _("legal help")
    SOCIAL = "SOCIAL", _("social help")


class ProblemSubject(models.TextChoices):
    """Whom a problem of the dictionary concerns."""

    CHILD = "CHILD", _("child")
    PARENT = "PARENT", _("parent")
    FAMILY = "FAMILY", _("family")


class Severity(models.TextChoices):
    LOW = "LOW", _("low")
    MIDDLE = "MIDDLE", _("middle")
    HIGH = "HIGH", _("high")


class ResourceKind(models.TextChoices):
    """What a family can lean on (S1-13, S1-57)."""

    RELATIVES = "RELATIVES", _("relatives")
    NEIGHBOURS = "NEIGHBOURS", _("neighbours")
    SERVICES = "SERVICES", _("services")
    CHARITIES = "CHARITIES", _("charities and public organisations")
    VOLUNTEERS = "VOLUNTEERS", _("volunteers")
    CHURCH = "CHURCH", _("church")
    PERSONAL = "PERSONAL", _("the family's own strengths")
    FINANCIAL = "FINANCIAL", _("financial")
    ORGANISATIONAL = "ORGANISATIONAL", _("organisational")
    OTHER = "OTHER", _("other")


class NeedConclusion(models.TextChoices):
    NEEDS = "NEEDS", _("needs support")
    DOES_NOT_NEED = "DOES_NOT_NEED", _("does not need support")


class AssessmentPurpose(models.TextChoices):
    """When the state of the family is scored (R7)."""

    INITIAL = "INITIAL", _("initial")
    INTERIM = "INTERIM", _("interim")
    FINAL = "FINAL", _("final")


class AssessmentMethod(models.TextChoices):
    """How it was found out (S1-81)."""

    DOCUMENTS = "DOCUMENTS", _("study of documents")
    QUESTIONNAIRE = "QUESTIONNAIRE", _("questionnaire")
    SURVEY = "SURVEY", _("survey form")
    INTERVIEW = "INTERVIEW", _("interview")
    TALK = "TALK", _("talk")
    OBSERVATION = "OBSERVATION", _("observation")
    PSYCHOLOGICAL = "PSYCHOLOGICAL", _("psychological examination")


class ProgrammeKind(models.TextChoices):
    INDIVIDUAL = "INDIVIDUAL", _("individual")
    INTERAGENCY = "INTERAGENCY", _("interagency")


class ProgrammeState(models.TextChoices):
    """States of a programme version (domain 3.7)."""

    DRAFT = "DRAFT", _("draft")
    AGREED = "AGREED", _("agreed with the family")
    SUBMITTED = "SUBMITTED", _("submitted for approval")
    APPROVED = "APPROVED", _("approved")
    ACTIVE = "ACTIVE", _("in force")
    COMPLETED = "COMPLETED", _("completed")
    TERMINATED = "TERMINATED", _("terminated")
    SUPERSEDED = "SUPERSEDED", _("superseded")


class ActivitySection(models.TextChoices):
    """Sections of a programme (domain 3.2); the kinds of social services have names of their own."""

    MEDICAL = "MEDICAL", pgettext_lazy("section of a programme", "medical")
    PSYCHOLOGICAL = "PSYCHOLOGICAL", pgettext_lazy("section of a programme", "psychological")
    PEDAGOGICAL = "PEDAGOGICAL", pgettext_lazy("section of a programme", "pedagogical")
    LEGAL = "LEGAL", pgettext_lazy("section of a programme", "legal")
    SOCIAL = "SOCIAL", pgettext_lazy("section of a programme", "social")
    LABOUR = "LABOUR", pgettext_lazy("section of a programme", "labour")
    LEISURE = "LEISURE", _("leisure")
    MATERIAL = "MATERIAL", _("material")


class ActivityState(models.TextChoices):
    """States of an activity (domain 3.7); overdue is derived."""

    PLANNED = "PLANNED", _("planned")
    IN_PROGRESS = "IN_PROGRESS", _("in progress")
    DONE = "DONE", _("done")
    PARTLY_DONE = "PARTLY_DONE", _("partly done")
    NOT_DONE = "NOT_DONE", _("not done")
    CANCELLED = "CANCELLED", _("cancelled")


class ExecutorKind(models.TextChoices):
    """Who does an activity; the family itself is an executor (S0-63)."""

    STAFF = "STAFF", _("specialist")
    PARTNER = "PARTNER", _("partner")
    FAMILY = "FAMILY", _("family member")


class NoticeSubject(models.TextChoices):
    """What an agency is told (documents 5.12)."""

    ENROLLED = "ENROLLED", _("the family is put on support")
    PROGRAMME = "PROGRAMME", _("what the programme expects of the agency")
    REMOVED = "REMOVED", _("the family is removed from support")
    SIGNAL = "SIGNAL", _("results of a signal")


class LegalBasis(models.TextChoices):
    """Why data may leave for another organisation (I7; access 6.3, 7)."""

    CONSENT = "CONSENT", _("consent of the subject")
    CHILD_PROTECTION = "CHILD_PROTECTION", _("protection of a child: 120-FZ, article 9, part 2")
    NO_PERSONAL_DATA = "NO_PERSONAL_DATA", _("no personal data disclosed")
