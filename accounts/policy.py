"""Which value of a setting holds for a case or a council on a day (clarifications, Policy).

The narrowest level that names a value wins: the case (visit interval), the council (quorum, notice days), else the
region's policy of the day. Every value is dated: `own` is the one that the case (`casework.catalogue`) or the council
(`councils.models.CouncilPolicy`) sets for the day. What counts as a contact is resolved in the database
(`casework.contacts`), from the institution's dated policy and the region's. A value that only the region sets is read
from `region.policy_on(day)` directly.
"""

from datetime import date

from accounts.models import Region


def visit_interval_months(region: Region, day: date, *, own: int | None = None) -> int:
    """Months between two contacts with a family: the case's own interval of the day, else the region's (lessons, 5)."""
    return region.policy_on(day).visit_interval_months if own is None else own


def quorum_percent(region: Region, day: date, *, own: int | None = None) -> int:
    """The share of members that makes a session valid: the council's own, else the region's."""
    return region.policy_on(day).quorum_percent if own is None else own


def session_notice_days(region: Region, day: date, *, own: int | None = None) -> int:
    """Working days between the invitation and the session: the council's own, else the region's."""
    return region.policy_on(day).session_notice_days if own is None else own
