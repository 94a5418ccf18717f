"""What leaves the house by other ways than a page tells of no family: letters, notices, work for machines, the log."""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from contracts.tasks import advance
from monitoring.daily import daily_rules, local_days
from monitoring.tasks import draft_reports
from records.models import WorkOrder
from records.tasks import perform
from tests.access.walk import MOMENT, Traces, watched
from tests.access.worlds import World

pytestmark = pytest.mark.django_db


def told(world: World, traces: Traces) -> list[str]:
    """The words and numbers of families in what was sent, told, ordered and logged."""
    return sorted(map(str, world.tokens.found_in(MOMENT.sub("", "\n".join([*traces.outward, *traces.logged])))))


@pytest.mark.requirement("X6")
def test_jobs_tell_nothing_of_a_family(world: World, settings: Settings) -> None:
    """Every rule of the day and of the hour, and all the work that they order, letters included."""
    settings.EMAIL_CONFIGURED = True
    with watched() as traces:
        advance()
        draft_reports()
        for _region, days in local_days(timezone.now()):
            for rule, day in product(daily_rules(), days):
                rule.job(day)
        for order_id in WorkOrder.objects.order_by("pk").values_list("pk", flat=True):
            perform(order_id)
    assert len(mail.outbox) > 1
    assert {"accounts_notification", "records_workorder"} <= traces.written
    assert told(world, traces) == []


def letter(word: str) -> None:
    send_mail("Opora", word, None, ["head@example.org"])


def message(word: str) -> None:
    perform.apply_async((word,))


@pytest.mark.parametrize("way", [letter, message])
def test_a_word_that_leaves_is_noticed(world: World, way: Callable[[str], None]) -> None:
    token = next(iter(world.tokens.by_stem.values()))
    with watched() as traces:
        transaction.on_commit(partial(way, token.text))
    assert told(world, traces) == [str(token)]
