"""Finding people and families: by names in any order, SNILS, telephone, numbers; never beyond the user's scope.

Words of three letters and more are looked up by trigrams; shorter ones begin a part of the name. Candidates are capped
before they are sorted, so that a common fragment costs no more than a rare one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from accounts.models import User
from common.text import fold
from families import hooks
from families.access import granted_family_ids, in_charge_q
from families.models import Family, FamilyMembership
from families.querysets import FamilyQuerySet

CAP = 200
SHOWN = 50
SHOWN_OF_FAMILY = ("department", "curator", "settlement")
SHORTEST_DIGITS = 3
SHORTEST_FRAGMENT = 3
NUMBER = re.compile(r"\d{1,6}/\d{2,4}")
# Signs that people write between digits of a SNILS or a telephone.
BETWEEN_DIGITS = re.compile(r"[\s()+.\-\u2010-\u2015]+")


class Query(NamedTuple):
    """What was typed, taken apart: folded words, a run of digits, a number such as 12/2026."""

    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    number: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.digits or self.number)

    @property
    def is_short(self) -> bool:
        """Whether the words are looked up as beginnings of names alone."""
        return bool(self.words) and not self.digits and all(len(word) < SHORTEST_FRAGMENT for word in self.words)


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
        return Query(digits=_variants(bare))
    words: list[str] = []
    digits: tuple[str, ...] = ()
    for word in typed.split():
        run = BETWEEN_DIGITS.sub("", word)
        if run.isascii() and run.isdigit():
            digits = _variants(run)
        elif cleaned := word.strip(".,;:\"'«»()"):
            words.append(cleaned)
    return Query(tuple(words[:6]), digits)


def _variants(run: str) -> tuple[str, ...]:
    """Digits as they may be stored: a telephone typed with the trunk prefix 8 is kept with 7."""
    if len(run) < SHORTEST_DIGITS:
        return ()
    return (run, run[1:]) if run[0] == "8" and len(run) >= 5 else (run,)


def search(user: User, query: Query) -> Found:
    """Families that `user` may open and that match, the first by name; at most `SHOWN`, out of at most `CAP`."""
    if query.is_empty:
        return Found()
    candidates = [] if query.number else _candidates(user, query)
    memberships = _memberships(user, candidates[:CAP])
    hits = [Hit(row.family, row) for row in memberships]
    if len(hits) <= SHOWN:
        known = {row.family_id for row in memberships}
        rest = CAP - len(candidates)
        hits += [Hit(family, None) for family in _families(user, query, rest) if family.pk not in known]
    return Found(hits[:SHOWN], exceeded=len(candidates) > CAP or len(hits) > SHOWN)


def _candidates(user: User, query: Query) -> list[int]:
    """Ids of the memberships of people who match, one more than the cap at most.

    A plain join leaves PostgreSQL the choice: a common fragment is looked for in the scope until there are enough, a
    rare one by its trigrams. A subquery of people would have to be complete before the first of them counts.
    """
    wanted = _named(query.words, "person__") & _holds_any(query.digits, "person__")
    scopes = (in_charge_q(user, "family"), Q(family__in=granted_family_ids(user)))
    return _ids((FamilyMembership.objects.filter(scope, wanted) for scope in scopes), CAP + 1)


def _memberships(user: User, candidates: Sequence[int]) -> list[FamilyMembership]:
    """Where people belong, or belonged, the first by name; one more than is shown at most."""
    return list(
        FamilyMembership.objects.listed_for(user)
        .filter(pk__in=candidates)
        .select_related("person", *(f"family__{name}" for name in SHOWN_OF_FAMILY))
        .order_by("person__name_key", "person_id", F("ends_on").desc(nulls_first=True), "pk")[: SHOWN + 1]
    )


def _scopes(user: User) -> tuple[FamilyQuerySet, FamilyQuerySet]:
    """The families that search may show, in charge and shared, each by itself: an OR of the two would use no index."""
    return Family.objects.in_charge(user), Family.objects.shared_with(user)


def _ids(found: Iterable[QuerySet[Any]], most: int) -> list[int]:
    """Ids of the rows of all these querysets, at most so many."""
    first, *others = (rows.order_by().values_list("pk", flat=True)[:most] for rows in found)
    return list(first.union(*others)[:most])


def _named(words: Sequence[str], path: str) -> Q:
    """The words in any order: fragments of the name, or, where short, beginnings of its parts."""
    fragments, short = _by_length(words)
    condition = _holds(fragments, path)
    if fragments or not short:
        for word in short:
            condition &= _begins_part(word, path)
        return condition
    # Without a fragment the index of beginnings is all there is: one of the words begins the whole name.
    orders = Q()
    for index, first in enumerate(short):
        rest = Q()
        for word in short[:index] + short[index + 1 :]:
            rest &= _begins_part(word, path)
        orders |= Q(**{f"{path}name_key__startswith": first}) & rest
    return orders


def _by_length(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Words that trigrams can look up, and those that are too short for it."""
    fragments = [word for word in words if len(word) >= SHORTEST_FRAGMENT]
    return fragments, [word for word in words if len(word) < SHORTEST_FRAGMENT]


def _holds(fragments: Sequence[str], path: str = "") -> Q:
    condition = Q()
    for word in fragments:
        condition &= Q(**{f"{path}search_text__contains": word})
    return condition


def _begins_part(word: str, path: str) -> Q:
    return Q(**{f"{path}name_key__startswith": word}) | Q(**{f"{path}name_key__contains": f" {word}"})


def _holds_any(variants: Sequence[str], path: str = "") -> Q:
    condition = Q()
    for variant in variants:
        condition |= Q(**{f"{path}search_text__contains": variant})
    return condition


def _families(user: User, query: Query, most: int) -> list[Family]:
    """Families by their own title and telephone, their number, or the number of a paper of a higher room."""
    condition = _numbered(user, query.number) if query.number else _titled(query)
    if condition is None:
        return []
    ids = _ids((families.filter(condition) for families in _scopes(user)), max(most, 0))
    found = Family.objects.listed_for(user).filter(pk__in=ids).select_related(*SHOWN_OF_FAMILY)
    return list(found.order_by("title_key", "pk")[:SHOWN])


def _numbered(user: User, number: str) -> Q:
    return Q(registry_number=number) | Q(pk__in=hooks.families_by_number(user, number))


def _titled(query: Query) -> Q | None:
    """Title and telephone, or the beginning of a number; None where the words are too short to look up."""
    fragments, short = _by_length(query.words)
    if short or not (fragments or query.digits):
        return None
    condition = _holds(fragments) & _holds_any(query.digits)
    return condition if fragments else condition | Q(registry_number__startswith=f"{query.digits[0]}/")
