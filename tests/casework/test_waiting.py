"""What waits for a head or a director: told once, settled when it is done, and named on the page it concerns."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, Notification, User
from accounts.notifications import notify, text_of
from casework.enums import GuardCode, ProgrammeState, RemovalReason, Stage
from casework.models import AgencyNotice, SupportCase, SupportProgramme
from casework.services import agreements, notices
from casework.services import programmes as programme_services
from casework.services.stages import transition
from casework.stages import MOVES, Mover
from casework.waiting import tell, watch
from partners.models import PartnerOrganisation
from tests.casework.conftest import CaseAt
from tests.cast import Cast, client_of
from tests.factories.councils import body
from tests.factories.programmes import draft_agreement, drafted, mother_of, programme_at

pytestmark = pytest.mark.django_db

Through = Callable[..., AbstractContextManager[Any]]


@pytest.fixture
def through(django_capture_on_commit_callbacks: Any) -> Through:
    """A transaction that goes through, with what follows its end; the scene before it was one of its own."""

    @contextmanager
    def transaction_of_its_own() -> Iterator[list[Callable[[], None]]]:
        connection.run_on_commit = []
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            yield callbacks

    return transaction_of_its_own


def waiting(user: User) -> list[tuple[str, int | None]]:
    """The codes and objects of what waits for `user`, not read and not settled."""
    rows = user.notifications.unread().filter(code__startswith="casework.next.").order_by("pk")
    return list(rows.values_list("code", "target_id"))


def test_a_programme_waits_for_the_head_from_step_to_step(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    today = case.institution.today()
    row = drafted(case, cast.specialist)
    with through():
        programme_services.agree(programme=row, on=today, person=mother_of(case).person, actor=cast.specialist)
    assert waiting(cast.head) == waiting(cast.deputy) == [("casework.next.submit", row.pk)]
    assert waiting(cast.second_head) == waiting(cast.director) == waiting(cast.specialist) == []
    [told] = cast.head.notifications.filter(code="casework.next.submit")
    assert text_of(told).startswith(f"Случай №\N{NO-BREAK SPACE}{case.number}: ")
    assert client_of(cast.head).post(f"/inbox/{told.pk}/open/").url == f"/programmes/{row.pk}/"  # type: ignore[attr-defined]

    with through():
        programme_services.submit(programme=row, on=today, actor=cast.head)
    assert waiting(cast.head) == [("casework.next.approve", row.pk)]
    with through():
        programme_services.return_programme(programme=row, remark="Уточнить", on=today, actor=cast.head)
    assert waiting(cast.head) == []


def test_a_changed_programme_waits_no_more(cast: Cast, at: CaseAt, through: Through) -> None:
    row = programme_at(ProgrammeState.AGREED, at(Stage.CONTRACTING), author=cast.specialist, head=cast.head)
    with through():
        watch(row.case_id)
    assert waiting(cast.head) == [("casework.next.submit", row.pk)]
    with through():
        programme_services.change_programme(programme=row, actor=cast.specialist)
    assert waiting(cast.head) == []


def test_what_a_body_in_the_system_decides_waits_for_nobody_else(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    row = programme_at(ProgrammeState.SUBMITTED, case, author=cast.specialist, head=cast.head)
    body(cast)
    with through():
        watch(case.pk)
    assert waiting(cast.head) == []
    page = client_of(cast.specialist).get(f"/programmes/{row.pk}/").content.decode()
    assert "Орган ведёт протоколы в системе" in page


def draft_notice(cast: Cast, case: SupportCase) -> AgencyNotice:
    addressee, _made = PartnerOrganisation.objects.get_or_create(region=case.region, title="КДН", type="KDN")
    row = AgencyNotice(
        case=case, addressee=addressee, subject="ENROLLED", legal_basis="NO_PERSONAL_DATA", text="О постановке"
    )
    return notices.save_notice(notice=row, actor=cast.specialist)


def test_an_agreement_waits_for_the_director_until_it_is_signed(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    with through():
        programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
        row = draft_agreement(programme, author=cast.specialist)
    assert waiting(cast.director) == [("casework.next.sign", case.pk)]
    due = cast.specialist.notifications.unread().filter(code="casework.agreement_due", target_id=case.pk)
    to_prepare = "casework.stage.CONTRACTING"
    notify([cast.specialist], to_prepare, fact="case", target="casework:case", target_id=case.pk, number=case.number)
    prepare = cast.specialist.notifications.unread().filter(code=to_prepare, target_id=case.pk)
    assert due.exists()
    assert prepare.exists()
    assert "casework.next.sign" not in dict(waiting(cast.head))
    page = client_of(cast.specialist).get(f"/cases/{case.pk}/agreement/").content.decode()
    assert "Дальше: директор подписывает договор." in page
    with through():
        agreements.sign(agreement=row, on=case.institution.today(), actor=cast.director)
    assert waiting(cast.director) == []
    assert not due.exists()
    assert not prepare.exists()
    page = client_of(cast.specialist).get(f"/cases/{case.pk}/agreement/").content.decode()
    assert "Дальше: директор подписывает договор." not in page


def test_a_notice_waits_for_the_head_until_it_is_sent(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    with through():
        row = draft_notice(cast, case)
    assert waiting(cast.head) == [("casework.next.send", case.pk)]
    with through():
        notices.send(notice=row, on=case.institution.today(), method="почта", actor=cast.director)
    assert waiting(cast.head) == []


def test_a_case_that_may_move_on_waits_for_the_head(
    cast: Cast, at: CaseAt, guards: set[GuardCode], through: Through
) -> None:
    case = at(Stage.DIAGNOSTIC)
    guards.discard(GuardCode.NEED_ASSESSED)
    with through():
        watch(case.pk)
    assert waiting(cast.head) == []
    guards.add(GuardCode.NEED_ASSESSED)
    with through():
        watch(case.pk)
    assert waiting(cast.head) == [("casework.next.DIAGNOSTIC.CONTRACTING", case.pk)]
    guards -= {GuardCode.JOINT_PLAN}
    with through():
        transition(case=case, to=Stage.CONTRACTING, actor=cast.head, on=case.institution.today())
    assert waiting(cast.head) == []


def test_either_of_two_moves_waits_by_the_reason_that_was_decided(
    cast: Cast, at: CaseAt, guards: set[GuardCode], through: Through
) -> None:
    case = at(Stage.REFLECTION)
    guards -= {GuardCode.EXTENDED}
    SupportCase.objects.filter(pk=case.pk).update(removal_reason=RemovalReason.GOALS_ACHIEVED)
    with through():
        watch(case.pk)
    assert [code for code, _case in waiting(cast.head)] == ["casework.next.REFLECTION.POST_SUPPORT"]


def test_nobody_is_told_of_a_restricted_family_by_its_number(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    SupportCase.objects.filter(pk=case.pk).update(is_restricted=True)
    with through():
        draft_notice(cast, case)
    assert waiting(cast.head) == []


def test_a_head_is_not_told_to_approve_own_support(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    row = drafted(case, cast.specialist)
    SupportCase.objects.filter(pk=case.pk).update(curator=cast.head)
    SupportProgramme.objects.filter(pk=row.pk).update(state=ProgrammeState.SUBMITTED)
    with through():
        watch(case.pk)
    assert waiting(cast.head) == []
    assert waiting(cast.deputy) == [("casework.next.approve", row.pk)]


def test_a_new_head_is_told_and_the_former_one_no_more(cast: Cast, at: CaseAt, through: Through) -> None:
    case = at(Stage.CONTRACTING)
    with through():
        draft_notice(cast, case)
    today = case.institution.today()
    post = Appointment.objects.get(user=cast.head, deputy_for=None)
    Appointment.objects.filter(pk=post.pk).update(
        starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1)
    )
    Appointment.objects.create(
        user=cast.colleague,
        role=post.role,
        region=post.region,
        institution=post.institution,
        department=post.department,
        starts_on=today,
    )
    assert tell(SupportCase.objects.filter(pk=case.pk), today) == 1
    assert waiting(cast.head) == []
    assert waiting(cast.colleague) == [("casework.next.send", case.pk)]
    assert tell(SupportCase.objects.filter(pk=case.pk), today) == 0


def test_telling_costs_the_same_for_any_number_of_cases(cast: Cast, at: CaseAt) -> None:
    """One statement finds the steps that are concerned; one tells of notices, one of cases that are ready to move."""

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            tell(SupportCase.objects.all(), cast.institution.today())
        return len(queries)

    draft_notice(cast, at(Stage.CONTRACTING))
    assert cost() == 3
    for _number in range(3):
        draft_notice(cast, at(Stage.CONTRACTING))
    assert cost() == 3


def test_a_transaction_looks_once_and_a_step_taken_back_is_not_missed(cast: Cast, at: CaseAt, through: Through) -> None:
    first, second = at(Stage.CONTRACTING), at(Stage.CONTRACTING)
    with through() as callbacks:
        watch(first.pk)
        watch(second.pk)
        watch(first.pk)
    assert len(callbacks) == 1
    with through() as callbacks:
        with transaction.atomic():
            watch(first.pk)
            transaction.set_rollback(True)
        watch(first.pk)
    assert len(callbacks) == 1


@pytest.mark.parametrize(
    ("state", "next_step"),
    [
        (ProgrammeState.DRAFT, "Дальше: семья соглашается с программой, специалист отмечает согласие."),
        (ProgrammeState.AGREED, "Дальше: заведующий отделением отправляет программу на утверждение."),
        (
            ProgrammeState.SUBMITTED,
            "Дальше: программу утверждает уполномоченный орган, заведующий отделением",
        ),
        (ProgrammeState.APPROVED, "Дальше: специалист составляет договор о сопровождении, директор его подписывает."),
        (ProgrammeState.ACTIVE, ""),
    ],
)
def test_the_page_of_a_programme_says_whose_step_is_next(
    cast: Cast, at: CaseAt, state: ProgrammeState, next_step: str
) -> None:
    row = programme_at(state, at(Stage.CONTRACTING), author=cast.specialist, head=cast.head)
    page = client_of(cast.specialist).get(f"/programmes/{row.pk}/").content.decode()
    assert next_step in page
    assert ("Дальше: " in page) == bool(next_step)


def test_every_move_of_the_head_that_has_conditions_is_a_step() -> None:
    wanted = [move for move in MOVES if move.requires and move.by in {Mover.HEAD, Mover.HEAD_OR_DIRECTOR}]
    assert wanted
    for move in wanted:
        told = Notification(code=f"casework.next.{move.source}.{move.target}", params={"number": "7/2026"})
        assert text_of(told) == f"Случай №\N{NO-BREAK SPACE}7/2026 ждёт вашего решения: «{move.title}»"
