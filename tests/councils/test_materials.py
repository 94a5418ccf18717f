"""What the packet tells members of other agencies of a family: as far as a consent goes, and without names."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from casework.enums import ActivityState, ExecutorKind, ProgrammeState
from casework.models import CaseProblem, ProblemKind, ProgrammeActivity, SupportCase, SupportProgramme
from common.calendar import add_years
from common.text import counted, mid_line
from councils.enums import ItemKind, SessionState
from councils.forms.sessions import ItemForm
from councils.materials import LONGEST_GOAL, LONGEST_TITLE, NARROWED, NO_CONSENT, RESTRICTED, initials_of, reference
from councils.models import AgendaItem
from councils.namelessness import Namelessness
from families.enums import ConsentData, FamilyRole
from families.models import Category, Consent, FamilyCategory, FamilyMembership, Person
from tests.cast import Cast, client_of
from tests.factories.councils import body, ready_case, session_at
from tests.factories.families import ConsentFactory, FamilyMembershipFactory, PersonFactory
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import activity_of

pytestmark = pytest.mark.django_db


def consent(case: SupportCase, **values: object) -> None:
    """The main contact allows the transfer."""
    mother = FamilyMembership.objects.get(family=case.family, is_head=True).person
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"], **values)


def test_the_packet_says_only_what_a_consent_allows(cast: Cast) -> None:
    case = ready_case(cast)
    today = cast.institution.today()
    assert case.family.pk not in initials_of([case.family.pk], today)
    assert reference(case.family, case, today) == NO_CONSENT
    mother = FamilyMembership.objects.get(family=case.family, is_head=True).person
    ConsentFactory.create(family=case.family, subject=mother, recipients=[])
    assert reference(case.family, case, today) == NO_CONSENT
    consent = ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"])
    text = reference(case.family, case, today)
    initials = initials_of([case.family.pk], today)[case.family.pk]
    assert initials.startswith(f"{mother.last_name[0]}.")
    for secret in (mother.last_name, mother.first_name, case.family.title, case.family.street):
        assert not secret or secret not in text + initials
    assert "Программа" in text
    consent.revoked_on = today
    consent.save()
    assert reference(case.family, case, today) == NO_CONSENT
    case.family.is_restricted = True
    assert reference(case.family, case, today) == RESTRICTED


def test_the_packet_gives_problems_goal_and_activities_and_initials_for_names(cast: Cast) -> None:
    """What a member decides on; goals and activities are typed freely, and may name the people of the family."""
    case = ready_case(cast)
    mother = FamilyMembership.objects.get(family=case.family, is_head=True).person
    Person.objects.filter(pk=mother.pk).update(last_name="Лебедева", first_name="Дарья", patronymic="Львовна", sex="F")
    mother.refresh_from_db()
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"])
    kind, other = ProblemKind.objects.order_by("pk")[:2]
    found = {"case": case, "found_on": case.opened_on}
    problem = CaseProblem.objects.create(**found, kind=kind, description="Долг Дарьи Лебедевой")
    solved = CaseProblem.objects.create(**found, kind=other, resolved_on=case.opened_on)
    programme = case.programmes.get(state=ProgrammeState.SUBMITTED)
    SupportProgramme.objects.filter(pk=programme.pk).update(
        goal="Помочь Лебедевой Дарье Львовне и детям Лебедевых: работа, режим дня. Цель согласована с Д. Лебедевой."
    )
    ProgrammeActivity.objects.filter(programme=programme).update(title="Занятия Дарьи у психолога")
    partner = PartnerFactory.create(institution=case.institution, title="Центр занятости")
    activity_of(
        programme,
        position=2,
        title="Трудоустройство",
        executor_kind=ExecutorKind.PARTNER,
        executor_partner=partner,
        executor_user=None,
    )
    activity_of(programme, position=3, title="Отменённое", state=ActivityState.CANCELLED)
    text = reference(case.family, case, cast.institution.today())
    lines = text.splitlines()
    assert f"Проблемы: {mid_line(problem.kind.title)}." in lines
    assert solved.kind.title not in text
    assert "Цель: Помочь Л. Д. Л. и детям Л.: работа, режим дня. Цель согласована с Д. Л." in lines
    assert any(line.startswith("1. Занятия Д. у психолога (семья, до ") for line in lines)
    assert any(line.startswith("2. Трудоустройство (Центр занятости, до ") for line in lines)
    assert "Отменённое" not in text
    for word in ("Лебедев", "Дарь", "Львов", problem.description, cast.specialist.last_name):
        assert word not in text
    form = ItemForm(instance=AgendaItem(kind=ItemKind.ENROL, case=case), council=body(cast), held=False)
    assert len(text) <= form.fields["materials"].max_length


def test_a_long_programme_fits_into_the_packet(cast: Cast) -> None:
    case = ready_case(cast)
    mother = FamilyMembership.objects.get(family=case.family, is_head=True).person
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"])
    programme = case.programmes.get(state=ProgrammeState.SUBMITTED)
    SupportProgramme.objects.filter(pk=programme.pk).update(goal="Цель " * 700)
    for number in range(30):
        activity_of(programme, position=number + 2, title="Мероприятие " * 40)
    longest = AgendaItem._meta.get_field("materials").max_length
    text = reference(case.family, case, cast.institution.today())
    assert len(text) < longest
    assert "И ещё 6\N{NO-BREAK SPACE}мероприятий." in text
    partner = PartnerFactory.create(institution=case.institution, title="Центр " * 50)
    ProgrammeActivity.objects.filter(programme=programme).update(
        executor_kind=ExecutorKind.PARTNER,
        executor_partner=partner,
        executor_member=None,
        title="Мероприятие " * 40,
        state=ActivityState.IN_PROGRESS,
    )
    for kind in ProblemKind.objects.all():
        CaseProblem.objects.create(case=case, kind=kind, found_on=case.opened_on)
    ProblemKind.objects.update(title="Проблема " * 27, is_confidential=False)
    text = reference(case.family, case, cast.institution.today())
    assert len(text) < longest
    *_, last, more = text.splitlines()
    place = int(last.split(".")[0])
    assert 10 < place < 25
    assert more == f"И ещё {counted(31 - place, 'мероприятие', 'мероприятия', 'мероприятий')}."


def renamed(case: SupportCase, last: str, first: str, patronymic: str) -> Namelessness:
    """The family whose main contact bears the name, and the texts without it."""
    mothers = Person.objects.filter(memberships__family=case.family, memberships__is_head=True)
    Person.objects.filter(pk__in=mothers.values("pk")).update(
        last_name=last, first_name=first, patronymic=patronymic, sex="F"
    )
    return Namelessness(case.family_id)


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        (
            ("Константинопольская", "Дарья", "Львовна"),
            "помочь константинопольской дарье львовне и детям константинопольских",
            "помочь К. Д. Л. и детям К.",
        ),
        (("Лебедева", "Вера", "Ильинична"), "вера в себя, занятия Веры лебедевой", "вера в себя, занятия В. Л."),
        (("Ли", "Надежда", "Романовна"), "есть ли надежда; роман матери с Ли", "есть ли надежда; роман матери с Л."),
        (
            ("Белая", "Роза", "Яновна"),
            "стирка белья, беседа с белой розой яновной",
            "стирка белья, беседа с Б. розой Я.",
        ),
    ],
)
def test_names_without_a_capital_are_names_unless_they_are_words(
    cast: Cast, names: tuple[str, str, str], text: str, told: str
) -> None:
    assert renamed(ready_case(cast), *names).without_names(text) == told


@pytest.mark.parametrize("kept", [1, 6, 18])
def test_no_part_of_a_name_stays_where_a_text_is_cut(cast: Cast, kept: int) -> None:
    """The cut falls after so many letters of the name."""
    case, name = ready_case(cast), "Константинопольской"
    renamed(case, "Константинопольская", "Дарья", "Львовна")
    consent(case)
    programme = case.programmes.get(state=ProgrammeState.SUBMITTED)
    goal, title = (f"{'а' * (longest - kept - 2)} {name} нужно ещё много" for longest in (LONGEST_GOAL, LONGEST_TITLE))
    SupportProgramme.objects.filter(pk=programme.pk).update(goal=goal)
    ProgrammeActivity.objects.filter(programme=programme).update(title=title)
    lines = reference(case.family, case, cast.institution.today()).splitlines()
    told = [line for line in lines if "аааа" in line]
    assert len(told) == 2
    assert not any(re.search("а К[а-яё]", line) for line in told)


def test_without_a_consent_to_data_on_support_neither_problems_nor_the_programme_are_told(cast: Cast) -> None:
    case = ready_case(cast)
    kind = ProblemKind.objects.get(code="parent-employment")
    CaseProblem.objects.create(case=case, kind=kind, found_on=case.opened_on)
    programme = case.programmes.get(state=ProgrammeState.SUBMITTED)
    SupportProgramme.objects.filter(pk=programme.pk).update(goal="Найти постоянный заработок")
    ProgrammeActivity.objects.filter(programme=programme).update(title="Запись на курсы")
    secrets = (mid_line(kind.title), "Программа", "Найти постоянный заработок", "Запись на курсы")
    consent(case, data=[value for value in ConsentData.values if value != ConsentData.SUPPORT], health_data=True)
    text = reference(case.family, case, cast.institution.today())
    assert "Состав семьи" in text
    assert "Случай открыт" in text
    assert not any(secret in text for secret in secrets)
    consent(case, data=[ConsentData.SUPPORT])
    text = reference(case.family, case, cast.institution.today())
    assert all(secret in text for secret in secrets)


@pytest.mark.parametrize(
    "code", ["child-violence", "parent-addiction", "parent-refusal-risk", "family-violence", "family-disability"]
)
def test_confidential_problems_and_what_answers_them_need_a_consent_to_data_on_health(cast: Cast, code: str) -> None:
    """Access rules 6.3, 5: health and intimate life only by the family's written consent to it."""
    case, today = ready_case(cast), cast.institution.today()
    found = {"case": case, "found_on": case.opened_on}
    told = CaseProblem.objects.create(**found, kind=ProblemKind.objects.get(code="family-housing"))
    hidden = CaseProblem.objects.create(**found, kind=ProblemKind.objects.get(code=code))
    programme = case.programmes.get(state=ProgrammeState.SUBMITTED)
    ProgrammeActivity.objects.filter(programme=programme).update(title="Ремонт печи", problem=told)
    activity_of(programme, position=2, title="Беседа с врачом", problem=hidden)
    secrets = (mid_line(hidden.kind.title), "Беседа с врачом", ": 2\N{NO-BREAK SPACE}мероприятия.")
    consent(case)
    text = reference(case.family, case, today)
    assert f"Проблемы: {mid_line(told.kind.title)}." in text.splitlines()
    assert "Ремонт печи" in text
    assert not any(secret in text for secret in secrets)
    consent(case, health_data=True)
    text = reference(case.family, case, today)
    assert all(secret in text for secret in secrets)


def test_confidential_categories_need_a_consent_to_data_on_health(cast: Cast) -> None:
    case, today = ready_case(cast), cast.institution.today()
    for code in ("LARGE_FAMILY", "REFUSAL_RISK"):
        row = {"family": case.family, "starts_on": case.opened_on}
        FamilyCategory.objects.create(**row, category=Category.objects.get(code=code))
    consent(case)
    assert "Категории: Многодетная семья." in reference(case.family, case, today).splitlines()
    consent(case, health_data=True)
    assert Category.objects.get(code="REFUSAL_RISK").title in reference(case.family, case, today)


@pytest.mark.requirement("S2-36")
def test_nobodys_consent_but_ones_own_lets_ones_data_be_told(cast: Cast) -> None:
    """I7: of the family its main contact's; of a child's age and of an illness, that given for this person."""
    case, today = ready_case(cast), cast.institution.today()
    family = case.family
    mother, child = (FamilyMembership.objects.filter(family=family, is_head=head)[0] for head in (True, False))
    assert child.person.is_minor_on(today)
    kind = ProblemKind.objects.get(code="child-violence")
    CaseProblem.objects.create(case=case, kind=kind, member=child, found_on=case.opened_on)
    category = Category.objects.get(code="REFUSAL_RISK")
    FamilyCategory.objects.create(family=family, category=category, member=child, starts_on=case.opened_on)
    given = {"family": family, "given_by": mother.person, "actions": ["TRANSFER"], "health_data": True}
    ConsentFactory.create(**given, subject=child.person)
    assert reference(family, case, today) == NO_CONSENT
    assert family.pk not in initials_of([family.pk], today)
    Consent.objects.all().delete()
    ConsentFactory.create(**given, subject=mother.person)
    text = reference(family, case, today)
    secrets = (f"({child.person.age_on(today)} ", mid_line(kind.title), category.title)
    assert family.pk in initials_of([family.pk], today)
    assert not any(secret in text for secret in secrets)
    ConsentFactory.create(**given, subject=child.person)
    text = reference(family, case, today)
    assert all(secret in text for secret in secrets)


def test_a_child_in_its_first_year_has_no_years(cast: Cast) -> None:
    case, today = ready_case(cast), cast.institution.today()
    mother, child = (FamilyMembership.objects.filter(family=case.family, is_head=head)[0] for head in (True, False))
    Person.objects.filter(pk=child.person_id).update(birth_date=today - timedelta(days=60))
    for person in (mother.person, child.person):
        ConsentFactory.create(family=case.family, subject=person, given_by=mother.person, actions=["TRANSFER"])
    assert "ребёнок (до года)." in reference(case.family, case, today)
    elder = PersonFactory.create(region=case.region, birth_date=add_years(today, -5))
    FamilyMembershipFactory.create(family=case.family, person=elder, role=FamilyRole.CHILD, starts_on=today)
    ConsentFactory.create(family=case.family, subject=elder, given_by=mother.person, actions=["TRANSFER"])
    assert "ребёнка (до года, 5 лет)." in reference(case.family, case, today)


@pytest.mark.requirement("S2-36")
def test_what_a_wider_consent_allowed_is_withheld_while_a_narrower_one_stands(cast: Cast) -> None:
    """Until the secretary composes it anew; another consent that covers as much opens it again."""
    case = ready_case(cast)
    kind = ProblemKind.objects.get(code="child-violence")
    CaseProblem.objects.create(case=case, kind=kind, found_on=case.opened_on)
    consent(case)
    consent(case, health_data=True)
    wide = Consent.objects.get(family=case.family, health_data=True)
    session = session_at(SessionState.AGENDA_APPROVED, cast, cases=[case])
    packet = client_of(cast.member)
    address = reverse("councils:packet", args=[session.pk])
    secret = mid_line(kind.title)

    def told() -> str:
        return str(packet.get(address).context["rows"][0].materials)

    assert secret in told()
    wide.revoked_on = cast.institution.today()
    wide.save()
    assert told() == NARROWED
    consent(case, health_data=True)
    assert secret in told()
    Consent.objects.filter(family=case.family, health_data=True).update(revoked_on=cast.institution.today())
    secretary = client_of(cast.secretary)
    edit = reverse("councils:item_edit", args=[AgendaItem.objects.get(session=session).pk])
    form = secretary.get(edit).context["form"]
    offered = form["materials"].value()
    assert "Проблемы" not in offered
    assert "Состав семьи" in offered
    values = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}
    assert secretary.post(edit, values).status_code == 302
    assert told().split() == offered.split()
