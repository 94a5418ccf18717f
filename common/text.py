"""Text as Russian office work writes it: folding for search, initials, dates, sums, plurals, non-breaking spaces."""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from pytils import numeral

NBSP = "\N{NO-BREAK SPACE}"
NB_HYPHEN = "\N{NON-BREAKING HYPHEN}"
DASH = "—"
MONTHS = (
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
)
# What may not stand apart from its next word at the end of a line: «№ 4», «г. Тула», «ул. Маковского», «д. 11»; after
# a number «г.» is a year, which does.
TIED = re.compile(r"(№|\b(?:(?:гг|п|с|д|кв|ул|пер|обл|(?<!\d\s)г)\.|рп|пгт)) (?=\w)")
# A date in words is one whole: «9 ноября 2026 г.», «9 ноября», «2026 г.».
_MONTH = "|".join(MONTHS)
DATED = re.compile(rf"(\d(?= (?:{_MONTH})\b)|\b(?:{_MONTH})(?= \d{{4}}\b)|\b\d{{4}}(?= гг?\.)) ")
# The hyphen of a law's number does not end a line: «№ 152-ФЗ».
OF_LAW = re.compile(r"(?<=\d)-(?=ФЗ\b)")
# A spreadsheet runs a cell that begins with one of these as a formula or a command.
FORMULA_STARTS = frozenset("=+-@|%")


def collapse(text: str) -> str:
    """Composed Unicode with every run of white space, non-breaking included, as one space, and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def typeset(text: str) -> str:
    """The text with non-breaking spaces after number signs and abbreviations of addresses; dates and laws whole."""
    return OF_LAW.sub(NB_HYPHEN, DATED.sub(rf"\1{NBSP}", TIED.sub(rf"\1{NBSP}", text)))


def fold(text: str) -> str:
    """The key to search and sort by: lower case, ё as е, single spaces. Stored and asked text is folded alike."""
    return collapse(text).lower().replace("ё", "е")


def full_name(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«Черных Ольга Павловна»; missing parts leave no gaps."""
    return " ".join(part for part in (last_name, first_name, patronymic) if part)


def _initials(*names: str) -> str:
    return NBSP.join(f"{name.strip()[0].upper()}." for name in names if name.strip())


def initials_first(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«О. П. Черных», the form of signatures, with non-breaking spaces."""
    return NBSP.join(part for part in (_initials(first_name, patronymic), last_name) if part)


def initials_last(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«Черных О. П.», the form of lists, with non-breaking spaces."""
    return NBSP.join(part for part in (last_name, _initials(first_name, patronymic)) if part)


def full_name_parts(words: str) -> tuple[str, str, str] | None:
    """Surname, first name and patronymic of a full name that was typed freely; None for initials and other words."""
    match words.split():
        case [last_name, first_name, patronymic] if "." not in words:
            return last_name, first_name, patronymic
    return None


def signature_name(name: str) -> str:
    """A name as it stands beside a signature, on one line: «Т. Л. Черных» of a full name; initials stay as written."""
    parts = full_name_parts(name)
    return initials_first(*parts) if parts else NBSP.join(name.split())


def only_initials(last_name: str, first_name: str, patronymic: str = "") -> str:
    """«Ч. О. П.», for papers that must not name the person."""
    return _initials(last_name, first_name, patronymic)


def mid_line(words: str) -> str:
    """A post as it stands after a comma: «заведующий отделением»; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else f"{words[:1].lower()}{words[1:]}"


def plural(number: int, one: str, few: str, many: str) -> str:
    """The form of a noun after `number`: plural(21, "семья", "семьи", "семей") is «семья»."""
    return str(numeral.choose_plural(abs(number), (one, few, many)))


def counted(number: int, one: str, few: str, many: str) -> str:
    """The number and the right form of the noun: «1 112 семей», with non-breaking spaces."""
    return f"{grouped(number)}{NBSP}{plural(number, one, few, many)}"


def grouped(number: Decimal | int, decimals: int = 0) -> str:
    """A number with thousands apart and a decimal comma, «1 671 472,00»; halves are rounded up."""
    exact = Decimal(number).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    exact = exact or abs(exact)  # a rounded -0.004 is no negative zero
    return f"{exact:,f}".replace(",", NBSP).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def signed(number: int) -> str:
    """A change, «+12» or «−6», with a real minus; nought has no sign."""
    return f"{'+' if number > 0 else ''}{grouped(number)}"


def money(amount: Decimal | int) -> str:
    """Roubles in figures: «1 671 472,00 руб.», with non-breaking spaces."""
    return f"{grouped(amount, 2)}{NBSP}руб."


def percent(part: int, whole: int) -> str:
    """A share in whole per cent, half up, «83 %»; a dash where there is nothing to divide by (indicators 4.0)."""
    return f"{grouped(Decimal(100) * part / whole)}{NBSP}%" if whole else DASH


def number_sign(number: str | int) -> str:
    """«№ 7» with non-breaking spaces, «№ СК-1 / 28» too; "" for a paper that has no number yet."""
    return f"№ {number}".replace(" ", NBSP) if str(number) else ""


def numbered(number: str | int) -> str:
    """The same in the language of the page: «№ 7», «No. 7». Papers are Russian and take `number_sign`."""
    return number_sign(number).replace("№", gettext("No."), 1)


def long_date(day: date) -> str:
    """«23 сентября 2021 г.» with non-breaking spaces, the form of documents."""
    return f"{day.day}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}{NBSP}г."


def short_date(day: date) -> str:
    """«23.09.2021», the form of tables."""
    return f"{day.day:02}.{day.month:02}.{day.year}"


def readable(value: object) -> str:
    """A stored value as pages show it: yes or no, short dates, local times; "" for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return short_date(value)
    return str(value)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run `text`: past spaces, controls and invisible signs it begins like a formula.

    Full-width forms count as what they stand for.
    """
    for character in unicodedata.normalize("NFKC", text):
        if unicodedata.category(character)[0] not in "ZC":
            return character in FORMULA_STARTS
    return False
