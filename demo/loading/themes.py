"""What families of the demo come with: problems, what they can lean on, and what a programme does about it.

Texts have places that `Circumstances.words` fills: who brings the children up, how many there are, where they live.
The goal of a programme is read by every member of a council: it names no illness.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.enums import ActivitySection, ExecutorKind, ResourceKind
from demo.loading.circumstances import SCHOOL_AGE, TEENS, Circumstances, ages_of
from families.enums import FamilyRole
from partners.enums import PartnerType

S, E, P, FATHER = ActivitySection, ExecutorKind, PartnerType, FamilyRole.FATHER
GIVERS = (P.MUNICIPALITY, P.SOCIAL_SUPPORT, P.CHARITY_FUND, P.RELIGIOUS)
"""Who helps with things and repairs, the first that works where the family lives."""


@dataclass(frozen=True)
class ActivityData:
    """A row of a programme; `times` is how often it is planned, 1 for what is done once.

    One of the `partners`, the first kind that works where the family lives, carries it out; without any `executor`.
    Of the family it is the `member`, where it has one, else the main contact. Families with a child in `ages` are
    offered it, where it is `for_houses` those alone who live in a house.
    """

    section: ActivitySection
    title: str
    executor: ExecutorKind
    problem: int = 0
    times: int = 1
    frequency: str = ""
    partners: tuple[PartnerType, ...] = ()
    member: FamilyRole | None = None
    ages: range = range(18)
    for_houses: bool = False

    def fits(self, family: Circumstances) -> bool:
        return any(age in self.ages for age in family.ages) and (family.in_house or not self.for_houses)


@dataclass(frozen=True)
class Theme:
    """A kind of trouble: codes of problems and criteria, the diagnosis, the goal and the activities that answer it.

    It is the trouble of families with a child in `ages`, with no other where `of_one_child`.
    """

    problems: tuple[str, ...]
    criterion: str
    diagnosis: str
    resource: tuple[ResourceKind, str]
    goal: str
    own_words: str
    activities: tuple[ActivityData, ...]
    ages: range = range(18)
    of_one_child: bool = False

    def suits(self, births: Sequence[date], on: date) -> bool:
        """Whether it can be the trouble of a family with these children on a day; all of them are born by then."""
        ages = ages_of(births, on)
        if len(ages) < len(births) or (self.of_one_child and len(ages) > 1):
            return False
        return any(age in self.ages for age in ages)

    def of(self, family: Circumstances) -> "Theme":
        """The same as it is written of a family."""
        kind, resource = self.resource
        return replace(
            self,
            diagnosis=family.words(self.diagnosis),
            resource=(kind, family.words(resource)),
            goal=family.words(self.goal),
            own_words=family.words(self.own_words),
            activities=tuple(
                replace(row, title=family.words(row.title)) for row in self.activities if row.fits(family)
            ),
        )


THEMES: dict[str, Theme] = {
    "employment": Theme(
        problems=("parent-employment", "parent-low-income"),
        criterion="no-livelihood",
        diagnosis=(
            "Доход семьи ниже прожиточного минимума, постоянной работы у {parents:родителей|{head:матери|отца}} нет. "
            "{children:Ребёнок ухожен|Дети ухожены}, отношения в семье тёплые. Семья готова к сотрудничеству."
        ),
        resource=(
            ResourceKind.RELATIVES,
            "Родственники готовы присматривать за {children:ребёнком|детьми}, пока {head:мать|отец} на работе",
        ),
        goal=(
            "{parents:Родители трудоустроены|{head:Мать трудоустроена|Отец трудоустроен}}, доход семьи не ниже "
            "прожиточного минимума"
        ),
        own_words="Найти работу рядом с домом и рассчитаться с долгами за свет",
        activities=(
            ActivityData(S.LABOUR, "Подбор вакансий и направление к работодателям", E.STAFF, partners=(P.EMPLOYMENT,)),
            ActivityData(S.LABOUR, "Составление резюме, подготовка к собеседованию", E.STAFF),
            ActivityData(S.LEGAL, "Постановка в очередь в детский сад", E.FAMILY, ages=range(1, 7)),
            ActivityData(S.LEGAL, "Оформление пособия и субсидии на оплату жилья", E.STAFF, problem=1),
            ActivityData(
                S.MATERIAL, "Одежда и обувь по сезону для {children:ребёнка|детей}", E.STAFF, 1, partners=GIVERS
            ),
        ),
    ),
    "parenting": Theme(
        problems=("parent-competence", "child-school"),
        criterion="neglect",
        diagnosis=(
            "{parents:Родители не всегда справляются|{head:Мать|Отец|Опекун} не всегда справляется} с воспитанием "
            "подростка: пропуски занятий, ссоры из-за учёбы. Жилищные условия удовлетворительные, вредных привычек "
            "нет."
        ),
        resource=(ResourceKind.SERVICES, "Школьный педагог-психолог, родительский клуб при центре"),
        goal=(
            "Подросток посещает школу без пропусков, {parents:родители контролируют|{head:мать|отец|опекун} "
            "контролирует} учёбу"
        ),
        own_words="Чтобы {teen:парень ходил|девочка ходила} в школу и мы перестали ругаться",
        activities=(
            ActivityData(S.PEDAGOGICAL, "Занятия родительского клуба", E.FAMILY, times=6, frequency="раз в две недели"),
            ActivityData(
                *(S.PSYCHOLOGICAL, "Консультации психолога для подростка", E.STAFF),
                problem=1,
                times=8,
                partners=(P.PPMS,),
            ),
            ActivityData(
                *(S.PEDAGOGICAL, "Дополнительные занятия по школьным предметам", E.STAFF),
                problem=1,
                times=10,
                partners=(P.EDUCATION,),
            ),
            ActivityData(S.LEISURE, "Запись в спортивную секцию или кружок", E.FAMILY, problem=1),
        ),
        ages=TEENS,
    ),
    "addiction": Theme(
        problems=("parent-addiction", "family-child-parent"),
        criterion="addiction",
        diagnosis=(
            "{parents:Отец|Мать} злоупотребляет алкоголем, лечиться {parents:согласен. Мать тревожна|согласна}, "
            "{children:ребёнок замкнут|дети замкнуты}. Продукты и одежда в доме есть, угрозы жизни "
            "{children:ребёнка|детей} не выявлено."
        ),
        resource=(
            ResourceKind.PERSONAL,
            "Мать мотивирована сохранить семью, {children:ребёнка|детей} не оставляет без присмотра",
        ),
        goal=(
            "В доме спокойно, {parents:родители вместе заботятся|мать заботится} о {children:ребёнке|детях} и "
            "{parents:уделяют|уделяет} {children:ему|им} внимание"
        ),
        own_words="{parents:Чтобы дома было спокойно всем|Жить спокойно и растить {children:ребёнка|детей}}",
        activities=(
            ActivityData(
                S.MEDICAL, "Приём врача-нарколога, курс лечения", E.FAMILY, partners=(P.HEALTH,), member=FATHER
            ),
            ActivityData(
                *(S.SOCIAL, "Группа взаимопомощи", E.FAMILY), times=12, frequency="еженедельно", member=FATHER
            ),
            ActivityData(S.PSYCHOLOGICAL, "Семейные консультации психолога", E.STAFF, problem=1, times=6),
            ActivityData(S.SOCIAL, "Совместные занятия родителей с детьми", E.STAFF, problem=1, times=4),
            ActivityData(
                *(S.SOCIAL, "Профилактические беседы с {parents:родителями|матерью}", E.STAFF),
                problem=1,
                times=4,
                frequency="раз в квартал",
                partners=(P.KDN, P.PDN, P.POLICE),
            ),
        ),
    ),
    "housing": Theme(
        problems=("family-housing", "family-papers"),
        criterion="no-housing",
        diagnosis=(
            "{home:Дом требует ремонта печи и проводки|Квартира требует ремонта проводки и сантехники}, документы на "
            "жильё и {children:ребёнка|детей} оформлены не полностью. Родители работают сезонно, с "
            "{children:ребёнком|детьми} заботливы."
        ),
        resource=(ResourceKind.NEIGHBOURS, "Соседи помогают {home:с дровами и ремонтом|с ремонтом}"),
        goal="Жильё безопасно для {children:ребёнка|детей}, документы и пособия оформлены",
        own_words=(
            "{home:Перебрать печь до зимы|Заменить проводку и трубы} и оформить прописку {children:ребёнку|детям}"
        ),
        activities=(
            ActivityData(
                S.MATERIAL,
                "Ремонт {home:печи и электропроводки|электропроводки и сантехники}",
                E.FAMILY,
                partners=GIVERS,
            ),
            ActivityData(S.LEGAL, "Регистрация {children:ребёнка|детей} по месту жительства", E.FAMILY, problem=1),
            ActivityData(
                S.LEGAL, "Оформление ежемесячного пособия", E.STAFF, 1, partners=(P.PENSION_FUND, P.SOCIAL_SUPPORT)
            ),
            ActivityData(
                *(S.SOCIAL, "Беседы о безопасности {children:ребёнка|детей} в быту", E.STAFF),
                times=4,
                frequency="раз в квартал",
            ),
        ),
    ),
    "disability": Theme(
        problems=("family-disability", "family-isolation"),
        criterion="disability",
        diagnosis=(
            "В семье воспитывается ребёнок с особенностями здоровья, мать не работает из-за ухода за ним и устала. "
            "Помощи близких нет, о положенных мерах поддержки семья знает не всё."
        ),
        resource=(ResourceKind.CHARITIES, "Общественная организация родителей детей с инвалидностью"),
        goal="Ребёнок развивается и бывает среди сверстников, у матери есть время на отдых и поддержка",
        own_words="Чтобы занятия с ребёнком были рядом и хоть иногда можно было отдохнуть",
        activities=(
            ActivityData(
                S.MEDICAL,
                "Реабилитационные занятия по индивидуальной программе",
                E.STAFF,
                times=10,
                partners=(P.HEALTH,),
            ),
            ActivityData(S.SOCIAL, "Игровые встречи со сверстниками в центре", E.STAFF, problem=1, times=6),
            ActivityData(S.SOCIAL, "Кратковременный присмотр за ребёнком", E.STAFF, problem=1, times=8),
            ActivityData(S.PSYCHOLOGICAL, "Группа поддержки для матерей", E.FAMILY, problem=1, times=6),
        ),
    ),
    "divorce": Theme(
        problems=("family-crisis", "child-conflicts"),
        criterion="violence",
        diagnosis=(
            "Родители расстались полгода назад после долгих ссор, {children:ребёнок тяжело переживает|дети тяжело "
            "переживают} развод. {head:Мать|Отец} работает, бытовые условия хорошие, нуждается в психологической "
            "помощи."
        ),
        resource=(
            ResourceKind.RELATIVES,
            "Родная сестра {head:матери|отца} живёт рядом и бывает в семье каждую неделю",
        ),
        goal=(
            "{children:Ребёнок принял|Дети приняли} развод родителей, порядок общения с {head:отцом|матерью} установлен"
        ),
        own_words=(
            "Чтобы {children:ребёнок снова улыбался и мог|дети снова улыбались и могли} видеться с {head:папой|мамой} "
            "без ссор"
        ),
        activities=(
            ActivityData(
                *(S.PSYCHOLOGICAL, "Индивидуальные консультации психолога для {children:ребёнка|детей}", E.STAFF),
                problem=1,
                times=8,
                partners=(P.PPMS,),
            ),
            ActivityData(S.LEGAL, "Соглашение о порядке общения с {head:отцом|матерью}", E.FAMILY),
            ActivityData(
                *(S.LEISURE, "Занятия в кружке или дворовом клубе", E.FAMILY),
                problem=1,
                times=6,
                partners=(P.CULTURE, P.YOUTH_SPORT),
            ),
        ),
        ages=range(5, 17),
    ),
    "foster": Theme(
        problems=("parent-competence", "child-social-skills"),
        criterion="placement",
        diagnosis=(
            "{children:Ребёнок принят|Дети приняты} в семью недавно, {children:привыкает|привыкают} к новому дому и "
            "правилам. Опекун внимателен, но теряется, когда {children:ребёнок замыкается|дети замыкаются}. Условия "
            "для жизни хорошие."
        ),
        resource=(ResourceKind.CHARITIES, "Сообщество замещающих семей: встречи, опыт других родителей"),
        goal="{children:Ребёнок привык|Дети привыкли} к семье, опекун уверен в своих силах",
        own_words=(
            "Чтобы {children:ребёнок почувствовал себя дома и стал|дети почувствовали себя дома и стали} нам доверять"
        ),
        activities=(
            ActivityData(
                *(S.PSYCHOLOGICAL, "Занятия с психологом по адаптации {children:ребёнка|детей}", E.STAFF),
                problem=1,
                times=8,
                partners=(P.PPMS,),
            ),
            ActivityData(S.PEDAGOGICAL, "Школа замещающих родителей", E.FAMILY, times=6, frequency="раз в месяц"),
            ActivityData(
                *(S.PEDAGOGICAL, "Помощь учителя в освоении пропущенных тем", E.STAFF),
                problem=1,
                times=10,
                partners=(P.EDUCATION,),
                ages=SCHOOL_AGE,
            ),
            ActivityData(S.LEISURE, "Встречи семейного клуба", E.FAMILY, problem=1, times=4),
        ),
        ages=range(3, 17),
    ),
    "service": Theme(
        problems=("family-isolation", "family-papers"),
        criterion="own-request",
        diagnosis=(
            "Отец участвует в специальной военной операции, мать одна воспитывает {children:ребёнка|детей}, тревожится "
            "и мало спит. Положенные меры поддержки оформлены не все. {children:Ребёнок скучает|Дети скучают} по отцу."
        ),
        resource=(ResourceKind.NEIGHBOURS, "Семьи военнослужащих, живущие рядом, поддерживают друг друга"),
        goal="Семья получает все меры поддержки, мать и {children:ребёнок|дети} спокойны",
        own_words="Разобраться с выплатами и чтобы {children:ребёнок меньше переживал|дети меньше переживали}",
        activities=(
            ActivityData(
                *(S.LEGAL, "Оформление выплат и мер поддержки семье участника операции", E.STAFF),
                problem=1,
                partners=(P.PENSION_FUND, P.SOCIAL_SUPPORT),
            ),
            ActivityData(S.PSYCHOLOGICAL, "Группа взаимной поддержки семей", E.FAMILY, times=6),
            ActivityData(S.PSYCHOLOGICAL, "Консультации психолога для матери", E.STAFF, times=4),
            ActivityData(S.MATERIAL, "Помощь в заготовке дров", E.STAFF, partners=GIVERS, for_houses=True),
        ),
        ages=range(3, 17),
    ),
    "newborn": Theme(
        problems=("parent-refusal-risk", "family-isolation"),
        criterion="refusal-risk",
        diagnosis=(
            "Мать одна, после родов говорила об отказе от ребёнка: боится, что не справится. Жильё есть, родственники "
            "узнали о ребёнке недавно."
        ),
        resource=(ResourceKind.RELATIVES, "Тётя матери согласна пожить с ней первые месяцы"),
        goal="Мать справляется с уходом за ребёнком, рядом есть близкие и специалисты",
        own_words="Научиться ухаживать за малышом и не остаться одной",
        activities=(
            ActivityData(S.PSYCHOLOGICAL, "Беседы с психологом", E.STAFF, times=8, frequency="раз в неделю"),
            ActivityData(S.MEDICAL, "Патронаж медицинской сестры", E.STAFF, problem=1, times=6, partners=(P.HEALTH,)),
            ActivityData(S.SOCIAL, "Обучение уходу за младенцем", E.STAFF, problem=1, times=4),
            ActivityData(S.MATERIAL, "Кроватка, коляска и одежда из пункта проката", E.FAMILY, problem=1),
        ),
        ages=range(1),
        of_one_child=True,
    ),
}
"""By the codes under which the groups of families of a region name them."""
