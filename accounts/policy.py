"""Which value of a setting holds for a case, a council or an institution on a day (clarifications, Policy).

The narrowest level that names a value wins: the case (visit interval), the council (quorum, notice days), the
institution (what counts as a contact), the region. Every level is dated. A value that only the region sets is read from
`institution.region.policy_on(day)` directly.
"""

from datetime import date
from typing import Any, Protocol

from accounts.models import Institution, Region


class PolicySource(Protocol):
    """A record that may have its own value of a setting: a case, a council, an institution."""

    def policy_value(self, name: str, day: date) -> Any:
        """Its own value of the setting `name` on `day`, None where it follows its institution or region."""


def visit_interval_months(region: Region, day: date, *, case: PolicySource | None = None) -> int:
    """Months between two contacts with a family: the case's own interval, else the region's (lessons, 5)."""
    return int(_resolve("visit_interval_months", region, day, case))


def quorum_percent(region: Region, day: date, *, council: PolicySource | None = None) -> int:
    """The share of members that makes a session valid: the council's, else the region's."""
    return int(_resolve("quorum_percent", region, day, council))


def session_notice_days(region: Region, day: date, *, council: PolicySource | None = None) -> int:
    """Working days between the invitation and the session: the council's, else the region's."""
    return int(_resolve("session_notice_days", region, day, council))


def contact_requires_home_visit(institution: Institution, day: date) -> bool:
    """Whether only visits at home and on trips count as a contact (R1): the institution's rule, else the region's."""
    return bool(_resolve("contact_requires_home_visit", institution.region, day, institution))


def _resolve(name: str, region: Region, day: date, *levels: PolicySource | None) -> Any:
    """The value of the first of `levels`, narrowest first, that names one; else the region's.

    Raises NoPolicy when no level names a value and the region has no policy for `day`.
    """
    for level in levels:
        value = level.policy_value(name, day) if level else None
        if value is not None:
            return value
    return getattr(region.policy_on(day), name)
