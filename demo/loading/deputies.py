"""Somebody who acts in place of another: the demo's specialist for the head of their department, who is on leave."""

from datetime import date, timedelta

from accounts.models import Appointment, Department, User
from casework.enums import LegalBasis, NoticeSubject, Stage
from casework.models import AgencyNotice, SupportCase
from casework.services import notices
from demo.loading.programmes import NOTICE_OF_PROGRAMME

LEAVE_BEGAN, LEAVE_LASTS = timedelta(days=7), timedelta(days=14)


def load_deputy(department: Department, head: User, deputy: User, today: date) -> None:
    """Appoint the deputy for the leave of the head, and let them send a notice of today «И. о.»."""
    post = head.appointments.get(department=department)
    standing_in = Appointment.objects.create(
        user=deputy,
        role=post.role,
        region=post.region,
        institution=post.institution,
        department=department,
        deputy_for=post,
        starts_on=today - LEAVE_BEGAN,
        ends_on=today + LEAVE_LASTS,
        order="№ 31-л/с",
    )
    cases = SupportCase.objects.filter(department=department, stage=Stage.ACTIVE, curator=deputy)
    told = AgencyNotice.objects.filter(case__in=cases, subject=NoticeSubject.PROGRAMME).select_related("case")
    earlier = told.order_by("case", "pk").first()
    if earlier is None:
        raise ValueError(f"{department} has no case in support whose programme a partner carries out")
    notice = AgencyNotice(
        case=earlier.case,
        addressee=earlier.addressee,
        subject=NoticeSubject.PROGRAMME,
        legal_basis=LegalBasis.NO_PERSONAL_DATA,
        text=NOTICE_OF_PROGRAMME,
    )
    author, sender = User.objects.get(pk=deputy.pk), User.objects.get(pk=deputy.pk)
    sender.work_as(standing_in)
    notices.save_notice(notice=notice, actor=author)
    notices.send(notice=notice, on=today, method="почта", actor=sender)
