"""Names of events and notifications of the core of the room; `casework.apps` imports this module."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notifications import register
from casework.enums import BasisBody, EventGroup, Ground, RemovalReason, Stage, TeamRole
from casework.models import SupportCase
from casework.services.events import register_event
from families.access import may_read_restriction
from families.enums import FamilyFact, RiskGroup, StatusKind

STAGES, PEOPLE, CONTRACT = EventGroup.STAGES, EventGroup.PEOPLE, EventGroup.CONTRACT
FAMILY, PAPERS = EventGroup.FAMILY, EventGroup.PAPERS
CARD, CONSENT = "families:card", "families:consent"
PERIOD = {"since": date, "until": date}
BASIS = {"body": BasisBody, "date": date}


def _reads_restriction(user: User, case: SupportCase) -> bool:
    return may_read_restriction(user, case.family)


register_event(
    "case_opened",
    _("Case No. %(number)s was opened: %(ground)s"),
    group=STAGES,
    icon="folder-open",
    values={"ground": Ground},
)
register_event("stage_changed", _("Stage: %(stage)s"), group=STAGES, icon="milestone", values={"stage": Stage})
register_event(
    "move_taken_back",
    _("A wrong move was taken back, stage: %(stage)s"),
    group=STAGES,
    icon="undo-2",
    tone="warn",
    values={"stage": Stage},
)
register_event(
    "enrolled",
    _("Put on support: %(body)s, No. %(number)s of %(date)s"),
    group=STAGES,
    icon="gavel",
    tone="ok",
    values=BASIS,
)
register_event(
    "term_extended",
    _("Support extended until %(until)s: %(body)s, No. %(number)s of %(date)s"),
    group=STAGES,
    icon="calendar-plus",
    values=BASIS | {"until": date},
)
register_event(
    "term_planned", _("Support is planned until %(until)s"), group=STAGES, icon="calendar-clock", values={"until": date}
)
register_event(
    "removed",
    _("Removed from support, %(reason)s: %(body)s, No. %(number)s of %(date)s"),
    group=STAGES,
    icon="gavel",
    values=BASIS | {"reason": RemovalReason},
)
register_event(
    "removed_without_council",
    _("Support was ended before the council's session: %(reason)s"),
    group=STAGES,
    icon="door-open",
    tone="warn",
    values={"reason": RemovalReason},
)
register_event(
    "post_support_begun",
    _("Post-support until %(until)s"),
    group=STAGES,
    icon="calendar-clock",
    values={"until": date},
)
register_event(
    "case_closed",
    _("The case was closed: %(reason)s"),
    group=STAGES,
    icon="folder-closed",
    values={"reason": RemovalReason},
)
register_event("relapse", _("Support goes on after case No. %(number)s"), group=STAGES, icon="rotate-ccw", tone="warn")
register_event(
    "follow_up_ends_early",
    _("The follow-up of social contract No. %(number)s ends early"),
    group=CONTRACT,
    icon="file-x",
    tone="warn",
)
register_event(
    "curator_assigned",
    _("Curator: %(curator)s"),
    group=PEOPLE,
    icon="user-check",
    values={"curator": User},
)
register_event(
    "curator_changed",
    _("Curator: %(curator)s, before: %(former)s"),
    group=PEOPLE,
    icon="user-pen",
    values={"curator": User, "former": User},
)
register_event(
    "team_joined",
    _("%(person)s (%(role)s) works on the case"),
    group=PEOPLE,
    icon="user-plus",
    values={"person": User, "role": TeamRole},
)
register_event(
    "team_left",
    _("%(person)s (%(role)s) no longer works on the case"),
    group=PEOPLE,
    icon="user-minus",
    values={"person": User, "role": TeamRole},
)
register_event(
    "pause_granted",
    _("Support is paused from %(since)s to %(until)s"),
    group=STAGES,
    icon="circle-pause",
    values={"since": date, "until": date},
)
register_event("pause_ended", _("The pause was ended early"), group=STAGES, icon="circle-play")
register_event(
    "interval_changed", _("Own interval of contacts, months: %(months)s"), group=EventGroup.VISITS, icon="repeat"
)

register_event(
    FamilyFact.CONSENT_GIVEN, _("Consent No. %(number)s was given"), group=PAPERS, icon="file-check", route=CONSENT
)
register_event(
    FamilyFact.CONSENT_REVOKED,
    _("Consent No. %(number)s was withdrawn"),
    group=PAPERS,
    icon="file-x",
    tone="warn",
    route=CONSENT,
)
register_event(
    FamilyFact.STATEMENT_GIVEN,
    _("Statement No. %(number)s of the family"),
    group=PAPERS,
    icon="file-pen",
    route="families:statement",
)
register_event(
    FamilyFact.STATEMENT_WITHDRAWN,
    _("Statement No. %(number)s of the family was withdrawn"),
    group=PAPERS,
    icon="file-x",
    tone="warn",
    route="families:statement",
)
register_event(
    "paper_issued",
    _("Issued: %(title)s"),
    group=PAPERS,
    icon="printer",
    route="casework:documents",
    own_words=True,
)
register_event(
    FamilyFact.STATUS_SET,
    _("Status of the family: %(status)s"),
    group=FAMILY,
    icon="flag",
    route=CARD,
    values={"status": StatusKind},
)
register_event(FamilyFact.STATUS_ENDED, _("The status of the family ended"), group=FAMILY, icon="flag-off", route=CARD)
register_event(
    FamilyFact.RISK_GROUP_SET,
    _("Risk group: %(group)s"),
    group=FAMILY,
    icon="chart-no-axes-column",
    route=CARD,
    values={"group": RiskGroup},
)
register_event(
    FamilyFact.RISK_GROUP_LEFT, _("The family left the risk groups"), group=FAMILY, icon="trending-up", route=CARD
)
register_event(FamilyFact.MEMBER_JOINED, _("A person joined the family"), group=FAMILY, icon="user-plus", route=CARD)
register_event(FamilyFact.MEMBER_LEFT, _("A person left the family"), group=FAMILY, icon="user-minus", route=CARD)
register_event(
    FamilyFact.REPRESENTATIVE_SET,
    _("The legal representative was named"),
    group=FAMILY,
    icon="user-check",
    route=CARD,
)
register_event(
    FamilyFact.CATEGORY_ENTERED, _("A category of the family was entered"), group=FAMILY, icon="tag", route=CARD
)
register_event(
    FamilyFact.CATEGORY_CHANGED, _("A category of the family was changed"), group=FAMILY, icon="tag", route=CARD
)
register_event(
    FamilyFact.INCOME_ENTERED,
    _("The income from %(since)s to %(until)s was entered"),
    group=FAMILY,
    icon="wallet",
    route=CARD,
    values=PERIOD,
)
register_event(
    FamilyFact.INCOME_CORRECTED,
    _("The income from %(since)s to %(until)s was corrected"),
    group=FAMILY,
    icon="wallet",
    route=CARD,
    values=PERIOD,
)
register_event(
    FamilyFact.INCOME_WITHDRAWN,
    _("The income from %(since)s to %(until)s was withdrawn"),
    group=FAMILY,
    icon="wallet",
    tone="warn",
    route=CARD,
    values=PERIOD,
)
register_event(
    "family_restricted",
    _("The family was restricted"),
    group=FAMILY,
    icon="lock",
    tone="warn",
    allowed=_reads_restriction,
)
register_event(
    "family_opened", _("The family is no longer restricted"), group=FAMILY, icon="lock-open", allowed=_reads_restriction
)

register("casework.case_opened", _("Case No. %(number)s was opened: assign a curator"))
register("casework.curator_missing", _("Case No. %(number)s has no curator: assign one"))
register("casework.assigned", _("You are the curator of case No. %(number)s from %(on)s"))
register("casework.released", _("Case No. %(number)s has another curator from %(on)s; you can read it for ten days"))
register("casework.assigned_many", _("You are the curator of more cases from %(on)s: %(count)s"))
register("casework.released_many", _("Cases that have another curator from %(on)s: %(count)s"))
register("casework.team_joined", _("You work on case No. %(number)s"))
register("casework.agreement_due", _("The family of case No. %(number)s is on support: sign the agreement by %(due)s"))
register(f"casework.stage.{Stage.DIAGNOSTIC}", _("Case No. %(number)s is in diagnostics again"))
register(f"casework.stage.{Stage.CONTRACTING}", _("Case No. %(number)s: prepare the plan and the agreement"))
register(f"casework.stage.{Stage.ACTIVE}", _("Case No. %(number)s: active support has begun"))
register(
    f"casework.stage.{Stage.REFLECTION}", _("Case No. %(number)s: the work is summed up, a decision is to be taken")
)
register(f"casework.stage.{Stage.POST_SUPPORT}", _("Case No. %(number)s: post-support has begun"))
register(f"casework.stage.{Stage.CLOSED}", _("Case No. %(number)s was closed"))

register(
    "casework.contact_due",
    _("Case No. %(number)s: a contact is due by %(due)s"),
    summary=_("Contacts due soon"),
)
register(
    "casework.contact_overdue",
    _("Case No. %(number)s: the contact due by %(due)s is overdue"),
    summary=_("Overdue contacts"),
)
register(
    "casework.contact_overdue_head",
    _("Case No. %(number)s of your department: the contact due by %(due)s is overdue"),
    summary=_("Overdue contacts in the department"),
)
register(
    "casework.contact_overdue_director",
    _("Case No. %(number)s of your institution: the contact due by %(due)s is overdue"),
    summary=_("Long overdue contacts in the institution"),
)
register(
    "casework.contact_overdue_restricted",
    _("A case of a restricted family: the contact due by %(due)s is overdue"),
    summary=_("Overdue contacts with restricted families"),
)
