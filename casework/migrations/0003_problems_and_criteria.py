"""Problems of children, parents and families, and criteria of need, as the described practices name them."""

from typing import Any

from django.db import migrations

PROBLEMS: dict[str, list[tuple[str, str]]] = {
    "CHILD": [
        ("child-social-skills", "Недостаточно развиты социальные навыки"),
        ("child-school-readiness", "Не готов к школе в 6–7 лет"),
        ("child-development", "Развитие не соответствует возрасту"),
        ("child-conflicts", "Конфликты со сверстниками и взрослыми"),
        ("child-no-conditions", "Нет условий для развития и воспитания"),
        ("child-health-awareness", "Нет представлений о здоровом образе жизни"),
        ("child-rights", "Нарушены права ребёнка"),
        ("child-violence", "Насилие или жестокое обращение с ребёнком"),
        ("child-school", "Пропуски занятий, трудности в учёбе"),
        ("child-offences", "Правонарушения, самовольные уходы"),
    ],
    "PARENT": [
        ("parent-problem-solving", "Не умеет самостоятельно решать проблемы семьи"),
        ("parent-upbringing", "Низкий воспитательный потенциал"),
        ("parent-health-awareness", "Нет установки на здоровый образ жизни"),
        ("parent-low-income", "Низкий доход"),
        ("parent-employment", "Нет работы или постоянного заработка"),
        ("parent-motivation", "Низкая мотивация к сотрудничеству"),
        ("parent-competence", "Недостаточная родительская компетентность"),
        ("parent-addiction", "Зависимость от алкоголя или других веществ"),
        ("parent-refusal-risk", "Риск отказа от новорождённого"),
    ],
    "FAMILY": [
        ("family-crisis", "Семейный кризис: развод, утрата, конфликт"),
        ("family-violence", "Насилие в семье"),
        ("family-child-parent", "Нарушены детско-родительские отношения"),
        ("family-housing", "Плохие жилищные условия или нет жилья"),
        ("family-papers", "Не оформлены документы, пособия и льготы"),
        ("family-disability", "Трудности ухода за ребёнком с инвалидностью"),
        ("family-isolation", "Нет поддержки близких и окружения"),
    ],
}

CONFIDENTIAL = {"child-violence", "parent-addiction", "parent-refusal-risk", "family-violence", "family-disability"}
"""Problems that tell of health or intimate life."""

CRITERIA = [
    ("violence", "Внутрисемейный конфликт, насилие в семье"),
    ("addiction", "Наличие в семье лица с зависимостью"),
    ("disability", "Трудности социальной адаптации ребёнка или родителя с инвалидностью"),
    ("no-livelihood", "Нет работы и средств к существованию"),
    ("no-housing", "Нет определённого места жительства или пригодного жилья"),
    ("care", "Нет возможности обеспечить постоянный уход и присмотр за детьми"),
    ("neglect", "Родители не исполняют обязанности по воспитанию и содержанию детей"),
    ("danger", "Семья находится в социально опасном положении"),
    ("refusal-risk", "Риск отказа от новорождённого"),
    ("placement", "Ребёнок принят в семью под опеку, попечительство или возвращён в кровную семью"),
    ("social-contract", "С семьёй заключён социальный контракт"),
    ("own-request", "Семья сама просит о помощи в преодолении трудной жизненной ситуации"),
]


def fill(apps: Any, _editor: Any) -> None:
    """Add the rows that are missing; those that are there stay as administrators left them."""
    kinds = [
        {"subject": subject, "code": code, "title": title, "is_confidential": code in CONFIDENTIAL}
        for subject, rows in PROBLEMS.items()
        for code, title in rows
    ]
    _add(apps.get_model("casework", "ProblemKind"), kinds)
    _add(apps.get_model("casework", "NeedCriterion"), [{"code": code, "title": title} for code, title in CRITERIA])


def _add(model: Any, rows: list[dict[str, Any]]) -> None:
    model.objects.bulk_create(
        (model(position=place, is_system=True, **row) for place, row in enumerate(rows, start=1)), ignore_conflicts=True
    )


class Migration(migrations.Migration):
    """Rows are codes that reports use: undoing the migration leaves them."""

    dependencies = [("casework", "0002_dictionaries")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
