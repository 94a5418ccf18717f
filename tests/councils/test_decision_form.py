"""The form of a decision: what each type asks, and what a change of the type keeps."""

from typing import Any

import pytest
from pytest_django.asserts import assertContains, assertRedirects

from accounts.enums import Role
from accounts.models import User
from casework.enums import ProgrammeKind
from casework.models import SupportProgramme
from councils.enums import DecisionType, SessionState
from councils.models import AgendaItem
from tests.cast import Cast, client_of
from tests.councils.pages import send, url
from tests.factories.accounts import AppointmentFactory
from tests.factories.councils import decide, session_at
from tests.factories.partners import PartnerFactory

pytestmark = pytest.mark.django_db

S = SessionState


def shown_values(page: Any) -> dict[str, Any]:
    """What the form of a page would send as it is."""
    form = page.context["form"]
    values = {name: field.prepare_value(form[name].value()) for name, field in form.fields.items()}
    return {name: value for name, value in values.items() if value not in {"", None, False}}


def test_an_enrolment_and_its_programme_are_proposed_one_after_the_other(cast: Cast) -> None:
    """Each in its own words, until the secretary has written others."""
    item = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    secretary, address = client_of(cast.secretary), url("decision_new", item.pk)
    found, led_to = [], []
    for _turn in range(2):
        form = secretary.get(address).context["form"]
        found.append((form["type"].value(), "программу" in form["text"].value()))
        led_to.append(send(secretary, address).url)
    assert led_to == [address, item.session.get_absolute_url()], "the second is not left to memory"
    assert found == [(DecisionType.ENROL, False), (DecisionType.APPROVE_PROGRAMME, True)]
    assert set(item.decisions.values_list("type", flat=True)) == {DecisionType.ENROL, DecisionType.APPROVE_PROGRAMME}
    own = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    AgendaItem.objects.filter(pk=own.pk).update(draft_decision="Поставить семью на учёт.")
    form = secretary.get(url("decision_new", own.pk)).context["form"]
    assert form["text"].value() == "Поставить семью на учёт."


def test_the_form_of_a_decision_says_what_the_types_do_and_which_programme_is_meant(cast: Cast) -> None:
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.get(session=session)
    page = client_of(cast.secretary).get(url("decision_new", item.pk))
    assertContains(page, page.context["form"].fields["type"].help_text)
    assert "Утвердить программу" in page.context["form"].fields["type"].help_text
    approval = {"type": DecisionType.APPROVE_PROGRAMME, "retype": "1"}
    form = send(client_of(cast.secretary), url("decision_new", item.pk), approval).context["form"]
    (programme,) = form.fields["programme"].queryset
    label = form.fields["programme"].label_from_instance(programme)
    assert programme.get_state_display() in label
    assert f"{programme.drafted_on:%d.%m.%Y}" in label
    SupportProgramme.objects.update(kind=ProgrammeKind.INTERAGENCY)
    programme.refresh_from_db()
    assert form.fields["programme"].label_from_instance(programme) != label
    assertContains(send(client_of(cast.secretary), url("decision_new", item.pk), approval), programme.full_title)


def fields_of(page: Any) -> set[str]:
    """The names of the fields that a person sees in a form."""
    return {field.name for field in page.context["form"].visible_fields()}


def test_the_form_of_a_decision_asks_what_its_type_needs(cast: Cast) -> None:
    """Also without a script: the button, or a type sent that was not the one shown, opens the fields of the type."""
    item = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    secretary, address = client_of(cast.secretary), url("decision_new", item.pk)
    always = {"type", "text", "effective_on", "votes_for", "votes_against", "votes_abstained", "dissent"}
    executors = {"executor_user", "executor_member", "executor_partner", "due_on"}
    assert fields_of(secretary.get(address)) == always
    for kind, own in (
        (DecisionType.APPROVE_PROGRAMME, {"programme"}),
        (DecisionType.EXTEND, {"until"}),
        (DecisionType.REMOVE, {"removal_reason", "removal_note"}),
        (DecisionType.TASK, executors),
        (DecisionType.TAKE_NOTE, set()),
    ):
        page = send(secretary, address, {"type": kind.value, "retype": "1"})
        assert page.status_code == 200
        assert fields_of(page) == always | own, kind
        assert not page.context["form"].errors
        assert fields_of(send(secretary, address, {"type": kind.value})) == always | own
    assert not item.decisions.exists()


def test_another_type_takes_the_offered_words_away_and_keeps_what_was_typed(cast: Cast) -> None:
    item = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    secretary, address = client_of(cast.secretary), url("decision_new", item.pk)
    page = send(secretary, address, {"type": DecisionType.REMOVE, "retype": "1"})
    assert page.context["form"]["text"].value() == "Снять семью с социального сопровождения."
    values = shown_values(page) | {"removal_note": "Переехали в Тулу", "text": "Снять с учёта.", "type": "TASK"}
    page = secretary.post(address, values | {"retype": "1"})
    assert page.context["form"]["text"].value() == "Снять с учёта."
    assertContains(page, "Переехали в Тулу")
    values = shown_values(page) | {"type": DecisionType.REMOVE, "retype": "1"}
    page = secretary.post(address, values)
    assert page.context["form"]["removal_note"].value() == "Переехали в Тулу"
    values = shown_values(page) | {"type": DecisionType.TAKE_NOTE, "retype": "1"}
    page = secretary.post(address, values)
    assertRedirects(secretary.post(address, shown_values(page)), item.session.get_absolute_url())
    decision = item.decisions.get()
    assert (decision.type, decision.text, decision.removal_note) == (DecisionType.TAKE_NOTE, "Снять с учёта.", "")


def test_a_stale_form_of_a_decision_is_refused_after_its_type_was_changed(cast: Cast) -> None:
    item = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    decision = decide(cast, item, DecisionType.ENROL, text="Поставить")
    secretary, address = client_of(cast.secretary), url("decision_edit", decision.pk)
    values = shown_values(secretary.get(address))
    decision.text = "Поставить на год"
    decision.save()
    page = secretary.post(address, values | {"type": DecisionType.TAKE_NOTE, "retype": "1"})
    assert secretary.post(address, shown_values(page)).context["form"].conflict
    decision.refresh_from_db()
    assert decision.type == DecisionType.ENROL


def groups(field: Any) -> list[tuple[str, list[int]]]:
    """The choices of a field under their headings, by id."""
    return [(str(unit), [pk for pk, _name in people]) for unit, people in field.choices if isinstance(people, list)]


def test_staff_are_chosen_under_their_units_with_that_of_the_case_first(cast: Cast) -> None:
    """The curator on top of all; nobody twice, and nobody of another institution."""
    cast.department.title, cast.second_department.title = "Отделение Я", "Отделение А"
    cast.department.save()
    cast.second_department.save()
    AppointmentFactory.create(user=cast.head, role=Role.SPECIALIST, department=cast.second_department)
    AppointmentFactory.create(user=cast.neighbour, role=Role.SPECIALIST, department=cast.other_department)
    item = AgendaItem.objects.get(session=session_at(S.HELD, cast))
    near = sorted((cast.colleague, cast.head, cast.deputy), key=User.get_full_name)
    far = sorted((cast.neighbour, cast.second_head), key=User.get_full_name)
    expected = [
        (str(cast.department), [cast.specialist.pk, *(person.pk for person in near)]),
        (str(cast.second_department), [person.pk for person in far]),
        (str(cast.institution), [cast.director.pk]),
    ]
    secretary = client_of(cast.secretary)
    task = send(secretary, url("decision_new", item.pk), {"type": DecisionType.TASK, "retype": "1"})
    found = groups(task.context["form"].fields["executor_user"])
    assert found == expected
    assert len({pk for _unit, people in found for pk in people}) == sum(len(people) for _unit, people in found)
    assertContains(task, f'<optgroup label="{cast.department}">')
    assert groups(secretary.get(url("item_edit", item.pk)).context["form"].fields["speaker"]) == expected
    values = {"type": "TASK", "shown_for": "TASK", "text": "Проверить", "due_on": f"{item.session.day:%d.%m.%Y}"}
    stranger = send(secretary, url("decision_new", item.pk), values | {"executor_user": cast.other_specialist.pk})
    assert "executor_user" in stranger.context["form"].errors
    assert send(secretary, url("decision_new", item.pk), values | {"executor_user": far[0].pk}).status_code == 302


def test_organisations_are_chosen_by_type_after_those_that_sit_in_the_body(cast: Cast) -> None:
    school, clinic, board = (
        PartnerFactory.create(institution=cast.institution, type=kind, title=title)
        for kind, title in (("EDUCATION", "Школа"), ("HEALTH", "Больница"), ("EDUCATION", "Управление образования"))
    )
    session = session_at(S.HELD, cast)
    session.council.members.filter(user=cast.member).update(organisation=board)
    address = url("decision_new", AgendaItem.objects.get(session=session).pk)
    task = send(client_of(cast.secretary), address, {"type": DecisionType.TASK, "retype": "1"})
    found = groups(task.context["form"].fields["executor_partner"])
    assert [people for _title, people in found] == [[board.pk], [clinic.pk], [school.pk]]
