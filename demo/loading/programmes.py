"""What was found out about the families, what was agreed with them, and how they fare: written in bulk."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import User
from casework.enums import (
    ActivitySection,
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
from demo.loading.circumstances import Circumstances
from demo.loading.courses import Course, Edition
from demo.loading.executors import ON_CONSENT, ON_DANGER, Executors
from demo.loading.numbers import Numbers
from demo.loading.sittings import Sitting
from demo.loading.themes import ActivityData, Theme
from demo.loading.units import Units
from families.enums import StatusKind
from families.models import Consent
from partners.models import PartnerOrganisation

FOUND_AFTER_DAYS = 3
ASSESSED_EVERY_MONTHS = 5
METHODS = [AssessmentMethod.INTERVIEW, AssessmentMethod.OBSERVATION, AssessmentMethod.DOCUMENTS]
RESULTS: dict[ActivitySection, tuple[str, ...]] = {
    ActivitySection.MEDICAL: ("Назначения врача выполнены", "Курс пройден, самочувствие лучше"),
    ActivitySection.PSYCHOLOGICAL: ("Тревожность снизилась, отношения в семье ровнее", "Работа с психологом завершена"),
    ActivitySection.PEDAGOGICAL: ("Занятия дали результат, посещали их охотно", "Занятия проведены по плану"),
    ActivitySection.LEGAL: ("Документы оформлены и получены", "Оформлено в срок"),
    ActivitySection.SOCIAL: ("Проведено по плану, семья участвовала", "Договорённости с семьёй выполняются"),
    ActivitySection.LABOUR: ("Выполнено, есть предложения о работе", "Выполнено в срок"),
    ActivitySection.LEISURE: ("Занятия посещали охотно", "Досуг организован, интерес сохранился"),
    ActivitySection.MATERIAL: ("Помощь получена, семья довольна", "Выполнено в срок"),
}
"""What is noted of what was done in full."""
PART_RESULT = "Проведено {done} из {planned}, остальное перенесено: семья не всегда могла присутствовать"
ENDED_EARLIER = "Сопровождение прекращено раньше срока мероприятия"
PARTLY_SHARE = 0.25
STARTING_SCORES = (1, 3)
NOTICE_OF_SUPPORT = (
    "Сообщаем, что семья поставлена на социальное сопровождение. Просим информировать учреждение об изменениях в её "
    "положении, угрожающих жизни и здоровью детей."
)
NOTICE_ON_CONSENT = (
    "Сообщаем с согласия семьи, что она поставлена на социальное сопровождение. Просим информировать учреждение об "
    "оказанной ей помощи и о трудностях, в которых ей нужна поддержка."
)
NOTICE_OF_PROGRAMME = (
    "Утверждена индивидуальная программа сопровождения семьи, мероприятия которой выполняет ваша организация. Перечень "
    "мероприятий и сроки передаст куратор. Персональные данные в уведомлении не указываются."
)
NOTICES = {
    LegalBasis.CHILD_PROTECTION: (NoticeSubject.ENROLLED, NOTICE_OF_SUPPORT),
    LegalBasis.CONSENT: (NoticeSubject.ENROLLED, NOTICE_ON_CONSENT),
    LegalBasis.NO_PERSONAL_DATA: (NoticeSubject.PROGRAMME, NOTICE_OF_PROGRAMME),
}
"""What is told on each basis, and how."""


def load_programmes(
    units: Units, families: Sequence[tuple[Course, Circumstances, Theme]], chance: random.Random, today: date
) -> None:
    """Write diagnosis, scores, programmes and agreements of the cases that have come so far, each with its theme."""
    ready = [row for row in families if row[0].plan.stage is not Stage.DIAGNOSTIC]
    work = _Work(units, [course.case for course, _circumstances, _theme in ready], chance, today)
    for course, circumstances, theme in ready:
        work.find_out(course.case, theme, has_pupils=circumstances.has_pupils)
        work.score(course)
    # Papers are numbered in the order of their days.
    versions = [(edition, *row) for row in ready for edition in row[0].editions]
    versions.sort(key=lambda version: version[0].approval.on if version[0].approval else today)
    for edition, course, circumstances, theme in versions:
        work.agree(course, edition, theme)
        if edition is course.editions[0] and course.enrolment is not None:
            work.tell(course.case, course.enrolment.on + timedelta(days=1), circumstances, theme)
    work.save()


class _Work:
    """Gathers the rows of many cases, and writes them model by model."""

    def __init__(self, units: Units, cases: Sequence[SupportCase], chance: random.Random, today: date) -> None:
        self.units = units
        self.chance, self.today, self.numbers = chance, today, Numbers()
        self.kinds = {row.code: row for row in ProblemKind.objects.all()}
        self.criteria = {row.code: row for row in NeedCriterion.objects.all()}
        self.executors = Executors(cases)
        given = Consent.objects.filter(family__in=[case.family_id for case in cases]).speaking_for_family()
        self.consents = {row.family_id: row for row in given.order_by("-pk")}
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

    def find_out(self, case: SupportCase, theme: Theme, *, has_pupils: bool) -> None:
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
                verified_how=f"Посещение семьи, запросы в {'школу и ' if has_pupils else ''}поликлинику",
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
        for place, data in enumerate(theme.activities, start=1):
            self.activities.append(self._activity(row, place, data))

    def _submit(self, programme: SupportProgramme, on: date) -> None:
        programme.state = ProgrammeState.SUBMITTED
        programme.agreed_on = programme.submitted_on = on
        programme.agreed_with = self.executors.head(programme.case).person
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
            representative=self.executors.head(case).person,
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

    def tell(self, case: SupportCase, on: date, circumstances: Circumstances, theme: Theme) -> None:
        """One organisation is told of the support, and each that carries out the programme of its part in it.

        Of a family in danger the body that protects children learns by law, of another whoever its consent names.
        """
        in_danger = circumstances.status == StatusKind.SOCIALLY_DANGEROUS
        consent = self.consents[case.family_id]
        if in_danger and (protector := self.executors.first_of(case, ON_DANGER)):
            self._send(protector, LegalBasis.CHILD_PROTECTION, case, on)
        elif (told := self.executors.first_of(case, ON_CONSENT)) and consent.names_recipient(told.title):
            self._send(told, LegalBasis.CONSENT, case, on, consent)
        found = (self.executors.partner(case, data) for data in theme.activities)
        for partner in sorted({row for row in found if row}, key=lambda row: row.pk):
            self._send(partner, LegalBasis.NO_PERSONAL_DATA, case, on)

    def _send(
        self,
        addressee: PartnerOrganisation,
        basis: LegalBasis,
        case: SupportCase,
        on: date,
        consent: Consent | None = None,
    ) -> None:
        subject, text = NOTICES[basis]
        notice = AgencyNotice(
            case=case,
            number=self.numbers.next(NOTICE_NUMBER, case.institution_id, on),
            addressee=addressee,
            subject=subject,
            legal_basis=basis,
            consent=consent,
            text=text,
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
        forms = self.units.forms[case.institution.code]
        if forms and data.times > 1:
            row.form_of_work = forms[(_turn(case) + place) % len(forms)]
        if partner := self.executors.partner(case, data):
            row.executor_kind, row.executor_partner = ExecutorKind.PARTNER, partner
        elif data.executor is ExecutorKind.FAMILY:
            row.executor_member = self.executors.member(case, data.member)
        else:
            row.executor_user = self._author(case)
        self._progress(row)
        return row

    def _progress(self, row: ProgrammeActivity) -> None:
        """What was due is done, now and then only partly; what is due next is under way."""
        end = row.programme.closed_on or self.today
        if row.programme.approved_on is None or row.due_on is None:
            return
        if row.due_on <= end:
            row.done_on = row.due_on - timedelta(days=self.chance.randrange(1, 12))
            row.state, row.done_times = ActivityState.DONE, row.planned_times
            row.result = self.chance.choice(RESULTS[ActivitySection(row.section)])
            is_short = row.programme.closed_on is None and self.chance.random() < PARTLY_SHARE
            if is_short and row.planned_times > 1:
                row.state, row.done_times = ActivityState.PARTLY_DONE, row.planned_times // 2
                row.result = PART_RESULT.format(done=row.done_times, planned=row.planned_times)
        elif row.programme.closed_on is not None:
            row.state, row.result = ActivityState.NOT_DONE, ENDED_EARLIER
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


def _turn(case: SupportCase) -> int:
    """The place of the case among those of its institution and year."""
    return int(case.number.partition("/")[0])
