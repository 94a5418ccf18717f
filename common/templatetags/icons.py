"""Lucide's icons, each drawn once in a process: a list of fifty rows shows more than a hundred of a dozen kinds."""

from functools import lru_cache

from django import template
from lucide.templatetags import lucide as drawn

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def lucide(name: str, *, size: int | None = 24, **attributes: str) -> str:
    """The SVG of an icon, `size` pixels wide and high. Raises IconDoesNotExist for a name that Lucide does not have."""
    return drawn.lucide(name, size=size, **attributes)
