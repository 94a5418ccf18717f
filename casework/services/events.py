"""The timeline of a case: registered kinds of events, writing them, and reading them as sentences."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts.models import User
from casework.enums import EventGroup
from casework.models import CaseEvent, SupportCase
from casework.waiting import watch
from common.paging import Page, paginate
from common.text import short_date

Value = type[TextChoices] | type[date] | type[User]
Param = str | int | date | User | None
Params = Mapping[str, Param]
Permission = Callable[[User, SupportCase], bool]
Renewal = Callable[[Collection[int]], Mapping[int, Params]]

LONGEST_PARAM = 100
PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class EventKind:
    """How events of one kind read. `values` says how parameters that are not plain are shown: a class of choices for
    codes, `date` for days, `User` for members of staff; `allowed` who reads them, None for all readers of timelines;
    `renewed` gives, by the ids of the events' objects, the parameters that may have changed since."""

    code: str
    text: Promise | str
    group: EventGroup
    icon: str = "dot"
    tone: str = "neutral"
    route: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    allowed: Permission | None = None
    own_words: bool = False
    renewed: Renewal | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a timeline, as the timeline component shows it; `own_words`: its title names people or papers."""

    when: date
    title: str
    who: str
    url: str
    icon: str
    tone: str
    own_words: bool = False


_kinds: dict[str, EventKind] = {}


def register_event(
    code: str,
    text: Promise | str,
    *,
    group: EventGroup,
    icon: str = "dot",
    tone: str = "neutral",
    route: str = "",
    values: Mapping[str, Value] | None = None,
    allowed: Permission | None = None,
    own_words: bool = False,
    renewed: Renewal | None = None,
) -> None:
    """Name a kind of event: `text` is translatable, with %(name)s for its parameters.

    `icon` is a lucide name, `tone` one of neutral, ok, warn, bad; `route` takes the id of the event's object; `allowed`
    says who of the case's readers reads it; `own_words` that a parameter is a text in the language of the office;
    `renewed` reads parameters as they are now, by the id of the event's object: the day to which a session was moved.
    Raises ValueError when the code is taken by another kind.
    """
    kind = EventKind(code, text, group, icon, tone, route, values or {}, allowed, own_words, renewed)
    if _kinds.get(code, kind) != kind:
        raise ValueError(f"The event kind {code} is registered twice.")
    _kinds[code] = kind


def record_event(
    case: SupportCase,
    kind: str,
    *,
    on: date,
    by: User | None,
    params: Mapping[str, Param] | None = None,
    object_kind: str = "",
    object_id: int | None = None,
) -> CaseEvent:
    """Write down what happened to `case` on `on`, an event date; `by` None means the system itself.

    `params` fill the registered text: codes, days, numbers, members of staff; never a name or a circumstance of the
    family, for the timeline outlives anonymising. Raises ValueError for an unknown kind or parameters that do not fit.
    """
    event = _event(case.pk, kind, on, by, params or {})
    event.object_kind, event.object_id = object_kind, object_id
    event.save()
    watch(case.pk)
    return event


def record_events(
    cases: Iterable[SupportCase | int],
    kind: str,
    *,
    on: date,
    by: User | None,
    params: Mapping[str, Param] | None = None,
    each: Mapping[int, Mapping[str, Param]] | None = None,
) -> None:
    """The same fact of many cases in one statement; `each` adds parameters by the case's id."""
    keys = [case.pk if isinstance(case, SupportCase) else case for case in cases]
    own = each or {}
    CaseEvent.objects.bulk_create(_event(key, kind, on, by, {**(params or {}), **own.get(key, {})}) for key in keys)
    watch(*keys)


def timeline(case: SupportCase, reader: User, *, group: str = "", cursor: str = "") -> Page[TimelineEntry]:
    """A page of the events of `case` that `reader` may read, newest first.

    Besides the page's own query at most one for the members of staff, and one for each kind that is `renewed`.

    `group` is a value of EventGroup; anything else shows every event.
    """
    events = CaseEvent.objects.filter(case=case).select_related("by")
    if group in EventGroup.values:
        events = events.filter(kind__in=[code for code, kind in _kinds.items() if kind.group == group])
    hidden = [code for code, kind in _kinds.items() if kind.allowed and not kind.allowed(reader, case)]
    page = paginate(events.exclude(kind__in=hidden), "-on", "-id", cursor=cursor)
    people, renewed = _people(page.rows), _renewed(page.rows)
    rows = [entry(event, people, renewed.get(event.pk, {})) for event in page.rows]
    return Page(rows, page.next_cursor, page.previous_cursor)


def entry(event: CaseEvent, people: Mapping[int, User], renewed: Params) -> TimelineEntry:
    """An event as a sentence in the language now active; `people` are the members of staff it may name."""
    who = str(event.by) if event.by else ""
    kind = _kinds.get(event.kind)
    if kind is None:
        title = gettext("Event %(code)s") % {"code": event.kind}
        return TimelineEntry(event.on, title, who, "", "dot", "neutral")
    params = event.params | {name: _stored(event.kind, name, value) for name, value in renewed.items()}
    shown = {name: _shown(kind.values.get(name), value, people) for name, value in params.items()}
    url = reverse(kind.route, args=[event.object_id]) if kind.route and event.object_id else ""
    own_words = kind.own_words or User in kind.values.values()
    return TimelineEntry(event.on, str(kind.text) % shown, who, url, kind.icon, kind.tone, own_words)


def _event(case_id: int, code: str, on: date, by: User | None, params: Mapping[str, Param]) -> CaseEvent:
    kind = _kinds.get(code)
    if kind is None:
        raise ValueError(f"There is no event kind {code}.")
    missing = set(PLACE.findall(str(kind.text))) - params.keys()
    if missing:
        raise ValueError(f"The event {code} lacks {', '.join(sorted(missing))}.")
    stored = {name: _stored(code, name, value) for name, value in params.items()}
    return CaseEvent(case_id=case_id, kind=code, on=on, by=by, params=stored)


def _stored(code: str, name: str, value: Param) -> str | int | None:
    if isinstance(value, User):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > LONGEST_PARAM:
        raise ValueError(f"The parameter {name} of {code} is a text, not a code or a number.")
    return value


def _shown(how: Value | None, value: Any, people: Mapping[int, User]) -> str:
    if value in {None, ""}:
        return ""
    if how is None:
        return str(value)
    if issubclass(how, TextChoices):
        return str(dict(how.choices).get(value, value))
    if issubclass(how, User):
        return str(people.get(value, ""))
    return short_date(date.fromisoformat(value))


def _people(events: Iterable[CaseEvent]) -> dict[int, User]:
    """The members of staff that these events name as parameters, in one query, or none."""
    keys = set()
    for event in events:
        kind = _kinds.get(event.kind)
        if kind is not None:
            keys |= {event.params.get(name) for name, how in kind.values.items() if how is User}
    keys.discard(None)
    return User.objects.in_bulk(list(keys)) if keys else {}


def _renewed(events: Iterable[CaseEvent]) -> dict[int, Params]:
    """What reads otherwise now than when it was written down, by the event's id; a query for each kind that asks."""
    rows = [event for event in events if event.object_id is not None]
    found: dict[int, Params] = {}
    for code in {event.kind for event in rows}:
        kind = _kinds.get(code)
        if kind is None or kind.renewed is None:
            continue
        of_kind = {event.pk: event.object_id for event in rows if event.kind == code and event.object_id is not None}
        now = kind.renewed(set(of_kind.values()))
        found |= {pk: now[key] for pk, key in of_kind.items() if key in now}
    return found
