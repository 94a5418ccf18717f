"""Two people who do the same at the same moment, each in a request of their own: one is served, the other is told.

Both requests have read everything before either may change it, which is the worst of all orders: they go on only when
both have come to the row.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from allauth.account.internal.flows import reauthentication
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Notification, User
from casework.enums import RemovalReason, Stage
from casework.models import CaseDecision, CaseEvent, CuratorAssignment, StageChange, SupportCase
from councils.enums import SessionState
from councils.models import CouncilSession, Minutes
from families.enums import GrantReason
from families.models import Consent, Family, FamilyGrant
from records.models import Attachment, IssuedDocument, NumberSequence
from tests.access.filling import filled, form_of
from tests.casework.visiting import active_case, fill_dictionaries, recorded
from tests.cast import Cast, client_of
from tests.factories.accounts import AppointmentFactory
from tests.factories.casework import case_at
from tests.factories.councils import PDF, session_at
from tests.factories.families import granted, household
from tests.factories.programmes import drafted
from tests.records.concurrency import at_the_same_moment

pytestmark = pytest.mark.django_db(transaction=True)

Send = Callable[[], HttpResponseBase]
CONFLICT = "Запись уже сохранил другой человек"
OWN_CONFLICT = "Запись уже сохранили вы сами"


def opened(client: Client, path: str, cast: Cast, **typed: Any) -> Send:
    """Open the page of a form now and fill it in; what is returned sends it."""
    page = client.get(path)
    assert page.status_code == 200, path
    form = form_of(page.content.decode(), path)
    assert form is not None, path
    return partial(client.post, path, filled(form, cast.institution.today(), **typed))


def second(cast: Cast, role: Role) -> User:
    """Another person in the post."""
    unit = {"department": cast.department} if role == Role.DEPARTMENT_HEAD else {"institution": cast.institution}
    post = AppointmentFactory.create(role=role, **unit)
    if post.needs_second_factor:
        Authenticator.objects.create(user=post.user, type=Authenticator.Type.TOTP, data={"secret": "second"})
    user: User = post.user
    return user


def told(*answers: HttpResponseBase) -> tuple[int, str]:
    """Which of two was not served, and the page that this one was shown."""
    assert sorted(answer.status_code for answer in answers) == [200, 302], answers
    loser = next(number for number, answer in enumerate(answers) if answer.status_code == 200)
    return loser, answers[loser].getvalue().decode()


def a_visit(cast: Cast) -> tuple[Any, str]:
    return recorded(active_case(cast), cast.specialist), "casework:visit_edit"


def a_programme(cast: Cast) -> tuple[Any, str]:
    case = case_at(
        Stage.CONTRACTING,
        family=household(department=cast.department),
        curator=cast.specialist,
        actor=cast.specialist,
    )
    return drafted(case, cast.specialist), "casework:programme_edit"


def a_family(cast: Cast) -> tuple[Any, str]:
    return household(department=cast.department, curator=cast.specialist), "families:edit"


@pytest.mark.parametrize(
    ("make", "people", "contested", "own"),
    [
        (a_visit, ("specialist", "head"), "observations", "recommendations"),
        (a_programme, ("specialist", "specialist"), "goal", "family_goals"),
        (a_family, ("specialist", "head"), "title", "address_note"),
    ],
)
def test_of_two_saves_of_one_record_one_is_kept_and_the_other_shown_beside_it(
    cast: Cast, make: Callable[[Cast], tuple[Any, str]], people: tuple[str, str], contested: str, own: str
) -> None:
    fill_dictionaries()
    record, route = make(cast)
    path, version = reverse(route, args=[record.pk]), record.version
    typed = [{contested: f"Набрал {name}", own: f"Заметил {name}"} for name in ("первый", "второй")]
    sends = [opened(client_of(cast.people[name]), path, cast, **text) for name, text in zip(people, typed, strict=True)]
    loser, shown = told(*at_the_same_moment(record, *sends))
    assert (CONFLICT if len({*people}) > 1 else OWN_CONFLICT) in shown
    for text in (*typed[loser].values(), *typed[1 - loser].values()):
        assert text in shown
    record.refresh_from_db()
    assert {name: getattr(record, name) for name in (contested, own)} == typed[1 - loser]
    assert record.version == version + 1


def test_of_two_who_enter_one_consent_the_second_is_asked(cast: Cast) -> None:
    family = household(department=cast.department, curator=cast.specialist)
    granted(family, cast.colleague, may_write=True)
    mother = family.memberships.get(is_representative=True).person_id
    path = reverse("families:consent_new", args=[family.pk])
    people = (cast.specialist, cast.colleague)
    sends = [opened(client_of(user), path, cast, subject=mother, given_by=mother) for user in people]
    loser, shown = told(*at_the_same_moment(family, *sends))
    assert "с той же целью действует" in shown
    assert Consent.objects.get(family=family).created_by == people[1 - loser]


def test_of_two_heads_who_assign_one_curator_is_assigned(cast: Cast) -> None:
    case = active_case(cast)
    others = [cast.colleague, AppointmentFactory.create(role=Role.SPECIALIST, department=cast.department).user]
    heads = [cast.head, second(cast, Role.DEPARTMENT_HEAD)]
    path = reverse("casework:assign", args=[case.pk])
    sends = [
        opened(client_of(head), path, cast, curator=curator.pk, reason="Отпуск")
        for head, curator in zip(heads, others, strict=True)
    ]
    loser, shown = told(*at_the_same_moment(case, *sends))
    assert "изменились" in shown
    assert 'value="Отпуск"' in shown
    chosen = others[1 - loser]
    assert CuratorAssignment.objects.get(case=case, ends_on=None).curator == chosen
    assert CuratorAssignment.objects.filter(case=case).count() == 2
    assert SupportCase.objects.get(pk=case.pk).curator == Family.objects.get(pk=case.family_id).curator == chosen
    handover = FamilyGrant.objects.get(family=case.family, reason=GrantReason.HANDOVER)
    assert handover.user == cast.specialist
    assert CaseEvent.objects.filter(case=case, kind="curator_changed").count() == 1
    assert not Notification.objects.filter(recipient=others[loser], target_id=case.pk).exists()


def test_of_two_heads_who_end_support_one_ends_it(cast: Cast) -> None:
    case = active_case(cast)
    path = reverse("casework:move", args=[case.pk, Stage.CLOSED])
    people = (cast.head, second(cast, Role.DEPARTMENT_HEAD))
    reasons = (RemovalReason.REFUSAL, RemovalReason.MOVED)
    sends = [
        opened(client_of(head), path, cast, reason=reason, basis=f"Основание {reason}")
        for head, reason in zip(people, reasons, strict=True)
    ]
    loser, shown = told(*at_the_same_moment(case, *sends))
    assert f"Основание {reasons[loser]}" in shown
    change = StageChange.objects.get(case=case, to_stage=Stage.CLOSED)
    assert (change.by, change.basis) == (people[1 - loser], f"Основание {reasons[1 - loser]}")
    assert SupportCase.objects.get(pk=case.pk).removal_reason == reasons[1 - loser]
    for kind in ("case_closed", "removed_without_council"):
        assert CaseEvent.objects.filter(case=case, kind=kind).count() == 1
    assert Notification.objects.filter(recipient=cast.specialist, code="casework.stage.CLOSED").count() == 1
    assert FamilyGrant.objects.filter(family=case.family, reason=GrantReason.HANDOVER).count() == 1


@pytest.mark.parametrize("people", [("secretary", "second"), ("chair", "secretary"), ("chair", "chair")])
def test_of_two_who_sign_the_minutes_one_signs(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, people: tuple[str, str]
) -> None:
    """Two secretaries upload the signed paper, or one while the chair signs in the system, or the chair twice."""
    monkeypatch.setattr(reauthentication, "is_reauthentication_required", lambda *_args, **_options: False)
    session = session_at(SessionState.MINUTES_DRAFTED, cast)
    others = {"second": second(cast, Role.COUNCIL_SECRETARY)}
    sends = [signing(session, name, others.get(name) or cast.people[name], cast) for name in people]
    told(*at_the_same_moment(session, *sends))
    minutes = Minutes.objects.get(session=session)
    session.refresh_from_db()
    assert session.state == SessionState.MINUTES_SIGNED
    assert session.number == minutes.number
    assert NumberSequence.objects.get(kind="councils.minutes").last == 1
    assert IssuedDocument.objects.get(kind="councils.minutes").pk == minutes.issued_document_id
    assert Attachment.objects.count() == (1 if minutes.signing_way == "ON_PAPER" else 0)
    assert CaseDecision.objects.filter(kind="ENROL").count() == 1
    assert CaseEvent.objects.filter(kind="council_decided").count() == 2
    assert Notification.objects.filter(recipient=cast.specialist, code="councils.decided_on_case").count() == 2


def signing(session: CouncilSession, name: str, user: User, cast: Cast) -> Send:
    if name == "chair":
        return opened(client_of(user), reverse("councils:minutes_sign", args=[session.pk]), cast)
    paper = SimpleUploadedFile("protokol.pdf", PDF, content_type="application/pdf")
    return opened(client_of(user), reverse("councils:minutes_upload", args=[session.pk]), cast, file=paper)
