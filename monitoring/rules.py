"""The automatic rules of the installation: each with its words, its hour and its job; the page shows them all.

What a rule counts is in its runs (`records.JobRun`); what it orders is in work orders. A task of the schedule in
config/celery.py that is not listed here stops the tests: a rule that nobody can read about is no rule (lessons, 13).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import time

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.contacts import refresh_contacts
from casework.models import SupportCase
from casework.waiting import tell
from councils.waiting import tell_of_all
from monitoring import digest, reminders
from monitoring.daily import Counts, DailyRule, LocalDay, register_daily
from monitoring.reminders import Reminder, Rows
from records.services.workers import register_worker

MORNING = time(7)
AFTER_MIDNIGHT = time(0, 15)


@dataclass(frozen=True, slots=True)
class StandingRule:
    """A rule that runs for the whole installation by the clock of the server: the task of the schedule, in words."""

    task: str
    title: Promise
    does: Promise
    source: Promise | str
    by_policy: bool = False
    """Whether the policy of the region sets it: the page names the act of that policy beside it."""


STANDING_RULES: list[StandingRule] = [
    StandingRule(
        "monitoring.apply_daily_rules",
        _("Daily rules"),
        _("Looks which daily rules are due in which region, and applies them; makes up for what was missed."),
        _("A deadline missed while the server was off is kept at its start."),
    ),
    StandingRule(
        "monitoring.draft_reports",
        _("Drafts of quarterly reports"),
        _("Drafts the reports of every level once the quarter has ended by the institution's own clock."),
        _("Quarterly reports of specialists, heads and directors"),
        by_policy=True,
    ),
    StandingRule(
        "contracts.advance",
        _("Social contracts"),
        _("Puts contracts in force on their first day, ends and completes follow-ups, asks how an expired one ended."),
        _("The months of follow-up after a social contract"),
        by_policy=True,
    ),
    StandingRule(
        "records.sweep",
        _("Background work"),
        _("Gives out work that is due, and takes it back from a worker that was lost."),
        _("Orders are kept in the database and do not get lost."),
    ),
    StandingRule(
        "records.seal",
        _("Seal of the access journal"),
        _("Puts a seal over the newest rows of the access journal, so that a change would show."),
        _("Access rules: nobody can change the journal of readings."),
    ),
    StandingRule(
        "records.tidy",
        _("Nightly tidying"),
        _("Drops drafts that have expired, old accounts of runs, and files that belong to nothing."),
        _("Rules of keeping data."),
    ),
    StandingRule(
        "config.heartbeat",
        _("Heartbeat"),
        _("Leaves a mark that the schedule, the queue and a worker are alive."),
        _("Watching over the server."),
    ),
]


def _remind(
    code: str,
    target: str,
    facts: Callable[[LocalDay], Iterable[Rows]],
    objects: Callable[[LocalDay], Rows],
    *,
    title: Promise,
    does: Promise,
    source: Promise,
    by_policy: bool = True,
) -> None:
    """Make a reminder a rule of each working morning (domain 3.11; S2-29)."""
    job = Reminder(code, target, facts, objects).tell
    register_daily(
        DailyRule(name=code, title=title, does=does, source=source, hour=MORNING, job=job, by_policy=by_policy)
    )


def refresh_due_dates(day: LocalDay) -> Counts:
    """Bring the due dates of open cases up to date: a pause, a duty or a policy begins or ends by itself."""
    cases = SupportCase.objects.open().filter(institution__in=day.institutions)
    return {"changed": refresh_contacts(cases.order_by().values_list("pk", flat=True), day.today)}


def tell_waiting(day: LocalDay) -> Counts:
    """Tell heads and directors what waits for them by a date or a change of posts alone; services tell all the rest.

    The end of a contract's duty, and of the time of post-support, lets a case be closed.
    """
    return {"told": tell(SupportCase.objects.filter(institution__in=day.institutions), day.today)}


def tell_of_sessions(day: LocalDay) -> Counts:
    """Tell chairs and secretariats which sessions wait for them since a day has passed or posts have changed."""
    return {"told": tell_of_all(day.institutions)}


def register_rules() -> None:
    """Name all rules of this room; called once, when the applications start."""
    register_worker(digest.DIGEST, digest.send_digest, title=_("the daily letter"))
    register_daily(
        DailyRule(
            name="monitoring.refresh_due_dates",
            title=_("Due dates of contacts"),
            does=_("Moves the due date where a pause, a contract duty or a policy begins or ends today."),
            source=_("The interval between contacts; pauses of support"),
            by_policy=True,
            hour=AFTER_MIDNIGHT,
            job=refresh_due_dates,
            working_days_only=False,
        )
    )
    _register_contacts()
    _register_terms_and_decisions()
    _register_reports()
    register_daily(
        DailyRule(
            name="casework.waiting",
            title=_("What waits for heads and directors"),
            does=_("Tells heads and directors which cases and papers wait for their step since a date has come."),
            source=_("The stages of support"),
            hour=MORNING,
            job=tell_waiting,
        )
    )
    register_daily(
        DailyRule(
            name="councils.waiting",
            title=_("Sessions that wait for the chair or the secretariat"),
            does=_(
                "Tells who chairs that an agenda is to be approved, and the secretariat that the day of a session has "
                "passed without it."
            ),
            source=_("Regulations of the councils"),
            hour=MORNING,
            job=tell_of_sessions,
        )
    )
    register_daily(
        DailyRule(
            name=digest.DIGEST,
            title=_("Daily letter"),
            does=_("Sends each person one letter with the numbers of unread notifications; no names, no case numbers."),
            source=_("Access rules: letters hold no personal data."),
            hour=MORNING,
            job=digest.order_digests,
        )
    )


def _register_contacts() -> None:
    order = _("The interval between contacts, on working days")
    target = "casework:case"
    case_ids = reminders.case_ids
    _remind(
        "casework.contact_due",
        target,
        reminders.contacts_due,
        case_ids,
        title=_("Contact is due soon"),
        does=_("Reminds the curator in the days before a contact is due, as the region's policy says. Not in a pause."),
        source=order,
    )
    _remind(
        "casework.contact_overdue",
        target,
        reminders.contacts_overdue,
        case_ids,
        title=_("Contact is overdue"),
        does=_("Reminds the curator from the day after a contact was due. Not in a pause."),
        source=order,
    )
    _remind(
        "casework.contact_overdue_head",
        target,
        reminders.late_contacts_of_department,
        case_ids,
        title=_("Overdue contact, to the head"),
        does=_("Tells the head of the department after the days of the region's policy (by default 7)."),
        source=order,
    )
    _remind(
        "casework.contact_overdue_director",
        target,
        reminders.late_contacts_of_institution,
        case_ids,
        title=_("Overdue contact, to the director"),
        does=_("Tells the director after the days of the region's policy (by default 30)."),
        source=order,
    )
    _remind(
        "casework.contact_overdue_restricted",
        "",
        reminders.late_contacts_of_restricted,
        case_ids,
        title=_("Overdue contact with a restricted family"),
        does=_("Tells the head and then the director that there is one, without its number."),
        source=_("Access rules: restricted families"),
        by_policy=False,
    )


def _register_terms_and_decisions() -> None:
    term = _("The shortest and the longest term of support")
    _remind(
        "monitoring.term_ending",
        "casework:case",
        reminders.terms_ending,
        reminders.case_ids,
        title=_("Support ends within a month"),
        does=_("Reminds the curator and the head 30 days before the planned end."),
        source=term,
    )
    _remind(
        "monitoring.term_ending_soon",
        "casework:case",
        reminders.terms_ending_soon,
        reminders.case_ids,
        title=_("Support ends within a week"),
        does=_("Reminds the curator and the head 7 days before the planned end."),
        source=term,
    )
    _remind(
        "monitoring.term_over",
        "casework:case",
        reminders.terms_over,
        reminders.case_ids,
        title=_("Support ended without a decision"),
        does=_("Reminds the curator and the head from the day after the planned end."),
        source=term,
    )
    follow_up = _("The months of follow-up after a social contract")
    _remind(
        "monitoring.sheet_due",
        "contracts:contract",
        reminders.sheets_due,
        reminders.contract_ids,
        title=_("Follow-up sheet is due"),
        does=_("Reminds the curator when the month of a sheet begins."),
        source=follow_up,
    )
    _remind(
        "monitoring.sheet_overdue",
        "contracts:contract",
        reminders.sheets_overdue,
        reminders.contract_ids,
        title=_("Follow-up sheet is overdue"),
        does=_("Reminds the curator when the month is over and the sheet is not filled in."),
        source=follow_up,
    )
    _remind(
        "monitoring.decision_overdue",
        "councils:decision",
        reminders.decisions_overdue,
        reminders.decision_ids,
        title=_("Decision of a council is overdue"),
        does=_("Reminds the executor and the secretary when the day has passed on which it was to be carried out."),
        source=_("Regulations of the councils"),
        by_policy=False,
    )


def _register_reports() -> None:
    order = _("The days on which reports are due")
    _remind(
        "monitoring.quarter_ending",
        "",
        reminders.quarter_ending,
        reminders.reporters,
        title=_("The quarter ends"),
        does=_("From the 25th of its last month tells specialists, heads and directors when their reports are due."),
        source=order,
    )
    _remind(
        "monitoring.report_due",
        "reports:report",
        reminders.reports_due,
        reminders.report_ids,
        title=_("Report is due"),
        does=_("Reminds whoever submits a report, from its draft until its due day."),
        source=order,
    )
    _remind(
        "monitoring.report_overdue",
        "reports:report",
        reminders.reports_overdue,
        reminders.report_ids,
        title=_("Report is overdue"),
        does=_("Reminds whoever submits it, and tells the level above, when the due day has passed."),
        source=order,
    )
