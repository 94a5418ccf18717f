"""Invented people: the same ones for the same seed and day, with papers that nobody can have.

Their SNILS begin with 99 and have the right check sum, their telephones with the unallotted code 947, the series of
their passports with 00, and they live on streets that exist nowhere. Ages are told from the day given, so that a child
who should go to school does so whenever the demo is loaded.
"""

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from common import snils
from common.calendar import add_years
from common.text import full_name
from demo.name_stock import RUSSIAN, STREETS, TATAR, NameStock
from demo.structure import FamilyKind, RegionData, SettlementData, TerritoryData
from families.enums import DocumentKind, FamilyRole, Sex

YEAR = 365.25
OLDEST_CHILD = timedelta(days=round(17.8 * YEAR))
YOUNGEST_CHILD = timedelta(days=25)
BETWEEN_BIRTHS, WIDEST_GAP = timedelta(days=400), timedelta(days=2400)
OLDEST_MOTHER_AT_BIRTH = 44
ELDER_AGE = 52
TWINS = 0.02
SCRAMBLE = 618_033  # odd and no multiple of 5: running numbers become others, each once
SERIALS = 1_000_000


STOCKS: dict[str, tuple[tuple[NameStock, int], ...]] = {"tatarstan": ((TATAR, 4), (RUSSIAN, 1))}
"""Name stocks by region with their weights; where nothing stands here, Russian names only."""

CHILDREN: dict[FamilyKind, tuple[int, int]] = {
    FamilyKind.MOTHER: (1, 3),
    FamilyKind.FATHER: (1, 2),
    FamilyKind.TWO_PARENTS: (1, 2),
    FamilyKind.LARGE: (3, 6),
    FamilyKind.THREE_GENERATIONS: (1, 3),
    FamilyKind.GRANDMOTHER: (1, 2),
    FamilyKind.GUARDIAN: (1, 3),
}
"""Least and most children of a family of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentData:
    """A passport, or the birth certificate of a child under 14."""

    kind: DocumentKind
    series: str
    number: str
    issued_by: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonData:
    """A person; the fields are those of `families.Person`."""

    last_name: str
    first_name: str
    patronymic: str
    sex: Sex
    birth_date: date
    snils: str
    document: DocumentData
    phone: str = ""

    def __str__(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberData:
    """A person in a family. The main contact of the family is also a representative of its children."""

    person: PersonData
    role: FamilyRole
    is_representative: bool = False
    is_head: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressData:
    """A home: the settlement by title, an invented street, house and flat."""

    settlement: str
    street: str
    house: str
    flat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyData:
    """A family that lives together."""

    kind: FamilyKind
    members: tuple[MemberData, ...]
    address: AddressData

    @property
    def head(self) -> PersonData:
        """The person the specialists talk to first."""
        return next(member.person for member in self.members if member.is_head)

    @property
    def title(self) -> str:
        return self.head.last_name

    @property
    def children(self) -> tuple[PersonData, ...]:
        return tuple(member.person for member in self.members if member.role == FamilyRole.CHILD)


@dataclass(frozen=True, slots=True)
class _Parents:
    """What children take from their parents: the surname (his, hers) and the father's first name."""

    surname: tuple[str, str]
    father: str


class People:
    """Makes the people of one region, each only once.

    Args:
        region: gives the name stocks, the issuer of passports and the number in the papers.
        seed: the same seed and day give the same people in the same order of calls.
        today: the day from which ages are told.
    """

    def __init__(self, region: RegionData, *, seed: int, today: date) -> None:
        self._region = region
        self._stocks = STOCKS.get(region.code, ((RUSSIAN, 1),))
        self._random = random.Random(f"{region.code}/{seed}")  # noqa: S311  # no secret depends on it
        self._today = today
        self._serial = 0
        self._taken: set[str] = set()

    def colleague(self, sex: Sex | None = None, ages: tuple[int, int] = (24, 61)) -> PersonData:
        """A grown-up who works: a specialist, a director, a member of a council. Women two times out of three."""
        stock = self._stock()
        sex = sex or self._random.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE))
        return self._adult(stock, sex, self._age(*ages), surname=self._random.choice(stock.surnames))

    def family(
        self,
        kind: FamilyKind,
        place: SettlementData,
        municipality: TerritoryData,
        *,
        suits: Callable[[tuple[date, ...]], bool] | None = None,
    ) -> FamilyData:
        """A family of this kind in this settlement, the birth dates of whose children suit."""
        stock = self._stock()
        births = self._births(kind)
        while suits is not None and not suits(births):
            births = self._births(kind)
        adults, parents = self._adults(kind, stock, births)
        children = tuple(
            MemberData(person=self._child(stock, parents, birth, municipality), role=FamilyRole.CHILD)
            for birth in births
        )
        return FamilyData(kind=kind, members=(*adults, *children), address=self.address(place))

    def address(self, place: SettlementData) -> AddressData:
        """A home in the settlement: a flat in a town, a house in a village."""
        house, flat = self._random.randint(1, 48), self._random.randint(1, 90)
        return AddressData(
            settlement=place.title,
            street=self._random.choice(STREETS),
            house=str(house),
            flat="" if place.is_rural else str(flat),
        )

    def _stock(self) -> NameStock:
        stocks, weights = zip(*self._stocks, strict=True)
        chosen: NameStock = self._random.choices(stocks, weights)[0]
        return chosen

    def _age(self, youngest: int, oldest: int) -> timedelta:
        return timedelta(days=self._random.randint(round(youngest * YEAR), round(oldest * YEAR)))

    def _births(self, kind: FamilyKind) -> tuple[date, ...]:
        """Birth dates of the children, the eldest first: 13 months to six years lie between them, or they are twins."""
        count = self._random.randint(*CHILDREN[kind])
        span = (OLDEST_CHILD - YOUNGEST_CHILD).days
        widest = min(WIDEST_GAP.days, span // max(count - 1, 1))
        gaps = [self._random.randint(BETWEEN_BIRTHS.days, widest) for _ in range(count - 1)]
        age = self._random.randint(0, span - sum(gaps))
        births = [
            self._today - YOUNGEST_CHILD - timedelta(days=days) for days in itertools.accumulate(gaps, initial=age)
        ]
        if count > 1 and self._random.random() < TWINS:
            births[1] = births[0]
        return tuple(reversed(births))

    def _adults(
        self, kind: FamilyKind, stock: NameStock, births: tuple[date, ...]
    ) -> tuple[tuple[MemberData, ...], _Parents]:
        surname, father = self._random.choice(stock.surnames), self._random.choice(stock.men)
        parents = _Parents(surname, father)
        mother_age = self._mother_age(births)
        if kind in {FamilyKind.GRANDMOTHER, FamilyKind.GUARDIAN}:
            return (self._guardian(kind, stock, mother_age, surname),), parents
        if kind is FamilyKind.FATHER:
            return (self._father(stock, mother_age, parents, is_head=True),), parents
        mother = MemberData(
            person=self._adult(stock, Sex.FEMALE, mother_age, surname=surname),
            role=FamilyRole.MOTHER,
            is_representative=True,
            is_head=True,
        )
        if kind is FamilyKind.MOTHER:
            return (mother,), parents
        if kind is FamilyKind.THREE_GENERATIONS:
            age = mother_age + self._age(20, 28)
            grandmother = self._adult(stock, Sex.FEMALE, age, surname=self._random.choice(stock.surnames))
            return (mother, MemberData(person=grandmother, role=FamilyRole.GRANDMOTHER)), parents
        return (mother, self._father(stock, mother_age, parents, is_head=False)), parents

    def _mother_age(self, births: tuple[date, ...]) -> timedelta:
        """Old enough for the first child, not too old for the last."""
        eldest, youngest = births[0], births[-1]
        latest = min(34, OLDEST_MOTHER_AT_BIRTH - int((youngest - eldest).days / YEAR) - 1)
        return self._today - eldest + self._age(19, max(20, latest))

    def _father(self, stock: NameStock, mother_age: timedelta, parents: _Parents, *, is_head: bool) -> MemberData:
        age = mother_age + self._age(0, 7)
        person = self._adult(stock, Sex.MALE, age, surname=parents.surname, first_name=parents.father)
        return MemberData(person=person, role=FamilyRole.FATHER, is_representative=True, is_head=is_head)

    def _guardian(
        self, kind: FamilyKind, stock: NameStock, mother_age: timedelta, surname: tuple[str, str]
    ) -> MemberData:
        """A grandmother a generation above the mother, half the time of her surname; or a woman of another family."""
        is_grandmother = kind is FamilyKind.GRANDMOTHER
        age = mother_age + self._age(20, 26) if is_grandmother else self._age(36, 58)
        if not is_grandmother or self._random.random() < 0.5:
            surname = self._random.choice([other for other in stock.surnames if other != surname])
        return MemberData(
            person=self._adult(stock, Sex.FEMALE, age, surname=surname),
            role=FamilyRole.GRANDMOTHER if is_grandmother else FamilyRole.GUARDIAN,
            is_representative=True,
            is_head=True,
        )

    def _adult(
        self, stock: NameStock, sex: Sex, age: timedelta, *, surname: tuple[str, str], first_name: str = ""
    ) -> PersonData:
        is_elder = age.days >= ELDER_AGE * YEAR
        if sex is Sex.FEMALE:
            names = stock.elder_women if is_elder else stock.women
        else:
            names = stock.elder_men if is_elder else stock.men
        birth = self._today - age
        last, first, patronymic = self._name(
            surname, (first_name,) if first_name else names, stock.patronymics, sex, tuple(stock.elder_men)
        )
        return self._person(last, first, patronymic, sex, birth, document=self._passport(birth), phone=self._phone())

    def _child(self, stock: NameStock, parents: _Parents, birth: date, municipality: TerritoryData) -> PersonData:
        sex = self._random.choice((Sex.FEMALE, Sex.MALE))
        names = stock.girls if sex is Sex.FEMALE else stock.boys
        last, first, patronymic = self._name(parents.surname, names, stock.patronymics, sex, (parents.father,))
        has_passport = add_years(birth, 14) + timedelta(days=30) <= self._today
        document = self._passport(birth) if has_passport else self._certificate(birth, municipality)
        return self._person(last, first, patronymic, sex, birth, document=document)

    def _name(
        self,
        surname: tuple[str, str],
        names: tuple[str, ...],
        patronymics: dict[str, tuple[str, str]],
        sex: Sex,
        fathers: tuple[str, ...],
    ) -> tuple[str, str, str]:
        """A full name that nobody has yet: another first name is drawn, or another father where there is one."""
        place = 0 if sex is Sex.MALE else 1
        candidates = [(first, father) for first in names for father in fathers]
        self._random.shuffle(candidates)
        for first, father in candidates:
            name = (surname[place], first, patronymics[father][place])
            if full_name(*name) not in self._taken:
                self._taken.add(full_name(*name))
                return name
        raise ValueError(f"no name is left for another {surname[place]}")

    def _person(
        self,
        last: str,
        first: str,
        patronymic: str,
        sex: Sex,
        birth: date,
        *,
        document: DocumentData,
        phone: str = "",
    ) -> PersonData:
        nine = f"99{self._region.number}{self._next_serial():06}"
        return PersonData(
            last_name=last,
            first_name=first,
            patronymic=patronymic,
            sex=sex,
            birth_date=birth,
            snils=f"{nine}{snils.check_sum(nine):02}",
            document=document,
            phone=phone,
        )

    def _next_serial(self) -> int:
        """The next number of this region, scrambled; papers and telephones share the series."""
        self._serial += 1
        return self._serial * SCRAMBLE % SERIALS

    def _phone(self) -> str:
        return f"+7947{self._region.number}{self._next_serial():06}"

    def _passport(self, birth: date) -> DocumentData:
        """Issued soon after the fourteenth, twentieth or forty-fifth birthday, whichever was last."""
        days = timedelta(days=self._random.randint(8, 30))
        issued_on = max(day for age in (14, 20, 45) if (day := add_years(birth, age) + days) <= self._today)
        return DocumentData(
            kind=DocumentKind.PASSPORT,
            series=f"00 {issued_on:%y}",
            number=f"{self._next_serial():06}",
            issued_by=self._region.passport_office,
            issued_on=issued_on,
        )

    def _certificate(self, birth: date, municipality: TerritoryData) -> DocumentData:
        issued_on = min(birth + timedelta(days=self._random.randint(5, 24)), self._today)
        return DocumentData(
            kind=DocumentKind.BIRTH_CERTIFICATE,
            series="XX-ЯЯ",
            number=f"{self._next_serial():06}",
            issued_by=f"Отдел ЗАГС администрации {municipality.genitive}",
            issued_on=issued_on,
        )
