"""Income of a family: compared with the minimum, told once by each source, corrected and withdrawn with a reason."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from families import services
from families.enums import IncomeSource
from families.models import Family, FamilyCategory, IncomeRecord
from tests.cast import Cast, client_of
from tests.factories.families import IncomeRecordFactory, SubsistenceMinimumFactory, household

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(cast: Cast) -> Family:
    return household(department=cast.department, curator=cast.specialist)


def message(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


class TestIncome:
    def record(self, cast: Cast, family: Family, total: str, **values: Any) -> Any:
        given = {
            "period_from": datetime.date(2026, 1, 1),
            "period_to": datetime.date(2026, 3, 31),
            "members_counted": 3,
            "source": IncomeSource.CERTIFICATE,
        } | values
        return services.record_income(actor=cast.specialist, family=family, total=Decimal(total), **given)

    @pytest.mark.requirement("S0-7")
    def test_income_per_head_is_compared_with_the_minimum_in_force_at_the_end(self, cast: Cast, family: Family) -> None:
        for since, amount in (("2025-01-01", "15000.00"), ("2026-01-01", "18000.00"), ("2026-06-01", "20000.00")):
            SubsistenceMinimumFactory.create(
                region=cast.region, valid_from=datetime.date.fromisoformat(since), amount=amount
            )
        SubsistenceMinimumFactory.create(region=cast.foreign_region, amount="99000.00")
        row = self.record(cast, family, "161999.91")
        assert (row.months, row.per_capita, row.minimum_used) == (3, Decimal("17999.99"), Decimal("18000.00"))
        assert row.is_low
        assert not self.record(cast, family, "162000.00", source=IncomeSource.STATEMENT).is_low

    @pytest.mark.requirement("S0-7")
    def test_a_family_below_it_becomes_a_low_income_one(self, cast: Cast, family: Family) -> None:
        SubsistenceMinimumFactory.create(region=cast.region, amount="18000.00")
        certificate, statement = IncomeSource.CERTIFICATE, IncomeSource.STATEMENT
        before = {"period_from": datetime.date(2025, 10, 1), "period_to": datetime.date(2025, 12, 31)}
        self.record(cast, family, "200000.00", mark_low_income=True, **before)
        assert not FamilyCategory.objects.filter(family=family).exists()
        for source in (certificate, statement):
            self.record(cast, family, "90000.00", mark_low_income=True, source=source)
        row = FamilyCategory.objects.get(family=family)
        assert (row.category.code, row.starts_on) == ("LOW_INCOME", datetime.date(2026, 4, 1))

    @pytest.mark.requirement("S0-7")
    def test_a_source_tells_of_a_month_once(self, cast: Cast, family: Family) -> None:
        """Also past the service; another source, another time, or what was withdrawn stand beside it."""
        first = self.record(cast, family, "100000.00")
        shared = {"period_from": datetime.date(2026, 3, 1), "period_to": datetime.date(2026, 5, 31)}
        with pytest.raises(ValidationError) as error:
            self.record(cast, family, "1.00", **shared)
        assert "исправьте ту запись или отзовите её" in message(error)
        with pytest.raises(IntegrityError, match="income_of_a_source_once_at_a_time"), transaction.atomic():
            IncomeRecordFactory.create(family=family, source=IncomeSource.CERTIFICATE, **shared)
        self.record(cast, family, "2.00", source=IncomeSource.STATEMENT, **shared)
        services.withdraw_income(actor=cast.specialist, row=first, reason="внесено дважды")
        self.record(cast, family, "3.00", **shared)
        assert IncomeRecord.objects.filter(family=family).count() == 3

    @pytest.mark.requirement("S0-7")
    def test_a_correction_is_compared_anew_and_keeps_what_stood_there(self, cast: Cast, family: Family) -> None:
        SubsistenceMinimumFactory.create(region=cast.region, amount="18000.00")
        row = self.record(cast, family, "900000.00")
        assert not row.is_low
        row.total, row.period_to = Decimal("90000.00"), datetime.date(2026, 1, 31)
        row = services.correct_income(actor=cast.head, row=row, reason="лишний ноль", mark_low_income=True)
        assert (row.months, row.per_capita, row.minimum_used) == (1, Decimal("30000.00"), Decimal("18000.00"))
        row.total = Decimal("9000.00")
        row = services.correct_income(actor=cast.head, row=row, reason="ещё один", mark_low_income=True)
        assert row.is_low
        assert FamilyCategory.objects.get(family=family).starts_on == datetime.date(2026, 2, 1)
        newest, corrected, entered = row.history.order_by("-history_date", "-history_id")
        assert (newest.history_change_reason, newest.history_user) == ("ещё один", cast.head)
        assert (corrected.history_change_reason, entered.total) == ("лишний ноль", Decimal("900000.00"))

    def test_what_was_withdrawn_stays_and_changes_no_more(self, cast: Cast, family: Family) -> None:
        row = self.record(cast, family, "90000.00")
        services.withdraw_income(actor=cast.head, row=row, reason="другая семья")
        stored = IncomeRecord.objects.get(pk=row.pk)
        assert (stored.withdrawn_by, stored.withdrawal_reason) == (cast.head, "другая семья")
        assert stored.withdrawn_on == cast.institution.today()
        assert not IncomeRecord.objects.valid().exists()
        for act in (
            lambda: services.withdraw_income(actor=cast.head, row=stored, reason="снова"),
            lambda: services.correct_income(actor=cast.head, row=stored, reason="снова"),
        ):
            with pytest.raises(ValidationError) as error:
                act()
            assert "уже отозвана" in message(error)
        with pytest.raises(IntegrityError, match="income_withdrawn_by_somebody"), transaction.atomic():
            IncomeRecord.objects.filter(pk=row.pk).update(withdrawal_reason="")

    def test_without_a_minimum_nothing_is_claimed(self, cast: Cast, family: Family) -> None:
        assert self.record(cast, family, "1.00").is_low is None

    def test_nonsense_is_refused_in_words(self, cast: Cast, family: Family) -> None:
        with pytest.raises(ValidationError) as error:
            self.record(cast, family, "1.00", members_counted=0)
        assert "хотя бы один" in message(error)


def test_administrators_read_sums_as_everybody_does(cast: Cast) -> None:
    SubsistenceMinimumFactory.create(region=cast.region, amount="19300.00")
    rows = client_of(cast.region_admin).get(reverse("admin:families_subsistenceminimum_changelist"))
    assert '<td class="field-amount">19\xa0300,00</td>' in rows.content.decode()
