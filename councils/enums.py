"""Choices of the councils room; the words are those of the glossary."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SeatRole(models.TextChoices):
    """What a person does in a body (S0-73)."""

    CHAIR = "CHAIR", _("chair")
    DEPUTY = "DEPUTY", _("deputy chair")
    SECRETARY = "SECRETARY", _("secretary")
    MEMBER = "MEMBER", _("member")


class SessionState(models.TextChoices):
    """States of a session (domain 3.6)."""

    PLANNED = "PLANNED", _("planned")
    AGENDA_APPROVED = "AGENDA_APPROVED", _("agenda approved")
    HELD = "HELD", _("held")
    MINUTES_DRAFTED = "MINUTES_DRAFTED", _("minutes drafted")
    MINUTES_SIGNED = "MINUTES_SIGNED", _("minutes signed")
    NO_QUORUM = "NO_QUORUM", _("no quorum")
    CANCELLED = "CANCELLED", _("cancelled")


HELD_STATES = (SessionState.HELD, SessionState.MINUTES_DRAFTED, SessionState.MINUTES_SIGNED)
"""States in which a session counts as held (I15, Q1)."""


class SessionKind(models.TextChoices):
    """Ordinary sessions, and meetings that plan the work with families (S1-116, clarification 25)."""

    REGULAR = "REGULAR", _("regular")
    EXTRAORDINARY = "EXTRAORDINARY", _("extraordinary")
    PLANNING = "PLANNING", _("planning")


class SessionMode(models.TextChoices):
    IN_PERSON = "IN_PERSON", _("in person")
    VIDEO = "VIDEO", _("by video link")
    MIXED = "MIXED", _("in person and by video link")
    ABSENTEE = "ABSENTEE", _("by written vote")


class ItemKind(models.TextChoices):
    """What an agenda item is about (domain 3.2)."""

    ENROL = "ENROL", _("putting on support")
    APPROVE_PROGRAMME = "APPROVE_PROGRAMME", _("approval of a programme")
    REVIEW = "REVIEW", _("review of support")
    EXTEND = "EXTEND", _("extension of support")
    REMOVE = "REMOVE", _("removal from support")
    SIGNAL = "SIGNAL", _("signal")
    ORGANISATIONAL = "ORGANISATIONAL", _("organisational matter")


class ItemState(models.TextChoices):
    """States of an agenda item (domain 3.6)."""

    PROPOSED = "PROPOSED", _("proposed")
    INCLUDED = "INCLUDED", _("on the agenda")
    CONSIDERED = "CONSIDERED", _("considered")
    POSTPONED = "POSTPONED", _("postponed")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class DecisionType(models.TextChoices):
    """What a body may decide (domain 3.6; PAUSE by clarifications, Work)."""

    ENROL = "ENROL", _("put on support")
    REFUSE_ENROL = "REFUSE_ENROL", _("do not put on support")
    APPROVE_PROGRAMME = "APPROVE_PROGRAMME", _("approve the programme")
    RETURN_PROGRAMME = "RETURN_PROGRAMME", _("return the programme")
    AMEND_PROGRAMME = "AMEND_PROGRAMME", _("amend the programme")
    EXTEND = "EXTEND", _("extend support")
    REMOVE = "REMOVE", _("remove from support")
    PAUSE = "PAUSE", _("pause support")
    REFER = "REFER", _("refer")
    NOTIFY = "NOTIFY", _("notify")
    TASK = "TASK", _("give a task")
    TAKE_NOTE = "TAKE_NOTE", _("take note")


class DecisionState(models.TextChoices):
    """States of a decision (domain 3.6); overdue is derived."""

    DRAFT = "DRAFT", _("draft")
    ADOPTED = "ADOPTED", _("adopted")
    EXECUTED = "EXECUTED", _("executed")
    CANCELLED = "CANCELLED", _("cancelled")


class AttendanceMode(models.TextChoices):
    IN_PERSON = "IN_PERSON", _("in person")
    VIDEO = "VIDEO", _("by video link")


class SigningWay(models.TextChoices):
    """How minutes became signed (clarifications, Work)."""

    IN_SYSTEM = "IN_SYSTEM", _("by the chair in the system")
    ON_PAPER = "ON_PAPER", _("on paper, uploaded by the secretary")
