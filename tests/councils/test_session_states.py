"""The states of a session and of a question: the tables, the guards of each step, and who takes it (domain 3.6)."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notification, RegionPolicy, User
from accounts.notifications import text_of
from councils.enums import DecisionType, ItemState, SessionKind, SessionState
from councils.models import AgendaItem, CouncilMember, CouncilPolicy, CouncilSession, Minutes
from councils.papers import Naming, sheet_of
from councils.readiness import agenda_lacks, first_day_allowed
from councils.services import agenda, attendance, minutes, sessions
from councils.services.states import ITEM_TRANSITIONS, TRANSITIONS, move_item, transition
from families.models import Family
from tests.cast import Cast, client_of
from tests.factories.councils import (
    attend,
    body,
    decide,
    on_agenda,
    planned,
    ready_case,
    scan,
    session_at,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
S = SessionState
LEGAL = {
    (S.PLANNED, S.AGENDA_APPROVED),
    (S.PLANNED, S.CANCELLED),
    (S.AGENDA_APPROVED, S.HELD),
    (S.AGENDA_APPROVED, S.NO_QUORUM),
    (S.AGENDA_APPROVED, S.CANCELLED),
    (S.HELD, S.MINUTES_DRAFTED),
    (S.MINUTES_DRAFTED, S.MINUTES_SIGNED),
}
"""Domain 3.6, word for word."""


@pytest.mark.parametrize(("source", "target"), list(itertools.product(S, S)))
def test_a_session_moves_only_as_the_table_says(cast: Cast, source: S, target: S) -> None:
    session = CouncilSession(council=body(cast), planned_at=planned(cast).planned_at, created_by=cast.secretary)
    session.state, session.cancel_reason = source, "Причина"
    session.held_on = session.council.today()
    session.save()
    if (source, target) in LEGAL:
        values = {"signed_on": session.held_on} if target == S.MINUTES_SIGNED else {}
        transition(session=session, to=target, actor=cast.secretary, **values)
        assert CouncilSession.objects.get(pk=session.pk).state == target
    else:
        with pytest.raises(ValidationError) as refused:
            transition(session=session, to=target, actor=cast.secretary)
        assert refused.value.code == "transition"
        assert CouncilSession.objects.get(pk=session.pk).state == source
    assert (target in TRANSITIONS[source]) == ((source, target) in LEGAL)


@pytest.mark.parametrize(("source", "target"), list(itertools.product(ItemState, ItemState)))
def test_a_question_moves_only_as_the_table_says(cast: Cast, source: ItemState, target: ItemState) -> None:
    ends = {ItemState.POSTPONED, ItemState.WITHDRAWN}
    legal = {
        ItemState.PROPOSED: {ItemState.INCLUDED, *ends},
        ItemState.INCLUDED: {ItemState.CONSIDERED, *ends},
    }.get(source, set())
    assert set(ITEM_TRANSITIONS[source]) == legal
    item = agenda.add_organisational(session=planned(cast), title="План работы", actor=cast.secretary)
    AgendaItem.objects.filter(pk=item.pk).update(state=source)
    item.refresh_from_db()
    if target in legal:
        move_item(item=item, to=target, actor=cast.secretary)
        assert AgendaItem.objects.get(pk=item.pk).state == target
    else:
        with pytest.raises(ValidationError):
            move_item(item=item, to=target, actor=cast.secretary)


STEPS: dict[S, tuple[str, Callable[[Cast, CouncilSession, User], object]]] = {
    S.PLANNED: ("chair", lambda _cast, session, user: sessions.approve_agenda(session=session, actor=user)),
    S.AGENDA_APPROVED: (
        "secretary",
        lambda cast, session, user: sessions.hold(session=session, held_on=session.council.today(), actor=user),
    ),
    S.HELD: ("secretary", lambda _cast, session, user: minutes.draft_minutes(session=session, actor=user)),
    S.MINUTES_DRAFTED: ("chair", lambda _cast, session, user: minutes.sign_in_system(session=session, actor=user)),
}


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("state", STEPS)
def test_each_step_has_its_person(cast: Cast, state: S) -> None:
    """The secretary does not sign for the chair, nor approve the agenda of one who has an account (access 6.3, 3)."""
    session = session_at(state, cast)
    may, step = STEPS[state]
    for person in {"specialist", "head", "director", "secretary", "member", "chair", "ministry"} - {may}:
        with pytest.raises(PermissionDenied):
            step(cast, session, cast.people[person])
    if state == S.AGENDA_APPROVED:
        attend(cast, session)
    if state == S.HELD:
        decide(cast, AgendaItem.objects.get(session=session), DecisionType.TAKE_NOTE)
    step(cast, session, cast.people[may])
    assert CouncilSession.objects.get(pk=session.pk).state in TRANSITIONS[state]


def test_the_secretary_of_another_institution_keeps_no_session_here(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        sessions.plan_session(council=body(cast), planned_at=planned(cast).planned_at, actor=cast.other_secretary)


def test_an_agenda_needs_questions_materials_and_no_open_proposal(cast: Cast) -> None:
    session = planned(cast)
    assert len(agenda_lacks(session)) == 1
    item = on_agenda(cast, session, ready_case(cast))
    assert agenda_lacks(session) == []
    agenda.change_item(item=item, values={"materials": " "}, actor=cast.secretary)
    assert "1" in agenda_lacks(session)[0]
    agenda.change_item(item=item, values={"materials": "Справка"}, actor=cast.secretary)
    agenda.propose(session=session, case=ready_case(cast), kind=item.kind, reason="", actor=cast.head)
    with pytest.raises(ValidationError):
        sessions.approve_agenda(session=session, actor=cast.chair)


@pytest.mark.parametrize(("own", "early"), [(None, 3), (5, 5), (0, 0)])
def test_members_are_told_so_many_working_days_before(cast: Cast, own: int | None, early: int) -> None:
    """The body's own notice, else the region's three working days."""
    council = body(cast, notice_days=own)
    first = first_day_allowed(council)
    assert (first - council.today()).days >= early
    if early:
        late = planned(cast, council, days=(first - council.today()).days)
        on_agenda(cast, late, ready_case(cast))
        CouncilSession.objects.filter(pk=late.pk).update(planned_at=late.planned_at - timedelta(days=1))
        late.refresh_from_db()
        with pytest.raises(ValidationError) as refused:
            sessions.approve_agenda(session=late, actor=cast.chair)
        assert refused.value.error_dict["planned_at"][0].code == "notice"
        assert not Notification.objects.filter(code="councils.agenda_approved").exists()
    on_time = planned(cast, council, days=(first - council.today()).days)
    on_agenda(cast, on_time, ready_case(cast))
    sessions.approve_agenda(session=on_time, actor=cast.chair)
    told = Notification.objects.filter(code="councils.agenda_approved", target_id=on_time.pk)
    assert set(told.values_list("recipient", flat=True)) == {cast.chair.pk, cast.member.pk, cast.secretary.pk}
    hour = f"{timezone.localtime(on_time.planned_at, council.zone):%H:%M}"
    assert hour in text_of(told[0])
    assert hour in client_of(cast.member).get(on_time.get_absolute_url()).content.decode()


def test_a_day_too_near_for_the_notice_is_refused_when_the_session_is_planned_or_moved(cast: Cast) -> None:
    council = body(cast, notice_days=5)
    too_near = (first_day_allowed(council) - council.today()).days - 1
    with pytest.raises(ValidationError) as refused:
        planned(cast, council, days=too_near)
    assert refused.value.error_dict["planned_at"][0].code == "notice"
    session = planned(cast, council, days=too_near + 1)
    near = {"planned_at": session.planned_at - timedelta(days=1)}
    with pytest.raises(ValidationError):
        sessions.change_session(session=session, values=near, actor=cast.secretary)
    session.refresh_from_db()
    urgent = near | {"kind": SessionKind.EXTRAORDINARY}
    sessions.change_session(session=session, values=urgent, actor=cast.secretary)
    sessions.change_session(session=session, values={"place": "Зал"}, actor=cast.secretary)
    with pytest.raises(ValidationError):
        sessions.change_session(session=session, values={"kind": SessionKind.REGULAR}, actor=cast.secretary)


def test_an_extraordinary_session_is_bound_by_no_notice(cast: Cast) -> None:
    session = planned(cast, body(cast, notice_days=5), kind=SessionKind.EXTRAORDINARY)
    on_agenda(cast, session, ready_case(cast))
    assert sessions.approve_agenda(session=session, actor=cast.chair).state == S.AGENDA_APPROVED


def test_the_secretary_notes_the_approval_of_a_chair_without_an_account(cast: Cast) -> None:
    session = session_at(S.PLANNED, cast)
    assert session.chair
    with pytest.raises(PermissionDenied):
        sessions.approve_agenda(session=session, actor=cast.secretary)
    session.chair.user = None
    session.chair.save()
    sessions.approve_agenda(session=session, actor=cast.secretary)
    assert session.state == S.AGENDA_APPROVED
    assert session.agenda_approved_by == session.chair.full_name


@pytest.mark.requirement("I15")
@pytest.mark.parametrize(
    ("voting", "percent", "came", "reached"),
    [(8, 50, 4, True), (9, 50, 4, False), (9, 50, 5, True), (8, 51, 4, False), (3, 100, 2, False), (3, 67, 2, False)],
)
def test_the_borders_of_the_quorum(cast: Cast, voting: int, percent: int, came: int, reached: bool) -> None:
    """At least the share of the members who vote; a secretary without a vote does not make it (I15)."""
    session = planned(cast, body(cast, seats=voting, quorum_percent=percent))
    on_agenda(cast, session, ready_case(cast))
    sessions.approve_agenda(session=session, actor=cast.chair)
    seats = list(CouncilMember.objects.filter(council=session.council, may_vote=True).order_by("pk"))
    assert len(seats) == voting
    secretary = CouncilMember.objects.get(council=session.council, may_vote=False)
    attend(cast, session, present=[*seats[:came], secretary])
    assert attendance.count_quorum(session).reached is reached
    if reached:
        sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
        assert (session.members_total, session.members_present) == (voting, came)
        with pytest.raises(DatabaseError, match="held_session_has_a_date"), transaction.atomic():
            CouncilSession.objects.filter(pk=session.pk).update(held_on=None)
    else:
        with pytest.raises(ValidationError) as refused:
            sessions.hold(session=session, held_on=session.council.today(), actor=cast.secretary)
        assert refused.value.code == "quorum"


def test_the_quorum_is_the_regions_where_the_body_has_none(cast: Cast) -> None:
    RegionPolicy.objects.filter(region=cast.region).update(quorum_percent=80)
    session = planned(cast, body(cast, seats=5))
    assert attendance.count_quorum(session).percent == 80


def test_a_bodys_own_rules_hold_from_their_day_on(cast: Cast) -> None:
    """Each value of a policy is dated; an empty one follows the region (clarifications, Policy)."""
    RegionPolicy.objects.filter(region=cast.region).update(quorum_percent=80, session_notice_days=4)
    council = body(cast, notice_days=2)
    since = council.policies.get().valid_from
    first, second = date(2026, 3, 1), date(2026, 6, 1)
    CouncilPolicy.objects.create(council=council, valid_from=first, quorum_percent=60, notice_days=0)
    CouncilPolicy.objects.create(council=council, valid_from=second, quorum_percent=70)
    days = (since, first - DAY, first, second - DAY, second)
    assert [council.quorum_percent_on(day) for day in days] == [80, 80, 60, 60, 70]
    assert [council.notice_days_on(day) for day in days] == [2, 2, 0, 0, 4]


def test_the_share_asked_for_when_a_session_was_held_stands(cast: Cast) -> None:
    """Rules entered afterwards change nothing: the session keeps what held then, for its page and its papers."""
    council = body(cast, seats=5, quorum_percent=60)
    session = session_at(S.HELD, cast, council=council)
    CouncilPolicy.objects.filter(council=council).update(quorum_percent=100)
    session = CouncilSession.objects.with_page().get(pk=session.pk)
    quorum = attendance.count_quorum(session)
    assert (quorum.percent, quorum.needed, quorum.reached) == (60, 3, True)
    assert attendance.count_quorum(planned(cast, session.council)).percent == 100


def test_without_a_quorum_every_question_waits_for_the_next_session(cast: Cast) -> None:
    council = body(cast)
    session = session_at(S.AGENDA_APPROVED, cast, council=council)
    following = planned(cast, council, days=7)
    attend(cast, session)
    with pytest.raises(ValidationError):
        sessions.note_no_quorum(session=session, actor=cast.secretary)
    attend(cast, session, present=[])
    sessions.note_no_quorum(session=session, actor=cast.secretary)
    item = AgendaItem.objects.get(session=session)
    anew = AgendaItem.objects.get(session=following)
    assert (item.state, anew.state, anew.postponed_from) == (ItemState.POSTPONED, ItemState.PROPOSED, item)
    assert anew.case == item.case
    assert session.held_on is None


def test_what_was_postponed_is_proposed_when_the_next_session_is_planned(cast: Cast) -> None:
    council = body(cast)
    session = session_at(S.CANCELLED, cast, council=council)
    following = planned(cast, council, days=7)
    assert AgendaItem.objects.get(session=following).postponed_from == AgendaItem.objects.get(session=session)
    again = planned(cast, council, days=14)
    assert not AgendaItem.objects.filter(session=again).exists()


def test_a_session_is_held_on_a_day_that_has_come_and_by_who_is_there(cast: Cast) -> None:
    session = session_at(S.AGENDA_APPROVED, cast)
    today = session.council.today()
    with pytest.raises(ValidationError):
        sessions.hold(session=session, held_on=today, actor=cast.secretary)
    attend(cast, session)
    with pytest.raises(ValidationError):
        sessions.hold(session=session, held_on=today + timedelta(days=1), actor=cast.secretary)
    attend(cast, session, present=[row for row in session.council.members.all() if row.pk != session.chair_id])
    with pytest.raises(ValidationError):
        sessions.hold(session=session, held_on=today, actor=cast.secretary)


def test_the_minutes_are_kept_by_somebody_who_came(cast: Cast) -> None:
    """Documents 5.1: the secretary signs the minutes, so it is one who came; a member in place of the absent."""
    case = ready_case(cast)
    session = session_at(S.AGENDA_APPROVED, cast, cases=[case])
    secretary, member = session.secretary, session.council.members.get(user=cast.member)
    attend(cast, session, present=[row for row in session.council.members.all() if row != secretary])
    client, address = client_of(cast.secretary), reverse("councils:hold", args=[session.pk])
    form = client.get(address).context["form"]
    assert secretary
    assert form.fields["secretary"].help_text.startswith("Секретарь не присутствует")
    assert not {secretary, session.chair} & set(form.fields["secretary"].queryset)
    with pytest.raises(ValidationError) as refused:
        sessions.hold(session=session, held_on=session.day, actor=cast.secretary)
    assert set(refused.value.error_dict) == {"secretary"}
    day = f"{session.council.today():%d.%m.%Y}"
    for unfit in ("", secretary.pk, session.chair_id):
        answer = client.post(address, {"held_on": day, "secretary": unfit})
        assert set(answer.context["form"].errors) == {"secretary"}
    assert client.post(address, {"held_on": day, "secretary": member.pk}).status_code == 302
    session.refresh_from_db()
    assert (session.state, session.secretary) == (S.HELD, member)
    decide(cast, AgendaItem.objects.get(session=session), DecisionType.ENROL)
    row = minutes.draft_minutes(session=session, actor=cast.secretary)
    sheet = sheet_of(CouncilSession.objects.with_page().get(pk=session.pk), Naming.NUMBERS, minutes=row)
    assert [line["name"] for line in sheet.signatories][1] == member.short_name
    minutes.sign_in_system(session=session, actor=cast.chair)
    readers = Family.objects.visible_to
    assert readers(cast.secretary).filter(pk=case.family_id).exists()
    assert not any(readers(person).filter(pk=case.family_id).exists() for person in (cast.member, cast.chair))


def test_a_session_is_kept_by_the_secretary_unless_somebody_else_is_named(cast: Cast) -> None:
    session = session_at(S.AGENDA_APPROVED, cast)
    attend(cast, session)
    form = client_of(cast.secretary).get(reverse("councils:hold", args=[session.pk])).context["form"]
    assert form["secretary"].value() == session.secretary_id
    sessions.hold(session=session, held_on=session.day, actor=cast.secretary)
    assert session.secretary
    assert session.secretary.user == cast.secretary


def test_signing_opens_no_family_to_the_chair_of_a_body_whose_secretary_has_no_account(cast: Cast) -> None:
    case = ready_case(cast)
    council = body(cast)
    council.members.filter(user=cast.secretary).update(user=None)
    session_at(S.MINUTES_SIGNED, cast, council=council, cases=[case])
    assert Family.objects.visible_to(cast.secretary).filter(pk=case.family_id).exists()
    assert not Family.objects.visible_to(cast.chair).filter(pk=case.family_id).exists()


def test_the_plan_changed_to_the_usual_presidium_names_it(cast: Cast) -> None:
    session = planned(cast)
    chair, secretary = session.chair, session.secretary
    values = {"chair": None, "secretary": None, "place": "Зал"}
    sessions.change_session(session=session, values=values, actor=cast.secretary)
    assert (session.chair, session.secretary, session.place) == (chair, secretary, "Зал")


def test_the_questions_of_an_approved_agenda_are_numbered_without_gaps(cast: Cast) -> None:
    session = planned(cast)
    first = on_agenda(cast, session, ready_case(cast))
    second = on_agenda(cast, session, ready_case(cast))
    third = agenda.add_organisational(session=session, title="План работы", actor=cast.secretary)
    agenda.withdraw(item=first, reason="Семья выехала", actor=cast.secretary)
    agenda.move(item=third, up=True, actor=cast.secretary)
    sessions.approve_agenda(session=session, actor=cast.chair)
    places = dict(AgendaItem.objects.filter(session=session).values_list("pk", "position"))
    assert places == {third.pk: 1, second.pk: 2, first.pk: 3}


@pytest.mark.requirement("I14")
@pytest.mark.parametrize("way", ["chair", "paper"])
def test_a_signed_session_is_read_only_for_everybody(cast: Cast, way: str) -> None:
    """I14: the services refuse, and so does the database whatever the way."""
    session = session_at(S.MINUTES_DRAFTED, cast)
    if way == "chair":
        minutes.sign_in_system(session=session, actor=cast.chair)
    else:
        minutes.sign_on_paper(
            session=session, signed_on=session.day, file=scan(), name="protokol.pdf", actor=cast.secretary
        )
    with pytest.raises(PermissionDenied):
        sessions.change_session(session=session, values={"place": "Зал"}, actor=cast.secretary)
    item = AgendaItem.objects.get(session=session)
    with pytest.raises(PermissionDenied):
        agenda.change_item(item=item, values={"heard": "Иное"}, actor=cast.secretary)
    for rows, values in (
        (CouncilSession.objects.filter(pk=session.pk), {"place": "Зал"}),
        (Minutes.objects.filter(session=session), {"number": "99/2026"}),
        (item.decisions.all(), {"text": "Иное"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**values)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
