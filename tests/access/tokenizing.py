"""Fills every text of a family's records with words that occur nowhere else, and finds those words again.

A token is looked for by its first letters, so that it is found in any case of the Russian declension, by its digits in
every form in which pages and papers write numbers, and by its day in every form in which they write dates.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    CharField,
    DateField,
    DecimalField,
    Field,
    ForeignKey,
    GeneratedField,
    Model,
    SlugField,
    TextField,
    URLField,
)
from simple_history.models import HistoricalChanges

from common import snils
from families.enums import SENSITIVE_TRAITS
from families.models import Family, FamilyCategory, FamilyUserObjectPermission, MemberTrait, Person
from records.models import Attachment, IssuedDocument
from tests import tokens
from tests.guards import guards_asleep

STEM: Final = 8
NUMBER: Final = re.compile(r"\d[\d\s,.()-]*\d")
MONTHS: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
DATE: Final = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?![T\d])"
    rf"|\b(?P<day_>\d\d?)(?:\.(?P<month_>\d\d)\.|\s(?P<word>{'|'.join(MONTHS)})\s)(?P<year_>\d{{4}})\b"
)
SUM_DIGITS, PHONE_DIGITS, SNILS_DIGITS = 9, 10, 11
PAPERS: Final[tuple[type[Model], ...]] = (Attachment, IssuedDocument)
WORD: Final = re.compile(rf"[а-я]{{{STEM},}}")
# Numbers and codes that name a record and tell nothing of a person (access rules 6.3, 6).
NAMES_OF_RECORDS: Final = frozenset(
    {
        "number",
        "registry_number",
        "contract_number",
        "basis_number",
        "decision_number",
        "source",
        "kind",
        "object_kind",
        "owner_kind",
        "content_type",
        "sha256",
        "text_sha256",
        "template",
        "file",
    }
)
LAST_GROWN_UP: Final = 2000
# Days that tell of a person, whatever is done with the family.
DAYS: Final = frozenset({"families.Person.birth_date", "families.Person.document_issued_on"})
# Lists of words that a person has written.
LISTS: Final = frozenset({"families.Consent.processors", "families.Consent.recipients"})
# Texts of a state, refused by the database or hidden by the pages outside it: tokens where a record has them at all.
OF_A_STATE: Final = frozenset(
    {
        "casework.ServiceRecord.cancel_reason",
        "contracts.FollowUpSheet.no_contact_reason",
        "councils.AgendaItem.state_reason",
        "councils.CouncilSession.cancel_reason",
        "councils.CouncilSession.link",
        "councils.Decision.removal_note",
        "councils.Decision.report",
        "councils.Minutes.correction",
        "councils.Minutes.correction_reason",
        "monitoring.QuarterlyReport.correction_reason",
        "monitoring.QuarterlyReport.return_reason",
        "families.FamilyStatement.withdrawal_reason",
        "families.IncomeRecord.withdrawal_reason",
        "partners.CooperationAgreement.termination_reason",
        "records.Attachment.cancel_reason",
    }
)


@dataclass(frozen=True, slots=True)
class Token:
    """A text of one field of one record; `field` is "families.Family.street", `owner` the subject's key."""

    text: str
    field: str
    owner: str
    object: str

    def __str__(self) -> str:
        return f"{self.field} of {self.owner} ({self.object})"


@dataclass(slots=True)
class Tokens:
    """All tokens of a world, and the way to find them in a text."""

    by_stem: dict[str, Token] = field(default_factory=dict)
    by_digits: dict[str, Token] = field(default_factory=dict)
    by_day: dict[datetime.date, Token] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Token]:
        yield from dict.fromkeys((*self.by_stem.values(), *self.by_digits.values(), *self.by_day.values()))

    def add(self, token: Token, digits: str = "") -> None:
        """Keep a token; `digits` are those of a number. Raises ValueError for one that is not unique."""
        known, key = (self.by_digits, digits) if digits else (self.by_stem, token.text.casefold()[:STEM])
        if known.setdefault(key, token) != token:
            raise ValueError(f"{token} and {known[key]} begin alike.")

    def is_free(self, token: Token) -> bool:
        """Whether no other token begins as this one does."""
        return self.by_stem.get(token.text.casefold()[:STEM], token) == token

    def found_in(self, text: str) -> set[Token]:
        """The tokens that occur in a text."""
        words = {word[:STEM] for word in WORD.findall(text.casefold())}
        found = {token for stem in words if (token := self.by_stem.get(stem))}
        found |= {token for day in _days(text) if (token := self.by_day.get(day))}
        return found | {token for digits in _numbers(text) if (token := self.by_digits.get(digits))}


def _numbers(text: str) -> Iterator[str]:
    """Every run of digits in a text that is as long as a number of ours, however it is written apart."""
    for run in set(NUMBER.findall(text)):
        digits = re.sub(r"\D", "", run)
        for length in (SUM_DIGITS, PHONE_DIGITS, SNILS_DIGITS):
            yield from (digits[start : start + length] for start in range(len(digits) - length + 1))


def _days(text: str) -> Iterator[datetime.date]:
    """Every day that a text names: "1985-03-09", "09.03.1985", "9 марта 1985"."""
    for found in DATE.finditer(text):
        year, day = found["year"] or found["year_"], found["day"] or found["day_"]
        month = MONTHS.index(found["word"]) + 1 if found["word"] else int(found["month"] or found["month_"])
        with suppress(ValueError):
            yield datetime.date(int(year), month, int(day))


def personal_models() -> set[type[Model]]:
    """Family, person, and whatever leads to them through foreign keys; histories and guardian's rights left aside."""
    found: set[type[Model]] = {Family, Person}
    models = [row for row in apps.get_models() if not issubclass(row, HistoricalChanges | FamilyUserObjectPermission)]
    while fresh := {model for model in models if model not in found and _foreign_keys(model, found)}:
        found |= fresh
    return found


def _foreign_keys(model: type[Model], targets: Iterable[type[Model]]) -> list[str]:
    return [row.name for row in model._meta.fields if isinstance(row, ForeignKey) and row.related_model in set(targets)]


@cache
def path_to_family(model: type[Model]) -> str:
    """The shortest way from a personal model to its family, as a lookup."""
    if model is Person:
        return "memberships__family"
    if model is Family:
        return "pk"
    ways: list[tuple[str, type[Model]]] = [("", model)]
    personal = personal_models() - {Person}
    for prefix, current in ways:
        if names := _foreign_keys(current, [Family]):
            return f"{prefix}{names[0]}"
        ways += [
            (f"{prefix}{name}__", current._meta.get_field(name).related_model)  # type: ignore[misc]
            for name in _foreign_keys(current, personal)
        ]
    raise LookupError(f"{model._meta.label} leads to no family.")


def text_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The fields of a personal model that carry tokens: free texts and lists of them, telephones, SNILS, sums, days."""
    return [
        row
        for row in model._meta.concrete_fields
        if (isinstance(row, CharField | TextField | DecimalField) or f"{model._meta.label}.{row.name}" in DAYS | LISTS)
        and not isinstance(row, SlugField | GeneratedField)
        and not row.choices
        and row.name not in NAMES_OF_RECORDS
    ]


def texts_of(row: Model) -> list[Field[Any, Any]]:
    """The fields of a record that carry tokens: those of its model but the texts of a state that it is not in."""
    return [
        place
        for place in text_fields(type(row))
        if f"{row._meta.label}.{place.name}" not in OF_A_STATE or getattr(row, place.name)
    ]


class Tokenizer:
    """Gives every text of the records of one subject a token; `objects` says what of the access table each is."""

    def __init__(self, found: Tokens, objects: dict[str, str]) -> None:
        self.found, self.objects = found, objects

    def fill(self, rows: Iterable[Model], owner: str) -> None:
        """Save each record with tokens, so that its history shows them as well."""
        for row in sorted(rows, key=lambda row: (row._meta.label, row.pk)):
            for place in texts_of(row):
                setattr(row, place.name, self._value(row, place, owner))
            with guards_asleep():
                row.save()

    def _value(self, row: Model, place: Field[Any, Any], owner: str) -> Any:
        name = f"{row._meta.label}.{place.name}"
        seed = f"{owner}:{name}:{row.pk}"
        token = self._fresh(seed, name, owner, self._object(row, name))
        if isinstance(place, DecimalField):
            return self._sum(token, seed)
        if isinstance(place, DateField):
            return self._day(token, row.birth_date)  # type: ignore[attr-defined]  # the days are a person's
        if place.name in {"phone", "snils"}:
            return self._digits(token, place.name, seed)
        self.found.add(token)
        if isinstance(place, ArrayField):
            return [token.text]
        return f"https://video.example/{token.text}" if isinstance(place, URLField) else token.text

    def _fresh(self, seed: str, *about: str) -> Token:
        """The token of a place; another one where two places, whose ids are the sequences', would begin alike."""
        token = Token(tokens.word(seed), *about)
        while not self.found.is_free(token):
            seed += "'"
            token = Token(tokens.word(seed), *about)
        return token

    def _object(self, row: Model, name: str) -> str:
        """The object of the access table that a text belongs to: of the field, of the record, of the model."""
        if name in self.objects:
            return self.objects[name]
        return "special_category" if is_health(row) else self.objects[row._meta.label]

    def _sum(self, token: Token, seed: str) -> Decimal:
        digits = tokens.digits(seed, SUM_DIGITS)
        self.found.add(token, digits)
        return Decimal(digits) / 100

    def _day(self, token: Token, near: datetime.date) -> datetime.date:
        """A day that is no other record's, and no factory's: earlier than the person's birth, and children stay so."""
        earlier = 1 if near.year > LAST_GROWN_UP else 15
        first = datetime.date(near.year - earlier, 1, 1)
        days = (first + datetime.timedelta(days=number) for number in range(365))
        day = next(day for day in days if day not in self.found.by_day)
        self.found.by_day[day] = token
        return day

    def _digits(self, token: Token, kind: str, seed: str) -> str:
        if kind == "phone":
            digits = tokens.digits(seed, PHONE_DIGITS)
            self.found.add(token, digits)
            return f"+7{digits}"
        nine = tokens.digits(seed, SNILS_DIGITS - 2)
        value = f"{nine}{snils.check_sum(nine):02}"
        self.found.add(token, value)
        return value


def is_health(row: Model) -> bool:
    """Whether a record tells of health or intimate life (access rules 6.3, 5)."""
    if isinstance(row, MemberTrait):
        return row.kind in SENSITIVE_TRAITS
    return isinstance(row, FamilyCategory) and row.category.is_confidential


def records_of(family: Family) -> list[Model]:
    """Every record of a personal model that hangs on the family, and the papers about it."""
    ways = {model: path_to_family(model) for model in personal_models()} | dict.fromkeys(PAPERS, "family_id")
    return [row for model, way in ways.items() for row in model._base_manager.filter(**{way: family.pk}).distinct()]
