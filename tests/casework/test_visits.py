"""Recording, correcting, planning and cancelling visits, with everything that follows from it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from freezegun import freeze_time

from accounts.models import Notification, User
from casework.enums import Channel, Stage, TeamRole, VisitCheck, VisitState
from casework.models import CaseEvent, FormOfWork, ServiceRecord, SupportCase, Visit
from casework.services.journal import ServiceEntry, add_services
from casework.services.visits import Companion, cancel_visit, change_visit, plan_visit, record_visit, replan_visit
from common.calendar import Quarter, add_months
from common.editing import StaleVersion
from common.history import changes
from families.models import FamilyMembership
from tests.casework.visiting import a_visit, active_case, entered, entries, members_of, people_of, recorded, title_of
from tests.cast import Cast
from tests.factories.casework import case_at
from tests.factories.families import PersonFactory, household

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def fresh(case: SupportCase) -> SupportCase:
    found: SupportCase = SupportCase.objects.with_page().get(pk=case.pk)
    return found


def errors_of(visit: Visit, actor: User, **values: object) -> dict[str, list[str]]:
    """What a visit is refused for, by field; and that nothing of it was written."""
    known: dict[str, object] = {"seen": members_of(visit.case), "services": ()}
    with pytest.raises(ValidationError) as refusal:
        record_visit(visit=visit, actor=actor, **(known | values))  # type: ignore[arg-type]
    assert not Visit.objects.exists()
    assert not ServiceRecord.objects.exists()
    return refusal.value.message_dict


@pytest.mark.requirement("S3-20", "S2-33", "I9", "S2-12")
def test_a_visit_is_recorded_with_its_services(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    visit = record_visit(
        visit=a_visit(case, observations="Дети здоровы.", checks=[VisitCheck.CHILDREN_SEEN]),
        seen=members_of(case)[1:],
        services=entries(case, "legal-services", "measure-social"),
        companions=[Companion(TeamRole.LAWYER, name="Е. А. Ларина", post="юрист, администрация района")],
        actor=cast.specialist,
    )
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.number, visit.institution, visit.department) == (f"1/{today.year}", cast.institution, cast.department)
    assert (visit.specialist, visit.created_by) == (cast.specialist, cast.specialist)
    assert list(visit.members_seen.order_by("pk")) == members_of(case)[1:]
    assert visit.checks == [VisitCheck.CHILDREN_SEEN]
    assert [row.name for row in visit.participants.all()] == ["Е. А. Ларина"]
    rows = list(ServiceRecord.objects.filter(visit=visit).order_by("pk"))
    assert [(row.service_kind, row.measure_kind, row.on, row.number) for row in rows] == [
        ("LEGAL", "", today, f"1/{today.year}"),
        ("", "SOCIAL", today, f"2/{today.year}"),
    ]
    assert {row.record_type for row in rows} == {"SERVICE", "SUPPORT_MEASURE"}
    assert set(rows[0].recipients.all()) == set(people_of(case))
    event = CaseEvent.objects.get(case=case, kind="visit_held")
    assert (event.on, event.params, event.object_id) == (today, {"channel": "HOME", "services": 2}, visit.pk)


@pytest.mark.requirement("R2")
def test_a_visit_sets_the_next_due_date(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    recorded(case, cast.specialist, on=today - DAY)
    assert fresh(case).last_contact_on == today - DAY
    assert fresh(case).next_contact_due_on == add_months(today - DAY, 1)


@pytest.mark.requirement("R1")
@pytest.mark.parametrize("state", [VisitState.NOT_AT_HOME, VisitState.REFUSED])
def test_a_failed_visit_is_numbered_told_and_no_contact(cast: Cast, state: VisitState) -> None:
    case = active_case(cast)
    visit = recorded(case, cast.specialist, state=state)
    assert visit.number
    assert fresh(case).last_contact_on is None
    assert CaseEvent.objects.get(case=case, kind="visit_failed").params == {"outcome": state.value}


def test_recording_costs_the_same_whatever_the_size_of_the_family(cast: Cast) -> None:
    codes = ("legal-services", "labour-employment", "psychological-advice")
    costs = []
    assert cast.specialist.appointment, "read once per request, before anything is recorded"
    for children in (1, 6):
        case = active_case(cast)
        for _ in range(children):
            person = PersonFactory.create(child=True, region=case.region)
            FamilyMembership.objects.create(family=case.family, person=person, role="CHILD", starts_on=case.opened_on)
        services, seen = entries(case, *codes), members_of(case)
        visit = a_visit(fresh(case), next_on=case.institution.today() + 30 * DAY)
        with CaptureQueriesContext(connection) as queries:
            record_visit(visit=visit, seen=seen, services=services, actor=cast.specialist)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[0] <= 20


def test_conditions_of_a_record_are_asked_for_together_and_each_broken_one_is_named() -> None:
    visit = Visit(state=VisitState.HELD, held_on=date(2026, 5, 4), next_on=date(2026, 6, 4))
    with CaptureQueriesContext(connection) as queries:
        visit.validate_constraints(exclude={"institution"})
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1
    visit.next_on, visit.started_at, visit.ended_at = visit.held_on, time(10), time(9)
    with pytest.raises(ValidationError) as refused:
        visit.validate_constraints(exclude={"institution"})
    assert len(refused.value.messages) == 2
    visit.validate_constraints(exclude={"institution", "next_on", "ended_at"})


# What is refused (I8, I9, R8)


@pytest.mark.requirement("I8")
def test_a_visit_is_not_in_the_future_and_lies_within_the_case(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    assert "held_on" in errors_of(a_visit(case, today + DAY), cast.specialist)
    before = a_visit(case, case.opened_on - DAY, late_reason="болезнь")
    assert "held_on" in errors_of(before, cast.head)
    assert recorded(case, cast.head, on=case.opened_on, late_reason="болезнь").pk


@pytest.mark.requirement("S1-18")
@pytest.mark.parametrize("channel", [Channel.OFFICE, Channel.ONLINE])
def test_a_consultation_in_person_or_online_is_a_contact(cast: Cast, channel: Channel) -> None:
    case = active_case(cast)
    today = case.institution.today()
    form = FormOfWork.objects.get(code="consultation")
    told = ServiceEntry(title_of("legal-services"), people_of(case), form_of_work=form)
    [row] = add_services(case=case, on=today, channel=channel, entries=[told], actor=cast.specialist)
    assert (row.form_of_work, row.channel) == (form, channel)
    assert (fresh(case).last_contact_on, fresh(case).next_contact_due_on) == (today, add_months(today, 1))


@pytest.mark.requirement("I8")
def test_a_row_of_the_journal_lies_within_the_case(cast: Cast) -> None:
    """From the opening to the closing, post-support included."""
    case, closed = (
        case_at(stage, family=household(department=cast.department), curator=cast.specialist)
        for stage in (Stage.POST_SUPPORT, Stage.CLOSED)
    )
    today = case.institution.today()
    for day in (today + DAY, case.opened_on - DAY):
        with pytest.raises(ValidationError) as refused:
            entered(case, cast.specialist, on=day)
        assert set(refused.value.message_dict) == {"on"}
    assert entered(case, cast.specialist, on=today).on == today
    with pytest.raises(PermissionDenied):
        entered(closed, cast.head, on=today)


@pytest.mark.requirement("I8")
# Half past two at night in Vladivostok is still yesterday in Greenwich.
@freeze_time("2026-11-09T16:30:00Z")
def test_today_is_the_institutions_own(cast: Cast) -> None:
    case = active_case(cast)
    assert str(case.institution.today()) == "2026-11-10"
    assert recorded(case, cast.specialist, on=case.institution.today()).pk


@pytest.mark.requirement("R8")
@freeze_time("2026-11-25T03:00:00Z")
def test_after_ten_days_a_reason_is_asked(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    assert "late_reason" in errors_of(a_visit(case, today - 11 * DAY), cast.specialist)
    assert "late_reason" in errors_of(a_visit(case, today - 11 * DAY, late_reason=" "), cast.specialist)
    assert recorded(case, cast.specialist, on=today - 10 * DAY).pk
    assert recorded(case, cast.specialist, on=today - 11 * DAY, late_reason="отпуск").late_reason == "отпуск"


@pytest.mark.requirement("R8")
@freeze_time("2026-11-25T03:00:00Z")
def test_in_a_closed_period_only_the_head_enters_and_corrects(cast: Cast) -> None:
    case = active_case(cast)
    closed_quarter = Quarter.last_finished(case.institution.today()).previous.ends_on
    late = {"late_reason": "болезнь специалиста"}
    assert "held_on" in errors_of(a_visit(case, closed_quarter, **late), cast.specialist)
    visit = recorded(case, cast.head, on=closed_quarter, **late)
    visit = Visit.objects.with_page().get(pk=visit.pk)
    visit.observations = "Иначе"
    with pytest.raises(PermissionDenied):
        change_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    change_visit(visit=visit, seen=members_of(case), actor=cast.head)
    moved = Visit.objects.with_page().get(pk=recorded(case, cast.specialist).pk)
    moved.held_on, moved.late_reason = closed_quarter, "ошибка"
    with pytest.raises(ValidationError, match="held_on"):
        change_visit(visit=moved, seen=members_of(case), actor=cast.specialist)


@pytest.mark.requirement("I9")
def test_who_was_seen_and_served_were_members_on_the_day(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    leaver = members_of(case)[2]
    leaver.ends_on = today - 2 * DAY
    leaver.save()
    stranger = household(department=cast.department).memberships.select_related("person").first()
    assert stranger is not None
    for seen in ([leaver], [*members_of(case)[:1], stranger]):
        assert "members_seen" in errors_of(a_visit(case), cast.specialist, seen=seen)
    assert "members_seen" in errors_of(a_visit(case), cast.specialist, seen=[])
    served = [entries(case, "legal-services")[0]]
    assert "services" in errors_of(a_visit(case), cast.specialist, seen=members_of(case)[:1], services=served)
    nobody = [ServiceEntry(title_of("legal-services"), ())]
    assert "services" in errors_of(a_visit(case), cast.specialist, seen=members_of(case)[:1], services=nobody)
    assert recorded(case, cast.specialist, "legal-services", on=today - 2 * DAY).pk


@pytest.mark.requirement("I9", "S1-7")
@pytest.mark.parametrize("kinds", [{"service_kind": ""}, {"measure_kind": "SOCIAL"}])
def test_the_database_refuses_a_row_without_a_kind_and_one_of_two(cast: Cast, kinds: dict[str, str]) -> None:
    row = entered(active_case(cast), cast.specialist)
    with pytest.raises(IntegrityError, match="journal_row_has_one_kind"), transaction.atomic():
        ServiceRecord.objects.filter(pk=row.pk).update(**kinds)


@pytest.mark.requirement("I9")
def test_a_failed_visit_has_neither_people_nor_services(cast: Cast) -> None:
    case = active_case(cast)
    state = VisitState.NOT_AT_HOME
    assert "members_seen" in errors_of(a_visit(case, state=state), cast.specialist)
    services = entries(case, "legal-services")
    assert "services" in errors_of(a_visit(case, state=state), cast.specialist, seen=[], services=services)
    assert "state" in errors_of(a_visit(case, state=VisitState.CANCELLED), cast.specialist)


def test_who_may_not_write_in_the_case_records_nothing(cast: Cast) -> None:
    case = active_case(cast)
    for person in (cast.colleague, cast.second_head, cast.director, cast.auditor, cast.secretary, cast.newcomer):
        with pytest.raises(PermissionDenied):
            recorded(case, person)
    assert recorded(case, cast.head).specialist == cast.head


# What follows


def test_signs_of_danger_stand_on_the_timeline_and_are_told_to_the_head(cast: Cast) -> None:
    case = active_case(cast)
    visit = recorded(case, cast.specialist, danger_signs="Следы побоев у младшего")
    event = CaseEvent.objects.get(case=case, kind="danger_noted")
    assert "побо" not in str(event.params)
    told = Notification.objects.get(recipient=cast.head, code="casework.danger_noted")
    assert told.target_id == visit.pk
    assert "побо" not in str(told.params)
    assert not Notification.objects.filter(recipient=cast.specialist, code="casework.danger_noted").exists()
    visit = Visit.objects.with_page().get(pk=visit.pk)
    visit.danger_signs += ", запах алкоголя"
    change_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    assert CaseEvent.objects.filter(case=case, kind="danger_noted").count() == 1


def test_the_next_visit_agreed_upon_becomes_a_plan_and_moves_with_it(cast: Cast) -> None:
    case = active_case(cast)
    next_on = case.institution.today() + 30 * DAY
    visit = recorded(case, cast.specialist, next_on=next_on)
    plan = Visit.objects.planned().get(case=case)
    assert (plan.planned_on, plan.specialist, plan.number) == (next_on, cast.specialist, "")
    visit = Visit.objects.with_page().get(pk=visit.pk)
    visit.next_on = next_on + 3 * DAY
    change_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    assert [row.planned_on for row in Visit.objects.planned().filter(case=case)] == [next_on + 3 * DAY]
    recorded(case, cast.specialist, next_on=next_on + 3 * DAY)
    assert Visit.objects.planned().filter(case=case).count() == 1


def test_a_planned_visit_gets_its_outcome_once(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    plan = plan_visit(case=case, planned_on=today, actor=cast.specialist)
    for _ in range(2):
        visit = Visit.objects.with_page().get(pk=plan.pk)
        visit.state, visit.held_on = VisitState.HELD, today
        if not visit.number:
            record_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
            continue
        with pytest.raises(ValidationError):
            record_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    stored = Visit.objects.get(pk=plan.pk)
    assert (stored.state, stored.planned_on, stored.held_on) == (VisitState.HELD, today, today)
    assert list(stored.members_seen.order_by("pk")) == members_of(case)
    assert Visit.objects.count() == 1


def test_a_plan_lies_ahead_and_may_be_moved(cast: Cast) -> None:
    case = active_case(cast)
    today = case.institution.today()
    with pytest.raises(ValidationError, match="planned_on"):
        plan_visit(case=case, planned_on=today - DAY, actor=cast.specialist)
    plan = plan_visit(case=case, planned_on=today + DAY, actor=cast.specialist)
    plan.planned_on = today + 5 * DAY
    replan_visit(visit=plan, actor=cast.specialist)
    assert Visit.objects.get(pk=plan.pk).planned_on == today + 5 * DAY
    with pytest.raises(PermissionDenied):
        replan_visit(visit=plan, actor=cast.colleague)


# Correcting and cancelling


@pytest.mark.requirement("S2-33", "S1-16", "S0-77")
@pytest.mark.parametrize("channel", [Channel.OFFICE, Channel.ONLINE])
def test_rows_of_a_visit_follow_its_day_and_channel(cast: Cast, channel: Channel) -> None:
    case = active_case(cast)
    today = case.institution.today()
    visit = Visit.objects.with_page().get(pk=recorded(case, cast.specialist, "legal-services", on=today).pk)
    visit.held_on, visit.channel = today - DAY, channel
    change_visit(visit=visit, seen=members_of(case), actor=cast.specialist)
    row = ServiceRecord.objects.get(visit=visit)
    assert (row.on, row.channel) == (today - DAY, channel)
    assert row.history.count() == 2
    assert fresh(case).last_contact_on == today - DAY


@pytest.mark.requirement("I9")
def test_a_corrected_day_asks_anew_who_was_served(cast: Cast) -> None:
    """Whoever joined the family later was served by none of its visits before."""
    case = active_case(cast)
    today = case.institution.today()
    newcomer = members_of(case)[2]
    newcomer.starts_on = today - DAY
    newcomer.save()
    pk = recorded(case, cast.specialist, "legal-services", on=today).pk
    visit = Visit.objects.with_page().get(pk=pk)
    visit.held_on = today - 2 * DAY
    with pytest.raises(ValidationError) as refused:
        change_visit(visit=visit, seen=members_of(case)[:1], actor=cast.specialist)
    assert set(refused.value.message_dict) == {"held_on"}
    assert newcomer.person.short_name in refused.value.message_dict["held_on"][0]
    assert (Visit.objects.get(pk=pk).held_on, ServiceRecord.objects.get(visit=pk).on) == (today, today)
    visit = Visit.objects.with_page().get(pk=pk)
    visit.held_on = today - DAY
    change_visit(visit=visit, seen=members_of(case)[:1], actor=cast.specialist)
    assert ServiceRecord.objects.get(visit=pk).on == today - DAY


def test_a_visit_with_services_does_not_turn_into_a_failed_one(cast: Cast) -> None:
    case = active_case(cast)
    visit = Visit.objects.with_page().get(pk=recorded(case, cast.specialist, "legal-services").pk)
    visit.state = VisitState.REFUSED
    with pytest.raises(ValidationError, match="state"):
        change_visit(visit=visit, seen=[], actor=cast.specialist)


def test_the_second_of_two_editors_is_refused(cast: Cast) -> None:
    case = active_case(cast)
    pk = recorded(case, cast.specialist).pk
    first, second = (Visit.objects.with_page().get(pk=pk) for _ in range(2))
    first.observations = "Первое"
    change_visit(visit=first, seen=members_of(case), actor=cast.specialist)
    second.observations = "Второе"
    with pytest.raises(StaleVersion):
        change_visit(visit=second, seen=members_of(case), actor=cast.head)
    assert Visit.objects.get(pk=pk).observations == "Первое"


def test_history_knows_who_was_seen_before_and_after(cast: Cast) -> None:
    case = active_case(cast)
    visit = Visit.objects.with_page().get(pk=recorded(case, cast.specialist, "legal-services").pk)
    everybody = members_of(case)
    change_visit(visit=visit, seen=everybody[:1], actor=cast.head)
    newest, oldest = visit.history.all()
    assert [row.familymembership_id for row in newest.members_seen.all()] == [everybody[0].pk]
    assert {row.familymembership_id for row in oldest.members_seen.all()} == {row.pk for row in everybody}
    assert (newest.history_user, newest.history_type) == (cast.head, "~")
    assert (oldest.history_user, oldest.history_type) == (cast.specialist, "+")
    delta = newest.diff_against(oldest)
    assert "members_seen" in delta.changed_fields
    [row] = ServiceRecord.objects.get(visit=visit).history.all()
    assert {link.person_id for link in row.recipients.all()} == {person.pk for person in people_of(case)}


@pytest.mark.requirement("R1")
def test_the_head_cancels_a_visit_with_its_rows(cast: Cast) -> None:
    case = active_case(cast)
    visit = Visit.objects.with_page().get(pk=recorded(case, cast.specialist, "legal-services", "labour-training").pk)
    for person in (cast.specialist, cast.director, cast.second_head):
        with pytest.raises(PermissionDenied):
            cancel_visit(visit=visit, reason="ошибка", actor=person)
    with pytest.raises(ValidationError):
        cancel_visit(visit=visit, reason="  ", actor=cast.head)
    cancel_visit(visit=visit, reason="другая семья", actor=cast.head)
    assert Visit.objects.get(pk=visit.pk).state == VisitState.CANCELLED
    assert not ServiceRecord.objects.valid().exists()
    assert {row.cancel_reason for row in ServiceRecord.objects.all()} == {"другая семья"}
    assert fresh(case).last_contact_on is None
    assert CaseEvent.objects.filter(case=case, kind="visit_cancelled").exists()
    assert visit.history.first().history_change_reason == "другая семья"


def test_a_plan_may_be_called_off_by_who_made_it(cast: Cast) -> None:
    case = active_case(cast)
    plan = plan_visit(case=case, planned_on=case.institution.today() + DAY, actor=cast.specialist)
    with pytest.raises(PermissionDenied):
        cancel_visit(visit=plan, reason="семья уехала", actor=cast.colleague)
    cancel_visit(visit=plan, reason="семья уехала", actor=cast.specialist)
    assert not Visit.objects.planned().exists()


def test_titles_that_no_longer_hold_do_not_change_rows(cast: Cast) -> None:
    """A row keeps the kind of its day, whatever becomes of the dictionary."""
    case = active_case(cast)
    recorded(case, cast.specialist, "legal-services")
    title = title_of("legal-services")
    title.service_kind = "LABOUR"
    title.save()
    assert ServiceRecord.objects.get().service_kind == "LEGAL"


def fields_changed(rows: QuerySet[Any, Any]) -> list[dict[str, tuple[str, str]]]:
    """What each change of the records says, newest first, without how a record began."""
    return [{row.name: (row.old, row.new) for row in change.fields} for change in changes(rows) if change.kind == "~"]


def test_the_history_says_who_was_seen_and_who_no_longer(cast: Cast) -> None:
    visit = recorded(active_case(cast), cast.specialist, "legal-services")
    mother, *_others, child = members_of(visit.case)
    visit = Visit.objects.get(pk=visit.pk)
    before = ", ".join(str(row) for row in visit.members_seen.order_by("pk"))
    change_visit(visit=visit, seen=[child], actor=cast.specialist)
    assert fields_changed(Visit.objects.filter(pk=visit.pk)) == [{"members_seen": (before, str(child))}]
    assert str(mother) in before

    row = ServiceRecord.objects.get(visit=visit)
    people = ", ".join(str(person) for person in row.recipients.order_by("pk"))
    visit.held_on -= DAY
    change_visit(visit=visit, seen=[child], actor=cast.specialist)
    rows = ServiceRecord.objects.filter(pk=row.pk)
    [moved] = fields_changed(rows)
    assert set(moved) == {"on"}, "a set update keeps who received the service"
    [begun] = [change for change in changes(rows) if change.kind == "+"]
    assert people in [field.new for field in begun.fields]


@pytest.mark.requirement("L20")
def test_the_history_of_visits_costs_the_same_for_few_and_for_many(cast: Cast) -> None:
    costs = []
    case = active_case(cast)
    for day in range(1, 6):
        visit = recorded(case, cast.specialist, on=case.institution.today() - day * DAY)
        change_visit(visit=Visit.objects.get(pk=visit.pk), seen=members_of(case)[:1], actor=cast.specialist)
        if day in {1, 5}:
            with CaptureQueriesContext(connection) as queries:
                assert len(changes(Visit.objects.filter(case=case))) == 2 * day
            costs.append(len(queries))
    assert costs[0] == costs[1]
