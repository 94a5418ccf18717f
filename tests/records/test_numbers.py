"""Numbers «n/year»: in turn, by institution, kind and year, without gaps, doubles or deadlocks."""

from datetime import date
from functools import partial
from threading import Barrier

import pytest
from django.db import transaction

from accounts.models import Institution
from records.models import NumberSequence
from records.services.numbers import next_number, next_numbers
from tests.factories.accounts import InstitutionFactory
from tests.records.concurrency import at_once

DAY = date(2026, 5, 4)


def take(institution: Institution, kind: str = "agreement", on: date = DAY) -> str:
    return next_number(institution=institution, kind=kind, on=on).text


@pytest.mark.django_db
def test_counts_apart_by_institution_kind_and_year_of_the_event() -> None:
    ours, theirs = InstitutionFactory.create_batch(2)
    assert [take(ours), take(ours)] == ["1/2026", "2/2026"]
    assert take(theirs) == "1/2026"
    assert take(ours, kind="minutes") == "1/2026"
    assert take(ours, on=date(2025, 12, 31)) == "1/2025"
    assert take(ours) == "3/2026"


@pytest.mark.django_db
def test_several_are_taken_at_once_and_follow_one_another() -> None:
    institution = InstitutionFactory()
    take(institution)
    taken = next_numbers(3, institution=institution, kind="agreement", on=DAY)
    assert [number.text for number in taken] == ["2/2026", "3/2026", "4/2026"]
    assert take(institution) == "5/2026"


@pytest.mark.django_db
def test_a_paper_that_was_not_made_leaves_no_gap() -> None:
    institution = InstitutionFactory()
    take(institution)
    with transaction.atomic():
        assert take(institution) == "2/2026"
        transaction.set_rollback(True)
    assert take(institution) == "2/2026"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_different_numbers() -> None:
    institution = InstitutionFactory()
    start = Barrier(4)

    def several() -> list[str]:
        start.wait()
        with transaction.atomic():
            first = take(institution)
        with transaction.atomic():
            return [first, take(institution)]

    taken = [text for pair in at_once(*[several] * 4) for text in pair]
    assert sorted(taken) == [f"{n}/2026" for n in range(1, 9)]
    assert NumberSequence.objects.get().last == 8


@pytest.mark.django_db(transaction=True)
def test_two_kinds_in_opposite_orders_do_not_block_each_other_for_ever() -> None:
    institution = InstitutionFactory()
    for kind in ("agreement", "minutes"):
        take(institution, kind)
    both_have_asked = Barrier(2)

    def paper(first: str, second: str) -> list[str]:
        both_have_asked.wait(timeout=10)
        taken = []
        for _round in range(10):
            with transaction.atomic():
                taken += [take(institution, first), take(institution, second)]
        return taken

    results = at_once(partial(paper, "agreement", "minutes"), partial(paper, "minutes", "agreement"))
    assert sorted(results[0] + results[1]) == sorted([f"{n}/2026" for n in range(2, 22)] * 2)
