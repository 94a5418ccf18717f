"""The files of a report: ordered in the transaction of the act, made by a worker, frozen (design, 7)."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from accounts.access import require
from accounts.models import User
from monitoring import access
from monitoring.enums import LOWER_LEVEL
from monitoring.models import QuarterlyReport
from monitoring.papers import issue_report, issue_workbook_of
from monitoring.services.figures import lower_sums, missing_below
from records.enums import WorkState
from records.models import IssuedDocument, WorkOrder
from records.models.work import WorkOrderQuerySet
from records.services.work import order_work, retry_order
from records.services.workers import register_worker

KIND = "monitoring.report"
PDF, XLSX = "monitoring.report", "monitoring.report.xlsx"
LEASE = timedelta(minutes=3)


def order_rendering(*, report: QuarterlyReport, actor: User | None, not_before: datetime | None = None) -> WorkOrder:
    """Have PDF and XLSX made of the edition as it stands; the same state of it is ordered once.

    Work that was cancelled, because who ordered it lost the right meanwhile, may be ordered anew; failed work is tried
    again by `retry_rendering`.
    """
    figures = f"{report.figures_at:%Y%m%d%H%M%S}{_below(report)}"
    cancelled = orders_of(report).filter(state=WorkState.CANCELLED).count()
    return order_work(
        kind=KIND,
        key=f"{report.pk}:{report.version}:{figures}:{cancelled}",
        params={"report": report.pk},
        actor=actor,
        not_before=not_before,
    )


def _below(report: QuarterlyReport) -> str:
    """What a draft shows of the reports below at the moment, as a short mark: it changes without the draft itself."""
    if not report.is_draft or report.level not in LOWER_LEVEL:
        return ""
    shown = [sorted(lower_sums([report]).get(report.unit_id, {}).items()), missing_below(report)]
    return f":{hashlib.sha256(repr(shown).encode()).hexdigest()[:12]}"


@transaction.atomic
def retry_rendering(*, report: QuarterlyReport, actor: User) -> WorkOrder:
    """Try failed work again, or order it where none waits. Raises PermissionDenied for who may not take the files."""
    require(access.may_export(actor, report))
    last = orders_of(report).first()
    if last is not None and last.state == WorkState.FAILED:
        return retry_order(order=last)
    return order_rendering(report=report, actor=actor)


def orders_of(report: QuarterlyReport) -> WorkOrderQuerySet:
    """The orders for files of this edition, the newest first."""
    return WorkOrder.objects.filter(kind=KIND, params={"report": report.pk}).order_by("-created_at", "-pk")


def unfinished(reports: Collection[int]) -> set[int]:
    """Those of these reports whose last order is not carried out: the files they have show an earlier state."""
    orders = WorkOrder.objects.filter(kind=KIND, params__report__in=list(reports)).order_by("created_at", "pk")
    last = {params["report"]: state for params, state in orders.values_list("params", "state")}
    return {pk for pk, state in last.items() if state != WorkState.DONE}


def files_of(report: QuarterlyReport) -> list[IssuedDocument]:
    """The newest PDF and XLSX of the edition, without their bytes."""
    papers = IssuedDocument.objects.of(PDF, report.pk).newest_versions().without_pdf()
    return list(papers.order_by("kind"))


def render(order: WorkOrder, user: User | None) -> int:
    """Make the files as whoever ordered them: the right to see and to take them is asked anew."""
    reports = QuarterlyReport.objects.visible_to(user) if user else QuarterlyReport.objects.all()
    report = reports.with_units().filter(pk=order.params["report"]).first()
    if report is None:
        raise Http404
    if user is not None and not access.may_export(user, report):
        raise PermissionDenied
    document = issue_report(report=report, actor=user)
    issue_workbook_of(report=report, actor=user)
    return document.pk


register_worker(KIND, render, title=_("files of a quarterly report"), lease=LEASE)
