"""The rows of the room's dictionaries that laws, orders and the described practices name."""

from typing import Any

from django.db import migrations

SERVICES: dict[str, list[tuple[str, str]]] = {
    # The seven kinds of social services (442-FZ, article 20; Vladimir order 420/1, 4.3 and 4.4).
    "HOUSEHOLD": [
        ("household-essentials", "Содействие в обеспечении предметами первой необходимости"),
        ("household-housing", "Содействие в улучшении жилищно-бытовых условий"),
        ("household-budget", "Обучение ведению хозяйства и планированию семейного бюджета"),
        ("household-childminding", "Кратковременный присмотр за детьми"),
        ("household-daily", "Помощь в решении бытовых вопросов"),
    ],
    "MEDICAL": [
        ("medical-observation", "Систематическое наблюдение за состоянием здоровья"),
        ("medical-appointment", "Содействие в записи к врачу и прохождении обследования"),
        ("medical-advice", "Консультирование по социально-медицинским вопросам"),
        ("medical-healthy-life", "Мероприятия, направленные на формирование здорового образа жизни"),
        ("medical-addiction", "Содействие в лечении зависимости"),
    ],
    "PSYCHOLOGICAL": [
        ("psychological-patronage", "Социально-психологический патронаж"),
        ("psychological-advice", "Социально-психологическое консультирование"),
        ("psychological-diagnostics", "Психологическая диагностика и обследование личности"),
        ("psychological-correction", "Психологическая коррекция"),
        ("psychological-training", "Психологический тренинг"),
        ("psychological-talk", "Беседа, общение, выслушивание, подбадривание"),
    ],
    "PEDAGOGICAL": [
        ("pedagogical-patronage", "Социально-педагогический патронаж"),
        ("pedagogical-advice", "Социально-педагогическое консультирование"),
        ("pedagogical-parenting", "Обучение родителей навыкам воспитания и развития ребёнка"),
        ("pedagogical-correction", "Социально-педагогическая коррекция"),
        ("pedagogical-school", "Помощь в учёбе и подготовке к школе"),
        ("pedagogical-leisure", "Формирование позитивных интересов, организация досуга"),
    ],
    "LABOUR": [
        ("labour-potential", "Содействие в реализации трудового потенциала трудоспособных членов семьи"),
        ("labour-employment", "Помощь в трудоустройстве"),
        ("labour-training", "Содействие в обучении, переобучении и стажировке"),
        ("labour-guidance", "Профессиональная ориентация подростков"),
    ],
    "LEGAL": [
        ("legal-services", "Помощь в получении юридических услуг"),
        ("legal-protection", "Помощь в защите прав и законных интересов получателей социальных услуг"),
        ("legal-papers", "Помощь в оформлении и восстановлении документов"),
        ("legal-benefits", "Помощь в оформлении пособий и мер социальной поддержки"),
    ],
    "COMMUNICATION": [
        ("communication-self-care", "Обучение навыкам самообслуживания и поведения в быту"),
        ("communication-equipment", "Обучение пользованию средствами ухода и техническими средствами реабилитации"),
        ("communication-rehabilitation", "Социально-реабилитационные мероприятия"),
    ],
}

# Urgent social services by the kind of their content (442-FZ, article 21).
URGENT: dict[str, list[tuple[str, str]]] = {
    "HOUSEHOLD": [
        ("urgent-food", "Обеспечение бесплатным горячим питанием или наборами продуктов"),
        ("urgent-clothes", "Обеспечение одеждой, обувью и предметами первой необходимости"),
        ("urgent-shelter", "Содействие в получении временного жилого помещения"),
        ("urgent-other", "Иные срочные социальные услуги"),
    ],
    "LEGAL": [("urgent-legal", "Содействие в получении юридической помощи в целях защиты прав")],
    "PSYCHOLOGICAL": [("urgent-psychological", "Содействие в получении экстренной психологической помощи")],
    "MEDICAL": [("urgent-medical", "Содействие в получении экстренной медицинской помощи")],
}

# Help that is no social service: the five kinds of social support (442-FZ, article 22).
MEASURES: dict[str, list[tuple[str, str]]] = {
    "MEDICAL": [
        ("measure-medical", "Содействие в предоставлении медицинской помощи"),
        ("measure-medical-examination", "Содействие в прохождении медико-социальной экспертизы"),
    ],
    "PSYCHOLOGICAL": [("measure-psychological", "Содействие в предоставлении психологической помощи")],
    "PEDAGOGICAL": [
        ("measure-pedagogical", "Содействие в предоставлении педагогической помощи"),
        ("measure-pedagogical-place", "Содействие в устройстве в детский сад, школу, кружок"),
        ("measure-pedagogical-holiday", "Содействие в организации отдыха и оздоровления детей"),
    ],
    "LEGAL": [("measure-legal", "Содействие в предоставлении юридической помощи")],
    "SOCIAL": [
        ("measure-social", "Содействие в предоставлении социальной помощи"),
        ("measure-social-benefits", "Содействие в получении мер социальной поддержки"),
        ("measure-social-material", "Содействие в получении материальной помощи"),
        ("measure-social-employment-centre", "Содействие в постановке на учёт в центре занятости населения"),
    ],
}

FORMS_OF_WORK: list[tuple[str, str]] = [
    ("consultation", "Консультация"),
    ("talk", "Беседа"),
    ("patronage", "Патронаж"),
    ("individual-lesson", "Индивидуальное занятие"),
    ("group-lesson", "Групповое занятие"),
    ("family-consultation", "Семейная консультация"),
    ("joint-raid", "Совместный рейд с органами профилактики"),
    # The Tula expedition: its traditional and its own forms.
    ("family-club", "Семейный клуб «В кругу семьи»"),
    ("parents-school-online", "PRO-школа для родителей онлайн «Воспитание без огорчений»"),
    ("consulting-point-online", "Консультпункт «#МыВсегдаНаСвязи»"),
    ("neighbours-support", "«Sоседи»: поддержка семей ресурсами местного сообщества"),
    ("social-contract", "Социальный контракт"),
    ("psychological-salon", "Психологическая гостиная «Лаборатория семейных отношений»"),
    ("action", "Акция: «Сохраним семейные традиции», «Здоровые дети — счастье в семье» и другие"),
    ("play-club", "Семейный игроклуб «ИграЯ»"),
    ("psychological-first-aid-kit", "«Психологическая аптечка»"),
    ("marathon-workshop", "Марафон-практикум для специалистов «Семья — ребёнок — социум»"),
    ("online-camp", "Оздоровительный онлайн-лагерь для детей"),
    ("master-class", "Творческий семейный мастер-класс «Место хобби»"),
    ("family-cinema", "«Семейный кинозал»"),
    ("tent-camp-together", "Летний семейный палаточный лагерь-интенсив «Мы вместе!»"),
    ("tent-camp-commonwealth", "Летний палаточный лагерь для замещающих семей «Содружество»"),
    ("yard-playground", "Летняя дворовая площадка «Лабиринт отражений»"),
    ("field-rehabilitation", "Выездной микрореабилитационный центр"),
    ("hike", "Многодневный поход «Весёлая компания»"),
    ("charity-shop", "Благотворительный интернет-магазин «Б/Утик»"),
    ("charity-bazaar", "«Благотворительный семейный базар»"),
    ("professional-community", "«ПРОдвижение к успеху»: сообщество специалистов"),
    # Primorye.
    ("career-centre", "Профориентационный центр «Твой выбор»"),
    ("workshop-carpentry", "Профессиональная мастерская «Столярное дело»"),
    ("workshop-animation", "Профессиональная мастерская «Мультстудия»"),
    ("workshop-publishing", "Профессиональная мастерская «Издательское дело»"),
    ("workshop-cooking", "Профессиональная мастерская «Кулинарная студия»"),
    ("family-weekend", "Социальная технология «Семейный выходной»"),
    ("neighbours-action", "Социальная акция «Мои соседи»"),
    # Vladimir order 420/1, appendix 4.
    ("consulting-point", "Межведомственный консультативный пункт для малообеспеченных семей с детьми"),
    ("weekend-programme", "Программа выходного дня"),
    ("short-stay-group", "Группа кратковременного пребывания для детей в каникулярный период"),
    ("rental-point", "Пункт проката предметов первой необходимости"),
    ("career-guidance", "Профориентация подростков"),
    ("financial-literacy", "Обучение детей финансовой грамотности"),
]

SOURCES: list[tuple[str, str]] = [
    ("self", "Обращение самой семьи"),
    ("relatives", "Родственники"),
    ("neighbours", "Соседи, граждане"),
    ("police", "Участковый уполномоченный полиции"),
    ("juvenile-police", "Подразделение по делам несовершеннолетних"),
    ("kdn", "Комиссия по делам несовершеннолетних"),
    ("guardianship", "Органы опеки и попечительства"),
    ("school", "Школа"),
    ("kindergarten", "Детский сад"),
    ("paediatrician", "Участковый педиатр, детская поликлиника"),
    ("feldsher-point", "Фельдшерско-акушерский пункт"),
    ("maternity-hospital", "Женская консультация, родильный дом"),
    ("house-elder", "Старший дома"),
    ("village-elder", "Староста села"),
    ("social-protection", "Орган социальной защиты населения"),
    ("employment-centre", "Центр занятости населения"),
    ("public-organisation", "Общественная организация"),
    ("hotline", "Телефон доверия, горячая линия"),
    ("own-staff", "Специалист учреждения: обход участка, выезд"),
    ("council", "Совет, рабочая группа, участковая комиссия"),
    ("other", "Другой источник"),
]


def fill(apps: Any, _editor: Any) -> None:
    """Add the rows that are missing; those that are there stay as administrators left them."""
    titles = [
        {"record_type": record_type, kind_field: kind, "code": code, "title": title}
        for record_type, kind_field, groups in (
            ("SERVICE", "service_kind", SERVICES),
            ("SUPPORT_MEASURE", "measure_kind", MEASURES),
            ("URGENT", "service_kind", URGENT),
        )
        for kind, rows in groups.items()
        for code, title in rows
    ]
    _add(apps.get_model("casework", "ServiceTitle"), titles)
    _add(apps.get_model("casework", "FormOfWork"), [{"code": code, "title": title} for code, title in FORMS_OF_WORK])
    _add(
        apps.get_model("casework", "IdentificationSource"), [{"code": code, "title": title} for code, title in SOURCES]
    )


def _add(model: Any, rows: list[dict[str, str]]) -> None:
    model.objects.bulk_create(
        (model(position=place, is_system=True, **row) for place, row in enumerate(rows, start=1)), ignore_conflicts=True
    )


class Migration(migrations.Migration):
    """Rows are codes that reports use: undoing the migration leaves them."""

    dependencies = [("casework", "0001_cases_and_their_work")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
