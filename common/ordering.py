"""Orders that people expect of a list, computed by the database."""

from django.db.models import F, Func, TextField, Value


class _EveryMatch(Func):
    """PostgreSQL's `regexp_replace` of every match: text, pattern, replacement."""

    function = "REGEXP_REPLACE"
    template = "%(function)s(%(expressions)s, 'g')"
    output_field = TextField()


def natural(field: str) -> Func:
    """A text to order by, in which numbers stand by their size: «Участок № 2» before «Участок № 10»."""
    padded = _EveryMatch(F(field), Value(r"\d+"), Value(r"000000000\&"))
    return _EveryMatch(padded, Value(r"\d*(\d{9})"), Value(r"\1"))
