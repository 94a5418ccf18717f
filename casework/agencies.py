"""Which agencies work with a family, and how, for the overview of its case (S0-62); `casework.apps` imports this."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from casework.access import may_read_details
from casework.enums import ActivityState, NoticeSubject, ProgrammeState
from casework.models import AgencyNotice, ProgrammeActivity, ServiceRecord, SupportCase
from casework.models.programmes import IN_FORCE
from casework.registry import Panel, register_panel
from partners.models import PartnerOrganisation

IN_WORK = (*IN_FORCE, ProgrammeState.COMPLETED)
PARTS = (
    ("has_activity", _("takes part in the programme")),
    ("has_service", _("renders services")),
    ("has_notice", _("was notified")),
)
"""The ways in which an agency is involved, as they are annotated and shown."""


def notices_of_support(on: date) -> QuerySet[AgencyNotice]:
    """Notices sent by `on` that tell an organisation of the support or of its part in the programme (S4-22)."""
    return AgencyNotice.objects.filter(subject__in=(NoticeSubject.ENROLLED, NoticeSubject.PROGRAMME), sent_on__lte=on)


def untold_activities(on: date) -> QuerySet[ProgrammeActivity]:
    """Activities of programmes in force whose executor is an organisation that no notice has reached by `on` (I4)."""
    told = notices_of_support(on).filter(case=OuterRef("programme__case"), addressee=OuterRef("executor_partner"))
    rows = ProgrammeActivity.objects.filter(programme__state__in=IN_FORCE, executor_partner__isnull=False)
    return rows.exclude(state=ActivityState.CANCELLED).filter(~Exists(told))


def untold_agencies(case: SupportCase, on: date) -> QuerySet[PartnerOrganisation]:
    """The organisations that carry out the programme of `case` in force and still lack a notice, by title."""
    waiting = untold_activities(on).filter(programme__case=case, executor_partner=OuterRef("pk"))
    return PartnerOrganisation.objects.filter(Exists(waiting), region=case.region_id).order_by("title", "pk")


def agencies_panel(request: HttpRequest, case: SupportCase) -> dict[str, Any] | None:
    """The organisations of programme, journal and notices, one query; a cancelled activity or row involves nobody."""
    if not may_read_details(signed_in(request)):
        return None
    activities = ProgrammeActivity.objects.exclude(state=ActivityState.CANCELLED).filter(
        programme__case=case, programme__state__in=IN_WORK, executor_partner=OuterRef("pk")
    )
    services = ServiceRecord.objects.valid().filter(case=case, partner=OuterRef("pk"))
    notices = AgencyNotice.objects.filter(case=case, addressee=OuterRef("pk"), sent_on__isnull=False)
    partners = PartnerOrganisation.objects.annotate(
        has_activity=Exists(activities), has_service=Exists(services), has_notice=Exists(notices)
    ).filter(Q(has_activity=True) | Q(has_service=True) | Q(has_notice=True), region=case.region_id)
    rows = [
        {"partner": row, "parts": [title for name, title in PARTS if getattr(row, name)]}
        for row in partners.order_by("title", "pk")
    ]
    return {"agencies": rows} if rows else None


register_panel(Panel("agencies", "casework/_agencies.html", agencies_panel, position=30))
