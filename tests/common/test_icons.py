"""Icons in templates."""

import pytest
from django.template import Context, Template
from lucide import IconDoesNotExist

from common.templatetags import icons


def drawn(tag: str, **context: str) -> str:
    return Template("{% load lucide %}{% " + tag + " %}").render(Context(context))


def test_an_icon_is_drawn_once_for_all_that_show_it() -> None:
    icons.lucide.cache_clear()
    first, again = (drawn('lucide "house" size=18 aria_hidden="true"') for _time in range(2))
    assert first == again
    assert first.startswith("<svg")
    assert 'width="18"' in first
    assert 'aria-hidden="true"' in first
    assert icons.lucide.cache_info()[:2] == (1, 1)


def test_size_name_and_words_make_another_icon() -> None:
    shown = {
        drawn('lucide "house"'),
        drawn('lucide "house" size=18'),
        drawn('lucide "users"'),
        drawn('lucide "users" aria_label=words', words="Семьи"),
    }
    assert len(shown) == 4


def test_words_are_escaped() -> None:
    assert "&lt;b" in drawn('lucide "users" aria_label=words', words="<b>")


def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(IconDoesNotExist):
        drawn('lucide "no-such-icon"')
