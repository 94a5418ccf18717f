"""Cases of Russian personal names and posts, for documents ("договор с Петровой Марией Сергеевной").

Rules get most names right, never all: a card keeps what a person corrected by hand, and that correction always wins.
"""

import re
from enum import StrEnum
from functools import lru_cache

import pymorphy3
from pytrovich import enums as petrovich
from pytrovich.maker import PetrovichDeclinationMaker

from common.text import initials_last

FEMALE, MALE = "F", "M"


class Case(StrEnum):
    """The oblique cases; the values are the dictionary's own marks."""

    GENITIVE = "gent"
    DATIVE = "datv"
    ACCUSATIVE = "accs"
    INSTRUMENTAL = "ablt"
    PREPOSITIONAL = "loct"


_PETROVICH_CASES = {case: petrovich.Case[case.name] for case in Case}
# Любовь, Гузель, Айгуль: women's names in a soft sign all decline as "ночь" does.
_SOFT_ENDINGS = {
    Case.GENITIVE: "и",
    Case.DATIVE: "и",
    Case.ACCUSATIVE: "ь",
    Case.INSTRUMENTAL: "ью",
    Case.PREPOSITIONAL: "и",
}
_DOUBLE_VOWEL = re.compile(r"([аоуэиыюяе])\1$")
# A post declines up to its head word, by which everything after it is governed: "ведущего специалиста | по работе".
_INDECLINABLE = frozenset({"и.", "и.о.", "врио", "вр."})
_NAMES = frozenset({"Name", "Surn", "Patr"})
_HEADS_LIKE_ADJECTIVES = frozenset({"исполняющий", "исполняющая", "заведующий", "заведующая", "уполномоченный"})


def decline_person(
    last_name: str,
    first_name: str,
    patronymic: str = "",
    *,
    case: Case,
    sex: str = "",
    correction: str = "",
) -> str:
    """The full name in a case: «Петровой Марии Сергеевне».

    `sex` is "F" or "M"; without it the patronymic tells, and where it does not, the name is left as it is, for a
    woman's «Ким» stays and a man's does not. `correction` is the form that somebody wrote by hand, and wins.
    """
    if correction.strip():
        return correction.strip()
    parts = [part for part in (last_name, first_name, patronymic) if part]
    known = sex or sex_by(patronymic)
    if known not in {FEMALE, MALE}:
        return " ".join(parts)
    kinds = (petrovich.NamePart.LASTNAME, petrovich.NamePart.FIRSTNAME, petrovich.NamePart.MIDDLENAME)
    pairs = zip(kinds, (last_name, first_name, patronymic), strict=True)
    return " ".join(_decline_part(part, kind, case, known) for kind, part in pairs if part)


def decline_short(last_name: str, first_name: str, patronymic: str = "", *, case: Case, sex: str = "") -> str:
    """The last name in a case before the initials, «Нестеркину М. Ф.»; as it is where the sex is not known."""
    declined = decline_person(last_name, "", case=case, sex=sex or sex_by(patronymic))
    return initials_last(declined, first_name, patronymic)


def decline_post(post: str, case: Case, correction: str = "") -> str:
    """A post in a case: «ведущего специалиста по социальной работе».

    Capitals stay where they were. Words that the dictionary does not know are left as they are. `correction` wins.
    """
    if correction.strip():
        return correction.strip()
    words = post.split()
    for index, word in enumerate(words):
        declined, is_head = _decline_post_word(word, case)
        if declined is None:
            break
        words[index] = declined
        if is_head:
            break
    return " ".join(words)


def phrase_in(words: str, case: Case) -> str | None:
    """A post or the title of a paper in the case, «устава», «доверенности № 3»; as it is where it stands in it already.

    None where that is not known for sure: the sentence is then to be built so that nothing declines.
    """
    first = next(iter(words.lower().split()), "")
    if not first or first in _INDECLINABLE:
        return words or None
    declined = decline_post(words, case)
    if declined != words:
        return declined
    parses = _dictionary().parse(first)
    return words if any(parse.is_known and parse.tag.case == case.value for parse in parses) else None


def sex_by(patronymic: str) -> str:
    """ "F" or "M" as the patronymic tells; "" where it does not."""
    end = patronymic.lower()
    if end.endswith(("вна", "чна", "кызы", "гызы")):
        return FEMALE
    return MALE if end.endswith(("вич", "ич", "оглы", "улы")) else ""


@lru_cache(maxsize=1)
def _petrovich() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


def _decline_part(part: str, kind: petrovich.NamePart, case: Case, sex: str) -> str:
    if part.isupper() and len(part) > 1:
        return _decline_part(part.capitalize(), kind, case, sex).upper()
    lower = part.lower()
    if kind == petrovich.NamePart.FIRSTNAME and _DOUBLE_VOWEL.search(lower):
        return part
    if kind == petrovich.NamePart.FIRSTNAME and sex == FEMALE and lower.endswith("ь"):
        return part[:-1] + _SOFT_ENDINGS[case]
    gender = petrovich.Gender.FEMALE if sex == FEMALE else petrovich.Gender.MALE
    return str(_petrovich().make(kind, gender, _PETROVICH_CASES[case], part))


@lru_cache(maxsize=1)
def _dictionary() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


def is_common_word(word: str) -> bool:
    """Whether the dictionary knows `word` otherwise than as a name of people: «вера» is one, «дарья» is not."""
    return any(parse.is_known and not _NAMES & parse.tag.grammemes for parse in _dictionary().parse(word.lower()))


def _decline_post_word(word: str, case: Case) -> tuple[str | None, bool]:
    """The word of a post in the case, and whether it is the head; (None, False) when it cannot be declined."""
    *front, last = word.split("-")
    inflected = [_inflect(piece, case) for piece in [*front, last]]
    if not all(inflected):
        return None, False
    lower = word.lower()
    is_noun = any("NOUN" in parse.tag for parse in _nominatives(last))
    return "-".join(piece for piece in inflected if piece), is_noun or lower in _HEADS_LIKE_ADJECTIVES


def _nominatives(word: str) -> list[pymorphy3.analyzer.Parse]:
    parses = _dictionary().parse(word.lower())
    return [
        parse
        for parse in parses
        if parse.tag.case == "nomn" and parse.tag.number == "sing" and parse.tag.POS in {"NOUN", "ADJF", "PRTF"}
    ]


def _inflect(word: str, case: Case) -> str | None:
    """One word in the case, capital kept; None when it is no noun or adjective in the nominative."""
    for parse in _nominatives(word):
        form = parse.inflect({case.value})
        if form is not None:
            return str(form.word.capitalize() if word[:1].isupper() else form.word)
    return None
