"""Words and numbers that occur nowhere else, so that a leak is simply a token found where it must not be.

A token is derived from the name of its place ("family:1.address"): the same in every run, different for every place.
Words are Cyrillic, begin with a capital, hold no ё, and survive folding, initials apart, in any template or PDF.
"""

import hashlib

CONSONANTS = "бвгджзклмнпрстфхцчш"
VOWELS = "аеиоуы"
SYLLABLES = 5


def word(place: str) -> str:
    """A made-up word for `place`: word("user:head.last_name") is always the same and no other place's."""
    digest = hashlib.sha256(place.encode()).digest()
    pairs = zip(digest[:SYLLABLES], digest[SYLLABLES : 2 * SYLLABLES], strict=True)
    return "".join(CONSONANTS[a % len(CONSONANTS)] + VOWELS[b % len(VOWELS)] for a, b in pairs).capitalize()


def digits(place: str, count: int) -> str:
    """`count` decimal digits for `place`, the first of them not a zero."""
    number = int.from_bytes(hashlib.sha256(place.encode()).digest(), "big")
    return str(number % (9 * 10 ** (count - 1)) + 10 ** (count - 1))
