"""Expressions of generated columns that fold text in the database as `common.text.fold` does in Python."""

from django.db import models
from django.db.models import Func


class Translate(Func):
    """PostgreSQL's `translate`: single letters replaced one for one."""

    function = "TRANSLATE"


class Joined(Func):
    """Columns joined by ||, which unlike concat() may stand in a generated column."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = models.TextField()
