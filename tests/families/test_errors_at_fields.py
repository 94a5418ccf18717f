"""What is wrong stands once on top of a page, with a link, and at the field where it is mended."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client

from common.constraints import place_of_mending
from common.text import short_date
from families.models import Category, Family, FamilyCategory
from tests.casework.sending import new
from tests.cast import Cast, client_of
from tests.factories.families import household
from tests.families.test_register import URL, filled, row


@pytest.fixture
def family(cast: Cast) -> Family:
    return household(curator=cast.specialist)


@pytest.fixture
def client(cast: Cast) -> Client:
    return client_of(cast.specialist)


def errors_of(page: str) -> tuple[int, list[str], list[str]]:
    """How many summaries a page has, the fields they lead to, and the fields with an error of their own."""
    boxes = page.count('class="error-summary"')
    summary = page.partition('class="error-summary"')[2].partition("</div>")[0]
    return boxes, re.findall(r'href="#id_([\w-]+)"', summary), re.findall(r'id="id_([\w-]+)_error"', page)


def test_an_error_between_two_fields_stands_at_the_one_that_is_mended(family: Family, client: Client) -> None:
    """The end before the start is mended at the end, the second of a kind on the same days at its start."""
    today = family.institution.today()
    url = f"/families/{family.pk}/categories/new/"
    category = Category.objects.exclude(code="OTHER").filter(is_confidential=False).order_by("pk").first()
    assert category is not None
    sent = {"category": category.pk, "starts_on": short_date(today), "ends_on": short_date(today - timedelta(days=1))}
    shown = client.post(url, new(**sent)).content.decode()
    assert errors_of(shown) == (1, ["ends_on"], ["ends_on"])
    FamilyCategory.objects.create(family=family, category=category, starts_on=today)
    again = client.post(url, new(**sent | {"ends_on": ""})).content.decode()
    assert errors_of(again) == (1, ["starts_on"], ["starts_on"])


def test_rows_and_form_share_one_summary(client: Client) -> None:
    """A page with rows says on top what is wrong in them too, in the same box, with links."""
    sent = filled(row(0, last_name="", birth_date="01.01.2100"), registered_on="вчера")
    boxes, linked, marked = errors_of(client.post(URL, sent).content.decode())
    wrong = ["members-0-birth_date", "members-0-last_name", "registered_on"]
    assert (boxes, sorted(linked), sorted(marked)) == (1, wrong, wrong)


@pytest.mark.parametrize(
    ("constraint", "offered", "place"),
    [
        ("trait_ends_after_start", ["starts_on", "ends_on"], "ends_on"),
        ("trait_once_at_a_time", ["membership", "kind", "starts_on", "ends_on"], "starts_on"),
        ("trait_once_at_a_time", ["note"], None),
        ("external_number_once_per_family", ["system", "value"], "value"),
        ("next_visit_is_later", ["held_on", "next_on", "purpose"], "next_on"),
    ],
)
def test_where_a_constraint_is_mended(constraint: str, offered: list[str], place: str | None) -> None:
    every = [row for model in apps.get_models() for row in model._meta.constraints if row.name == constraint]
    assert [place_of_mending(row, offered) for row in every] == [place]
