"""What families of the demo come with: problems, what they can lean on, and what a programme does about it."""

from dataclasses import dataclass

from casework.enums import ActivitySection, ExecutorKind, ResourceKind

S, E = ActivitySection, ExecutorKind


@dataclass(frozen=True)
class ActivityData:
    """A row of a programme; `times` is how often it is planned, 1 for what is done once."""

    section: ActivitySection
    title: str
    executor: ExecutorKind
    problem: int = 0
    times: int = 1
    frequency: str = ""


@dataclass(frozen=True)
class Theme:
    """A kind of trouble: codes of problems and criteria, the diagnosis, the goal and the activities that answer it."""

    problems: tuple[str, ...]
    criterion: str
    diagnosis: str
    resource: tuple[ResourceKind, str]
    goal: str
    own_words: str
    activities: tuple[ActivityData, ...]


THEMES: dict[str, Theme] = {
    "employment": Theme(
        problems=("parent-employment", "parent-low-income"),
        criterion="no-livelihood",
        diagnosis=(
            "Доход семьи ниже прожиточного минимума, постоянной работы у матери нет. Дети ухожены, отношения в семье "
            "тёплые. Семья готова к сотрудничеству."
        ),
        resource=(ResourceKind.RELATIVES, "Бабушка готова присматривать за детьми, пока мать работает"),
        goal="Мать трудоустроена, доход семьи не ниже прожиточного минимума",
        own_words="Найти работу рядом с домом и рассчитаться с долгами за свет",
        activities=(
            ActivityData(S.LABOUR, "Постановка на учёт в центре занятости, подбор вакансий", E.FAMILY),
            ActivityData(S.LABOUR, "Составление резюме, подготовка к собеседованию", E.STAFF),
            ActivityData(S.LEGAL, "Оформление пособия и субсидии на оплату жилья", E.STAFF, problem=1),
            ActivityData(S.MATERIAL, "Одежда и школьные принадлежности для детей", E.PARTNER, problem=1),
        ),
    ),
    "parenting": Theme(
        problems=("parent-competence", "child-school"),
        criterion="neglect",
        diagnosis=(
            "Родители не всегда справляются с воспитанием подростка: пропуски занятий, конфликты из-за учёбы. "
            "Жилищные условия удовлетворительные, вредных привычек нет."
        ),
        resource=(ResourceKind.SERVICES, "Школьный педагог-психолог, родительский клуб при центре"),
        goal="Ребёнок посещает школу без пропусков, родители контролируют учёбу",
        own_words="Чтобы сын ходил в школу и мы перестали ругаться",
        activities=(
            ActivityData(S.PEDAGOGICAL, "Занятия родительского клуба", E.FAMILY, times=6, frequency="раз в две недели"),
            ActivityData(S.PSYCHOLOGICAL, "Консультации психолога для подростка", E.STAFF, problem=1, times=8),
            ActivityData(S.PEDAGOGICAL, "Дополнительные занятия по математике", E.PARTNER, problem=1, times=10),
            ActivityData(S.LEISURE, "Запись в спортивную секцию", E.FAMILY, problem=1),
        ),
    ),
    "addiction": Theme(
        problems=("parent-addiction", "family-child-parent"),
        criterion="addiction",
        diagnosis=(
            "Отец злоупотребляет алкоголем, лечиться согласен. Мать тревожна, дети замкнуты. Продукты и одежда в доме "
            "есть, угрозы жизни детей не выявлено."
        ),
        resource=(ResourceKind.PERSONAL, "Мать мотивирована сохранить семью, детей никогда не оставляла без присмотра"),
        goal="Отец прошёл лечение и сохраняет трезвость, дети спокойны и посещают занятия",
        own_words="Чтобы папа не пил и дома было спокойно",
        activities=(
            ActivityData(S.MEDICAL, "Приём врача-нарколога, курс лечения", E.PARTNER),
            ActivityData(S.PSYCHOLOGICAL, "Семейные консультации психолога", E.STAFF, problem=1, times=6),
            ActivityData(S.SOCIAL, "Группа взаимопомощи", E.FAMILY, times=12, frequency="еженедельно"),
        ),
    ),
    "housing": Theme(
        problems=("family-housing", "family-papers"),
        criterion="no-housing",
        diagnosis=(
            "Дом требует ремонта печи и проводки, документы на жильё и детей оформлены не полностью. Родители работают "
            "сезонно, с детьми заботливы."
        ),
        resource=(ResourceKind.NEIGHBOURS, "Соседи помогают с дровами и ремонтом"),
        goal="Жильё безопасно для детей, документы и пособия оформлены",
        own_words="Перебрать печь до зимы и оформить прописку детям",
        activities=(
            ActivityData(S.MATERIAL, "Ремонт печи и электропроводки", E.PARTNER),
            ActivityData(S.LEGAL, "Регистрация детей по месту жительства", E.FAMILY, problem=1),
            ActivityData(S.LEGAL, "Оформление ежемесячного пособия", E.STAFF, problem=1),
            ActivityData(S.SOCIAL, "Беседы о безопасности детей в быту", E.STAFF, times=4, frequency="раз в квартал"),
        ),
    ),
    "disability": Theme(
        problems=("family-disability", "family-isolation"),
        criterion="disability",
        diagnosis=(
            "В семье воспитывается ребёнок с инвалидностью, мать не работает из-за ухода за ним и устала. Помощи "
            "близких нет, о положенных мерах поддержки семья знает не всё."
        ),
        resource=(ResourceKind.CHARITIES, "Общественная организация родителей детей с инвалидностью"),
        goal="Ребёнок получает реабилитацию, мать имеет время на отдых и поддержку",
        own_words="Чтобы занятия с ребёнком были рядом и хоть иногда можно было отдохнуть",
        activities=(
            ActivityData(S.MEDICAL, "Реабилитационные занятия по индивидуальной программе", E.PARTNER, times=10),
            ActivityData(S.SOCIAL, "Кратковременный присмотр за ребёнком", E.STAFF, problem=1, times=8),
            ActivityData(S.PSYCHOLOGICAL, "Группа поддержки для матерей", E.FAMILY, problem=1, times=6),
        ),
    ),
    "divorce": Theme(
        problems=("family-crisis", "child-conflicts"),
        criterion="violence",
        diagnosis=(
            "Родители расстались полгода назад, дети тяжело переживают развод. Мать работает, бытовые условия хорошие, "
            "нуждается в психологической помощи."
        ),
        resource=(ResourceKind.RELATIVES, "Родная сестра матери живёт рядом и бывает в семье каждую неделю"),
        goal="Дети приняли развод родителей, порядок общения с отцом установлен",
        own_words="Чтобы дети снова улыбались и могли видеться с папой без ссор",
        activities=(
            ActivityData(S.PSYCHOLOGICAL, "Индивидуальные консультации для детей", E.STAFF, problem=1, times=8),
            ActivityData(S.LEGAL, "Соглашение о порядке общения с отцом", E.FAMILY),
            ActivityData(S.LEISURE, "Участие детей в дворовом клубе", E.PARTNER, problem=1, times=6),
        ),
    ),
    "foster": Theme(
        problems=("parent-competence", "child-social-skills"),
        criterion="placement",
        diagnosis=(
            "Ребёнок принят в семью недавно, привыкает к новому дому и правилам. Опекун внимателен, но теряется, когда "
            "ребёнок замыкается. Условия для жизни и учёбы хорошие."
        ),
        resource=(ResourceKind.CHARITIES, "Сообщество замещающих семей: встречи, опыт других родителей"),
        goal="Ребёнок привык к семье и школе, опекун уверен в своих силах",
        own_words="Чтобы ребёнок почувствовал себя дома и стал нам доверять",
        activities=(
            ActivityData(S.PSYCHOLOGICAL, "Занятия с психологом по адаптации ребёнка", E.STAFF, problem=1, times=8),
            ActivityData(S.PEDAGOGICAL, "Школа замещающих родителей", E.FAMILY, times=6, frequency="раз в месяц"),
            ActivityData(S.PEDAGOGICAL, "Помощь учителя в наверстывании программы", E.PARTNER, problem=1, times=10),
        ),
    ),
    "service": Theme(
        problems=("family-isolation", "family-papers"),
        criterion="own-request",
        diagnosis=(
            "Отец участвует в специальной военной операции, мать одна воспитывает детей, тревожится и мало спит. "
            "Положенные меры поддержки оформлены не все. Дети скучают по отцу, учатся хорошо."
        ),
        resource=(ResourceKind.NEIGHBOURS, "Семьи военнослужащих того же села поддерживают друг друга"),
        goal="Семья получает все меры поддержки, мать и дети спокойны",
        own_words="Разобраться с выплатами и чтобы дети меньше переживали",
        activities=(
            ActivityData(S.LEGAL, "Оформление выплат и мер поддержки семье участника операции", E.STAFF, problem=1),
            ActivityData(S.PSYCHOLOGICAL, "Группа взаимной поддержки семей", E.FAMILY, times=6),
            ActivityData(S.MATERIAL, "Помощь в заготовке дров", E.PARTNER),
        ),
    ),
    "newborn": Theme(
        problems=("parent-refusal-risk", "family-isolation"),
        criterion="refusal-risk",
        diagnosis=(
            "Мать одна, после родов говорила об отказе от ребёнка: боится, что не справится. Жильё есть, родственники "
            "узнали о ребёнке недавно."
        ),
        resource=(ResourceKind.RELATIVES, "Тётя матери согласна пожить с ней первые месяцы"),
        goal="Ребёнок остался в родной семье, мать справляется с уходом за ним",
        own_words="Научиться ухаживать за малышом и не остаться одной",
        activities=(
            ActivityData(S.PSYCHOLOGICAL, "Беседы с психологом", E.STAFF, times=8, frequency="раз в неделю"),
            ActivityData(S.MEDICAL, "Патронаж медицинской сестры", E.PARTNER, times=6),
            ActivityData(S.MATERIAL, "Кроватка, коляска и одежда из пункта проката", E.FAMILY, problem=1),
        ),
    ),
}
"""By the codes under which the groups of families of a region name them."""
