"""The days on which the bodies of a region sit, and what they have to decide on each.

A body meets every six weeks on a working day, where a family waits for it. The days are settled before the cases are
written, for what a body decides happens to a case on the day of a session; the numbers of the minutes follow once all
questions are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from casework.enums import BasisBody
from common.calendar import WorkingCalendar
from councils.enums import DecisionType, ItemKind
from councils.services.minutes import NUMBER_KIND
from demo.loading.bodies import Body
from demo.loading.numbers import Numbers

if TYPE_CHECKING:
    from demo.loading.courses import Course, Edition

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
RHYTHM = 6 * WEEK
SESSIONS_BACK = 22
COMMISSION_BEFORE = 6
"""Working days by which a precinct commission draws up the joint plan before the body that approves it meets."""


@dataclass(frozen=True)
class Question:
    """What a session considered of one case."""

    kind: ItemKind
    course: "Course"
    decisions: tuple[DecisionType, ...]
    edition: "Edition | None" = None
    until: date | None = None


@dataclass(eq=False)
class Sitting:
    """A session of a body on a day."""

    body: Body
    on: date
    number: str = ""
    questions: list[Question] = field(default_factory=list)

    @property
    def basis(self) -> BasisBody:
        return BasisBody(self.body.council.kind)


def same_or_before(working: WorkingCalendar, day: date) -> date:
    """`day` itself when it is a working day, else the last working day before it."""
    while not working.is_working(day):
        day -= DAY
    return day


class Sittings:
    """The sessions of a region's approving bodies and of the precinct commissions that prepare for them."""

    def __init__(self, bodies: Sequence[Body], home: tuple[int, int], working: WorkingCalendar, today: date) -> None:
        self.working, self.today = working, today
        self.current_on = same_or_before(working, today)
        """The day of the main body's session that still waits for its decisions."""
        self.approving = [body for body in bodies if body.approves and body.council.institution_id]
        self.commissions = {
            body.council.territory_id: body
            for body in reversed(bodies)
            if body.council.kind == BasisBody.PRECINCT_COMMISSION and body.council.institution_id == home[0]
        }
        self.main = self.body_for(*home)
        """The body whose secretary signs in to the demo: that of the home institution in this municipality."""
        self._known: dict[tuple[int, date], Sitting] = {}

    def body_for(self, institution_id: int, territory_id: int) -> Body:
        """The body of the family's municipality; LookupError where the institution keeps none there."""
        for body in self.approving:
            if (body.council.institution_id, body.council.territory_id) == (institution_id, territory_id):
                return body
        raise LookupError(f"No body of institution {institution_id} for territory {territory_id}.")

    def days(self, body: Body) -> list[date]:
        """The days of the body's past sessions, in order."""
        last = self.current_on - RHYTHM
        if body is not self.main:
            last = self.today - (1 + self.approving.index(body) % 5) * WEEK
        return sorted(same_or_before(self.working, last - number * RHYTHM) for number in range(SESSIONS_BACK))

    def first_from(self, body: Body, day: date) -> Sitting | None:
        """The body's first session on `day` or later, of those that are past."""
        found = next((on for on in self.days(body) if on >= day), None)
        return None if found is None else self._sitting(body, found)

    def last_until(self, body: Body, day: date) -> Sitting:
        """The body's last session on `day` or earlier."""
        return self._sitting(body, [on for on in self.days(body) if on <= day][-1])

    def before(self, sitting: Sitting) -> Sitting | None:
        """The session of the municipality's precinct commission that prepares for this one, if there is such a body."""
        commission = self.commissions.get(sitting.body.council.territory_id)
        if commission is None:
            return None
        return self._sitting(commission, self.working.add(sitting.on, -COMMISSION_BEFORE))

    def _sitting(self, body: Body, on: date) -> Sitting:
        return self._known.setdefault((body.council.pk, on), Sitting(body, on))

    def held(self) -> Iterator[Sitting]:
        """Sessions with something to decide, in the order of their days."""
        rows = (row for row in self._known.values() if row.questions)
        return iter(sorted(rows, key=lambda row: (row.on, row.body.council.pk)))

    def number(self) -> None:
        """Number the minutes, without gaps in each institution and year, and let the next ones go on from there."""
        numbers = Numbers()
        for sitting in self.held():
            sitting.number = numbers.next(NUMBER_KIND, sitting.body.council.institution_id or 0, sitting.on)
        numbers.save()
