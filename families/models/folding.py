"""Expressions of generated columns that fold text in the database as `common.text.fold` does in Python."""

from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Lower


class Translate(Func):
    """PostgreSQL's `translate`: single letters replaced one for one."""

    function = "TRANSLATE"


class Digits(Func):
    """The digits of a text without what people write between them."""

    function = "REGEXP_REPLACE"
    template = "%(function)s(%(expressions)s, '[^0-9]', '', 'g')"
    output_field = models.TextField()


class Joined(Func):
    """Columns joined by ||, which unlike concat() may stand in a generated column."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = models.TextField()


def folded(name: models.F | Func) -> Translate:
    """A text in lower case with ё as е."""
    return Translate(Lower(name), Value("ё"), Value("е"), output_field=models.TextField())
