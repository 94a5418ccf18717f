"""The count that follows every test (tests/plugins/history.py) notices what went past the history, and only that."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from partners.models import PartnerOrganisation
from tests.cast import Cast
from tests.factories.partners import PartnerFactory
from tests.plugins.history import tracked_models, unwritten

TABLE = PartnerOrganisation._meta.db_table
LABEL = PartnerOrganisation._meta.label


@pytest.fixture
def partner(cast: Cast) -> PartnerOrganisation:
    return PartnerFactory.create(region=cast.region)


def as_the_product(rows: QuerySet[Any, Any], **values: Any) -> None:
    """`rows.update(**values)` as a module of the project would call it."""
    call = compile("rows.update(**values)", "partners/services.py", "eval")
    eval(call, {"rows": rows, "values": values})


def by_hand(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_writing_through_the_models_is_complete(partner: PartnerOrganisation) -> None:
    partner.title = "Другое"
    partner.save()
    partner.delete()
    assert unwritten() == []


def test_an_update_of_the_product_is_noticed(partner: PartnerOrganisation) -> None:
    PartnerFactory.create(region=partner.region)
    as_the_product(PartnerOrganisation.objects.filter(pk=partner.pk), title="Другое")
    assert unwritten() == [f"{LABEL}: 1 changed"]


def test_the_history_of_another_record_does_not_stand_in(partner: PartnerOrganisation) -> None:
    other = PartnerFactory.create(region=partner.region)
    other.title = "Другое"
    other.save()
    other.save()
    as_the_product(PartnerOrganisation.objects.filter(pk=partner.pk), title="Третье")
    assert unwritten() == [f"{LABEL}: 1 changed"]


def test_statements_past_the_models_are_noticed(partner: PartnerOrganisation) -> None:
    by_hand(f"UPDATE {TABLE} SET title = 'Другое' WHERE id = %s", partner.pk)
    by_hand(f"DELETE FROM {TABLE} WHERE id = %s", partner.pk)
    assert unwritten() == [f"{LABEL}: 1 deleted", f"{LABEL}: 1 changed"]


def test_what_the_history_leaves_out_is_not_counted(partner: PartnerOrganisation) -> None:
    as_the_product(PartnerOrganisation.objects.filter(pk=partner.pk), title=partner.title)
    assert unwritten() == []


def test_what_a_test_writes_is_not_counted(partner: PartnerOrganisation) -> None:
    PartnerOrganisation.objects.filter(pk=partner.pk).update(title="Другое")
    assert unwritten() == []
    as_the_product(PartnerOrganisation.objects.filter(pk=partner.pk), title="Третье")
    assert unwritten() == [f"{LABEL}: 1 changed"]


def test_every_history_is_counted() -> None:
    assert len(tracked_models()) > 40


@pytest.mark.django_db
def test_every_history_has_its_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT tgrelid) FROM pg_trigger WHERE tgname LIKE 'suite_counts_%%'")
        assert cursor.fetchone() == (2 * len(tracked_models()),)
