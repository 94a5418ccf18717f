"""Who reaches what of a session, and until when: the secretary's grants, the packet, proposals (access 6.1)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import User
from casework.enums import ProgrammeState, Stage
from casework.models import CaseEvent, SupportCase
from councils.access import PACKET_DAYS_AFTER_SIGNING, keeps, may_report, secretariat
from councils.enums import DecisionType, ItemKind, SeatRole, SessionState
from councils.models import AgendaItem, Council, CouncilMember, CouncilSession, Decision
from councils.proposals import proposals
from councils.services import agenda, minutes, sessions
from families.enums import GrantReason
from families.models import Family, FamilyGrant
from families.services import restrict
from tests.cast import Cast
from tests.factories.accounts import AppointmentFactory
from tests.factories.casework import case_at
from tests.factories.councils import (
    body,
    decide,
    moment,
    on_agenda,
    planned,
    ready_case,
    scan,
    seat,
    session_at,
)
from tests.factories.families import ConsentFactory, household
from tests.factories.programmes import programme_at

pytestmark = pytest.mark.django_db

S = SessionState
ONE_DAY = timedelta(days=1)


def opens(user: User, case: SupportCase) -> bool:
    return bool(Family.objects.visible_to(user).filter(pk=case.family_id).exists())


def sees(user: User, session: CouncilSession) -> bool:
    return bool(CouncilSession.objects.visible_to(user).filter(pk=session.pk).exists())


def signed_ago(cast: Cast, council: Council, days: int) -> CouncilSession:
    """A session whose minutes were signed so many days ago, written straight into the table."""
    day = council.today() - timedelta(days=days)
    return CouncilSession.objects.create(
        council=council,
        planned_at=moment(council, -days),
        held_on=day,
        signed_on=day,
        state=S.MINUTES_SIGNED,
        chair=council.members.get(role=SeatRole.CHAIR),
        created_by=cast.secretary,
    )


def test_the_secretary_opens_the_families_of_the_agenda_and_no_others(cast: Cast) -> None:
    """Clarifications: a candidate is a number; the card opens from the moment the case is on the agenda."""
    session, case, other = planned(cast), ready_case(cast), ready_case(cast)
    item = agenda.propose(session=session, case=case, kind=ItemKind.ENROL, reason="", actor=cast.head)
    assert not opens(cast.secretary, case)
    agenda.include(session=session, items=[item], actor=cast.secretary)
    assert opens(cast.secretary, case)
    assert not opens(cast.secretary, other)
    assert not any(opens(user, case) for user in (cast.member, cast.chair, cast.other_secretary))
    agenda.withdraw(item=item, reason="Выехали", actor=cast.secretary)
    assert not opens(cast.secretary, case)


@pytest.mark.parametrize("state", [S.NO_QUORUM, S.CANCELLED])
def test_the_right_ends_with_a_session_that_does_not_take_place(cast: Cast, state: S) -> None:
    case = ready_case(cast)
    session_at(state, cast, cases=[case])
    assert not opens(cast.secretary, case)


def test_the_right_ends_thirty_days_after_the_signing(cast: Cast) -> None:
    case = ready_case(cast)
    session = session_at(S.MINUTES_SIGNED, cast, cases=[case])
    assert opens(cast.secretary, case)
    grant = FamilyGrant.objects.get(family=case.family_id, reason=GrantReason.AGENDA, revoked_at=None)
    assert session.signed_on
    assert (grant.user, grant.ends_on) == (cast.secretary, session.signed_on + timedelta(days=30))


def test_after_the_signing_the_right_goes_to_who_signed_in_place_of_one_who_left(cast: Cast) -> None:
    case = ready_case(cast)
    session = session_at(S.MINUTES_DRAFTED, cast, cases=[case])
    post = AppointmentFactory.create(role=Role.COUNCIL_SECRETARY, institution=cast.institution)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    file = scan()
    minutes.sign_on_paper(session=session, signed_on=session.day, file=file, name="p.pdf", actor=post.user)
    grant = FamilyGrant.objects.get(family=case.family_id, reason=GrantReason.AGENDA, revoked_at=None)
    assert (grant.user, grant.ends_on) == (post.user, session.day + timedelta(days=30))
    assert opens(post.user, case)


@pytest.mark.parametrize("is_in_the_secretariat", [True, False])
def test_after_the_chairs_signing_the_right_goes_to_the_seat_of_the_secretary(
    cast: Cast, *, is_in_the_secretariat: bool
) -> None:
    case = ready_case(cast)
    session = session_at(S.MINUTES_DRAFTED, cast, cases=[case])
    place = cast.institution if is_in_the_secretariat else cast.other_institution
    post = AppointmentFactory.create(role=Role.COUNCIL_SECRETARY, institution=place)
    CouncilMember.objects.filter(pk=session.secretary_id).update(user=post.user)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)
    minutes.sign_in_system(session=session, actor=cast.chair)
    alive = FamilyGrant.objects.filter(family=case.family_id, reason=GrantReason.AGENDA, revoked_at=None)
    assert [grant.user for grant in alive] == ([post.user] if is_in_the_secretariat else [])


def test_a_body_without_an_institution_has_no_secretariat(cast: Cast) -> None:
    """As `keeps` says; the posts that stand in no institution are not even looked at."""
    council = body(cast, institution=None)
    assert not keeps(cast.secretary, council)
    with CaptureQueriesContext(connection) as asked:
        assert list(secretariat(council)) == []
    assert not asked.captured_queries


def test_another_secretary_takes_the_right_over(cast: Cast) -> None:
    case, session = ready_case(cast), planned(cast)
    on_agenda(cast, session, case)
    post = AppointmentFactory.create(role=Role.COUNCIL_SECRETARY, institution=cast.institution)
    former = session.secretary
    assert former
    former.ends_on = session.planned_on - ONE_DAY
    former.save()
    fresh = seat(session.council, 9, role=SeatRole.SECRETARY, user=post.user, starts_on=session.planned_on)
    sessions.change_session(session=session, values={"secretary": fresh}, actor=cast.secretary)
    assert opens(post.user, case)
    assert not opens(cast.secretary, case)


def test_members_read_a_session_from_the_agendas_approval(cast: Cast) -> None:
    session = session_at(S.PLANNED, cast)
    assert sees(cast.chair, session)
    assert not sees(cast.member, session)
    sessions.approve_agenda(session=session, actor=cast.chair)
    assert sees(cast.member, session)
    sessions.cancel_session(session=session, reason="Нет помещения", actor=cast.secretary)
    assert not sees(cast.member, session)
    assert not sees(cast.chair, session)


@pytest.mark.parametrize(("days", "seen"), [(PACKET_DAYS_AFTER_SIGNING, True), (PACKET_DAYS_AFTER_SIGNING + 1, False)])
def test_members_read_until_thirty_days_after_the_signing(cast: Cast, days: int, seen: bool) -> None:
    session = signed_ago(cast, body(cast), days)
    assert sees(cast.member, session) is seen
    assert sees(cast.chair, session) is seen
    assert sees(cast.secretary, session)


def test_a_member_is_called_to_the_sessions_of_own_terms(cast: Cast) -> None:
    """Who left reads nothing; who came later does not read what was before."""
    council = body(cast)
    session = signed_ago(cast, council, 10)
    place = council.members.get(user=cast.member)
    place.starts_on = session.day + ONE_DAY
    place.save()
    assert not sees(cast.member, session)
    place.starts_on, place.ends_on = session.day - ONE_DAY, council.today() - ONE_DAY
    place.save()
    assert not sees(cast.member, session)
    place.ends_on = council.today()
    place.save()
    assert sees(cast.member, session)


def test_specialists_and_heads_read_the_questions_of_own_cases(cast: Cast) -> None:
    own, other = ready_case(cast), case_at(Stage.ACTIVE, family=household(department=cast.second_department))
    session = planned(cast)
    on_agenda(cast, session, own)
    item = agenda.propose(session=session, case=other, kind=ItemKind.REVIEW, reason="", actor=cast.second_head)
    for user, cases in (
        (cast.specialist, {own.pk}),
        (cast.head, {own.pk}),
        (cast.second_head, {other.pk}),
        (cast.director, {own.pk, other.pk}),
        (cast.secretary, {own.pk, other.pk}),
        (cast.member, set()),
        (cast.neighbour, set()),
        (cast.other_director, set()),
        (cast.other_secretary, set()),
        (cast.ministry, set()),
        (cast.resource_centre, set()),
        (cast.auditor, set()),
        (cast.region_admin, set()),
        (cast.system_admin, set()),
    ):
        assert set(AgendaItem.objects.visible_to(user).values_list("case", flat=True)) == cases, user.username
        assert sees(user, session) is bool(cases), user.username
    assert item.state == "PROPOSED"


def test_a_task_opens_the_decision_to_the_agency_it_was_given_to(cast: Cast) -> None:
    session = session_at(S.HELD, cast)
    item = AgendaItem.objects.get(session=session)
    member = session.council.members.get(user=cast.member)
    task = decide(cast, item, DecisionType.TASK, executor_member=member, due_on=session.day)
    assert not may_report(cast.member, task)
    Decision.objects.filter(pk=task.pk).update(state="ADOPTED")
    task.refresh_from_db()
    assert may_report(cast.member, task)
    assert may_report(cast.secretary, task)
    assert not may_report(cast.chair, task)
    assert not may_report(cast.director, task)


def test_only_the_head_of_the_department_asks_for_a_question(cast: Cast) -> None:
    session, case = planned(cast), ready_case(cast)
    for user in (cast.specialist, cast.second_head, cast.director, cast.secretary, cast.member):
        with pytest.raises(PermissionDenied):
            agenda.propose(session=session, case=case, kind=ItemKind.ENROL, reason="", actor=user)
    agenda.propose(session=session, case=case, kind=ItemKind.ENROL, reason="", actor=cast.head)
    with pytest.raises(ValidationError):
        agenda.propose(session=session, case=case, kind=ItemKind.REVIEW, reason="", actor=cast.head)


@pytest.mark.requirement("S0-53")
def test_the_system_proposes_what_waits_for_the_body(cast: Cast) -> None:
    """Domain 3.6: each case once, the secretary's page shows a number, a category, a reason and a department."""
    waiting = ready_case(cast)
    reflecting = case_at(Stage.REFLECTION, family=household(department=cast.department))
    ending = case_at(Stage.ACTIVE, family=household(department=cast.department))
    session = planned(cast)
    SupportCase.objects.filter(pk=ending.pk).update(planned_end_on=session.day + timedelta(days=30))
    quiet = case_at(Stage.DIAGNOSTIC, family=household(department=cast.department))
    elsewhere = case_at(Stage.REFLECTION, family=household(department=cast.other_department))
    found = {row.case_id: (row.kind, row.reason) for row in proposals(session)}
    assert found == {
        waiting.pk: (ItemKind.ENROL, "enrol"),
        reflecting.pk: (ItemKind.REMOVE, "reflection"),
        ending.pk: (ItemKind.EXTEND, "term"),
    }
    assert quiet.pk not in found
    assert elsewhere.pk not in found
    SupportCase.objects.filter(pk=ending.pk).update(planned_end_on=session.day + timedelta(days=31))
    assert ending.pk in {row.case_id for row in proposals(session) if row.reason == "review"}
    agenda.take_proposals(session=session, keys=[f"enrol:{waiting.pk}", "enrol:0"], actor=cast.secretary)
    assert [row.case_id for row in AgendaItem.objects.filter(session=session)] == [waiting.pk]
    assert waiting.pk not in {row.case_id for row in proposals(session)}


def test_what_is_taken_on_another_day_is_told_and_composed_as_of_that_day(cast: Cast) -> None:
    """A session entered afterwards: the timeline says when, and the reference rests on the consents of that day."""
    session, case, on = planned(cast), ready_case(cast), cast.institution.today() - timedelta(days=20)
    mother = case.family.memberships.get(is_head=True).person
    ended = {"given_on": on - timedelta(days=9), "valid_to": on + timedelta(days=1)}
    ConsentFactory.create(family=case.family, subject=mother, actions=["TRANSFER"], **ended)
    [item] = agenda.take_proposals(session=session, keys=[f"enrol:{case.pk}"], actor=cast.secretary, on=on)
    assert CaseEvent.objects.get(case=case, kind="council_agenda").on == on
    assert item.materials.startswith("Состав семьи")


@pytest.mark.requirement("S0-53")
@pytest.mark.parametrize("state", [ProgrammeState.DRAFT, ProgrammeState.AGREED])
def test_a_case_in_agreement_with_a_draft_programme_is_proposed(cast: Cast, state: ProgrammeState) -> None:
    """Domain 3.6: cases in CONTRACTING with a draft programme; the family may be put on support before its approval."""
    case = case_at(
        Stage.CONTRACTING, family=household(department=cast.department), curator=cast.specialist, actor=cast.specialist
    )
    assert proposals(planned(cast)) == []
    programme_at(state, case, author=cast.specialist, head=cast.head)
    [row] = proposals(planned(cast))
    assert (row.case_id, row.kind, row.reason) == (case.pk, ItemKind.ENROL, "drafted")


@pytest.mark.parametrize(
    "state", [SessionState.PLANNED, SessionState.AGENDA_APPROVED, SessionState.HELD, SessionState.MINUTES_DRAFTED]
)
def test_a_case_before_one_session_is_not_proposed_to_the_next(cast: Cast, state: SessionState) -> None:
    council = body(cast)
    case = ready_case(cast)
    later = planned(cast, council, days=30)
    assert [row.case_id for row in proposals(later)] == [case.pk]
    session_at(state, cast, council=council, cases=[case])
    assert proposals(later) == []


def test_only_the_approving_body_of_the_region_is_asked_to_enrol(cast: Cast) -> None:
    ready_case(cast)
    session = planned(cast, body(cast, kind="PRECINCT_COMMISSION"))
    assert proposals(session) == []


def test_restricted_families_are_no_candidates(cast: Cast) -> None:
    case = ready_case(cast)
    restrict(actor=cast.specialist, family=case.family, reason="Опасность")
    assert proposals(planned(cast)) == []


def test_nobody_asks_for_a_question_on_a_closed_case(cast: Cast) -> None:
    """Clarifications, 1: after closing, head and director read."""
    family = household(department=cast.department)
    session, case = planned(cast), case_at(Stage.CLOSED, family=family, curator=cast.specialist, actor=cast.specialist)
    with pytest.raises(PermissionDenied):
        agenda.propose(session=session, case=case, kind=ItemKind.REVIEW, reason="", actor=cast.head)
    assert not AgendaItem.objects.filter(case=case).exists()
