"""What a specialist notes after a visit to a family of the demo: only what can be true of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.loading.circumstances import BOTH_PARENTS, SCHOOL_AGE, TEENS, Circumstances


@dataclass(frozen=True)
class Remark:
    """A note about families with a child in `ages`: those with both parents alone, or in a house alone, where so told.

    Its places are those of `Circumstances.words`.
    """

    text: str
    ages: range = range(18)
    of_both_parents: bool = False
    of_houses: bool = False

    def fits(self, family: Circumstances) -> bool:
        return (
            any(age in self.ages for age in family.ages)
            and (family.kind in BOTH_PARENTS or not self.of_both_parents)
            and (family.in_house or not self.of_houses)
        )


OBSERVATIONS = (
    Remark("{children:Ребёнок дома, ухожен, накормлен|Дети дома, ухожены, накормлены}. Обсудили режим дня и питание."),
    Remark("В доме чисто, продукты есть. По математике школьнику нужна помощь.", ages=SCHOOL_AGE),
    Remark(
        "Отец устроился на временную работу. Договорились о записи {children:ребёнка|детей} на медицинский осмотр.",
        of_both_parents=True,
    ),
    Remark("Обстановка спокойная. Прошли по пунктам программы, семья выполняет договорённости."),
    Remark("Задолженность за электроэнергию частично погашена. Помогли заполнить заявление на субсидию."),
    Remark("{head:Мать|Отец|Опекун} переживает из-за поведения подростка, предложена встреча с психологом.", TEENS),
    Remark("К школе семья готова, одежда и обувь по сезону есть. Нужны канцелярские товары.", SCHOOL_AGE),
    Remark("Провели беседу о безопасности в быту, вместе с хозяевами проверили печь и проводку.", of_houses=True),
    Remark("Провели беседу о безопасности в быту: окна, розетки, бытовая химия."),
)
RECOMMENDATIONS = (
    Remark("Рекомендовано посетить педиатра до конца месяца."),
    Remark("Рекомендовано обратиться в центр занятости с паспортом и трудовой книжкой."),
    Remark("Рекомендовано посещать занятия родительского клуба."),
    Remark(""),
)
REFUSAL = Remark(
    "{head:Мать не впустила|Отец не впустил|Опекун не впустил} специалиста и от встречи "
    "{head:отказалась|отказался|отказался}: считает, что семья справится без помощи. Оставлены телефон учреждения и "
    "предложение выбрать удобный день."
)


def true_of(family: Circumstances, remarks: Sequence[Remark]) -> list[str]:
    """The notes that can be true of a family, in its words."""
    return [family.words(remark.text) for remark in remarks if remark.fits(family)]
