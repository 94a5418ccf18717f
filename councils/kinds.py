"""Names of events and notifications of the room; `councils.apps` imports this module."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts.notifications import register
from casework.enums import BasisBody, EventGroup
from casework.services.events import register_event
from councils.enums import DecisionType

register_event(
    "council_agenda",
    _("On the agenda of the session of %(day)s: %(body)s"),
    group=EventGroup.STAGES,
    icon="calendar-clock",
    route="councils:session",
    values={"body": BasisBody, "day": date},
)
register_event(
    "council_decided",
    _("Decision of the session: %(decision)s, minutes no. %(number)s of %(date)s"),
    group=EventGroup.STAGES,
    icon="gavel",
    route="councils:session",
    values={"decision": DecisionType, "date": date},
)

register("councils.agenda_approved", _("You are called to the session of %(day)s: the agenda and materials are ready"))
register("councils.session_moved", _("The session has been moved to %(day)s"))
register("councils.session_cancelled", _("The session of %(day)s is cancelled"))
register("councils.item_proposed", _("A question on case no. %(number)s is proposed for the session of %(day)s"))
register("councils.minutes_to_sign", _("The minutes of the session of %(day)s wait for your signature"))
register("councils.decided", _("Minutes no. %(number)s of %(day)s are signed: there is a decision for you"))
