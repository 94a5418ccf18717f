"""Writing the access journal (design, 5 and 11).

Every page, print, export and search that shows personal data calls `record` before it answers. The row is written in
the request's own transaction: if it cannot be written the page is refused; if the reading fails nothing is recorded.
Who is refused an object leaves a row of its own, written after that transaction (`record_refusal`).
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.apps import apps
from django.db.models import BigIntegerField
from django.http import HttpRequest
from django.urls import ResolverMatch
from django.utils.translation import gettext_lazy as _

from accounts.access import colleagues_of, may_read_reasons
from accounts.enums import AccessAction
from accounts.models import AccessEvent, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Kinds that are no model of their own: names of families without their cards, and changes to access.
TITLES: "dict[str, StrOrPromise]" = {
    "family_name": _("names of families"),
    "password_link": _("one-time link for a password"),
    "second_factor_reset_request": _("request to reset a second factor"),
    "second_factor_reset": _("reset of a second factor"),
}


@cache
def _kinds() -> "dict[str, StrOrPromise]":
    """Everything that can be read, by its code: the names of the models, and what is no model."""
    return {str(model._meta.model_name): model._meta.verbose_name or "" for model in apps.get_models()} | TITLES


def kind_title(kind: str) -> str:
    """What a person reads for the `kind` of an event: the name of the model, or the code of one that is gone."""
    return str(_kinds().get(kind, kind))


@dataclass(frozen=True, slots=True)
class Named:
    """How an object of the journal is shown to a reader: its number; its name and its page where they may open it.

    What has no number is known by its name. `is_ours`: it is an object of the institution the reader works at, and they
    may know that there is one.
    """

    number: str
    name: str = ""
    url: str = ""
    is_ours: bool = False

    @classmethod
    def of_family(
        cls, reader: User, number: str, family: str, url: str, *, institution: int, opens: bool, is_restricted: bool
    ) -> "Named":
        """An object of a family of `institution`: no name where it is restricted, no page where it stays shut.

        That there is a restricted family at all, of the institution too, is known to those alone whom it is open to.
        """
        name = family if opens and not is_restricted else ""
        is_ours = reader.appointment is not None and institution == reader.appointment.institution_id
        known = is_ours and (opens or not is_restricted)
        return cls(number, name=name, url=url if opens else "", is_ours=known)


Namer = Callable[[User, Collection[int]], Mapping[int, Named]]
_namers: dict[str, Namer] = {}
NOBODY = 0
"""The id of no row: a room without any other to name is asked for this one, so that a page always costs the same."""


_of_families: set[str] = set()


def register_namer(kind: str, namer: Namer, *, of_families: bool = False) -> None:
    """Let a room name its objects for the journal's page: `namer(reader, ids)` answers in one query.

    `of_families`: the name does not tell whose the object is, so the families stand beside it.
    """
    if _namers.get(kind, namer) != namer:
        raise ValueError(f"{kind} is named twice.")
    _namers[kind] = namer
    if of_families:
        _of_families.add(kind)


def names_of(reader: User, events: Collection[AccessEvent], *, beside_family: bool = False) -> dict[int, list[Named]]:
    """What each event is about as `reader` may read it; each room is asked once, whatever the events are about.

    An object of a kind without names of its own is named by its families; `beside_family` leaves these out where the
    page is a family's own. What somebody was refused is named only where the reader could know of it anyway.
    """
    about = {event.pk: _about(event, beside_family) for event in events}
    wanted: dict[Namer, set[int]] = {namer: {NOBODY} for namer in _namers.values()}
    for parts in about.values():
        for kind, ids in parts:
            wanted[_namers[kind]].update(ids)
    known = {namer: namer(reader, ids) for namer, ids in wanted.items()}
    found = {
        pk: [row for kind, ids in parts for key in ids if (row := known[_namers[kind]].get(key))]
        for pk, parts in about.items()
    }
    refused = {event.pk for event in events if event.action == AccessAction.DENIED}
    return {pk: [row for row in rows if pk not in refused or row.url or row.is_ours] for pk, rows in found.items()}


def has_own_name(event: AccessEvent) -> bool:
    """Whether what the event is about has a name apart from that of its family."""
    return event.kind in _namers and event.kind != "family"


def _about(event: AccessEvent, beside_family: bool) -> list[tuple[str, list[int]]]:
    """The kinds and ids by which an event is named."""
    own = [(event.kind, [event.object_id] if event.object_id else event.object_ids)] if event.kind in _namers else []
    if (own and (beside_family or event.kind not in _of_families)) or "family" not in _namers:
        return own
    return [*own, ("family", [event.family_id] if event.family_id else event.family_ids or [])]


Wording = Callable[[str, Mapping[int, User]], str]
_wordings: dict[str, Wording] = {}
PERSON = re.compile(r"\buser:(\d+)")


def register_wording(kind: str, wording: Wording) -> None:
    """Let a room put into words the reasons that its services write as codes: `wording(code, people by id)`."""
    if _wordings.get(kind, wording) != wording:
        raise ValueError(f"{kind} is worded twice.")
    _wordings[kind] = wording


def reasons_of(reader: User, events: Collection[AccessEvent]) -> dict[int, str]:
    """The reason of each event as `reader` may read it: as it was typed, codes in words; one query for the people.

    A code names people by their ids; those whose reading the reader may look through are named.
    """
    told = {event.pk: event for event in events if may_read_reasons(reader, event.user_id)}
    coded = {pk for pk, event in told.items() if event.kind in _wordings}
    keys = {int(key) for pk in coded for key in PERSON.findall(told[pk].reason)}
    people = colleagues_of(reader).in_bulk(keys or {NOBODY})
    return {
        pk: _wordings[event.kind](event.reason, people) if pk in coded else event.reason for pk, event in told.items()
    }


_places: dict[str, str] = {}


def register_places(places: Mapping[str, str]) -> None:
    """Say whose numbers stand in the addresses of a room: by their beginning ("cases/"), the kind of the object."""
    for place, kind in places.items():
        if _places.get(place, kind) != kind:
            raise ValueError(f"The numbers under {place} are named twice.")
        _places[place] = kind


def place_of(match: ResolverMatch) -> str:
    """The kind of the object whose number stands in an address; "" where no room has named it."""
    return _places.get(match.route.partition("<")[0], "") if "pk" in match.kwargs else ""


OF_FAMILY = "family_id"
_answering: dict[str, str] = {}


def register_answering(paths: Mapping[str, str]) -> None:
    """Say which institution answers for objects, by kind: the path to it, or OF_FAMILY for a row that holds only an id.

    Its auditor sees who of others read the object, or was refused it.
    """
    for kind, path in paths.items():
        if _answering.get(kind, path) != path:
            raise ValueError(f"Who answers for {kind} is said twice.")
        _answering[kind] = path


def institutions_of(kind: str, ids: Collection[int]) -> dict[int, int]:
    """The institutions that answer for objects of a kind, by the ids of these; it costs the same whatever is found."""
    path = _answering.get(kind)
    if path is None or not ids:
        return {}
    model = next(model for model in apps.get_models() if model._meta.model_name == kind)
    known = dict(model._base_manager.filter(pk__in=ids).exclude(**{path: None}).values_list("pk", path))
    if path != OF_FAMILY:
        return known
    of_families = institutions_of("family", set(known.values()) or {NOBODY})
    return {key: of_families[family] for key, family in known.items() if family in of_families}


def record_refusal(request: HttpRequest) -> None:
    """Write down that the signed-in person was refused the personal object of this address.

    Called after the transaction of the request was rolled back. A number that nobody has is written down all the same:
    the answer tells nobody whether there is such an object, and the journal none but those who answer for it. The
    family stays unnamed, for nothing was reached; whoever may open the object reads its name. A number too great to be
    anybody's is nobody's object.
    """
    match = request.resolver_match
    if match is None or not isinstance(request.user, User) or not (kind := place_of(match)):
        return
    if match.kwargs["pk"] <= BigIntegerField.MAX_BIGINT:
        record(request, AccessAction.DENIED, kind, object_id=match.kwargs["pk"])


def client_address(request: HttpRequest) -> str | None:
    """Where the request came from: our own proxies are looked through (ALLAUTH_TRUSTED_PROXY_COUNT).

    None for a request that came over no network.
    """
    return get_adapter(request).get_client_ip(request) if request.META.get("REMOTE_ADDR") else None


def record(
    request: HttpRequest,
    action: AccessAction,
    kind: str,
    *,
    object_id: int | None = None,
    object_ids: Iterable[int] = (),
    family_id: int | None = None,
    family_ids: Collection[int] = (),
    institution_id: int | None = None,
    answering: Mapping[int, int] | None = None,
    reason: str = "",
) -> AccessEvent:
    """Write down that the signed-in person reached personal data in this request.

    `kind` names the model reached ("family", "visit"). Give `object_id` for one object, `object_ids` for the rows of a
    list; `family_id` is the family the object belongs to, `family_ids` those that it tells of where it tells of
    several. `institution_id` answers for the family, `answering` says it for each of `object_ids`: given where they
    are at hand, looked up otherwise. `reason` is what the person typed where a reason is asked. What several
    institutions answer for leaves a row for each of them; the first is returned. Raises ValueError for a kind nobody
    could read the name of.
    """
    return record_for(
        request.user if isinstance(request.user, User) else None,
        action,
        kind,
        object_id=object_id,
        object_ids=object_ids,
        family_id=family_id,
        family_ids=family_ids,
        institution_id=institution_id,
        answering=answering,
        reason=reason,
        request=request,
    )


def record_for(
    user: User | None,
    action: AccessAction,
    kind: str,
    *,
    object_id: int | None = None,
    object_ids: Iterable[int] = (),
    family_id: int | None = None,
    family_ids: Collection[int] = (),
    institution_id: int | None = None,
    answering: Mapping[int, int] | None = None,
    reason: str = "",
    request: HttpRequest | None = None,
) -> AccessEvent:
    """The same for a service or a job that acts for `user`, or None for the system itself.

    Route and address are those of `request`; without it, of the request being answered, if there is one.
    """
    if kind not in _kinds():
        raise ValueError(f"The journal knows no kind {kind!r}.")
    request = request or context.request
    match = request.resolver_match if request else None
    appointment = user.appointment if user is not None else None
    own = appointment.institution_id if appointment else None
    reached = _Reached(kind, object_id, tuple(object_ids), family_id, tuple(family_ids))
    rows = [
        AccessEvent(
            user=user,
            acting_for_id=appointment.principal_id if appointment and appointment.is_deputy else None,
            role=appointment.role if appointment else "",
            region_id=appointment.region_id if appointment else None,
            institution_id=own,
            department_id=appointment.department_id if appointment else None,
            action=action,
            kind=kind,
            object_id=object_id,
            object_ids=share.object_ids,
            family_id=family_id,
            family_ids=share.family_ids or None,
            object_institution_id=share.institution_id,
            reason=reason,
            route=match.view_name if match else "",
            address=client_address(request) if request else None,
            request_id=str(getattr(request, "request_id", "")),
        )
        for share in reached.shares(own, institution_id, answering)
    ]
    return AccessEvent.objects.bulk_create(rows)[0]


@dataclass(frozen=True, slots=True)
class _Share:
    """What of the objects reached one institution answers for: None for the reader's own, and where nobody is known."""

    institution_id: int | None
    object_ids: list[int]
    family_ids: list[int]


@dataclass(frozen=True, slots=True)
class _Reached:
    """What was reached: one object or the rows of a list, and the families told of."""

    kind: str
    object_id: int | None
    object_ids: tuple[int, ...]
    family_id: int | None
    family_ids: tuple[int, ...]

    def shares(self, own: int | None, known: int | None, answering: Mapping[int, int] | None) -> list[_Share]:
        """By the institution that answers, in the order of the rows; what `own` answers for is told apart by None."""
        if self.family_ids:
            parts = _parted(self.family_ids, institutions_of("family", self.family_ids), own)
            return [_Share(key, list(self.object_ids), ids) for key, ids in parts.items()]
        if self.object_ids:
            found_for = institutions_of(self.kind, self.object_ids) if answering is None else answering
            parts = _parted(self.object_ids, found_for, own)
            return [_Share(key, ids, []) for key, ids in parts.items()]
        found = known or self._institution()
        return [_Share(None if found == own else found, [], [])]

    def _institution(self) -> int | None:
        if self.family_id is not None:
            return institutions_of("family", [self.family_id]).get(self.family_id)
        return institutions_of(self.kind, [self.object_id]).get(self.object_id) if self.object_id is not None else None


def _parted(ids: Iterable[int], answering: Mapping[int, int], own: int | None) -> dict[int | None, list[int]]:
    parts: dict[int | None, list[int]] = {}
    for key in ids:
        found = answering.get(key)
        parts.setdefault(None if found == own else found, []).append(key)
    return parts
