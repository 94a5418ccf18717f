"""What reports tell other rooms: notices, the door of their files, closed periods; `monitoring.apps` imports it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.journal import register_answering, register_places
from accounts.models import User
from accounts.notifications import register
from casework.models import SupportCase
from casework.registry import register_period_lock
from common.calendar import Quarter
from monitoring.access import may_export
from monitoring.chain import ACCEPTED_ONCE
from monitoring.enums import ReportLevel
from monitoring.indicators.answering import with_units
from monitoring.models import QuarterlyReport
from monitoring.papers import OWNER
from monitoring.services import rendering
from records.doors import register_owner

__all__ = ["find_reports", "is_period_reported", "rendering"]


def find_reports(user: User, ids: Collection[int]) -> Iterable[QuarterlyReport]:
    """Those of the editions that `user` may open now: the door of their files."""
    return QuarterlyReport.objects.visible_to(user).filter(pk__in=ids)


def is_period_reported(case: SupportCase, day: date) -> bool:
    """Whether a report that counts this case on the quarter of `day` has been accepted: the facts are then closed (R8).

    The report of who was its curator on that day, of the department where they worked, or of its institution.
    """
    answered = with_units(SupportCase.objects.filter(pk=case.pk), day)
    taken = QuarterlyReport.objects.of(Quarter.containing(day)).filter(
        institution=case.institution_id, state__in=ACCEPTED_ONCE
    )
    whole = Q(level=ReportLevel.INSTITUTION)
    part = Q(level=ReportLevel.DEPARTMENT, department__in=answered.values("unit_department"))
    own = Q(level=ReportLevel.SPECIALIST, specialist__in=answered.values("unit_curator"))
    return taken.filter(whole | part | own).exists()


register("report.submit", _("A report on quarter %(quarter)s of %(year)s (%(unit)s) waits for your acceptance."))
register("report.return", _("Your report on quarter %(quarter)s of %(year)s (%(unit)s) was returned with a remark."))
register("report.accept", _("Your report on quarter %(quarter)s of %(year)s (%(unit)s) was accepted."))
register("report.publish", _("A report on quarter %(quarter)s of %(year)s (%(unit)s) was published."))
register("report.receive", _("The ministry accepted the report on quarter %(quarter)s of %(year)s (%(unit)s)."))
register("report.author", _("You are to write the institution's report on quarter %(quarter)s of %(year)s (%(unit)s)."))
register_places({"reports/": "quarterlyreport"})
register_answering({"quarterlyreport": "institution"})
register_owner(OWNER, find_reports, may_read=may_export)
register_period_lock(is_period_reported)
