"""Words of a specialist as other agencies may read them: initials in place of the names of the family.

Each form of a name counts, as far as its endings follow the rules: «Петрова», «Петровой», «Петровых» are «П.». What
names people otherwise (a nickname, a neighbour) stays, so the secretary reads a reference before it is approved.
"""

import re
from functools import cached_property

from common.names import Case, decline_person
from families.models import FamilyMembership, Person

WORD = re.compile(r"[^\W\d_]+")
WORD_AND_STOP = re.compile(r"([^\W\d_]+)\.?")
ENDINGS = "аеёийоуыьюя"
SHORTEST_STEM, LONGEST_ENDING = 3, 3


class Namelessness:
    """The names of the people of one family, present and former, and texts without them."""

    def __init__(self, family_id: int) -> None:
        self.family_id = family_id

    def without_names(self, text: str) -> str:
        """`text` with «П.» for every capitalised word that is a name of the family."""
        return WORD_AND_STOP.sub(lambda found: self._initial(found[1]) or found[0], text)

    def _initial(self, word: str) -> str:
        return f"{word[0]}." if word[0].isupper() and self._is_name(_plain(word)) else ""

    def _is_name(self, word: str) -> bool:
        if word in self._forms:
            return True
        stems = (word[: len(word) - cut] for cut in range(LONGEST_ENDING + 1))
        return any(stem in self._stems for stem in stems)

    @cached_property
    def _names(self) -> list[tuple[Person, str]]:
        people = [row.person for row in FamilyMembership.objects.filter(family=self.family_id).select_related("person")]
        names = [(row, name) for row in people for name in (row.last_name, row.first_name, row.patronymic)]
        return [(row, part) for row, name in names for part in WORD.findall(name)]

    @cached_property
    def _forms(self) -> set[str]:
        """The names in each case, by which short ones and those with a vowel that comes and goes are known."""
        found = {_plain(name) for _person, name in self._names}
        for person, name in self._names:
            parts = ((name, "", ""), ("", name, ""), ("", "", name))
            found |= {_plain(decline_person(*part, case=case, sex=person.sex)) for part in parts for case in Case}
        return found

    @cached_property
    def _stems(self) -> set[str]:
        """The names without their endings, by which a plural is known."""
        stems = {_plain(name).rstrip(ENDINGS) for _person, name in self._names}
        return {stem for stem in stems if len(stem) >= SHORTEST_STEM}


def _plain(word: str) -> str:
    return word.casefold().replace("ё", "е")
