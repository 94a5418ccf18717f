"""The categories of families that the sources name; reports and rules know them by their codes."""

from typing import Any

from families.models import Category

# Code, Russian title, the age that ends it, whether it tells of health or intimate life.
CATEGORIES: tuple[tuple[str, str, int | None, bool], ...] = (
    ("LOW_INCOME", "Малоимущая семья", None, False),
    ("NO_LIVELIHOOD", "Семья с отсутствием средств к существованию", None, False),
    ("LARGE_FAMILY", "Многодетная семья", None, False),
    ("SINGLE_PARENT", "Семья с одним родителем", None, False),
    ("SUBSTITUTE", "Замещающая семья", None, False),
    ("SVO", "Семья участника специальной военной операции", None, False),
    ("DISABLED_CHILD", "Семья, воспитывающая ребёнка-инвалида", 18, True),
    ("BLIND_CHILD", "Семья с незрячим ребёнком", 18, True),
    ("HEALTH_LIMITED_UNDER_3", "Семья с ребёнком с ОВЗ в возрасте до 3 лет", 3, True),
    ("REFUSAL_RISK", "Мать или беременная женщина, намеренная отказаться от ребёнка", None, True),
    ("CARE_LEAVER", "Выпускник организации для детей-сирот в возрасте до 23 лет", 23, False),
    ("ABUSE_VICTIM_CHILD", "Ребёнок, пострадавший от жестокого обращения или преступления", 18, True),
    ("ADAPTATION_TROUBLE", "Несовершеннолетний, испытывающий трудности в социальной адаптации", 18, False),
    ("PARENTAL_NEGLECT", "Родители не исполняют обязанности по воспитанию, обучению, содержанию детей", None, False),
    ("SOCIALLY_TROUBLED", "Социально неблагополучная семья", None, False),
    ("OTHER", "Иная категория", None, False),
)


def ensure_categories(**_kwargs: Any) -> None:
    """Enter the rows that are missing; what an administrator has changed in the others stays. Runs after migrations."""
    Category.objects.bulk_create(
        (
            Category(
                code=code,
                title=title,
                ends_at_age=age,
                is_confidential=confidential,
                is_system=True,
                position=10 * position,
            )
            for position, (code, title, age, confidential) in enumerate(CATEGORIES, start=1)
        ),
        ignore_conflicts=True,
    )
