"""A family with something in every part of its record, for tests of pages."""

import datetime
from typing import Any

from accounts.enums import AccessAction
from accounts.journal import record_for
from accounts.models import User
from common.history import acting
from families.enums import TraitKind
from families.models import Category, Family
from tests.factories.families import (
    ConsentFactory,
    ExternalIdFactory,
    FamilyCategoryFactory,
    FamilyMembershipFactory,
    FamilyRiskGroupFactory,
    FamilyStatementFactory,
    FamilyStatusFactory,
    IncomeRecordFactory,
    MemberTraitFactory,
    PersonFactory,
    household,
)


def filled_family(**values: Any) -> Family:
    """A household of five with categories, statuses, income, papers and a reader; `values` are the family's."""
    values = {
        "title": "Хабибуллина",
        "street": "ул. Лесная",
        "house": "4",
        "flat": "12",
        "phone": "+79161234567",
        "phone_note": "соседка Тамара Ивановна, 2-12-34",
        "housing": "SOCIAL_RENT",
        "housing_note": "Две комнаты, печное отопление",
    } | values
    family = household(children=2, **values)
    mother = family.memberships.get(is_head=True)
    child = family.memberships.filter(role="CHILD").order_by("pk")[0]
    grandmother = PersonFactory.create(region=family.region, first_name="Гузель", patronymic="Ринатовна")
    FamilyMembershipFactory.create(
        family=family, person=grandmother, role="GRANDMOTHER", ends_on=datetime.date(2026, 1, 31)
    )
    MemberTraitFactory.create(membership=mother, kind=TraitKind.UNEMPLOYED)
    MemberTraitFactory.create(membership=child, kind=TraitKind.DISABLED, document="справка МСЭ")
    FamilyCategoryFactory.create(family=family, category=Category.objects.get(code="LOW_INCOME"), is_primary=True)
    FamilyCategoryFactory.create(
        family=family,
        category=Category.objects.get(code="DISABLED_CHILD"),
        member=child,
        ends_on=datetime.date(2034, 1, 31),
    )
    FamilyStatusFactory.create(family=family, decided_by="КДН и ЗП", decision_number="12")
    FamilyRiskGroupFactory.create(family=family)
    IncomeRecordFactory.create(family=family, minimum_used="17733.00")
    ExternalIdFactory.create(family=family)
    ConsentFactory.create(family=family, subject=mother.person, recipients=["КГБУЗ «Хасанская ЦРБ»"])
    ConsentFactory.create(family=family, subject=child.person, given_by=mother.person, health_data=True)
    FamilyStatementFactory.create(family=family, given_by=mother.person)
    return family


def opened_by(family: Family, user: User) -> None:
    """Somebody opened the card before, and changed something."""
    record_for(user, AccessAction.VIEW, "family", object_id=family.pk, family_id=family.pk)
    with acting(user):
        family.housing_note = "Три комнаты"
        family.save()
