"""What was found out about the families, what was agreed with them, and how they fare: written in bulk."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import User
from casework.contacts import refresh_contacts
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
from demo.loading.numbers import Numbers
from demo.loading.plans import CasePlan
from demo.loading.themes import THEMES, ActivityData, Theme
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


def load_programmes(cases: Sequence[tuple[SupportCase, CasePlan]], chance: random.Random, today: date) -> None:
    """Write diagnosis, scores, programme and agreement of the cases that have come so far."""
    ready = [(case, plan) for case, plan in cases if plan.stage is not Stage.DIAGNOSTIC]
    work = _Work(ready, chance, today)
    for number, (case, plan) in enumerate(ready):
        theme = THEMES[number % len(THEMES)]
        work.find_out(case, theme)
        work.score(case, plan)
        work.agree(case, plan, theme, is_fresh=number % 2 == 0)
    work.save()
    refresh_contacts([case.pk for case, _plan in ready], today)


class _Work:
    """Gathers the rows of many cases, and writes them model by model."""

    def __init__(self, cases: Sequence[tuple[SupportCase, CasePlan]], chance: random.Random, today: date) -> None:
        self.chance, self.today, self.numbers = chance, today, Numbers()
        self.kinds = {row.code: row for row in ProblemKind.objects.all()}
        self.criteria = {row.code: row for row in NeedCriterion.objects.all()}
        self.partners = list(PartnerOrganisation.objects.filter(region=cases[0][0].region).order_by("pk"))
        self.heads = {
            row.family_id: row
            for row in FamilyMembership.objects.filter(
                family__in=[case.family_id for case, _plan in cases], is_head=True, ends_on=None
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

    def score(self, case: SupportCase, plan: CasePlan) -> None:
        """The nine scales at the beginning, every five months, and at the end; most families fare better with time."""
        last = case.removed_on or self.today
        day = case.opened_on + timedelta(days=FOUND_AFTER_DAYS + 3)
        scores = {scale: self.chance.randint(*STARTING_SCORES) for scale in SCALES}
        purpose = AssessmentPurpose.INITIAL
        while day <= last:
            self._assess(case, day, purpose, scores)
            scores = {scale: min(4, value + self.chance.choice((0, 0, 1))) for scale, value in scores.items()}
            purpose, day = AssessmentPurpose.INTERIM, add_months(day, ASSESSED_EVERY_MONTHS)
        if case.removed_on is not None or plan.stage is Stage.REFLECTION:
            self._assess(case, last - timedelta(days=1), AssessmentPurpose.FINAL, scores)

    def _assess(self, case: SupportCase, on: date, purpose: AssessmentPurpose, scores: dict[str, int]) -> None:
        number = self.numbers.next(ASSESSMENT_NUMBER, case.institution_id, on)
        by = self._author(case)
        row = Assessment(case=case, number=number, on=on, by=by, purpose=purpose, methods=METHODS, **scores)
        self.assessments.append(row)
        self._note(case, "assessed", on, purpose=purpose.value, total=row.total)

    def agree(self, case: SupportCase, plan: CasePlan, theme: Theme, *, is_fresh: bool) -> None:
        """The programme as far as it has come, what was done of it, and the agreement once it was approved."""
        drafted = self.today - timedelta(days=plan.contracting_days_ago)
        starts = case.enrolled_on or self.today
        programme = SupportProgramme(
            case=case,
            goal=theme.goal,
            family_goals=theme.own_words,
            drafted_on=drafted,
            drafted_by=self._author(case),
            starts_on=starts,
            ends_on=case.planned_end_on or add_months(starts, 12) - timedelta(days=1),
        )
        self.programmes.append(programme)
        self._note(case, "programme_drafted", drafted, edition=1)
        if case.enrolled_on is not None or not is_fresh:
            self._submit(programme, min(drafted + timedelta(days=5), self.today))
        if case.enrolled_on is not None:
            self._approve(programme, case.enrolled_on)
            self._sign(programme, self.today - timedelta(days=plan.active_days_ago))
            self._tell(case, case.enrolled_on + timedelta(days=2))
        for place, data in enumerate(theme.activities, start=1):
            self.activities.append(self._activity(programme, place, data))

    def _submit(self, programme: SupportProgramme, on: date) -> None:
        programme.state = ProgrammeState.SUBMITTED
        programme.agreed_on = programme.submitted_on = on
        programme.agreed_with = self.heads[programme.case.family_id].person
        self._note(programme.case, "programme_agreed", on, edition=1)
        self._note(programme.case, "programme_submitted", on, edition=1)

    def _approve(self, programme: SupportProgramme, on: date) -> None:
        case = programme.case
        programme.approved_on, programme.basis_body, programme.basis_number = on, case.basis_body, case.basis_number
        programme.number = self.numbers.next(PROGRAMME_NUMBER, case.institution_id, on)
        programme.state = ProgrammeState.COMPLETED if case.removed_on else ProgrammeState.ACTIVE
        programme.closed_on = case.removed_on
        self._note(
            case,
            "programme_approved",
            on,
            programme=programme.number,
            body=case.basis_body,
            number=case.basis_number,
            date=on.isoformat(),
        )

    def _sign(self, programme: SupportProgramme, on: date) -> None:
        case = programme.case
        director = case.institution.director_name or "Директор"
        agreement = SupportAgreement(
            case=case,
            programme=programme,
            number=self.numbers.next(AGREEMENT_NUMBER, case.institution_id, on),
            representative=self.heads[case.family_id].person,
            institution_signatory=director,
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
            addressee=self.partners[case.pk % len(self.partners)],
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
        if data.executor is ExecutorKind.PARTNER and self.partners:
            row.executor_partner = self.partners[(case.pk + place) % len(self.partners)]
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
