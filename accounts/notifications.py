"""Telling people of facts: one notification per fact and person, shown in the reader's language."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Case, CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Notification, User

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

INSERT = """
    INSERT INTO accounts_notification (recipient_id, code, fact, params, target, target_id, created_at)
    SELECT DISTINCT person, %s, %s, %s::jsonb, %s, %s::bigint, %s::timestamptz FROM unnest(%s::bigint[]) AS person
    ON CONFLICT (recipient_id, code, fact) DO NOTHING
"""
"""One statement for any number of people; whoever has been told already is left alone, also by two jobs at once."""

REMIND = """
    WITH fact (recipient, fact, params, target_id) AS MATERIALIZED ({facts}),
    settled AS (
        UPDATE accounts_notification AS kept SET settled_at = %s::timestamptz
        WHERE kept.code = %s AND kept.settled_at IS NULL AND kept.target_id IN ({objects})
          AND NOT EXISTS (SELECT FROM fact WHERE fact.recipient = kept.recipient_id AND fact.fact = kept.fact)
        RETURNING 1
    ),
    told AS (
        INSERT INTO accounts_notification (recipient_id, code, fact, params, target, target_id, created_at)
        SELECT DISTINCT ON (fact.recipient, fact.fact)
            fact.recipient, %s, fact.fact, fact.params, %s, fact.target_id, %s::timestamptz
        FROM fact
        WHERE NOT EXISTS (
            SELECT FROM accounts_notification AS known
            WHERE known.recipient_id = fact.recipient AND known.code = %s AND known.fact = fact.fact
              AND known.settled_at IS NULL
        )
        ON CONFLICT (recipient_id, code, fact) DO UPDATE
        SET settled_at = NULL, read_at = NULL, mailed_at = NULL, created_at = EXCLUDED.created_at
        WHERE accounts_notification.settled_at IS NOT NULL
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM told), (SELECT count(*) FROM settled)
"""
"""One statement for any number of facts, which are worked out once.

Settled are reminders of these objects whose facts hold no longer, or no longer concern their reader; told is what is
new, and told anew what was settled and is true again. Any other is left alone: the two never meet in one row.
"""

SETTLE_FORMER = """
    UPDATE accounts_notification AS kept SET settled_at = %s::timestamptz
    FROM unnest(%s::bigint[], %s::text[]) AS present (id, fact)
    WHERE kept.target_id = present.id AND kept.code = ANY(%s) AND kept.settled_at IS NULL
      AND kept.fact <> present.fact
"""

NO_FACTS = "SELECT NULL::bigint, NULL::text, NULL::jsonb, NULL::bigint WHERE false"
NO_OBJECTS = "SELECT NULL::bigint WHERE false"

Select = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Text:
    sentence: Promise | str
    summary: Promise | str


_texts: dict[str, _Text] = {}


def register(code: str, text: Promise | str, *, summary: Promise | str = "") -> None:
    """Name the text of notifications with `code`: a translatable string with %(name)s for its parameters.

    `summary` names what many of them are together ("Overdue contacts"), for the daily letter. Rooms register their
    codes when they start. Raises ValueError when the code is taken by another text.
    """
    if code in _texts and _texts[code].sentence != text:
        raise ValueError(f"The notification code {code} is registered twice.")
    _texts[code] = _Text(text, summary)


def notify(
    recipients: Iterable[User | int],
    code: str,
    *,
    fact: str,
    target: str = "",
    target_id: int | None = None,
    **params: Any,
) -> int:
    """Tell each recipient of a fact, once; return how many were told now.

    `fact` identifies what happened ("case:12:overdue:7"); telling the same fact again changes nothing. `target` is the
    route of the page to open and `target_id` its object. `params` fill the text (days as dates) and must hold no
    personal data.
    """
    _require_text(code)
    people = [recipient.pk if isinstance(recipient, User) else recipient for recipient in recipients]
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT, [code, fact, json.dumps(params, cls=DjangoJSONEncoder), target, target_id, timezone.now(), people]
        )
        told: int = cursor.rowcount
    return told


def remind(
    code: str, *, facts: Iterable[QuerySet[Any, Any]], objects: QuerySet[Any, Any], target: str = ""
) -> tuple[int, int]:
    """Bring the reminders with `code` in step with the facts; return how many were told now, and how many settled.

    Each of `facts` selects rows (recipient, fact, params, target_id) of what is true now; `objects` the ids of all that
    the facts could be about. One statement, however many there are: what is true and was not told is told, and what
    was told of one of `objects` and is true no longer is settled. Run again, it changes nothing.
    """
    _require_text(code)
    now = timezone.now()
    facts_sql, facts_params = _union([_compiled(rows, NO_FACTS) for rows in facts])
    objects_sql, objects_params = _compiled(objects, NO_OBJECTS)
    sql = REMIND.format(facts=facts_sql, objects=objects_sql)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*facts_params, now, code, *objects_params, code, target, now, code])
        told, settled = cursor.fetchone()
    return told, settled


def told_to(
    rows: QuerySet[Any, Any], recipient: str, *fact: str, about: str = "pk", **params: str | Case
) -> QuerySet[Any, Any]:
    """Rows (recipient, fact, params, target_id) for `remind`, from columns of `rows`.

    `recipient` leads to the person; `fact` is a word and the columns that identify what happened; `about` is the key
    of the object that the page shows; `params` are the columns, or what is made of them, for the text.
    """
    word, *columns = fact
    parts = [part for column in columns for part in (Value(":"), Cast(column, CharField()))]
    told: QuerySet[Any, Any] = rows.annotate(
        told_to=F(recipient),
        told_fact=Concat(Value(word), *parts, output_field=CharField()),
        told_params=JSONObject(**params),
        told_about=F(about),
    ).values_list("told_to", "told_fact", "told_params", "told_about")
    return told


def settle(codes: Collection[str], objects: Iterable[int]) -> int:
    """Settle at once all that was told, with one of `codes`, of these objects; return how many."""
    return settle_former(codes, dict.fromkeys(objects, ""))


def settle_former(codes: Collection[str], present: Mapping[int, str]) -> int:
    """Settle at once what was told, with one of `codes`, of the objects in `present`; return how many.

    `present` gives for each object's id the fact that is true of it now: what was told of that one stays.
    """
    if not present:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_FORMER, [timezone.now(), list(present), list(present.values()), list(codes)])
        return int(cursor.rowcount)


def text_of(notification: Notification) -> str:
    """The sentence to show, in the language now active."""
    text = _texts.get(notification.code)
    if text is None:
        return _("Notification %(code)s") % {"code": notification.code}
    return str(text.sentence) % {name: _readable(value) for name, value in notification.params.items()}


def summary_of(code: str) -> str:
    """What notifications with `code` are together, in the language now active; "" where they have no name."""
    return str(_texts[code].summary) if code in _texts else ""


def _require_text(code: str) -> None:
    if code not in _texts:
        raise ValueError(f"There is no text for the notification code {code}.")


def _compiled(rows: QuerySet[Any, Any], nothing: str) -> Select:
    """The statement of a queryset, with its parameters; `nothing` for one that is known to be empty."""
    try:
        sql, params = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return nothing, ()
    return sql, params


def _union(selects: list[Select]) -> Select:
    return (
        " UNION ALL ".join(f"({sql})" for sql, _params in selects) or NO_FACTS,
        tuple(value for _sql, params in selects for value in params),
    )


def _readable(value: object) -> object:
    """A parameter as a person reads it: days, which are stored as 2026-11-05, in the reader's format."""
    if isinstance(value, str) and DAY.fullmatch(value):
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value
