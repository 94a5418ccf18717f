"""The days of one case from its opening to where it stands, settled before anything of it is written."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from casework.enums import REASONS_WITHOUT_POST_SUPPORT, Stage
from casework.models import SupportCase, SupportProgramme
from common.calendar import add_months
from councils.enums import DecisionType, ItemKind
from demo.loading.bodies import Body
from demo.loading.plans import CasePlan
from demo.loading.sittings import Question, Sitting, Sittings, same_or_before

DAY = timedelta(days=1)
DIAGNOSED_AFTER, SUBMITTED_AFTER, READY_AFTER = 14, 6, 28
"""Days: from the opening to the agreement stage, from there to the programme's submission, to be ready for a body."""
SIGNED_AFTER = 6
"""Working days from the approval of a programme to the agreement."""
REFLECTED_BEFORE = 25
REVIEWED_AFTER = 175
TERM_MONTHS, EXTENSION_MONTHS, POST_SUPPORT_MONTHS = 12, 6, 6


@dataclass(eq=False)
class Edition:
    """A version of the programme with its agreement; dates are None where it has not come so far."""

    drafted_on: date
    starts_on: date
    ends_on: date
    submitted_on: date | None = None
    approval: Sitting | None = None
    signed_on: date | None = None
    replaced_on: date | None = None
    row: SupportProgramme | None = None


@dataclass(eq=False)
class Course:
    """The days of a case, and the sessions that decided on it; `case` is set once it is written."""

    plan: CasePlan
    body: Body
    opened_on: date
    stages: list[tuple[Stage, date]] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)
    enrolment: Sitting | None = None
    extensions: list[tuple[Sitting, date]] = field(default_factory=list)
    removal: Sitting | None = None
    removed_on: date | None = None
    planned_end_on: date | None = None
    written: SupportCase | None = None

    @property
    def case(self) -> SupportCase:
        if self.written is None:
            raise LookupError("The case has not been written yet.")
        return self.written


class Chart:
    """Settles the courses of cases by the days of the sessions, and puts their questions to them."""

    def __init__(self, sittings: Sittings, today: date) -> None:
        self.sittings, self.today, self.working = sittings, today, sittings.working

    def course(self, plan: CasePlan, body: Body) -> Course:
        """The course of a case by its plan, whose family `body` decides on."""
        course = Course(plan, body, self._ago(plan.opened_days_ago))
        if plan.stage is Stage.DIAGNOSTIC:
            return course
        contracting_on = self._on(course.opened_on + DIAGNOSED_AFTER * DAY)
        course.stages.append((Stage.CONTRACTING, contracting_on))
        if plan.stage is Stage.CONTRACTING and not plan.is_enrolled:
            term_ends_on = add_months(self.today, TERM_MONTHS) - DAY
            edition = Edition(contracting_on, self.today, term_ends_on)
            if plan.is_submitted:
                edition.submitted_on = min(self._on(contracting_on + SUBMITTED_AFTER * DAY), self.today)
            course.editions.append(edition)
            return course
        self._enrol(course, contracting_on)
        if plan.stage is not Stage.CONTRACTING:
            self._support(course)
        return course

    def _ago(self, days: int) -> date:
        return same_or_before(self.working, self.today - days * DAY)

    def _on(self, day: date) -> date:
        return self.working.same_or_next(day)

    def _ask(self, sitting: Sitting, question: Question) -> None:
        sitting.questions.append(question)

    def _enrol(self, course: Course, drafted_on: date) -> None:
        """The family is put on support; its programme is approved there and then, or at the next session."""
        plan = course.plan
        found = self.sittings.first_from(course.body, course.opened_on + READY_AFTER * DAY)
        if found is None:
            raise LookupError(f"{course.body.council} does not meet in time.")
        course.enrolment = found
        ends_on = add_months(found.on, TERM_MONTHS) - DAY
        course.planned_end_on = self.today + plan.term_ends_in * DAY if plan.term_ends_in else ends_on
        submitted_on = self._on(drafted_on + SUBMITTED_AFTER * DAY)
        edition = Edition(drafted_on, found.on, course.planned_end_on, submitted_on)
        course.editions.append(edition)
        if commission := self.sittings.before(found):
            self._ask(commission, Question(ItemKind.REVIEW, course, (DecisionType.REFER,)))
        later = self.sittings.first_from(course.body, found.on + DAY) if plan.is_approved_apart else None
        if plan.stage is Stage.CONTRACTING or later is not None:
            self._ask(found, Question(ItemKind.ENROL, course, (DecisionType.ENROL,)))
        else:
            decisions = (DecisionType.ENROL, DecisionType.APPROVE_PROGRAMME)
            self._ask(found, Question(ItemKind.ENROL, course, decisions, edition))
            edition.approval = found
        if later is not None:
            edition.approval = later
            approve = (DecisionType.APPROVE_PROGRAMME,)
            self._ask(later, Question(ItemKind.APPROVE_PROGRAMME, course, approve, edition))

    def _support(self, course: Course) -> None:
        """Active support with its reviews and extensions, up to its end if it has come."""
        plan, first = course.plan, course.editions[0]
        if first.approval is None:
            raise LookupError("Active support needs an approved programme.")
        first.signed_on = self.working.add(first.approval.on, SIGNED_AFTER)
        course.stages.append((Stage.ACTIVE, first.signed_on))
        if plan.removed_days_ago:
            self._find_end(course)
        self._review(course)
        self._extend(course)
        if course.removed_on is not None:
            self._end(course, course.removed_on)
        elif plan.stage is Stage.REFLECTION:
            course.stages.append((Stage.REFLECTION, self._ago(REFLECTED_BEFORE)))

    def _find_end(self, course: Course) -> None:
        wanted = self._ago(course.plan.removed_days_ago)
        if course.plan.ends_by_head:
            course.removed_on = wanted
        else:
            course.removal = self.sittings.last_until(course.body, wanted)
            course.removed_on = course.removal.on

    def _review(self, course: Course) -> None:
        """The body takes note of how the family fares after half a year."""
        enrolled_on = course.enrolment.on if course.enrolment else self.today
        sitting = self.sittings.first_from(course.body, enrolled_on + REVIEWED_AFTER * DAY)
        if sitting is not None and (course.removed_on is None or sitting.on < course.removed_on):
            self._ask(sitting, Question(ItemKind.REVIEW, course, (DecisionType.TAKE_NOTE,)))

    def _extend(self, course: Course) -> None:
        """The body extends the term, with a new version of the programme, before it runs out (I10)."""
        last_on = course.removed_on or self.today
        while course.planned_end_on is not None and course.planned_end_on < last_on:
            sitting = self.sittings.last_until(course.body, course.planned_end_on)
            until = add_months(course.planned_end_on, EXTENSION_MONTHS)
            drafted_on = self.working.add(sitting.on, -8)
            edition = Edition(drafted_on, sitting.on, until, self.working.add(sitting.on, -4), sitting)
            edition.signed_on = self.working.add(sitting.on, 2)
            course.editions[-1].replaced_on = sitting.on
            course.editions.append(edition)
            course.extensions.append((sitting, until))
            decisions = (DecisionType.EXTEND, DecisionType.APPROVE_PROGRAMME)
            self._ask(sitting, Question(ItemKind.EXTEND, course, decisions, edition, until))
            course.planned_end_on = until

    def _end(self, course: Course, on: date) -> None:
        plan = course.plan
        if plan.ends_by_head:
            course.stages.append((Stage.CLOSED, on))
            if told := self.sittings.first_from(course.body, on):
                self._ask(told, Question(ItemKind.REVIEW, course, (DecisionType.TAKE_NOTE,)))
            return
        if course.removal is not None:
            self._ask(course.removal, Question(ItemKind.REMOVE, course, (DecisionType.REMOVE,)))
        course.stages.append((Stage.REFLECTION, same_or_before(self.working, on - REFLECTED_BEFORE * DAY)))
        after = self.working.add(on, 2)
        if plan.reason in REASONS_WITHOUT_POST_SUPPORT:
            course.stages.append((Stage.CLOSED, after))
            return
        course.stages.append((Stage.POST_SUPPORT, after))
        if plan.stage is Stage.CLOSED:
            course.stages.append((Stage.CLOSED, self._on(add_months(on, POST_SUPPORT_MONTHS) + DAY)))
