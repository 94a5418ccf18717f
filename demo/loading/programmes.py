"""What was found out about the families, what was agreed with them, and how they fare: written in bulk."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import User
from casework.enums import (
    ActivityState,
    AssessmentMethod,
    AssessmentPurpose,
    ExecutorKind,
    LegalBasis,
    NeedConclusion,
    NoticeSubject,
    ProgrammeState,
    Severity,
    Stage,
)
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseEvent,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    ProblemKind,
    ProgrammeActivity,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportProgramme,
)
from casework.models.diagnosis import SCALES
from casework.services.agreements import AGREEMENT_NUMBER
from casework.services.diagnosis import ASSESSMENT_NUMBER
from casework.services.notices import NOTICE_NUMBER
from casework.services.programmes import PROGRAMME_NUMBER
from common.calendar import add_months
from common.history import bulk_create_with_history
from councils.enums import SeatRole
from demo.loading.courses import Course, Edition
from demo.loading.numbers import Numbers
from demo.loading.sittings import Sitting
from demo.loading.themes import THEMES, ActivityData, Theme
from demo.loading.units import Units
from families.models import FamilyMembership
from partners.models import PartnerOrganisation

FOUND_AFTER_DAYS = 3
ASSESSED_EVERY_MONTHS = 5
METHODS = [AssessmentMethod.INTERVIEW, AssessmentMethod.OBSERVATION, AssessmentMethod.DOCUMENTS]
RESULTS = (
    "Выполнено в срок, семья довольна результатом",
    "Проведено полностью",
    "Документы получены",
    "Задачи мероприятия решены",
)
STARTING_SCORES = (1, 3)
NOTICE = (
    "Сообщаем, что семья поставлена на социальное сопровождение. Просим информировать учреждение об изменениях в её "
    "положении, угрожающих жизни и здоровью детей."
)


def load_programmes(units: Units, courses: Sequence[tuple[Course, str]], chance: random.Random, today: date) -> None:
    """Write diagnosis, scores, programmes and agreements of the cases that have come so far, each with its theme."""
    ready = [(course, THEMES[code]) for course, code in courses if course.plan.stage is not Stage.DIAGNOSTIC]
    work = _Work(units, [course.case for course, _theme in ready], chance, today)
    for course, theme in ready:
        work.find_out(course.case, theme)
        work.score(course)
    # Papers are numbered in the order of their days.
    versions = [(edition, course, theme) for course, theme in ready for edition in course.editions]
    versions.sort(key=lambda version: version[0].approval.on if version[0].approval else today)
    for edition, course, theme in versions:
        work.agree(course, edition, theme)
    work.save()


class _Work:
    """Gathers the rows of many cases, and writes them model by model."""

    def __init__(self, units: Units, cases: Sequence[SupportCase], chance: random.Random, today: date) -> None:
        self.units = units
        self.chance, self.today, self.numbers = chance, today, Numbers()
        self.kinds = {row.code: row for row in ProblemKind.objects.all()}
        self.criteria = {row.code: row for row in NeedCriterion.objects.all()}
        self.partners = _partners(cases)
        self.heads = {
            row.family_id: row
            for row in FamilyMembership.objects.filter(
                family__in=[case.family_id for case in cases], is_head=True, ends_on=None
            ).select_related("person")
        }
        self.problems: dict[int, list[CaseProblem]] = {}
        self.resources: list[FamilyResource] = []
        self.diagnoses: list[SocialDiagnosis] = []
        self.needs: list[tuple[NeedAssessment, str]] = []
        self.assessments: list[Assessment] = []
        self.programmes: list[SupportProgramme] = []
        self.activities: list[ProgrammeActivity] = []
        self.agreements: list[SupportAgreement] = []
        self.notices: list[AgencyNotice] = []
        self.events: list[CaseEvent] = []

    def find_out(self, case: SupportCase, theme: Theme) -> None:
        """The intake: problems, what the family can lean on, the verified diagnosis, the need."""
        on, by = case.opened_on + timedelta(days=FOUND_AFTER_DAYS), self._author(case)
        solved = case.removed_on
        self.problems[case.pk] = [
            CaseProblem(case=case, kind=self.kinds[code], severity=Severity.MIDDLE, found_on=on, resolved_on=solved)
            for code in theme.problems
        ]
        kind, words = theme.resource
        self.resources.append(FamilyResource(case=case, kind=kind, description=words, found_on=on))
        concluded = on + timedelta(days=4)
        self.diagnoses.append(
            SocialDiagnosis(
                case=case,
                on=concluded,
                by=by,
                text=theme.diagnosis,
                verified_on=concluded,
                verified_by=by,
                verified_how="Посещение семьи, запросы в школу и поликлинику",
            )
        )
        need = NeedAssessment(case=case, on=concluded, by=by, conclusion=NeedConclusion.NEEDS)
        self.needs.append((need, theme.criterion))
        self._note(case, "diagnosis_written", concluded)
        self._note(case, "need_assessed", concluded, conclusion=NeedConclusion.NEEDS.value)

    def score(self, course: Course) -> None:
        """The nine scales at the beginning, every five months, and at the end; most families fare better with time."""
        case = course.case
        last = case.removed_on or self.today
        if course.plan.stage is Stage.REFLECTION:
            last = course.stages[-1][1] + timedelta(days=FOUND_AFTER_DAYS)
        day = case.opened_on + timedelta(days=FOUND_AFTER_DAYS + 3)
        scores = {scale: self.chance.randint(*STARTING_SCORES) for scale in SCALES}
        purpose = AssessmentPurpose.INITIAL
        while day <= last:
            self._assess(case, day, purpose, scores)
            scores = {scale: min(4, value + self.chance.choice((0, 0, 1))) for scale, value in scores.items()}
            purpose, day = AssessmentPurpose.INTERIM, add_months(day, ASSESSED_EVERY_MONTHS)
        if course.removal is not None or course.plan.stage is Stage.REFLECTION:
            self._assess(case, last - timedelta(days=1), AssessmentPurpose.FINAL, scores)

    def _assess(self, case: SupportCase, on: date, purpose: AssessmentPurpose, scores: dict[str, int]) -> None:
        number = self.numbers.next(ASSESSMENT_NUMBER, case.institution_id, on)
        by = self._author(case)
        row = Assessment(case=case, number=number, on=on, by=by, purpose=purpose, methods=METHODS, **scores)
        self.assessments.append(row)
        self._note(case, "assessed", on, purpose=purpose.value, total=row.total)

    def agree(self, course: Course, edition: Edition, theme: Theme) -> None:
        """A version of the programme as far as it has come, what was done of it, and the agreement once approved."""
        case = course.case
        row = SupportProgramme(
            case=case,
            edition=course.editions.index(edition) + 1,
            goal=theme.goal,
            family_goals=theme.own_words,
            change_reason="Сопровождение продлено, цели ещё не достигнуты" if edition is not course.editions[0] else "",
            drafted_on=edition.drafted_on,
            drafted_by=self._author(case),
            starts_on=edition.starts_on,
            ends_on=edition.ends_on,
        )
        edition.row = row
        self.programmes.append(row)
        self._note(case, "programme_drafted", edition.drafted_on, edition=row.edition)
        if edition.submitted_on is not None:
            self._submit(row, edition.submitted_on)
        if edition.approval is not None:
            self._approve(row, edition, edition.approval)
        if edition.signed_on is not None:
            self._sign(row, edition.signed_on)
        if edition is course.editions[0] and course.enrolment is not None:
            self._tell(case, course.enrolment.on + timedelta(days=1))
        for place, data in enumerate(theme.activities, start=1):
            self.activities.append(self._activity(row, place, data))

    def _submit(self, programme: SupportProgramme, on: date) -> None:
        programme.state = ProgrammeState.SUBMITTED
        programme.agreed_on = programme.submitted_on = on
        programme.agreed_with = self.heads[programme.case.family_id].person
        self._note(programme.case, "programme_agreed", on, edition=programme.edition)
        self._note(programme.case, "programme_submitted", on, edition=programme.edition)

    def _approve(self, programme: SupportProgramme, edition: Edition, sitting: Sitting) -> None:
        case, on = programme.case, sitting.on
        programme.approved_on, programme.basis_body, programme.basis_number = on, sitting.basis, sitting.number
        programme.basis_title = sitting.body.council.title
        programme.basis_chair = sitting.body.seat(SeatRole.CHAIR).short_name
        programme.number = self.numbers.next(PROGRAMME_NUMBER, case.institution_id, on)
        programme.state, programme.closed_on = ProgrammeState.ACTIVE, None
        if edition.replaced_on is not None:
            programme.state, programme.closed_on = ProgrammeState.SUPERSEDED, edition.replaced_on
        elif case.removed_on is not None:
            programme.state, programme.closed_on = ProgrammeState.COMPLETED, case.removed_on
        self._note(
            case,
            "programme_approved",
            on,
            programme=programme.number,
            body=sitting.basis.value,
            number=sitting.number,
            date=on.isoformat(),
        )

    def _sign(self, programme: SupportProgramme, on: date) -> None:
        case = programme.case
        agreement = SupportAgreement(
            case=case,
            programme=programme,
            number=self.numbers.next(AGREEMENT_NUMBER, case.institution_id, on),
            representative=self.heads[case.family_id].person,
            institution_signatory=case.institution.director_name or "Директор",
            signatory_post="директор",
            signatory_ground="Устав",
            signed_on=on,
            starts_on=on,
            ends_on=programme.ends_on,
            created_by=self._author(case),
        )
        self.agreements.append(agreement)
        self._note(case, "agreement_signed", on, number=agreement.number, until=programme.ends_on.isoformat())

    def _tell(self, case: SupportCase, on: date) -> None:
        notice = AgencyNotice(
            case=case,
            number=self.numbers.next(NOTICE_NUMBER, case.institution_id, on),
            addressee=self._partner(case, 0),
            subject=NoticeSubject.ENROLLED,
            legal_basis=LegalBasis.CHILD_PROTECTION,
            text=NOTICE,
            sent_on=on,
            sent_by=self._author(case),
            method="система межведомственного электронного взаимодействия",
            delivered_on=on + timedelta(days=1),
            created_by=self._author(case),
        )
        self.notices.append(notice)
        self._note(case, "notice_sent", on, number=notice.number, subject=notice.subject)

    def _partner(self, case: SupportCase, place: int) -> PartnerOrganisation:
        known = self.partners[case.institution_id]
        return known[(_turn(case) + place) % len(known)]

    @staticmethod
    def _author(case: SupportCase) -> User:
        return case.curator or case.opened_by

    def _activity(self, programme: SupportProgramme, place: int, data: ActivityData) -> ProgrammeActivity:
        case = programme.case
        row = ProgrammeActivity(
            programme=programme,
            position=place,
            section=data.section,
            title=data.title,
            problem=self.problems[case.pk][data.problem],
            executor_kind=data.executor,
            due_on=min(add_months(programme.starts_on, 2 * place), programme.ends_on),
            frequency=data.frequency,
            planned_times=data.times,
        )
        forms = self.units.forms[case.institution.code]
        if forms and data.times > 1:
            row.form_of_work = forms[(_turn(case) + place) % len(forms)]
        if data.executor is ExecutorKind.PARTNER:
            row.executor_partner = self._partner(case, place)
        elif data.executor is ExecutorKind.FAMILY:
            row.executor_member = self.heads[case.family_id]
        else:
            row.executor_kind, row.executor_user = ExecutorKind.STAFF, self._author(case)
        self._progress(row)
        return row

    def _progress(self, row: ProgrammeActivity) -> None:
        """What was due is done, now and then only partly; what is due next is under way."""
        end = row.programme.closed_on or self.today
        if row.programme.approved_on is None or row.due_on is None:
            return
        if row.due_on <= end:
            partly = row.programme.closed_on is None and self.chance.random() < 0.2
            row.state = ActivityState.PARTLY_DONE if partly else ActivityState.DONE
            row.done_times = max(row.planned_times // 2, 1) if partly else row.planned_times
            row.done_on = row.due_on - timedelta(days=self.chance.randrange(1, 12))
            row.result = self.chance.choice(RESULTS)
        elif row.programme.closed_on is not None:
            row.state, row.result = ActivityState.NOT_DONE, "Сопровождение прекращено раньше срока мероприятия"
        elif row.due_on <= end + timedelta(days=60):
            row.state, row.done_times = ActivityState.IN_PROGRESS, row.planned_times // 2

    def _note(self, case: SupportCase, kind: str, on: date, **params: str | int) -> None:
        self.events.append(CaseEvent(case=case, kind=kind, on=on, by=self._author(case), params=params))

    def save(self) -> None:
        """Write everything, and let the services number what comes after."""
        bulk_create_with_history([row for rows in self.problems.values() for row in rows], actor=None)
        bulk_create_with_history(self.resources, actor=None)
        bulk_create_with_history(self.diagnoses, actor=None)
        bulk_create_with_history([need for need, _code in self.needs], actor=None)
        through = NeedAssessment.criteria.through
        through.objects.bulk_create(
            through(needassessment_id=need.pk, needcriterion_id=self.criteria[code].pk) for need, code in self.needs
        )
        bulk_create_with_history(self.assessments, actor=None)
        bulk_create_with_history(self.programmes, actor=None)
        bulk_create_with_history(self.activities, actor=None)
        bulk_create_with_history(self.agreements, actor=None)
        bulk_create_with_history(self.notices, actor=None)
        CaseEvent.objects.bulk_create(self.events)
        self.numbers.save()


def _partners(cases: Sequence[SupportCase]) -> dict[int, list[PartnerOrganisation]]:
    """The partners that each institution of these cases has entered, and those of the region's own register."""
    rows = list(PartnerOrganisation.objects.filter(region=cases[0].region).order_by("pk"))
    return {
        key: [row for row in rows if row.institution_id == key] or [row for row in rows if row.institution_id is None]
        for key in {case.institution_id for case in cases}
    }


def _turn(case: SupportCase) -> int:
    """The place of the case among those of its institution and year."""
    return int(case.number.partition("/")[0])
