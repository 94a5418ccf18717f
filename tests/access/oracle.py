"""The access table `tests/access_oracle.csv`, read strictly: who may do what to which object, and by which rule.

A row of the file may speak for several facts; the loader spells them out, one for every object, action, role and
relation that `domains.py` knows, and refuses a table that repeats, contradicts or omits any of them.
"""

import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum, unique
from pathlib import Path
from typing import Final, NamedTuple

from tests.access.domains import OBJECTS, Action, Fields, Relation, Role, relations_of

TABLE: Final = Path(__file__).resolve().parent.parent / "access_oracle.csv"
COLUMNS: Final = ("object", "action", "role", "relation", "outcome", "rule")
ANY: Final = "any"
OTHERS: Final = "others"


class OracleError(ValueError):
    """The table cannot be used: it names something unknown, repeats or contradicts itself, or leaves a gap."""


@unique
class Outcome(StrEnum):
    """What the application answers. The header of the table says how each is recognised."""

    ALLOW = "allow"
    ALLOW_WITH_REASON = "allow_with_reason"
    FIELDS = "fields"
    LIST_WITHOUT = "list_without"
    DENY403 = "deny403"
    DENY404 = "deny404"
    SIGN_IN = "sign_in"


DENY: Final = "deny"  # in the file only; the header of the table says which refusal it becomes
SHOWING: Final = frozenset({Outcome.ALLOW, Outcome.ALLOW_WITH_REASON, Outcome.FIELDS})


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the file as written; `line` is for messages."""

    line: int
    objects: tuple[str, ...]
    actions: tuple[str, ...]
    roles: tuple[str, ...]
    relations: tuple[str, ...]
    outcome: str
    source: str

    @property
    def generality(self) -> tuple[bool, bool, bool]:
        """Sorts rows from the particular to the general: any object, then other roles, then other relations."""
        return self.objects == (ANY,), self.roles == (OTHERS,), self.relations == (OTHERS,)


class Key(NamedTuple):
    """One question: may `role`, standing so to `object`, do `action`?"""

    object: str
    action: Action
    role: Role
    relation: Relation

    def __str__(self) -> str:
        return f"{self.object}, {self.action}, {self.role}, {self.relation}"


@dataclass(frozen=True, slots=True)
class Fact:
    """The answer to one question, with its source and the line of the file that gave it."""

    key: Key
    outcome: Outcome
    fields: Fields | None
    source: str
    line: int

    @property
    def shows(self) -> bool:
        """Whether something of the object may appear in the answer."""
        return self.outcome in SHOWING


@dataclass(frozen=True, slots=True)
class Oracle:
    """All facts of the table."""

    facts: dict[Key, Fact] = field(repr=False)

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def __len__(self) -> int:
        return len(self.facts)

    def fact(self, object_name: str, action: str, role: str, relation: str) -> Fact:
        """The fact of one question.

        Raises:
            OracleError: the table does not know the question; an unasked question is a defect of the test.
        """
        try:
            return self.facts[Key(object_name, Action(action), Role(role), Relation(relation))]
        except (KeyError, ValueError) as error:
            message = f"The table has no row for {object_name}, {action}, {role}, {relation}."
            raise OracleError(message) from error

    def select(
        self,
        *,
        object_name: str | None = None,
        action: str | None = None,
        role: str | None = None,
        relation: str | None = None,
    ) -> list[Fact]:
        """The facts that match every part given, in the order of the table's objects."""
        asked = (object_name, action, role, relation)
        wanted = [(place, value) for place, value in enumerate(asked) if value is not None]
        return [fact for fact in self if all(fact.key[place] == value for place, value in wanted)]


def read_rules(lines: Iterable[str]) -> list[Rule]:
    """Parse the file: comments begin with `#`, cells hold several values joined by `|`."""
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip() and line[0] != "#"]
    rows = csv.reader((line for _, line in numbered), strict=True)
    rules = []
    for (number, _), row in zip(numbered, rows, strict=True):
        if number == numbered[0][0]:
            if tuple(row) != COLUMNS:
                raise OracleError(f"Line {number}: the columns must be {', '.join(COLUMNS)}.")
            continue
        if len(row) != len(COLUMNS) or not all(cell.strip() for cell in row):
            raise OracleError(f"Line {number}: {len(COLUMNS)} filled cells are needed.")
        objects, actions, roles, relations = (tuple(cell.split("|")) for cell in row[:4])
        rules.append(_checked(Rule(number, objects, actions, roles, relations, row[4], row[5])))
    return rules


def _checked(rule: Rule) -> Rule:
    known: tuple[tuple[str, tuple[str, ...], set[str], set[str]], ...] = (
        ("object", rule.objects, set(OBJECTS), {ANY}),
        ("action", rule.actions, set(Action), {ANY}),
        ("role", rule.roles, set(Role), {OTHERS}),
        ("relation", rule.relations, set(Relation), {OTHERS, ANY}),
    )
    for name, values, vocabulary, words in known:
        if len(values) == 1 and values[0] in words:
            continue
        unknown = [value for value in values if value not in vocabulary]
        if unknown or len(set(values)) != len(values):
            raise OracleError(f"Line {rule.line}: {name} {'|'.join(unknown or values)} is unknown or repeated.")
    if rule.roles == (OTHERS,) and rule.relations != (OTHERS,):
        raise OracleError(f"Line {rule.line}: other roles can only be given for other relations.")
    _outcome(rule)
    return rule


def _outcome(rule: Rule) -> tuple[Outcome | None, Fields | None]:
    """Outcome and fields of a row; no outcome yet where the row says `deny`."""
    name, _, part = rule.outcome.partition(":")
    try:
        if name == DENY and not part:
            return None, None
        outcome, fields = Outcome(name), Fields(part) if part else None
    except ValueError as error:
        raise OracleError(f"Line {rule.line}: outcome {rule.outcome} is unknown.") from error
    if (outcome is Outcome.FIELDS) != (fields is not None):
        raise OracleError(f"Line {rule.line}: `fields` and only `fields` needs the name of a part.")
    return outcome, fields


def universe() -> Iterator[Key]:
    """Every question that the table must answer."""
    for name, (_, actions) in OBJECTS.items():
        for action, role in itertools.product(actions, Role):
            for relation in relations_of(name, action, role):
                yield Key(name, action, role, relation)


def _keys(rule: Rule) -> Iterator[Key]:
    """The questions that a row speaks for. What it names must exist together; `any` takes what there is."""
    everywhere = rule.objects == (ANY,) or rule.actions == (ANY,)
    roles = [role for role in Role if role != Role.ANONYMOUS] if rule.roles == (OTHERS,) else map(Role, rule.roles)
    objects = tuple(OBJECTS) if rule.objects == (ANY,) else rule.objects
    for name, role in itertools.product(objects, tuple(roles)):
        actions = OBJECTS[name][1] if rule.actions == (ANY,) else map(Action, rule.actions)
        for action in actions:
            if action not in OBJECTS[name][1]:
                raise OracleError(f"Line {rule.line}: {name} has no action {action}.")
            domain = relations_of(name, action, role)
            wanted = domain if rule.relations[0] in {ANY, OTHERS} else tuple(map(Relation, rule.relations))
            if not everywhere and not set(wanted) <= set(domain):
                raise OracleError(f"Line {rule.line}: {role} never stands so to {name} for {action}.")
            yield from (Key(name, action, role, relation) for relation in wanted if relation in domain)


def _spelled_out(rules: Iterable[Rule]) -> dict[Key, Rule]:
    """The row that answers each question: the most particular one, and only one of a kind."""
    answers: dict[Key, Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.generality):
        used = False
        for key in _keys(rule):
            earlier = answers.get(key)
            if earlier is None or earlier is rule:
                answers[key], used = rule, True
            elif earlier.generality == rule.generality:
                kind = "repeats" if earlier.outcome == rule.outcome else "contradicts"
                raise OracleError(f"Line {rule.line} {kind} line {earlier.line}: {key}.")
        if not used:
            raise OracleError(f"Line {rule.line} says nothing that is not said already.")
    return answers


def _shown(key: Key, answers: dict[Key, Rule]) -> bool:
    return _outcome(answers[key])[0] in SHOWING


def _denial(key: Key, answers: dict[Key, Rule]) -> Outcome:
    """What `deny` means here: a list without the object, 403 for who may know of it, 404 for who may not."""
    actions = OBJECTS[key.object][1]
    if key.action is Action.LIST:
        relations = relations_of(key.object, key.action, key.role)
        has_list = any(_shown(key._replace(relation=relation), answers) for relation in relations)
        return Outcome.LIST_WITHOUT if has_list else Outcome.DENY403
    if key.action is Action.READ:
        return Outcome.DENY404
    if key.action is Action.CREATE or Action.READ not in actions:
        return Outcome.DENY403
    reading = key._replace(action=Action.READ)
    known = _shown(reading, answers) or _outcome(answers[reading])[0] is Outcome.DENY403
    return Outcome.DENY403 if known else Outcome.DENY404


def build(rules: Iterable[Rule]) -> Oracle:
    """All facts of the rows.

    Raises:
        OracleError: rows repeat or contradict each other, or a question is left without an answer.
    """
    answers = _spelled_out(rules)
    for key in universe():
        if key not in answers:
            raise OracleError(f"The table does not say: {key}.")
    facts: dict[Key, Fact] = {}
    for key in universe():
        rule = answers[key]
        outcome, fields = _outcome(rule)
        facts[key] = Fact(key, outcome or _denial(key, answers), fields, rule.source, rule.line)
    return Oracle(facts)


def load(path: Path = TABLE) -> Oracle:
    """Read and check the table."""
    with path.open(encoding="utf-8", newline="") as file:
        return build(read_rules(file))
