"""A state machine in full product: every action, in every state, by everybody, against the one table of its rules.

An action is tried as a page takes it: the record is looked for among those the person may open, and the service is
called as them. What the rules do not allow is refused and leaves the database as it was; what they allow changes it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from tests.cast import Cast
from tests.factories.accounts import UserFactory, deputy_of

ROOMS: Final = frozenset({"accounts", "records", "families", "casework", "contracts", "councils", "monitoring"})
REFUSED: Final = (ObjectDoesNotExist, PermissionDenied, ValidationError)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Action:
    """What people try with a record.

    `allowed` names, for each state in which it may be done at all, who may; `given` prepares in a state what the action
    needs besides.
    """

    do: Callable[[Any, User], object]
    allowed: Mapping[str, Collection[str]]
    given: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)


def everybody(cast: Cast) -> dict[str, User]:
    """The people of the cast by name; the deputy stands in for the head, and others for chair and secretary."""
    people = dict(cast.people)
    today = cast.institution.today()
    for name in ("chair", "secretary"):
        stand_in = UserFactory.create(username=f"deputy_{name}")
        post = cast.people[name].appointments.get()
        deputy_of(post, user=stand_in, starts_on=today - DAY, ends_on=today + DAY)
        people[f"deputy_{name}"] = stand_in
    cast.deputy.work_as(next(row for row in cast.deputy.appointments_in_force if row.is_deputy))
    return people


def judge(row: Model, state: str, actions: Mapping[str, Action], people: Mapping[str, User]) -> list[str]:
    """Try every action on a record in `state` as everybody; what went otherwise than the table says."""
    manager: Any = type(row)._default_manager
    openers = {who for who, person in people.items() if manager.visible_to(person).filter(pk=row.pk).exists()}
    faults = []
    for name, action in actions.items():
        with transaction.atomic():
            if state in action.given:
                action.given[state](row)
            before = _everything()
            for who, person in people.items():
                allowed = who in action.allowed.get(state, ())
                done, changed = _tried(row, action, person, before) if who in openers else (False, False)
                if (done, changed) != (allowed, allowed):
                    faults.append(f"{name} in {state} by {who}: done {done}, changed {changed}, allowed {allowed}")
            transaction.set_rollback(True)
    return faults


def _tried(row: Model, action: Action, person: User, before: str) -> tuple[bool, bool]:
    """Whether the action was done, and whether anything has changed by it; then all is as before."""
    with transaction.atomic(), _writes() as written:
        try:
            manager: Any = type(row)._default_manager
            action.do(manager.visible_to(person).get(pk=row.pk), person)
            done = True
        except REFUSED:
            done = False
        changed = bool(written) and _everything() != before
        transaction.set_rollback(True)
    return done, changed


@contextmanager
def _writes() -> Iterator[list[str]]:
    """The statements that write, as they are sent."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _everything() -> str:
    """A fingerprint of all rows of all rooms, their history included."""
    tables = sorted(model._meta.db_table for model in apps.get_models() if model._meta.app_label in ROOMS)
    rows = "md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
    parts = " || ".join(f"(SELECT {rows} FROM {connection.ops.quote_name(name)} t)" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5({parts})")
        (found,) = cursor.fetchone()
    return str(found)
