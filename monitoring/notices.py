"""Texts of the notifications of the monitoring room; `monitoring.apps` imports this module."""

from django.utils.translation import gettext_lazy as _

from accounts.notifications import register

register(
    "monitoring.term_ending",
    _("Case No. %(number)s: support ends on %(until)s"),
    summary=_("Support that ends within a month"),
)
register(
    "monitoring.term_ending_soon",
    _("Case No. %(number)s: support ends on %(until)s, prepare the decision of the council"),
    summary=_("Support that ends within a week"),
)
register(
    "monitoring.term_over",
    _("Case No. %(number)s: support ended on %(until)s, and there is no decision"),
    summary=_("Support that ended without a decision"),
)
register(
    "monitoring.sheet_due",
    _("Social contract No. %(number)s: fill in the follow-up sheet of month %(month)s by %(until)s"),
    summary=_("Follow-up sheets to fill in"),
)
register(
    "monitoring.sheet_overdue",
    _("Social contract No. %(number)s: the follow-up sheet of month %(month)s was due by %(until)s"),
    summary=_("Overdue follow-up sheets"),
)
register(
    "monitoring.decision_overdue",
    _("A decision of session No. %(session)s was to be carried out by %(due)s"),
    summary=_("Overdue decisions of councils"),
)
register(
    "monitoring.quarter_ending",
    _("Quarter %(quarter)s of %(year)s ends: enter what is missing, the report is due by %(due)s"),
    summary=_("The quarter ends"),
)
register(
    "monitoring.report_due",
    _("Report on quarter %(quarter)s of %(year)s (%(unit)s): submit it by %(due)s"),
    summary=_("Reports to submit"),
)
register(
    "monitoring.report_overdue",
    _("Report on quarter %(quarter)s of %(year)s (%(unit)s): it was due by %(due)s and is not submitted"),
    summary=_("Overdue reports"),
)
