"""The options of a select."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template
from django.forms.utils import flatatt
from django.utils.formats import localize
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

DJANGOS_EMPTY_LABEL = "---------"

Group = tuple[str | None, list[dict[str, Any]], int]


@register.filter
def options(groups: Iterable[Group]) -> SafeString:
    """The options of a select, as `optgroups` of its widget tells them, each on a line of its own.

    Written here because a template takes ten times as long for each, and a director chooses among hundreds of curators.
    """
    return SafeString("".join(_lines(groups)))


def _lines(groups: Iterable[Group]) -> Iterator[str]:
    for title, choices, _index in groups:
        if title:
            yield f'\n  <optgroup label="{conditional_escape(title)}">'
        for choice in choices:
            attributes = flatatt(choice["attrs"]) if choice["attrs"] else ""
            yield f'\n  <option value="{escape(choice["value"])}"{attributes}>{_shown(choice["label"])}</option>'
        if title:
            yield "\n  </optgroup>"


def _shown(label: Any) -> str:
    """The label; Django calls the empty option "---------", which nobody can read aloud."""
    shown = conditional_escape(localize(label))
    return _("not chosen") if shown == DJANGOS_EMPTY_LABEL else shown
