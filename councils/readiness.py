"""What keeps a session from its next step, in words: its agenda from being approved, its minutes from being drafted."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from casework.services.periods import working_calendar
from councils.enums import ItemState, SessionKind, SessionState
from councils.models import AgendaItem, Council, CouncilSession


def first_day_allowed(council: Council) -> date:
    """The first day for which members told today are told in time: working days, the body's or the region's rule."""
    today = council.today()
    days = council.notice_days_on(today)
    return working_calendar(council.region).add(today, days) if days else today


def check_notice(session: CouncilSession) -> None:
    """Raise ValidationError, on the day, when the members would be told too late (domain 3.6).

    An extraordinary session is called because something cannot wait, and binds nobody to the usual notice.
    """
    if reason := late_notice(session):
        raise ValidationError({"planned_at": ValidationError(reason, code="notice")})


def late_notice(session: CouncilSession) -> str:
    """Why members who are told today are told too late; "" where they are not."""
    return too_near(session, first_day_allowed(session.council))


def too_near(session: CouncilSession, first: date) -> str:
    """Why the day of the session is too near, `first` being the first that is allowed; "" where it is not."""
    if session.kind == SessionKind.EXTRAORDINARY or session.planned_on >= first:
        return ""
    text = _("Members are told in time for sessions from %(day)s on; an extraordinary session may be held earlier.")
    return text % {"day": f"{first:%d.%m.%Y}"}


def agenda_lacks(session: CouncilSession) -> list[str]:
    """What keeps the agenda from being approved, in words: one query, none where the items were prefetched."""
    items = sorted(session.items.all(), key=lambda item: item.position)
    items = [item for item in items if item.state != ItemState.WITHDRAWN]
    included = [item for item in items if item.state == ItemState.INCLUDED]
    lacks = []
    if not included:
        lacks.append(_("Put at least one question on the agenda."))
    if len(included) < len(items):
        lacks.append(_("Put the remaining proposals on the agenda, or withdraw them."))
    bare = [str(item.position) for item in included if item.family_id and not item.materials.strip()]
    if bare:
        lacks.append(_("Materials are missing for these questions: %(numbers)s.") % {"numbers": ", ".join(bare)})
    if session.chair is None or session.secretary is None:
        lacks.append(_("Name who chairs the session and who keeps its minutes."))
    return lacks


def approval_lacks(session: CouncilSession) -> list[str]:
    """The same with the day: an agenda is not approved so late that the members would not be told in time."""
    return [line for line in (*agenda_lacks(session), late_notice(session)) if line]


def waiting_for_approval(sessions: Iterable[CouncilSession]) -> list[CouncilSession]:
    """Those of the sessions for whose approval by the chair all is done; a fixed number of queries for each body."""
    complete = [row for row in sessions if row.state == SessionState.PLANNED and not agenda_lacks(row)]
    bodies = {row.council_id: row.council for row in complete}
    first = {pk: first_day_allowed(council) for pk, council in bodies.items()}
    return [row for row in complete if not too_near(row, first[row.council_id])]


def minutes_lack(session: CouncilSession) -> list[str]:
    """What keeps the minutes from being drafted and signed, in words; two queries."""
    items = list(AgendaItem.objects.filter(session=session).prefetch_related("decisions").order_by("position"))
    open_items = [str(row.position) for row in items if row.state in {ItemState.PROPOSED, ItemState.INCLUDED}]
    bare = [str(row.position) for row in items if row.state == ItemState.CONSIDERED and not row.decisions.all()]
    lacks = []
    if open_items:
        text = _("Enter a decision on these questions, or postpone or withdraw them: %(numbers)s.")
        lacks.append(text % {"numbers": ", ".join(open_items)})
    if bare:
        lacks.append(_("There is no decision on these questions: %(numbers)s.") % {"numbers": ", ".join(bare)})
    return lacks
