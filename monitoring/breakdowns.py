"""Figures broken down by what tells families apart, of institutions and of the region (indicators 4.0, 7).

By municipality, by village and town, by category: counted in the database from the objects that were fixed with the
figures. They leave the institution, so small numbers are hidden as the region's policy says (clarifications, Work); the
totals of a unit are exact.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.enums import IMPROVEMENT, RemovalReason
from casework.models import SupportCase
from common.calendar import Quarter
from monitoring.enums import LOWER_LEVEL, UNIT_OF_LEVEL, ReportLevel, Step
from monitoring.indicators import Indicator, by_code, evidence
from monitoring.models import QuarterlyReport, ReportEvent, ReportValue

CODES = ("Q3", "Q4", "Q5", "Q10")
"""The figures whose objects are cases: put on support, removed, improved, on support at the end."""

COUNTED_REASONS = tuple(reason for reason in RemovalReason if reason != RemovalReason.ERROR)
STOCK, REMOVED = "Q10", "Q4"
EVENT_DAYS = {"Q3": "enrolled_on", "Q4": "removed_on", "Q5": "removed_on"}
"""The day of the event that a figure counts; a stock is of the last day of the period."""

LEVELS = (ReportLevel.INSTITUTION, ReportLevel.REGION)

Cases = QuerySet[SupportCase, SupportCase]
Row = tuple[Promise | str, tuple[int | None, ...]]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The figures `CODES` by one trait of the families: rows with None where hidden, and the exact numbers of all."""

    title: Promise
    column: Promise
    rows: list[Row]
    total: tuple[int, ...]
    overlaps: bool
    """Whether a family may stand in several rows, so that they do not add up to the total."""

    @property
    def indicators(self) -> list[Indicator]:
        """What the columns count."""
        return [by_code(code) for code in CODES]

    @property
    def lines(self) -> list[tuple[Promise | str, list[tuple[Indicator, int | None]]]]:
        """The rows with each number beside what it counts."""
        return [(title, list(zip(self.indicators, numbers, strict=True))) for title, numbers in self.rows]

    @property
    def total_line(self) -> list[tuple[Indicator, int]]:
        return list(zip(self.indicators, self.total, strict=True))


@dataclass(frozen=True, slots=True)
class Trait:
    """What tells families apart. `marked` annotates cases with `trait`, "" where it is not known.

    `words` are the names of stored values where these are codes.
    """

    title: Promise
    column: Promise
    unknown: Promise
    marked: Callable[[Cases, str, Quarter], Cases]
    words: dict[str, Promise]
    overlaps: bool = False


def _by_municipality(cases: Cases, _code: str, _quarter: Quarter) -> Cases:
    place = Coalesce("family__settlement__parent__title", "family__settlement__title", Value(""))
    return cases.annotate(trait=place)


def _by_place(cases: Cases, _code: str, _quarter: Quarter) -> Cases:
    kind = Case(
        When(family__settlement=None, then=Value("")),
        When(family__settlement__is_rural=True, then=Value("rural")),
        default=Value("urban"),
        output_field=CharField(),
    )
    return cases.annotate(trait=kind)


def _by_category(cases: Cases, code: str, quarter: Quarter) -> Cases:
    """The categories held on the day of the event; a family with several is counted in each."""
    day: Any = F(EVENT_DAYS[code]) if code in EVENT_DAYS else Value(quarter.ends_on)
    lasts = Q(family__categories__ends_on=None) | Q(family__categories__ends_on__gte=day)
    held = FilteredRelation("family__categories", condition=lasts & Q(family__categories__starts_on__lte=day))
    return cases.annotate(held=held).annotate(trait=Coalesce("held__category__title", Value("")))


PLACES: dict[str, Promise] = {"rural": _("rural settlements"), "urban": _("urban settlements")}
TRAITS = (
    Trait(_("By municipality"), _("Municipality"), _("not given"), _by_municipality, {}),
    Trait(_("By village and town"), _("Place of living"), _("not given"), _by_place, PLACES),
    Trait(_("By category of families"), _("Category"), _("without a category"), _by_category, {}, overlaps=True),
)


def breakdowns_of(report: QuarterlyReport, taken: list[QuarterlyReport] | None = None) -> list[Breakdown]:
    """The breakdowns of a fixed report, in the order of `TRAITS`; nothing inside an institution and of a draft.

    `taken` is `taken_of(report)` where it is known already. A trait of which the families know one value alone says no
    more than the totals, and is left out.
    """
    if report.level not in LEVELS or report.is_draft:
        return []
    reports = [report]
    if report.level == ReportLevel.REGION:
        reports = taken_of(report) if taken is None else taken
    least = report.region.policy_on(report.period.ends_on).suppression_threshold
    total = tuple(_number(code, _cases(code, reports)) for code in CODES)
    found = ((trait, _rows(trait, reports, report.period, least)) for trait in TRAITS)
    return [Breakdown(trait.title, trait.column, rows, total, trait.overlaps) for trait, rows in found if len(rows) > 1]


def taken_of(report: QuarterlyReport) -> list[QuarterlyReport]:
    """The accepted reports of the units below, each in the edition that counted when this one was fixed.

    One that was published and sent back by then did not count.
    """
    lower = LOWER_LEVEL.get(report.level)
    if lower not in {ReportLevel.DEPARTMENT, ReportLevel.INSTITUTION}:
        return []
    stamp = "published_at" if lower == ReportLevel.INSTITUTION else "accepted_at"
    rows = QuarterlyReport.objects.of(report.period).filter(
        level=lower, **{UNIT_OF_LEVEL[report.level]: report.unit_id, f"{stamp}__isnull": False}
    )
    if report.submitted_at is None:
        rows = rows.counting()
    else:
        returns = ReportEvent.objects.filter(report=OuterRef("pk"), step=Step.RETURN, at__lte=report.submitted_at)
        rows = rows.filter(~Exists(returns), **{f"{stamp}__lte": report.submitted_at})
    return list({row.unit_id: row for row in rows.with_units().order_by("edition")}.values())


def _rows(trait: Trait, reports: Collection[QuarterlyReport], quarter: Quarter, least: int) -> list[Row]:
    """The figures by the values of a trait; families of which it is not known stand last."""
    counted = [_counted(trait, code, reports, quarter) for code in CODES]
    values = sorted({value for numbers in counted for value in numbers}, key=lambda value: (not value, value))
    columns = [hidden([numbers.get(value, 0) for value in values], least) for numbers in counted]
    titles = [trait.words.get(value, value) or trait.unknown for value in values]
    return list(zip(titles, zip(*columns, strict=True), strict=True))


def _counted(trait: Trait, code: str, reports: Collection[QuarterlyReport], quarter: Quarter) -> dict[str, int]:
    cases: QuerySet[Any] = trait.marked(_cases(code, reports), code, quarter)
    rows = cases.order_by().values("trait").annotate(number=_count(code))
    return dict(rows.values_list("trait", "number"))


def _count(code: str) -> Count:
    """A stock counts families, as its total does; a flow the events of cases."""
    return Count("family" if code == STOCK else "pk", distinct=True)


def _number(code: str, cases: Cases) -> int:
    found: int = cases.aggregate(number=_count(code))["number"]
    return found


class Unnest(Func):
    """The members of an array, a row for each."""

    function = "unnest"
    set_returning = True


def _cases(code: str, reports: Collection[QuarterlyReport]) -> Cases:
    """The cases that were fixed with the figure in these reports."""
    values = ReportValue.objects.filter(report__in=reports, code=code, evidence__isnull=False).order_by()
    return SupportCase.objects.filter(pk__in=values.annotate(key=Unnest("evidence")).values("key"))


def hidden(numbers: Sequence[int], least: int) -> list[int | None]:
    """The numbers with None for those from one to `least` - 1, and for one more where the total would tell these.

    It would where there is one alone, or all must be the smallest or the largest that is hidden. The next larger goes
    with them, or a zero where there is none.
    """
    small = {place for place, number in enumerate(numbers) if 0 < number < least}
    others = [place for place, number in enumerate(numbers) if number >= least or number == 0]
    together = sum(numbers[place] for place in small)
    if small and others and (len(small) == 1 or together in {len(small), len(small) * (least - 1)}):
        small.add(min(others, key=lambda place: (numbers[place] == 0, numbers[place])))
    return [None if place in small else number for place, number in enumerate(numbers)]


def told_reasons(report: QuarterlyReport, counted: Counter[str]) -> list[tuple[str, bool, int | None]]:
    """The reasons of removal as a report tells them: title, whether it is an improvement, how many, None where hidden.

    In what leaves the institution small numbers are hidden as in the breakdowns. Improvements and the others have exact
    totals of their own, so they are hidden apart, and a reason that nobody had may stand among them.
    """
    if report.level not in LEVELS:
        known = [reason for reason in RemovalReason if counted[reason]]
        return [(str(reason.label), reason in IMPROVEMENT, counted[reason]) for reason in known]
    least = report.region.policy_on(report.period.ends_on).suppression_threshold
    shown: dict[RemovalReason, int | None] = {}
    for improves in (True, False):
        group = [reason for reason in COUNTED_REASONS if (reason in IMPROVEMENT) is improves]
        shown |= zip(group, hidden([counted[reason] for reason in group], least), strict=True)
    told = [reason for reason in COUNTED_REASONS if shown[reason] != 0]
    return [(str(reason.label), reason in IMPROVEMENT, shown[reason]) for reason in told]


def by_reason(reports: Collection[QuarterlyReport]) -> Counter[str]:
    """How many removals these reports count, by their reason."""
    now = [key for report in reports if report.is_draft for key in _removed_now(report)]
    cases = SupportCase.objects.filter(pk__in=now) if now else _cases(REMOVED, reports)
    rows = cases.order_by().values_list("removal_reason").annotate(Count("pk"))
    return Counter(dict(rows.values_list("removal_reason", "pk__count")))


def _removed_now(report: QuarterlyReport) -> list[int]:
    period, today = report.period.period, report.local_today()
    rows = evidence(by_code(REMOVED), report.figure_level, report.unit_id, period, today=today)
    return list(rows.values_list("pk", flat=True))
