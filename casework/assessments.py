"""Reading assessments: change against the one before and the first, the next one due (R7, S1-105, S1-106)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.models import Assessment, SupportCase
from casework.models.diagnosis import BEST_SCORE, SCALES
from common.calendar import comes_of_age_on, next_assessment_due
from common.charts import Chart, Series, lines
from common.text import short_date
from families.models import FamilyMembership, Person

MOST_IN_CHART = 8
BEST_TOTAL = BEST_SCORE * len(SCALES)


@dataclass(frozen=True, slots=True)
class Measured:
    """An assessment with its change against the one before it and the first one; None for the first."""

    row: Assessment
    since_previous: int | None
    since_first: int | None


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """One scale over all assessments, the oldest first; `change` is the last score against the first."""

    title: str
    scores: tuple[int, ...]
    change: int


def measured(rows: Sequence[Assessment]) -> list[Measured]:
    """`rows`, the newest first, with their changes in points of the total (clarification 23)."""
    found = []
    for place, row in enumerate(rows):
        if place == len(rows) - 1:
            found.append(Measured(row, None, None))
        else:
            found.append(Measured(row, row.total - rows[place + 1].total, row.total - rows[-1].total))
    return found


def scale_lines(rows: Sequence[Assessment]) -> list[ScaleLine]:
    """The nine scales of `rows`, the newest first, each as a line from the oldest to the newest."""
    lines_of_scores = []
    for scale in SCALES:
        scores = tuple(getattr(row, scale) for row in reversed(rows))
        title = str(Assessment._meta.get_field(scale).verbose_name).capitalize()  # type: ignore[union-attr]
        lines_of_scores.append(ScaleLine(title, scores, scores[-1] - scores[0]))
    return lines_of_scores


def chart_of(title: str, rows: Sequence[Assessment]) -> Chart | None:
    """The totals as a line, the oldest first; None while there is nothing to compare."""
    shown = list(reversed(rows[:MOST_IN_CHART]))
    if len(shown) < 2:
        return None
    return lines(title, [short_date(row.on) for row in shown], [Series(title, [row.total for row in shown])])


def next_due(case: SupportCase, rows: Sequence[Assessment]) -> date | None:
    """When the next assessment is due: at enrolment, then every half-year while the family is on support (R7)."""
    if case.enrolled_on is None or case.removed_on is not None:
        return None
    return next_assessment_due(rows[0].on) if rows else case.enrolled_on


def came_of_age(case: SupportCase, today: date) -> list[Person]:
    """Whoever of those living with the family has turned 18 since the last assessment, or the opening (R10)."""
    last = Assessment.objects.filter(case=case).order_by("-on").values_list("on", flat=True).first()
    since = last or case.opened_on
    members = FamilyMembership.objects.filter(family=case.family_id, person__died_on=None).on(today).living_together()
    people = [row.person for row in members.select_related("person").order_by("person__birth_date", "pk")]
    return [person for person in people if since < comes_of_age_on(person.birth_date) <= today]
