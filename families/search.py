"""Finding people and families: by names in any order, SNILS, telephone, numbers; never beyond the user's scope.

The keys of search (`families.models.search_keys`) stand in the order of names within each scope. They are gone through
until the page is full: at once for a name that begins with what was typed, and for anything else from the first name
to the last.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from accounts.models import User
from common import snils
from common.text import fold
from families import hooks
from families.access import granted_family_ids
from families.models import Family, FamilyMembership, SearchKey

SHOWN = 50
OF_MEMBER = (
    "role",
    "ends_on",
    "person__last_name",
    "person__first_name",
    "person__patronymic",
    "person__birth_date",
)
OF_FAMILY = (
    "title",
    "registry_number",
    "is_restricted",
    "settlement__title",
    "curator__last_name",
    "curator__first_name",
    "curator__patronymic",
)
SHORTEST_DIGITS = 3
SHORTEST_FRAGMENT = 3
NUMBER = re.compile(r"\d{1,6}/\d{2,4}")
# Signs that people write between digits of a SNILS or a telephone.
BETWEEN_DIGITS = re.compile(r"[\s()+.\-\u2010-\u2015]+")


class Query(NamedTuple):
    """What was typed, taken apart: folded words, a run of digits, a number such as 12/2026."""

    words: tuple[str, ...] = ()
    digits: str = ""
    number: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.digits or self.number)

    @property
    def is_short(self) -> bool:
        """Whether the words are looked up as beginnings of names alone."""
        return bool(self.words) and not self.digits and all(len(word) < SHORTEST_FRAGMENT for word in self.words)

    @property
    def is_snils(self) -> bool:
        """Whether it is a whole SNILS and nothing else."""
        return not self.words and len(self.digits) == snils.LENGTH and snils.is_valid(self.digits)


@dataclass(frozen=True, slots=True)
class Hit:
    """A family found, and the member by whom; None when the family itself matched."""

    family: Family
    membership: FamilyMembership | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows; `exceeded` asks to refine it."""

    hits: Sequence[Hit] = ()
    exceeded: bool = False

    @property
    def family_ids(self) -> list[int]:
        return sorted({hit.family.pk for hit in self.hits})


def parse(text: str) -> Query:
    """Take apart what was typed. Letters make words, digits with separators one run."""
    typed = fold(text).replace("\x00", "").replace("№", " ").strip()
    if found := NUMBER.fullmatch(typed.replace(" ", "")):
        return Query(number=found[0])
    bare = BETWEEN_DIGITS.sub("", typed)
    if bare.isascii() and bare.isdigit():
        return Query(digits=_run(bare))
    words: list[str] = []
    digits = ""
    for word in typed.split():
        run = BETWEEN_DIGITS.sub("", word)
        if run.isascii() and run.isdigit():
            digits = _run(run)
        elif cleaned := word.strip(".,;:\"'«»()"):
            words.append(cleaned)
    return Query(tuple(words[:6]), digits)


def _run(digits: str) -> str:
    return digits if len(digits) >= SHORTEST_DIGITS else ""


class _Key(NamedTuple):
    text: str
    membership_id: int | None
    family_id: int


def search(user: User, query: Query) -> Found:
    """Families that `user` may open and that match, at most `SHOWN`: by their members first, then by their own title.

    Those that begin with the first word come before others, and then it is the order of names.
    """
    if query.is_empty:
        return Found()
    if query.number:
        numbered = _numbered(user, query.number)
        return Found([Hit(family, None) for family in numbered[:SHOWN]], exceeded=len(numbered) > SHOWN)
    keys = _keys(user, query)
    hits = _hits(user, keys[:SHOWN])
    return Found(hits, exceeded=len(keys) > SHOWN)


def _keys(user: User, query: Query) -> list[_Key]:
    """The keys that match in the order in which they are shown, one more than is shown at most.

    A whole SNILS is that of a person, and nothing else is looked for when it is known.
    """
    shared = list(granted_family_ids(user))
    found: list[_Key] = []
    for names in _steps(query):
        found += _read(user, shared, Q(names, is_title=False), SHOWN + 1 - len(found))
        if len(found) > SHOWN or (found and query.is_snils):
            return found
    known = {key.family_id for key in found}
    titles = Q(_matching(query.words, query.digits), ~Q(family_id__in=known), is_title=True)
    return found + _read(user, shared, titles, SHOWN + 1 - len(found))


def _steps(query: Query) -> Iterator[Q]:
    """What to look for among members, one after the other; nobody meets two of them."""
    everything = _matching(query.words, query.digits)
    if query.is_snils:
        yield Q(snils=query.digits)
    if not query.words:
        yield everything
        return
    begins = Q(text__startswith=query.words[0])
    yield begins & _matching(query.words[1:], query.digits)
    yield ~begins & everything


def _read(user: User, shared: Sequence[int], condition: Q, most: int) -> list[_Key]:
    """The first keys that meet the condition, of families in charge and of shared ones: an OR would use no index."""
    scopes = [SearchKey.objects.within_charge(user), *([SearchKey.objects.of_families(shared)] if shared else [])]
    first, *others = (keys.filter(condition).order_by("text").values_list(*_Key._fields)[:most] for keys in scopes)
    rows = {_Key(*row) for row in first.union(*others)}
    return sorted(rows, key=lambda key: (key.text, -(key.membership_id or 0)))[:most]


def _matching(words: Iterable[str], digits: str) -> Q:
    """All the words, in any order: fragments, or, where short, beginnings of a part of the name; and the digits."""
    condition = Q(text__contains=_without_prefix(digits)) if digits else Q()
    for word in words:
        if len(word) < SHORTEST_FRAGMENT:
            condition &= Q(text__startswith=word) | Q(text__contains=f" {word}")
        else:
            condition &= Q(text__contains=word)
    return condition


def _without_prefix(digits: str) -> str:
    """A telephone typed with the trunk prefix 8 is kept with 7."""
    return digits[1:] if digits[0] == "8" and len(digits) >= 5 else digits


def _hits(user: User, keys: Sequence[_Key]) -> list[Hit]:
    """The families and members of these keys, in their order."""
    of_members = [key.membership_id for key in keys if key.membership_id]
    of_titles = [key.family_id for key in keys if not key.membership_id]
    members = FamilyMembership.objects.listed_for(user).filter(pk__in=of_members).order_by()
    by_member = {row.pk: Hit(row.family, row) for row in _narrow(members, OF_MEMBER, "family__")}
    families = Family.objects.listed_for(user).filter(pk__in=of_titles).order_by()
    by_title = {row.pk: Hit(row, None) for row in _narrow(families)}
    found = (by_member.get(key.membership_id) if key.membership_id else by_title.get(key.family_id) for key in keys)
    return [hit for hit in found if hit is not None]


def _narrow(rows: QuerySet[Any], own: Iterable[str] = (), path: str = "") -> QuerySet[Any]:
    """With only those columns of the family, and of what it points to, that a list of hits shows."""
    columns = [*own, *(path + name for name in OF_FAMILY)]
    return rows.select_related(*{name.rpartition("__")[0] for name in columns if "__" in name}).only(*columns)


def _numbered(user: User, number: str) -> list[Family]:
    """Families by their number, or by the number of a paper of a higher room."""
    condition = Q(registry_number=number) | Q(pk__in=hooks.families_by_number(user, number))
    scopes = (Family.objects.in_charge(user), Family.objects.shared_with(user))
    first, second = (rows.filter(condition).order_by().values_list("pk", flat=True)[: SHOWN + 1] for rows in scopes)
    found = Family.objects.listed_for(user).filter(pk__in=list(first.union(second)))
    return list(_narrow(found).order_by("title_key", "pk")[: SHOWN + 1])
