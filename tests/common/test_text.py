"""SNILS, telephones and the spelling of Russian office work."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from common import phones, snils, text

NINE_DIGITS = st.integers(1_001_999, 999_999_999).map("{:09}".format)


@pytest.mark.requirement("R12")
class TestSnils:
    @pytest.mark.parametrize(
        ("number", "valid"),
        [
            ("112-233-445 95", True),
            ("087-654-302 00", True),  # sum 201
            ("087-654-303 00", True),  # sum 202
            ("216-471-647 63", True),
            ("216-471-647 60", False),
            ("001-001-998 77", True),  # issued without a check
            ("001-001-999 00", False),
            ("11223344595", True),
            ("112 233 445-95", True),
            ("112-233-445 9", False),
            ("112-233-445 955", False),
            ("112-233-445 9а", False),
            ("١١٢٢٣٣٤٤٥٩٥", False),
            ("", False),
        ],
    )
    def test_vectors(self, number: str, valid: bool) -> None:
        assert snils.is_valid(number) is valid

    @given(NINE_DIGITS)
    def test_exactly_one_check_fits(self, first_nine: str) -> None:
        right = [check for check in range(100) if snils.is_valid(f"{first_nine}{check:02}")]
        assert right == [snils.check_sum(first_nine)]

    @given(NINE_DIGITS)
    def test_display_and_normalise_undo_each_other(self, first_nine: str) -> None:
        number = f"{first_nine}{snils.check_sum(first_nine):02}"
        assert snils.normalise(snils.display(number)) == number

    def test_unknown_is_allowed_wrong_is_not(self) -> None:
        snils.validate("")
        with pytest.raises(ValidationError):
            snils.validate("216-471-647 60")
        assert snils.normalise("  ") == ""
        assert snils.display("") == ""


class TestPhones:
    @pytest.mark.parametrize("typed", ["8 916 123-45-67", "+7 (916) 123-45-67", "9161234567", " 8(916)123 45 67 "])
    def test_a_full_number_is_one_number_however_it_is_typed(self, typed: str) -> None:
        stored = phones.normalise(typed)
        assert stored == "+79161234567"
        assert phones.display(stored) == "+7 916 123-45-67".replace(" ", text.NBSP)
        assert phones.digits(stored) == phones.digits(typed) == "9161234567"
        assert phones.link(stored) == "tel:+7-916-123-45-67"

    def test_a_village_number_stays_as_typed(self) -> None:
        assert phones.normalise(" 2-12-34,  спросить Анну ") == "2-12-34, спросить Анну"
        assert phones.display("2-12-34") == "2-12-34"
        assert phones.digits("2-12-34") == "21234"
        assert phones.link("2-12-34") == ""

    def test_an_extension_is_kept(self) -> None:
        stored = phones.normalise("8 (42355) 2-12-34 доб. 12")
        assert stored == "+74235521234 доб. 12"
        assert phones.normalise(stored) == stored
        assert phones.display(stored).endswith("доб. 12".replace(" ", text.NBSP))

    @pytest.mark.parametrize(
        "typed",
        [
            *("12345", "1", "22", "0-12-34", "+", "(-)", "абв", "нет"),
            *("8 916 123-45-6", "+7 916 123-45-6", "916 123 45 6", "8 916 123-45-678", "21234567"),
        ],
    )
    def test_what_can_be_no_number(self, typed: str) -> None:
        assert phones.is_mistyped(typed)

    @pytest.mark.parametrize(
        "typed",
        [
            *("", "2-12-34", "2-34", "223-45-67", "112", "1220", "12345, спросить Анну"),
            *("8 (916) 123-45-67", "9161234567", "+7 947 999-00-11", "8 (42355) 2-12-34", "8 (42355) 2-12-34 доб. 12"),
            *("8-800-2000-122", "+375 29 123 45 67", "+996 555 123 456"),
        ],
    )
    def test_figures_that_can_be_a_number_and_notes(self, typed: str) -> None:
        assert not phones.is_mistyped(typed)

    @given(st.text(max_size=40))
    def test_normalising_twice_changes_nothing(self, typed: str) -> None:
        stored = phones.normalise(typed)
        assert phones.normalise(stored) == stored
        phones.display(stored)
        phones.link(stored)


class TestText:
    @given(st.text(max_size=60))
    def test_folding_is_stable_and_blind_to_yo(self, typed: str) -> None:
        folded = text.fold(typed)
        assert text.fold(folded) == folded
        assert text.fold(typed.replace("ё", "е").replace("Ё", "Е")) == folded

    def test_fold(self) -> None:
        assert text.fold("  ФЁДОРОВА  Алёна ") == "федорова алена"
        assert text.fold("Е\u0308лкин") == "елкин"

    def test_names(self) -> None:
        assert text.initials_first("Черных", "Ольга", "Павловна") == "О.\xa0П.\xa0Черных"
        assert text.initials_last("Ким", "Виктор") == "Ким\xa0В."
        assert text.only_initials("Черных", "Ольга", "Павловна") == "Ч.\xa0О.\xa0П."
        assert text.full_name("Ким", "Виктор", "") == "Ким Виктор"

    @pytest.mark.parametrize(
        ("number", "phrase"),
        [(1, "1 семья"), (2, "2 семьи"), (5, "5 семей"), (11, "11 семей"), (21, "21 семья"), (1112, "1 112 семей")],
    )
    def test_plural(self, number: int, phrase: str) -> None:
        assert text.counted(number, "семья", "семьи", "семей") == phrase.replace(" ", text.NBSP)

    def test_sums(self) -> None:
        assert text.money(Decimal(1671472)) == "1\xa0671\xa0472,00\xa0руб."
        assert text.money(Decimal("-0.004")) == "0,00\xa0руб."
        assert [text.signed(number) for number in (12, 0, -6, -1200)] == ["+12", "0", "−6", "−1\xa0200"]
        assert text.grouped(Decimal("-1234.565"), 2) == "−1\xa0234,57"

    def test_shares_round_half_up_and_never_divide_by_zero(self) -> None:
        assert text.percent(1, 8) == "13\xa0%"
        assert text.percent(48, 63) == "76\xa0%"
        assert text.percent(0, 0) == "—"

    def test_dates_and_numbers(self) -> None:
        assert text.long_date(date(2021, 9, 23)) == "23\xa0сентября\xa02021\xa0г."
        assert text.short_date(date(2021, 9, 3)) == "03.09.2021"
        assert text.number_sign("12/2021") == "№\xa012/2021"
        assert text.number_sign("СК-1 / 28") == "№\xa0СК-1\xa0/\xa028"
        assert text.number_sign("") == ""

    @pytest.mark.parametrize(("language", "written"), [("ru", "№\xa012/2021"), ("en", "No.\xa012/2021")])
    def test_a_page_writes_the_sign_of_its_language_and_a_paper_the_russian_one(
        self, language: str, written: str
    ) -> None:
        with translation.override(language):
            assert (text.numbered("12/2021"), text.numbered("")) == (written, "")
            assert text.number_sign("12/2021") == "№\xa012/2021"

    def test_pages_leave_the_sign_to_the_filter(self) -> None:
        pages = Path(settings.BASE_DIR, "templates").rglob("*.html")
        assert [page for page in pages if 'translate "No."' in page.read_text(encoding="utf-8")] == []

    @pytest.mark.parametrize(
        "cell", ["=1+1", "+7", "-1", "@SUM(A1)", "|calc", "%x", "  =1", "\t=1", "\r\n@a", "\u200b=1", "＝1", "\xa0＋1"]
    )
    def test_formulas_are_recognised(self, cell: str) -> None:
        assert text.is_formula(cell)

    @pytest.mark.parametrize("cell", ["", "  ", "Иванов", "«=»", "1=1", "— нет"])
    def test_plain_text_is_no_formula(self, cell: str) -> None:
        assert not text.is_formula(cell)


@pytest.mark.parametrize(
    ("post", "after_a_comma"),
    [
        ("Заведующий отделением", "заведующий отделением"),
        ("директор КЦСОН", "директор КЦСОН"),
        ("И. о. директора", "и. о. директора"),
        ("ОПДН, инспектор", "ОПДН, инспектор"),
        ("", ""),
    ],
)
def test_a_post_in_the_middle_of_a_line(post: str, after_a_comma: str) -> None:
    assert text.mid_line(post) == after_a_comma


@pytest.mark.parametrize(
    ("plain", "tied"),
    [
        ("Участок № 1", "Участок №_1"),
        ("г. Владивосток, ул. Маковского, д. 123", "г._Владивосток, ул._Маковского, д._123"),
        ("рп Дубна и пгт Хасан", "рп_Дубна и пгт_Хасан"),
        ("дом с садом", "дом с садом"),
        ("2021 г. начался", "2021_г. начался"),
        ("с 9 ноября 2026 г. до 1 мая 2027 года", "с 9_ноября_2026_г. до 1_мая_2027 года"),
        ("9 ноябрям, 12 марта 20 семей, д. 5 г. Тула", "9 ноябрям, 12_марта 20 семей, д._5 г. Тула"),
        ("№ 152-ФЗ, 12-ФЗР", "№_152\N{NON-BREAKING HYPHEN}ФЗ, 12-ФЗР"),
    ],
)
def test_typeset_ties_signs_abbreviations_and_dates(plain: str, tied: str) -> None:
    assert text.typeset(plain).replace("\N{NO-BREAK SPACE}", "_") == tied
