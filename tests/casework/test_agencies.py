"""The overview of a case names the agencies that work with the family (S0-62)."""

import re

import pytest
from django.urls import reverse

from accounts.models import User
from casework.enums import ExecutorKind, LegalBasis, NoticeSubject, ProgrammeState, Stage
from casework.models import AgencyNotice, ProgrammeActivity, ServiceRecord, SupportCase
from casework.services import notices
from tests.casework.conftest import CaseAt
from tests.casework.rows import enter_row
from tests.cast import Cast, client_of
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import programme_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(at: CaseAt) -> SupportCase:
    return at(Stage.ACTIVE)


def shown(user: User, case: SupportCase) -> str:
    answer = client_of(user).get(reverse("casework:case", args=[case.pk]))
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.requirement("S0-62", "S3-18")
def test_agencies_are_named_with_their_part(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    clinic, school, police, idle = (
        PartnerFactory.create(institution=cast.institution, title=title)
        for title in ("Районная поликлиника", "Школа № 5", "Отдел полиции", "Музей")
    )
    assert "Участвующие организации" not in shown(cast.specialist, case)
    programme = programme_at(ProgrammeState.ACTIVE, case, author=cast.specialist, head=cast.head)
    activity = programme.activities.order_by("position")[0]
    rows = ProgrammeActivity.objects.filter(pk=activity.pk)
    rows.update(executor_kind=ExecutorKind.PARTNER, executor_partner=clinic, executor_user=None, executor_member=None)
    [service] = enter_row(case, today)
    ServiceRecord.objects.filter(pk=service.pk).update(partner=school)
    notice = AgencyNotice(
        case=case,
        addressee=police,
        subject=NoticeSubject.ENROLLED,
        legal_basis=LegalBasis.CHILD_PROTECTION,
        text="Семья поставлена на сопровождение",
    )
    notices.save_notice(notice=notice, actor=cast.specialist)
    page = shown(cast.head, case)
    assert police.title not in page
    notices.send(notice=notice, on=today, method="почта", actor=cast.head)
    page = shown(cast.head, case)
    for partner, part in ((clinic, "участвует в программе"), (school, "оказывает услуги"), (police, "уведомлена")):
        assert re.search(rf"{partner.title}</span><div class=\"sub\">{part}", page), partner
    assert idle.title not in page
    rows.update(state="CANCELLED")
    ServiceRecord.objects.filter(pk=service.pk).update(
        cancelled_at=notice.created_at, cancelled_by=cast.head, cancel_reason="ошибка"
    )
    page = shown(cast.head, case)
    assert clinic.title not in page
    assert school.title not in page
