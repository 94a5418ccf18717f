"""The indicators of the quarterly monitoring, in the order of the report (indicators 4.1; S0-55 to S0-60)."""

from django.utils.translation import gettext_lazy as _

from monitoring.indicators import facts
from monitoring.indicators.base import FigureKind, Indicator, Level

ABOVE_DEPARTMENT = frozenset({Level.INSTITUTION, Level.REGION})

COUNCILS, FAMILIES, CONTRACTS, VISITS = "councils", "families", "contracts", "visits"

SECTIONS = {
    COUNCILS: _("Councils"),
    FAMILIES: _("Families"),
    CONTRACTS: _("Social contracts"),
    VISITS: _("Visits and programmes"),
}

ENROLLED = Indicator("Q3", _("Put on support"), FigureKind.FLOW, FAMILIES, facts.ENROLLED)
REMOVED = Indicator("Q4", _("Removed from support"), FigureKind.FLOW, FAMILIES, facts.REMOVED)
IMPROVED = Indicator("Q5", _("of them having overcome hardship"), FigureKind.FLOW, FAMILIES, facts.IMPROVED)
IMPROVED_WITH_CONTRACT = Indicator(
    "Q8n",
    _("Removed with improvement, with a social contract"),
    FigureKind.FLOW,
    CONTRACTS,
    facts.IMPROVED_WITH_CONTRACT,
)

CATALOGUE: tuple[Indicator, ...] = (
    Indicator(
        "Q1",
        _("Sessions of the approving body held"),
        FigureKind.FLOW,
        COUNCILS,
        facts.SESSIONS,
        levels=ABOVE_DEPARTMENT,
        note=_("The body that approves programmes in the region; postponed and cancelled sessions do not count."),
    ),
    Indicator(
        "Q1n",
        _("of them without considering families"),
        FigureKind.FLOW,
        COUNCILS,
        facts.SESSIONS_WITHOUT_CASES,
        levels=ABOVE_DEPARTMENT,
    ),
    Indicator(
        "Q1a",
        _("Sessions of working groups"),
        FigureKind.FLOW,
        COUNCILS,
        facts.SESSIONS_WORKING_GROUP,
        levels=ABOVE_DEPARTMENT,
    ),
    Indicator(
        "Q1b",
        _("Sessions of precinct commissions"),
        FigureKind.FLOW,
        COUNCILS,
        facts.SESSIONS_PRECINCT,
        levels=ABOVE_DEPARTMENT,
    ),
    Indicator(
        "Q2",
        _("Cases of families considered"),
        FigureKind.FLOW,
        COUNCILS,
        facts.CONSIDERED,
        levels=ABOVE_DEPARTMENT,
        note=_("A family at two sessions counts twice, two questions on it at one session once."),
    ),
    Indicator(
        "Q2a",
        _("Cases considered by working groups"),
        FigureKind.FLOW,
        COUNCILS,
        facts.CONSIDERED_WORKING_GROUP,
        levels=ABOVE_DEPARTMENT,
    ),
    Indicator(
        "Q2b",
        _("Cases considered by precinct commissions"),
        FigureKind.FLOW,
        COUNCILS,
        facts.CONSIDERED_PRECINCT,
        levels=ABOVE_DEPARTMENT,
    ),
    Indicator(
        "Q2u",
        _("Different families considered"),
        FigureKind.COVERAGE,
        COUNCILS,
        facts.CONSIDERED_FAMILIES,
        levels=ABOVE_DEPARTMENT,
    ),
    ENROLLED,
    Indicator("Q3u", _("Different families put on support"), FigureKind.COVERAGE, FAMILIES, facts.ENROLLED_FAMILIES),
    REMOVED,
    Indicator(
        "Q4u", _("Different families removed from support"), FigureKind.COVERAGE, FAMILIES, facts.REMOVED_FAMILIES
    ),
    IMPROVED,
    Indicator(
        "Q7",
        _("Share of removals with improvement"),
        FigureKind.SHARE,
        FAMILIES,
        part=IMPROVED,
        whole=REMOVED,
        note=_("Of all removed from support."),
    ),
    Indicator("Q9", _("On support at the beginning"), FigureKind.STOCK, FAMILIES, facts.STOCK_BEFORE),
    Indicator("Q10", _("On support at the end"), FigureKind.STOCK, FAMILIES, facts.STOCK),
    Indicator("Q10p", _("In post-support at the end"), FigureKind.STOCK, FAMILIES, facts.POST_SUPPORT),
    Indicator(
        "Q6",
        _("Put on support on the ground of a social contract"),
        FigureKind.FLOW,
        CONTRACTS,
        facts.ENROLLED_BY_CONTRACT,
    ),
    Indicator(
        "Q6b",
        _("Concluded a social contract while on support"),
        FigureKind.COVERAGE,
        CONTRACTS,
        facts.SIGNED_ON_SUPPORT,
    ),
    IMPROVED_WITH_CONTRACT,
    Indicator(
        "Q8",
        _("Share with a social contract among removals with improvement"),
        FigureKind.SHARE,
        CONTRACTS,
        part=IMPROVED_WITH_CONTRACT,
        whole=IMPROVED,
        note=_("Signed before the removal, and not over twelve months before the case was opened."),
    ),
    Indicator(
        "Q11",
        _("Share of months of support with a contact"),
        FigureKind.SHARE,
        VISITS,
        ratio=facts.kept_months,
        months=facts.due_months,
        note=_("Whole months of support with a contact, of all whole months of support."),
    ),
    Indicator("Q12", _("Visits overdue at the end"), FigureKind.STOCK, VISITS, facts.OVERDUE),
    Indicator("Q13", _("Visits held"), FigureKind.FLOW, VISITS, facts.VISITS),
    Indicator("Q13h", _("of them at home and on trips"), FigureKind.FLOW, VISITS, facts.HOME_VISITS),
    Indicator("Q14", _("Programmes approved"), FigureKind.FLOW, VISITS, facts.PROGRAMMES_APPROVED),
    Indicator("Q14v", _("New versions of programmes approved"), FigureKind.FLOW, VISITS, facts.PROGRAMMES_CHANGED),
    Indicator("Q14c", _("Programmes completed"), FigureKind.FLOW, VISITS, facts.PROGRAMMES_COMPLETED),
)

_BY_CODE = {indicator.code: indicator for indicator in CATALOGUE}


def by_code(code: str) -> Indicator:
    """The indicator with this code. Raises KeyError for a code the catalogue lacks."""
    return _BY_CODE[code]
