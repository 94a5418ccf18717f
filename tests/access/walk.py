"""Asks one route as one person about one subject, and judges the answer by the access table and by the tokens in it."""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from celery.signals import before_task_publish
from django.contrib.messages import INFO, get_messages
from django.core import mail
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client, TestCase
from django.urls import reverse

from accounts.middleware import ReadOnlyGetMiddleware
from tests.access.domains import (
    BODY,
    DECISION,
    FAMILY,
    NOTE,
    OBJECTS,
    PACKET,
    SESSION,
    UNIT,
    Action,
    Fields,
    Relation,
    Role,
)
from tests.access.filling import filled, form_of
from tests.access.oracle import Fact, Key, Oracle, Outcome, load
from tests.access.routes import Question, Route
from tests.access.tokenizing import Token
from tests.access.worlds import Actor, Subject, World
from tests.cast import client_of

# What leaves the request by other ways than the answer: the journal, notices, letters, the tasks of the workers.
OUTWARD: Final = frozenset({"accounts_accessevent", "accounts_notification", "records_workorder", "django_mail"})
# What a refused request may write: the journal, and the session with the messages for the person.
WRITTEN_ALWAYS: Final = ReadOnlyGetMiddleware.allowed_tables
WRITES: Final = re.compile(r"(?i)\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)")
# Moments and keys of requests hold digits that mean nothing.
MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+|datetime\(.*?\)|[0-9a-f]{8}-[0-9a-f-]{27}")
PAPERS: Final = "/records/documents/"
OFFICE_FILE: Final = b"PK\x03\x04"
STRICTNESS: Final = (
    Outcome.ALLOW,
    Outcome.FIELDS,
    Outcome.ALLOW_WITH_REASON,
    Outcome.LIST_WITHOUT,
    Outcome.DENY403,
    Outcome.DENY404,
    Outcome.SIGN_IN,
)
# Naming a family: what a list may show of it beside the columns of its own.
NAMES: Final = frozenset(
    {"families.Family.title", "families.Person.last_name", "families.Person.first_name", "families.Person.patronymic"}
)
ADDRESSED: Final = NAMES | {"families.Family.street", "families.Family.house", "families.Family.flat"}
# Members of councils read initials (clarifications); what figures mean is published with them.
INITIALS_ONLY: Final = frozenset({Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR})
# Whoever enters a council's members chooses the agency they sit for (clarifications, role table).
AGENCY: Final = "partners.PartnerOrganisation.title"
ANALYSIS: Final = "monitoring.QuarterlyReport.analysis"
# Of whatever has such a page, the other pages are asked as well.
MAIN_PAGES: Final = frozenset(
    {"families:card", "contracts:contract", "councils:session", "partners:partner", "reports:report"}
)
FOUND_BY_FAMILY: Final = frozenset({"family_card", "family_directory"})
AT_WORK: Final = frozenset({Relation.OWN, Relation.DEPARTMENT, Relation.INSTITUTION, Relation.AUTHORITY})
LIST_COLUMNS: Final[dict[str, frozenset[str]]] = {"family_directory": frozenset({"families.Family.title"})}


@cache
def oracle() -> Oracle:
    return load()


@dataclass(slots=True)
class Traces:
    """What one request left behind besides its answer."""

    written: set[str] = field(default_factory=set)
    outward: list[str] = field(default_factory=list)
    logged: list[str] = field(default_factory=list)


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()} {record.exc_info or ''} {vars(record).get('extra', '')}")


@contextmanager
def watched() -> Iterator[Traces]:
    """Note the tables written, what goes into journals, letters and queues, and every line of the log.

    What waits for the end of the transaction is done at the end of the watch: the world's own never ends.
    """
    traces, letters = Traces(), len(mail.outbox)

    def message(sender: str, body: Any, headers: Any, properties: Any, **_more: Any) -> None:
        traces.outward.append(f"{sender} {body} {headers} {properties}")

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if target := WRITES.match(str(sql)):
            traces.written.add(target[1].lower())
            if target[1].lower() in OUTWARD:
                traces.outward.append(str(params))
        return execute(sql, params, many, context)

    root = logging.getLogger()
    usual, root.handlers = root.handlers, [_Lines(traces.logged)]
    before_task_publish.connect(message, weak=False)
    try:
        with connection.execute_wrapper(note), TestCase.captureOnCommitCallbacks(execute=True):
            yield traces
    finally:
        before_task_publish.disconnect(message)
        root.handlers = usual
    traces.outward += [letter.message().as_string() + letter.body for letter in mail.outbox[letters:]]


@dataclass(slots=True)
class Answer:
    """What came back: the status, where it leads, everything in it that can be read, and the traces left."""

    status: int
    location: str
    text: str
    traces: Traces
    led_back: bool = False
    """To the object, with word that its state does not allow the act any more (`accounts.access.NotNow`)."""

    @property
    def opened(self) -> bool:
        led_on = self.status == 302 and self.location not in _elsewhere() and not self.asks_reason
        return self.status == 200 or (led_on and not self.led_back)

    @property
    def not_now(self) -> bool:
        """Whether this is how a page answers that refuses an object in the wrong state."""
        return self.led_back or self.status in {403, 404}

    @property
    def asks_reason(self) -> bool:
        return self.status == 302 and self.location.endswith("/reason/")

    @property
    def asks_sign_in(self) -> bool:
        return self.status == 302 and self.location == reverse("account_login")


def readable(response: HttpResponseBase) -> str:
    """Everything of an answer that a person or a program could read: headers, messages, body, parts of office files."""
    body = response.getvalue() if hasattr(response, "getvalue") else b""
    parts = [unquote(f"{name}: {value}") for name, value in response.items()]
    request = getattr(response, "wsgi_request", None)
    if request is not None and hasattr(request, "_messages"):
        parts += [str(message) for message in get_messages(request)]
    if body.startswith(OFFICE_FILE):
        with zipfile.ZipFile(io.BytesIO(body)) as office:
            parts += [office.read(name).decode(errors="replace") for name in office.namelist()]
    else:
        parts.append(body.decode(errors="replace"))
    return "\n".join(parts)


def led_back(response: HttpResponseBase) -> bool:
    """Whether an answer says why an act is not done, by a message of its own that is neither success nor error."""
    storage = getattr(getattr(response, "wsgi_request", None), "_messages", None)
    # Those of earlier answers, which no page has shown yet, are kept apart until they are read.
    told = storage._queued_messages if storage is not None else ()
    return response.status_code == 302 and any(message.level == INFO for message in told)


def prepare(route: Route, subject: Subject | None) -> None:
    """Put the records of the subject into the state that the route needs."""
    for name, values in route.given.items():
        if subject is not None and name in subject.rows:
            row = subject.rows[name]
            type(row)._base_manager.filter(pk=row.pk).update(**values)


@cache
def _elsewhere() -> frozenset[str]:
    """Where somebody is led who has to prove first who they are."""
    return frozenset({reverse("account_login"), reverse("mfa_index")})


class Walker:
    """One actor at work in a world: asks routes, keeps what was found, and lists what was wrong."""

    def __init__(self, world: World, actor: Actor) -> None:
        self.world, self.actor = world, actor
        self.client = Client() if actor.user is None else client_of(actor.user, actor.post)
        self.client.raise_request_exception = False
        self.faults: list[str] = []
        self.found: set[Token] = set()
        self.cells = 0
        self.asked: set[str] = set()
        self.listed: set[tuple[str, str]] = set()
        self.opened: set[str] = set()
        self._reasons: set[str] = set()

    # --- what the table says -------------------------------------------------------------------------------------

    def fact(self, question: Question, subject: Subject | None) -> Fact | None:
        """The answer of the table to a question about a subject; None where it has no such question."""
        if question.action is Action.CREATE:
            relation: Relation | None = Relation.NEW
        elif subject is None:
            domain = OBJECTS[question.object][0][self.actor.role]
            relation = Relation.SELF if Relation.SELF in domain else Relation.ANYWHERE
        else:
            relation = self.actor.relation(subject)
        key = Key(question.object, question.action, self.actor.role, relation or Relation.NEW)
        return oracle().facts.get(key)

    def expected(self, route: Route, subject: Subject | None) -> Fact | None:
        """The stricter of the facts of a route: what one of them hides stays hidden."""
        questions = [route.asks, route.also] if route.also else [route.asks]
        facts = [fact for question in questions if (fact := self.fact(question, subject)) is not None]
        return max(facts, key=lambda fact: STRICTNESS.index(fact.outcome), default=None)

    def may_show(self, token: Token, subject: Subject) -> bool:
        """Whether the actor may read this text at all: by its own object, or as the name of what they may know of."""
        action = Action.READ if Action.READ in OBJECTS[token.object][1] else Action.LIST
        fact = self.fact(Question(token.object, action), subject)
        if fact is not None and fact.shows and fact.fields is not Fields.FIGURES:
            return True
        if fact is not None and fact.fields is Fields.FIGURES and token.field == ANALYSIS:
            return True
        if self.actor.role is Role.REGION_ADMIN and token.field == AGENCY:
            return self.actor.relation(subject) is Relation.REGION
        return token.field in NAMES and self.actor.role not in INITIALS_ONLY and self._knows(subject)

    def _knows(self, subject: Subject) -> bool:
        relation = self.actor.relation(subject)
        return any(
            fact.shows
            for name, (_, actions) in OBJECTS.items()
            if Action.READ in actions
            and (fact := oracle().facts.get(Key(name, Action.READ, self.actor.role, relation or Relation.NEW)))
        )

    # --- asking --------------------------------------------------------------------------------------------------

    def send(self, method: str, path: str, data: dict[str, Any] | None = None) -> Answer:
        """One request; the paper that it has issued is fetched as well."""
        with watched() as traces:
            response = self.client.get(path) if method == "GET" else self.client.post(path, data or {})
            is_back = led_back(response)
            text = readable(response)
            location = urlsplit(response.headers.get("Location", "")).path
            if location.startswith(PAPERS):
                text += readable(self.client.get(location))
        return Answer(response.status_code, location, text, traces, is_back)

    def _needs_reason(self, subject: Subject) -> bool:
        """Whether the family opens only with a reason, which was not given yet."""
        if subject.kind != "family" or subject.key in self._reasons:
            return False
        card = self.fact(Question("family_card", Action.READ), subject)
        return card is not None and card.outcome is Outcome.ALLOW_WITH_REASON

    def give_needed_reason(self, subject: Subject) -> None:
        """Say why the family is opened, where it opens with a reason only."""
        if self._needs_reason(subject):
            self.give_reason(subject)

    def give_reason(self, subject: Subject) -> None:
        """Say why a restricted family, or one of a sample, is opened."""
        if subject.key not in self._reasons:
            self._reasons.add(subject.key)
            path = reverse("families:reason", args=subject.ids["family"])
            self.client.post(path, {"reason": "готовлюсь к посещению"})

    # --- judging -------------------------------------------------------------------------------------------------

    def ask(self, route: Route, subject: Subject | None, method: str, data: dict[str, Any] | None = None) -> None:
        """Ask a route about a subject, or about nothing in particular, and note what is wrong with the answer."""
        fact = self.expected(route, subject)
        if fact is None:
            return
        self.cells += 1
        path = reverse(route.name, args=subject.ids[route.at] if subject and route.at else ())
        if subject is not None and self._needs_reason(subject):
            if fact.outcome is Outcome.ALLOW_WITH_REASON and route.name != "families:reason":
                self._judge_before_reason(route, subject, method, self.send(method, path, data), fact)
            self.give_reason(subject)
        with transaction.atomic():
            prepare(route, subject)
            answer = self.send(method, path, data)
            self.judge(route, subject, method, answer, fact)
            if subject is not None and route.name in MAIN_PAGES and answer.status == 200:
                self.opened.add(subject.key)
            transaction.set_rollback(True)

    def sample(self, route: Route, subject: Subject | None) -> dict[str, Any] | None:
        """What a person who may would send: the page's own form, filled in; None where the page shows no form."""
        if "GET" not in route.methods:
            return dict(route.data)
        path = reverse(route.name, args=subject.ids[route.at] if subject and route.at else ())
        if subject is not None and subject.kind == "family" and subject.family.is_restricted:
            self.give_reason(subject)
        with transaction.atomic():
            prepare(route, subject)
            response = self.client.get(path)
            transaction.set_rollback(True)
        form = form_of(response.content.decode(), path) if response.status_code == 200 else None
        return filled(form, self.world.cast.institution.today(), **route.data) if form else None

    def _judge_before_reason(self, route: Route, subject: Subject, method: str, answer: Answer, fact: Fact) -> None:
        if not (answer.asks_reason or (route.state and answer.not_now)):
            self._fault(route, method, subject, f"{answer.status} without a reason", fact)
        self._judge_tokens(route, method, answer, set())

    def judge(self, route: Route, subject: Subject | None, method: str, answer: Answer, fact: Fact) -> None:
        """Status, tokens and traces of an answer."""
        if not self._right_status(route, subject, answer, fact):
            self._fault(route, method, subject, f"{answer.status} {answer.location}", fact)
        shown = self.world.tokens.found_in(answer.text)
        allowed = shown if not answer.opened else {token for token in shown if self._allowed(token)}
        if not answer.opened:
            allowed = set()
        else:
            self.found |= allowed
        self._judge_tokens(route, method, answer, allowed, shown)
        if not fact.shows and (changed := self.world.changed(answer.traces.written - WRITTEN_ALWAYS)):
            self._fault(route, method, subject, f"wrote {changed}", fact)

    def _allowed(self, token: Token) -> bool:
        return self.may_show(token, self._owner(token))

    def _owner(self, token: Token) -> Subject:
        return next(subject for subject in self.world.subjects if subject.key == token.owner)

    def _judge_tokens(
        self, route: Route, method: str, answer: Answer, allowed: set[Token], shown: set[Token] | None = None
    ) -> None:
        shown = self.world.tokens.found_in(answer.text) if shown is None else shown
        for token in sorted(shown - allowed, key=str):
            self.faults.append(f"{self.actor}: {method} {route.name} ({answer.status}) shows {token}")
        for where, lines in (("journal or queue", answer.traces.outward), ("log", answer.traces.logged)):
            for token in self.world.tokens.found_in(MOMENT.sub("", "\n".join(lines))):
                self.faults.append(f"{self.actor}: {method} {route.name} writes {token} into the {where}")

    def _right_status(self, route: Route, subject: Subject | None, answer: Answer, fact: Fact) -> bool:
        if fact.outcome is Outcome.SIGN_IN:
            return answer.asks_sign_in or route.public
        if fact.fields is Fields.FIGURES and route.at and route.asks.object not in REPORTS:
            return answer.status == 404  # figures stand in the register: no page of one record is theirs
        if fact.shows:
            return answer.opened or (route.state and answer.not_now)
        if fact.outcome is Outcome.LIST_WITHOUT:
            return answer.opened
        if fact.outcome is Outcome.DENY404:
            # A part refused as unknown to somebody who reads the card may as well be refused openly (style rule 5).
            card = self.fact(Question("family_card", Action.READ), subject)
            known = card is not None and card.shows and route.asks.object != "family_card"
            known = known or self._has_none(route, subject) or self._knows_session(subject)
            refused = answer.status == 403 or (route.state and answer.led_back)
            return answer.status == 404 or (refused and (subject is None or known))
        unheard = answer.status == 404 and self._unheard_of(route, subject)
        return answer.status == 403 or unheard or (route.state and answer.not_now)

    def _has_none(self, route: Route, subject: Subject | None) -> bool:
        """Whether the role has no body or report at all: the refusal does not depend on the one asked for."""
        if subject is None or subject.kind not in {"body", *REPORTS}:
            return False
        facts = oracle().select(object_name=route.asks.object, role=self.actor.role)
        return not any(fact.shows for fact in facts)

    def _knows_session(self, subject: Subject | None) -> bool:
        """Whether the actor opens the session, of which this is a part."""
        if subject is None or subject.kind != "session":
            return False
        session = self.fact(Question("council_session", Action.READ), subject)
        return session is not None and session.shows

    def _unheard_of(self, route: Route, subject: Subject | None) -> bool:
        """Whether the actor knows figures alone, or the object has no page and stands in no list of theirs."""
        if subject is not None and subject.kind == "body":
            body = self.fact(Question("council_body", Action.READ), subject)
            return body is None or not body.shows
        actions = OBJECTS[route.asks.object][1]
        if subject is not None and Action.READ in actions:
            known = self.fact(Question(route.asks.object, Action.READ), subject)
            return known is not None and known.fields is Fields.FIGURES
        if subject is None or Action.LIST not in actions:
            return False
        listed = self.fact(Question(route.asks.object, Action.LIST), subject)
        return listed is None or not listed.shows

    def _fault(self, route: Route, method: str, subject: Subject | None, what: str, fact: Fact) -> None:
        about = f"{subject.key} ({fact.key.relation})" if subject else fact.key.relation
        self.faults.append(
            f"{self.actor}: {method} {route.name} of {about}: {what}, not {fact.outcome} of {fact.key.object}."
            f"{fact.key.action} (line {fact.line}: {fact.source})"
        )

    # --- lists ---------------------------------------------------------------------------------------------------

    def ask_list(self, route: Route) -> None:
        """Open a list, in every form in which it shows something, and judge it for each subject of its kind."""
        kind = kind_of(route.asks.object)
        subjects = list(self.world.of_kind(kind))
        opened = self.has_list(route)
        if opened:
            self.asked.add(route.asks.object)
        texts = []
        for path, answer in self._pages(route, subjects):
            right = answer.asks_sign_in if opened is None else answer.opened if opened else answer.status == 403
            if not right:
                self.faults.append(f"{self.actor}: GET {route.name} {path}: {answer.status}, has the list: {opened}")
            texts.append(answer.text)
            self._judge_tokens(route, "GET", Answer(0, "", "", answer.traces), set())
        self._judge_list(route, subjects, self.world.tokens.found_in("\n".join(texts)))

    def has_list(self, route: Route) -> bool | None:
        """Whether the actor has this list; None for somebody who is led to the sign-in page."""
        role = self.actor.role
        if role is Role.ANONYMOUS:
            return None
        if self.actor.standing_in is Relation.DEPUTY_EXPIRED:
            return route.asks.object == "notification"  # the inbox is the person's own, with a post or without
        if route.only is not None:
            return role in route.only
        facts = oracle().select(object_name=route.asks.object, action=Action.LIST, role=role)
        return any(fact.shows for fact in facts)

    def _pages(self, route: Route, subjects: list[Subject]) -> Iterator[tuple[str, Answer]]:
        path = reverse(route.name)
        if route.every:
            path += "?" + "&".join(
                f"{route.every}={row.ids[route.every][0]}" for row in subjects if route.every in row.ids
            )
        yield path, self.send("GET", path)
        for subject in subjects if route.search else ():
            typed = subject.family.memberships.get(is_head=True).person.snils
            found = self.client.post(path, {"q": typed})
            if found.status_code == 302 and found.headers["Location"].startswith(path):
                answer = self.send("GET", found.headers["Location"])
                yield path, replace(answer, text=answer.text.replace(typed, ""))

    def _judge_list(self, route: Route, subjects: list[Subject], shown: set[Token]) -> None:
        for subject in subjects:
            fact = self.fact(route.asks, subject)
            if fact is None:
                continue
            self.cells += 1
            own = {token for token in shown if token.owner == subject.key}
            if not fact.shows or fact.fields is Fields.FIGURES:
                named = self.actor.relation(subject) in route.names and self._knows(subject)
                self._leaks(route, {token for token in own if not (named and token.field in NAMES)}, fact)
                continue
            columns = LIST_COLUMNS.get(route.asks.object)
            self._leaks(route, {token for token in own if not self._in_columns(token, subject, route, columns)}, fact)
            if own:
                self.listed.add((route.asks.object, subject.key))
                self.found |= own

    def _in_columns(self, token: Token, subject: Subject, route: Route, columns: frozenset[str] | None) -> bool:
        if columns is not None:
            return token.field in columns
        return token.field in ADDRESSED or token.object == route.asks.object or self.may_show(token, subject)

    def _leaks(self, route: Route, leaked: set[Token], fact: Fact) -> None:
        self.faults += [
            f"{self.actor}: list {route.name} shows {token} ({fact.key.relation}: {fact.outcome}, line {fact.line})"
            for token in sorted(leaked, key=str)
        ]

    def missing_in_lists(self) -> list[str]:
        """Subjects that the table promises in a list of the actor, and that none of the lists asked has shown."""
        return [
            f"{self.actor}: no list of {name} shows {subject.key} ({fact.key.relation}, line {fact.line})"
            for name in sorted(self.asked)
            for subject in self.world.of_kind(kind_of(name))
            if (fact := self.fact(Question(name, Action.LIST), subject)) is not None and fact.shows
            if (name, subject.key) not in self.listed and self._has_a_place(name, subject, fact)
        ]

    def not_shown(self) -> set[str]:
        """The fields of whatever was opened that the table lets the actor read whole, and that nothing has shown."""
        shown = {(token.owner, token.field) for token in self.found}
        missing = [token for token in self.world.tokens if (token.owner, token.field) not in shown]
        facts = ((token, self._whole(token)) for token in missing if token.owner in self.opened)
        return {token.field for token, whole in facts if whole}

    def _whole(self, token: Token) -> bool:
        """Whether the table gives the actor the object of the text as it is, not a part of it."""
        fact = self.fact(Question(token.object, Action.READ), self._owner(token))
        return fact is not None and fact.outcome in {Outcome.ALLOW, Outcome.ALLOW_WITH_REASON}

    def _has_a_place(self, name: str, subject: Subject, fact: Fact) -> bool:
        """Whether a list must show it: families always, of the rest what is work in hand."""
        if fact.fields is Fields.FIGURES:
            return False
        if name in FOUND_BY_FAMILY:
            return True
        if name == "audit_sample":
            return fact.key.relation is Relation.SAMPLE_GRANTED  # the other families are in no sample
        if subject.kind in REPORTS or (subject.kind == "session" and "session" not in subject.ids):
            return False  # reports are listed by unit and quarter; a question stands on the page of its session
        is_there = any(token.owner == subject.key and token.object == name for token in self.world.tokens)
        return is_there and (subject.kind != "family" or fact.key.relation in AT_WORK)


REPORTS: Final = frozenset(name for name in OBJECTS if name.startswith("report_"))
KINDS: Final = {id(FAMILY): "family", id(NOTE): "family", id(UNIT): "unit", id(BODY): "body"} | dict.fromkeys(
    (id(SESSION), id(PACKET), id(DECISION)), "session"
)


def kind_of(object_name: str) -> str:
    """The kind of subjects that an object of the table speaks of; "" for those judged without a subject."""
    return object_name if object_name in REPORTS else KINDS.get(id(OBJECTS[object_name][0]), "")
