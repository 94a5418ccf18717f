"""The figures of a quarter for all institutions of a region, against one hand-written statement that finds the same."""

from functools import partial

from accounts.models import Institution, Region
from bench.floors import floor
from bench.measuring import Row, compared, in_turns
from bench.run import Run
from common.calendar import Quarter
from monitoring.indicators import Level
from monitoring.indicators.reading import Values, values

GOAL = 1.5


def measure(run: Run) -> list[Row]:
    """Of the first region, for the last quarter that has ended."""
    region = Region.objects.order_by("pk")[0]
    units = list(Institution.objects.filter(region=region).order_by("pk").values_list("pk", flat=True))
    quarter = Quarter.last_finished(run.today)
    raw = floor("figures", {"region": region.pk, "first": quarter.starts_on, "last": quarter.ends_on})
    count = partial(values, Level.INSTITUTION, units, quarter.period, today=run.today)
    _same_figures(count(), {(unit, code): number for unit, code, number in raw()})
    taken = in_turns({"floor": raw, "figures": count}, run.few, warm=1)
    subject = f"figures Q1 to Q14 of {len(units)} institutions for a quarter"
    return [compared(subject, "SQL with the reading of it", taken, ("figures", "floor"), GOAL)]


def _same_figures(ours: Values, floors: dict[tuple[int, str], int]) -> None:
    """Raises ValueError when the floor finds other figures than the monitoring reports."""
    wrong = [
        f"{unit} {code}: {number}, floor {floors[unit, name]}"
        for unit, lines in ours.items()
        for code, value in lines.items()
        for name, number in (
            [("Q11 due", value.whole), ("Q11 kept", value.part)] if code == "Q11" else [(code, value.number)]
        )
        if value.whole is None or code == "Q11"
        if number != floors[unit, name]
    ]
    if wrong:
        raise ValueError(f"the floor finds other figures: {'; '.join(wrong[:10])}")
