"""Names of events and notifications of the room; `councils.apps` imports this module."""

from collections.abc import Collection, Mapping
from datetime import date

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from accounts.notifications import register
from casework.enums import BasisBody, EventGroup
from casework.services.events import Params, register_event
from councils.enums import DecisionType


def session_days(ids: Collection[int]) -> Mapping[int, Params]:
    """The day on which each session was held, or for which it is planned now: it may have been moved; one query."""
    sessions = apps.get_model("councils", "CouncilSession").objects.filter(pk__in=ids).with_page()
    return {session.pk: {"day": session.day} for session in sessions}


register_event(
    "council_agenda",
    _("On the agenda of the session of %(day)s: %(body)s"),
    group=EventGroup.STAGES,
    icon="calendar-clock",
    route="councils:session",
    values={"body": BasisBody, "day": date},
    renewed=session_days,
)
register_event(
    "council_decided",
    _("Decision of the session: %(decision)s, minutes No. %(number)s of %(date)s"),
    group=EventGroup.STAGES,
    icon="gavel",
    route="councils:session",
    values={"decision": DecisionType, "date": date},
)

register(
    "councils.agenda_approved",
    _("You are called to the session of %(day)s at %(time)s: the agenda and materials are ready"),
)
register(
    "councils.agenda_to_approve",
    _("The agenda of the session of %(day)s is complete and waits for your approval"),
    summary=_("Agendas to be approved"),
)
register(
    "councils.session_missed",
    _("The day of the session of %(day)s has passed, and it is not said how it ended: its page says what to do"),
    summary=_("Sessions whose day has passed"),
)
register("councils.agenda_is_approved", _("The agenda of the session of %(day)s is approved, the members are called"))
register("councils.session_moved", _("The session has been moved to %(day)s, %(time)s"))
register("councils.session_cancelled", _("The session of %(day)s is cancelled"))
register("councils.item_proposed", _("A question on case No. %(number)s is proposed for the session of %(day)s"))
register("councils.minutes_to_sign", _("The minutes of the session of %(day)s wait for your signature"))
register("councils.minutes_signed", _("Minutes No. %(number)s of the session of %(day)s are signed"))
register("councils.decided", _("Minutes No. %(number)s of %(day)s are signed: decision %(decision)s is for you"))
register(
    "councils.decided_on_case",
    _("Case No. %(case)s: decision %(decision)s of the session of %(day)s, minutes No. %(number)s are signed"),
)
