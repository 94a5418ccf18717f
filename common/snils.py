"""SNILS, the insurance number of a person's account: eleven digits, the last two a check sum (R12).

Stored as eleven digits, shown as "112-233-445 95". An unknown SNILS is an empty string.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LENGTH = 11
LAST_WITHOUT_CHECK = 1_001_998
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")


def normalise(value: str) -> str:
    """The eleven digits of a SNILS written with or without separators; "" for a blank value.

    Raises ValueError when anything but digits and separators is there, or the digits are not eleven. Says nothing
    about the check sum: see `is_valid`.
    """
    digits = SEPARATORS.sub("", value)
    if digits and not (digits.isascii() and digits.isdigit() and len(digits) == LENGTH):
        raise ValueError("a SNILS has eleven digits")
    return digits


def check_sum(first_nine: str) -> int:
    """The check of nine digits: their sum weighted 9 to 1, modulo 101, where 100 becomes 0.

    The remainder is taken before the comparison with 100, otherwise sums such as 201 come out wrong.
    """
    remainder = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), first_nine, strict=True)) % 101
    return 0 if remainder == 100 else remainder


def is_valid(value: str) -> bool:
    """Whether `value` is a SNILS with the right check; numbers up to 001-001-998 were issued without one."""
    try:
        digits = normalise(value)
    except ValueError:
        return False
    if not digits:
        return False
    return int(digits[:9]) <= LAST_WITHOUT_CHECK or check_sum(digits[:9]) == int(digits[9:])


def display(digits: str) -> str:
    """The stored digits as people write them, "112-233-445 95"; anything else comes back as it is."""
    if len(digits) != LENGTH or not digits.isdigit():
        return digits
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:9]} {digits[9:]}"


def validate(value: str) -> None:
    """Model and form validator: raises ValidationError unless the value is blank or a right SNILS."""
    if value and not is_valid(value):
        raise ValidationError(_("This SNILS is not right: check the digits."), code="snils")
