"""Telephone numbers: kept as +79161234567 where they are full numbers, as typed where they are not.

Villages have short local numbers ("2-12-34") that no international form can hold; they stay free text.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from common.text import NBSP, collapse

EXTENSION = " доб. "
_FIGURES = re.compile(r"[\d\s()+.-]+", re.ASCII)
# No subscriber's number begins with 0 or 1; what is short and begins with 1 is a service: 102, 112, 1220.
_LONGEST_LOCAL = 7
_LOCAL = re.compile(r"[2-9]\d{2,6}|1\d{2,3}")
_NO_AREA_CODE = "89"


def _parse(value: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(value, "RU")
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def normalise(value: str) -> str:
    """The form to store: "+79161234567", with " доб. 12" for an extension; free text where it is no full number.

    "8 916 123-45-67", "+7 (916) 123-45-67" and "9161234567" are the same number.
    """
    text = collapse(value)
    number = _parse(text)
    if number is None:
        return text
    stored = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{stored}{EXTENSION}{number.extension}" if number.extension else stored


def is_mistyped(value: str) -> bool:
    """Whether what was typed can be no telephone number: no figure at all, or figures alone that are too few or many.

    Words beside figures are a note that people understand ("2-12-34, спросить Анну"), and are not judged.
    """
    text = collapse(value)
    figures = re.sub(r"[^0-9]", "", text)
    if not _FIGURES.fullmatch(text):
        return bool(text) and not figures
    if len(figures) <= _LONGEST_LOCAL:
        return not _LOCAL.fullmatch(figures)
    if len(figures) == 10 and figures.startswith(_NO_AREA_CODE):
        return True  # 8 and a mobile number of nine digits
    try:
        return not phonenumbers.is_possible_number(phonenumbers.parse(text, "RU"))
    except NumberParseException:
        return True


def digits(value: str) -> str:
    """The digits to search by: national ones for a full number ("9161234567"), all that there are for free text."""
    number = _parse(value)
    text = value if number is None else phonenumbers.national_significant_number(number)
    return "".join(character for character in text if character.isascii() and character.isdigit())


def display(value: str) -> str:
    """The stored number as people read it, "+7 916 123-45-67" with non-breaking spaces; free text as it is."""
    number = _parse(value)
    if number is None:
        return value
    shown = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL).partition(" ext. ")[0]
    if number.extension:
        shown += EXTENSION + number.extension
    return shown.replace(" ", NBSP)


def link(value: str) -> str:
    """The address behind a telephone link, "tel:+79161234567"; "" for free text, which no telephone can dial."""
    number = _parse(value)
    return phonenumbers.format_number(number, PhoneNumberFormat.RFC3966) if number else ""
