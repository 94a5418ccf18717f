"""Which agencies work with a family, and how, for the overview of its case (S0-62); `casework.apps` imports this."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from casework.access import may_read_details
from casework.enums import ActivityState, ProgrammeState
from casework.models import AgencyNotice, ProgrammeActivity, ServiceRecord, SupportCase
from casework.registry import Panel, register_panel
from partners.models import PartnerOrganisation

IN_WORK = (ProgrammeState.APPROVED, ProgrammeState.ACTIVE, ProgrammeState.COMPLETED)
PARTS = (
    ("has_activity", _("takes part in the programme")),
    ("has_service", _("renders services")),
    ("has_notice", _("was notified")),
)
"""The ways in which an agency is involved, as they are annotated and shown."""


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
