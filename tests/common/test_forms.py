"""Whatever a browser can send ends in a stored value or in a form error, never in an exception."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.urls import get_resolver
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from common.forms import (
    DateField,
    DateTimeField,
    FormRenderer,
    ModelForm,
    MoneyField,
    NativeDateField,
    PhoneField,
    SnilsField,
)
from tests.common.samples import Note


class Everything(forms.Form):
    day = DateField(required=False)
    visit_on = NativeDateField(required=False)
    moment = DateTimeField(required=False)
    snils = SnilsField(required=False)
    phone = PhoneField(required=False)
    amount = MoneyField(required=False)
    text = forms.CharField(required=False, max_length=100)


def cleaned(name: str, value: str) -> Any:
    form = Everything({name: value})
    assert form.is_valid(), form.errors
    return form.cleaned_data[name]


def error(name: str, value: str) -> str:
    form = Everything({name: value})
    assert not form.is_valid()
    return str(form.errors[name][0])


class TestDates:
    @pytest.mark.parametrize("language", ["ru", "en"])
    @pytest.mark.parametrize("typed", ["05.11.2026", "5.11.2026", "2026-11-05", "05112026", " 05.11.2026 "])
    def test_the_same_day_in_every_language(self, typed: str, language: str) -> None:
        with translation.override(language):
            assert cleaned("day", typed) == date(2026, 11, 5)

    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_an_american_date_is_an_error_not_another_day(self, language: str) -> None:
        with translation.override(language):
            error("day", "05/11/2026")

    @pytest.mark.parametrize("typed", ["31.12.1899", "01.01.2101", "0001-01-01", "9999-12-31"])
    @pytest.mark.parametrize("name", ["day", "visit_on"])
    def test_years_out_of_reason(self, name: str, typed: str) -> None:
        assert "год" in error(name, typed)

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            ("31.02.2026", "Такой даты нет: в этом месяце 28 дней."),
            ("29.2.1900", "Такой даты нет: в этом месяце 28 дней."),
            ("2024-02-30", "Такой даты нет: в этом месяце 29 дней."),
            ("31112026", "Такой даты нет: в этом месяце 30 дней."),
            ("32.12.2026", "Такой даты нет: в этом месяце 31 день."),
            ("05.13.2026", "Такой даты нет: проверьте месяц."),
            ("05.00.2026", "Такой даты нет: проверьте месяц."),
            ("00.11.2026", "Такой даты нет: проверьте день."),
            ("01.01.0000", "Напишите дату в виде 05.11.2026."),
            ("5 ноября", "Напишите дату в виде 05.11.2026."),
            ("31.02", "Напишите дату в виде 05.11.2026."),
            ("31.02.20261", "Напишите дату в виде 05.11.2026."),
            ("٣١.02.2026", "Напишите дату в виде 05.11.2026."),
        ],
    )
    def test_a_date_that_does_not_exist_is_told_from_one_badly_written(self, typed: str, why: str) -> None:
        assert error("day", typed) == why

    def test_a_moment_of_no_day(self) -> None:
        assert error("moment", "31.02.2026 14:30") == "Такой даты нет: в этом месяце 28 дней."
        assert error("moment", "28.02.2026 25:30") == "Напишите дату и время в виде 05.11.2026 14:30."

    @pytest.mark.parametrize("typed", ["30.02.2026", "05.11", "вчера", "\x00", "99999999999999999999", "05.11.20261"])
    def test_nonsense(self, typed: str) -> None:
        error("day", typed)

    def test_shown_as_it_is_typed(self) -> None:
        form = Everything(initial={"day": date(2026, 11, 5), "visit_on": date(2026, 11, 5)})
        assert 'value="05.11.2026"' in str(form["day"])
        assert 'inputmode="numeric"' in str(form["day"])
        assert 'type="date"' in str(form["visit_on"])
        assert 'value="2026-11-05"' in str(form["visit_on"])

    def test_moments(self) -> None:
        assert cleaned("moment", "2026-11-05T14:30") == datetime(2026, 11, 5, 14, 30, tzinfo=UTC)
        assert cleaned("moment", "05.11.2026 14:30") == datetime(2026, 11, 5, 14, 30, tzinfo=UTC)
        assert "год" in error("moment", "0001-01-01T00:00")
        assert "год" in error("moment", "9999-12-31T23:59")


class TestNumbers:
    def test_snils(self) -> None:
        assert cleaned("snils", "112-233-445 95") == "11223344595"
        assert cleaned("snils", "  ") == ""
        error("snils", "112-233-445 96")
        error("snils", "112-233-445")
        assert 'value="112-233-445 95"' in str(Everything(initial={"snils": "11223344595"})["snils"])

    def test_a_wrong_snils_stays_as_it_was_typed(self) -> None:
        assert 'value="112-233-44x"' in str(Everything({"snils": "112-233-44x"})["snils"])

    def test_phones(self) -> None:
        assert cleaned("phone", "8 (916) 123-45-67") == "+79161234567"
        assert cleaned("phone", "2-12-34") == "2-12-34"
        assert "+7\xa0916\xa0123-45-67" in str(Everything(initial={"phone": "+79161234567"})["phone"])

    def test_a_phone_that_cannot_be_is_refused_and_stays_as_typed(self) -> None:
        assert error("phone", "12345").startswith("Такого номера нет.")
        assert 'value="12345"' in str(Everything({"phone": "12345"})["phone"])

    @pytest.mark.parametrize(
        ("typed", "amount"),
        [
            ("1 671 472,50", Decimal("1671472.50")),
            ("1\xa0671\xa0472.5", Decimal("1671472.5")),
            ("0", Decimal(0)),
            ("9999999999,99", Decimal("9999999999.99")),
        ],
    )
    def test_money(self, typed: str, amount: Decimal) -> None:
        assert cleaned("amount", typed) == amount

    @pytest.mark.parametrize(
        "typed", ["-1", "NaN", "Infinity", "1e5", "1,234,5", "1.001", "10000000000", "٣", "9" * 400, "1_000"]
    )
    def test_what_is_no_sum(self, typed: str) -> None:
        error("amount", typed)

    def test_money_is_shown_with_a_comma(self) -> None:
        assert "1\xa0671\xa0472,50" in str(Everything(initial={"amount": Decimal("1671472.5")})["amount"])


@settings(max_examples=200)
@given(st.sampled_from(list(Everything.base_fields)), st.text(max_size=60))
def test_no_text_breaks_a_field(name: str, value: str) -> None:
    form = Everything({name: value})
    form.is_valid()
    str(form[name])


def test_a_zero_byte_is_refused() -> None:
    error("text", "a\x00b")


class TestModelForm:
    def test_columns_get_the_fields_of_the_project(self) -> None:
        class NoteForm(ModelForm[Note]):
            class Meta:
                model = Note
                fields = ["title", "due_on", "noted_at"]

        fields = NoteForm.base_fields
        assert type(fields["due_on"]) is DateField
        assert type(fields["noted_at"]) is DateTimeField

    def test_a_form_may_choose_its_own_field(self) -> None:
        class NoteForm(ModelForm[Note]):
            class Meta:
                model = Note
                fields = ["due_on"]
                field_classes = {"due_on": NativeDateField}

        assert type(NoteForm.base_fields["due_on"]) is NativeDateField


class Choosing(forms.Form):
    kind = forms.ChoiceField(choices=[*BLANK_CHOICE_DASH, ("a", "первый")], required=False)
    family = forms.ModelChoiceField(queryset=User.objects.none(), required=False)
    curator = forms.ModelChoiceField(queryset=User.objects.none(), empty_label="любой", required=False)


class Marked(forms.Select):
    """Says more of one of its options."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        return option | {"attrs": option["attrs"] | {"data-note": "<&>"} if option["value"] == 2 else option["attrs"]}


def test_the_options_of_a_select_are_as_djangos() -> None:
    select = Marked(choices=[("", "любой"), ("<a>", "<b>"), ("Группа & Ко", [(1, "один"), (2, "два")])])
    ours, djangos = (select.render("kind", "2", renderer=made()) for made in (FormRenderer, DjangoTemplates))
    assert parse_html(ours) == parse_html(djangos)
    assert "selected" in ours


@pytest.mark.parametrize(("language", "words"), [("ru", "не выбрано"), ("en", "not chosen")])
def test_an_empty_choice_is_said_in_words(language: str, words: str) -> None:
    with translation.override(language):
        form = Choosing()
        shown = {name: str(form[name]) for name in form.fields}
    assert words in shown["kind"]
    assert "первый" in shown["kind"]
    assert words in shown["family"]
    assert "любой" in shown["curator"]
    assert not [text for text in shown.values() if "---" in text]


def _forms(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for known in kind.__subclasses__():
        yield known
        yield from _forms(known)


def _empty_choices(kind: type[forms.BaseForm]) -> Iterator[str]:
    """What the lists of a form call the choice of nothing."""
    for field in getattr(kind, "base_fields", {}).values():
        if isinstance(field, forms.ModelChoiceField):
            yield from [] if field.empty_label is None else [str(field.empty_label)]
        elif isinstance(field, forms.ChoiceField):
            yield from (str(label) for value, label in field.choices if value == "")


def test_every_form_calls_the_empty_choice_the_same() -> None:
    """«не выбрано», whatever the list; only filters say that anything goes."""
    known = {"not chosen", "---------", "any", "All"}
    assert get_resolver().url_patterns  # with the views, all forms of the project are loaded
    own = [
        form for form in set(_forms(forms.BaseForm)) if not form.__module__.startswith(("tests.", "django.contrib."))
    ]
    with translation.override("en"):
        found = {(form.__qualname__, words) for form in own for words in _empty_choices(form)}
    assert {words for _form, words in found} >= {"not chosen", "---------"}
    assert not {row for row in found if row[1] not in known}
