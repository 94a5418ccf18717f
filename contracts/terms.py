"""When a social contract may end (R6): the region's limit in force on the day it begins, else the federal rules'."""

from datetime import date

from accounts.models import Region
from casework.enums import ContractDutyKind
from common.calendar import DateRange, contract_end_window
from contracts.models import TermLimit

SHORTEST_MONTHS = 3
LONGEST_MONTHS = {
    ContractDutyKind.JOB_SEARCH: 9,
    ContractDutyKind.BUSINESS: 12,
    ContractDutyKind.SMALLHOLDING: 12,
    ContractDutyKind.OTHER_HARDSHIP: 6,
}


def end_window(region: Region, kind: str, starts_on: date) -> DateRange:
    """The days on which a contract of this kind that begins on `starts_on` may end."""
    limits = TermLimit.objects.filter(region=region, kind=kind, valid_from__lte=starts_on).order_by("-valid_from")
    limit = limits.first()
    if limit is not None:
        return contract_end_window(starts_on, limit.longest_months, limit.shortest_months)
    return contract_end_window(starts_on, LONGEST_MONTHS[ContractDutyKind(kind)], SHORTEST_MONTHS)
