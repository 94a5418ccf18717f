"""Words of a specialist as other agencies may read them: initials in place of the names of the family.

Each form of a name counts, as far as its endings follow the rules: «Петрова», «Петровой», «Петровых» are «П.», also
where the capital was forgotten. Without a capital, a first name that is a word as well («вера», «надежда») is that
word, and so is what is short («ли», «но»). What names people otherwise (a nickname, a neighbour) stays, so the
secretary reads a reference before it is approved.
"""

import re
from collections.abc import Callable
from functools import cached_property

from common.names import Case, decline_person, is_common_word
from families.models import FamilyMembership, Person

WORD = re.compile(r"[^\W\d_]+")
WORD_AND_STOP = re.compile(r"([^\W\d_]+)\.?")
ENDINGS = "аеёийоуыьюя"
SHORTEST_STEM, LONGEST_ENDING = 3, 3
SHORTEST_FORM_IN_LOWER_CASE, SURE_STEM_IN_LOWER_CASE = 3, 6


class Namelessness:
    """The names of the people of one family, present and former, and texts without them."""

    def __init__(self, family_id: int) -> None:
        self.family_id = family_id

    def without_names(self, text: str) -> str:
        """`text` with «П.» for every word that is a name of the family."""
        return WORD_AND_STOP.sub(lambda found: self._initial(found[1]) or found[0], text)

    def _initial(self, word: str) -> str:
        is_name = self._is_name if word[0].isupper() else self._is_name_in_lower_case
        return f"{word[0].upper()}." if is_name(_plain(word)) else ""

    def _is_name(self, word: str) -> bool:
        return self._inherited.has(word) or self._given.has(word)

    def _is_name_in_lower_case(self, word: str) -> bool:
        if len(word) < SHORTEST_FORM_IN_LOWER_CASE:
            return False
        return self._inherited.surely_has(word) or (self._is_name(word) and not is_common_word(word))

    @cached_property
    def _people(self) -> list[Person]:
        return [row.person for row in FamilyMembership.objects.filter(family=self.family_id).select_related("person")]

    @cached_property
    def _inherited(self) -> "_Names":
        """Last names and patronymics."""
        last = [_forms(row, row.last_name, lambda part: (part, "", "")) for row in self._people]
        return _Names(*last, *(_forms(row, row.patronymic, lambda part: ("", "", part)) for row in self._people))

    @cached_property
    def _given(self) -> "_Names":
        return _Names(*(_forms(row, row.first_name, lambda part: ("", part, "")) for row in self._people))


class _Names:
    """Names by their forms, by which short ones and those with a vowel that comes and goes are known, and by stems."""

    def __init__(self, *forms: dict[str, set[str]]) -> None:
        self.forms = {form for found in forms for declined in found.values() for form in declined}
        stems = {name.rstrip(ENDINGS) for found in forms for name in found}
        self.stems = {stem for stem in stems if len(stem) >= SHORTEST_STEM}

    def has(self, word: str) -> bool:
        return word in self.forms or any(stem in self.stems for stem in _stems_of(word))

    def surely_has(self, word: str) -> bool:
        """Whether it is a form of a name, or of a stem so long that no other word has it."""
        stems = self.stems.intersection(_stems_of(word))
        return word in self.forms or any(len(stem) >= SURE_STEM_IN_LOWER_CASE for stem in stems)


def _forms(person: Person, name: str, parts: Callable[[str], tuple[str, str, str]]) -> dict[str, set[str]]:
    """The forms in all cases of each word of a name."""
    found = {_plain(word): {_plain(word)} for word in WORD.findall(name)}
    for word in WORD.findall(name):
        found[_plain(word)] |= {_plain(decline_person(*parts(word), case=case, sex=person.sex)) for case in Case}
    return found


def _stems_of(word: str) -> list[str]:
    return [word[: len(word) - cut] for cut in range(LONGEST_ENDING + 1)]


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")
