"""What the diagnostics of a case find out: problems, resources, the social diagnosis, need, scores of the family."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.signatures import stood_in_for
from casework import access
from casework.enums import ProblemSubject
from casework.models import (
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    NeedCriterion,
    SocialDiagnosis,
    SupportCase,
)
from casework.services.events import Params, record_event
from common.history import acting
from families.enums import FamilyRole
from records.services.numbers import next_number

ASSESSMENT_NUMBER = "casework.assessment"


def check_writer(actor: User, case: SupportCase) -> None:
    """Raise PermissionDenied for those who may not write in the case."""
    require(access.may_write(actor, case))


def check_day(case: SupportCase, day: date, field: str) -> None:
    """Raise ValidationError for a day outside the case: before its opening or in the future (I8)."""
    if day > case.institution.today():
        raise ValidationError({field: _("This day has not come yet.")})
    if day < case.opened_on:
        raise ValidationError({field: _("The case was opened later than this day.")})


@transaction.atomic
def save_problem(*, problem: CaseProblem, actor: User) -> CaseProblem:
    """Record a problem, or correct one. Raises ValidationError for a stranger's problem or a day outside the case."""
    case = problem.case
    check_writer(actor, case)
    check_day(case, problem.found_on, "found_on")
    if problem.member and problem.member.family_id != case.family_id:
        raise ValidationError({"member": _("This person does not belong to the family.")})
    _check_whose(problem)
    is_new = problem.pk is None
    with acting(actor):
        problem.full_clean()
        problem.save()
    if is_new:
        record_event(case, "problem_found", on=problem.found_on, by=actor)
    return problem


def _check_whose(problem: CaseProblem) -> None:
    """A child's problem is a child's, a parent's no child's: one who is not yet of age may be a parent already."""
    member = problem.member
    if member is None:
        return
    of_child = member.role == FamilyRole.CHILD
    if problem.kind.subject == ProblemSubject.CHILD and not (of_child or member.person.is_minor_on(problem.found_on)):
        raise ValidationError({"member": _("This is a child's problem: choose the child, or the whole family.")})
    if problem.kind.subject == ProblemSubject.PARENT and of_child:
        raise ValidationError({"member": _("This is a parent's problem: choose the parent, or the whole family.")})


@transaction.atomic
def resolve_problem(*, problem: CaseProblem, on: date, actor: User) -> None:
    """The problem is solved from `on`; the programme need not answer it any more."""
    check_writer(actor, problem.case)
    check_day(problem.case, on, "on")
    if problem.resolved_on is not None:
        raise ValidationError(_("The problem is resolved already."))
    if on < problem.found_on:
        raise ValidationError({"on": _("The problem is resolved before it was found.")})
    problem.resolved_on = on
    with acting(actor):
        problem.full_clean()
        problem.save()
    record_event(problem.case, "problem_resolved", on=on, by=actor)


@transaction.atomic
def save_resource(*, resource: FamilyResource, actor: User) -> FamilyResource:
    """Put something the family can lean on onto its map (S1-13)."""
    check_writer(actor, resource.case)
    check_day(resource.case, resource.found_on, "found_on")
    with acting(actor):
        resource.full_clean()
        resource.save()
    return resource


@transaction.atomic
def save_diagnosis(*, diagnosis: SocialDiagnosis, actor: User) -> SocialDiagnosis:
    """Write the conclusion of the intake, or correct it; a corrected text has to be verified anew (S1-50)."""
    case = diagnosis.case
    check_writer(actor, case)
    check_day(case, diagnosis.on, "on")
    is_new = diagnosis.pk is None
    if is_new:
        diagnosis.by, diagnosis.by_for = actor, stood_in_for(actor)
    diagnosis.verified_on, diagnosis.verified_how = None, ""
    diagnosis.verified_by, diagnosis.verified_for = None, None
    with acting(actor):
        diagnosis.full_clean()
        diagnosis.save()
    if is_new:
        record_event(case, "diagnosis_written", on=diagnosis.on, by=actor)
    return diagnosis


@transaction.atomic
def verify_diagnosis(*, diagnosis: SocialDiagnosis, on: date, how: str, actor: User) -> None:
    """Mark the information of a diagnosis as verified: who, when and how (S1-50)."""
    case = diagnosis.case
    check_writer(actor, case)
    check_day(case, on, "on")
    if on < diagnosis.on:
        raise ValidationError({"on": _("The diagnosis was written later than this day.")})
    diagnosis.verified_on, diagnosis.verified_how = on, how
    diagnosis.verified_by, diagnosis.verified_for = actor, stood_in_for(actor)
    with acting(actor):
        diagnosis.full_clean()
        diagnosis.save()
    record_event(case, "diagnosis_verified", on=on, by=actor)


@transaction.atomic
def assess_need(*, assessment: NeedAssessment, criteria: list[NeedCriterion], actor: User) -> NeedAssessment:
    """Conclude whether the family needs support; "needs" names the criteria it meets (S0-18)."""
    case = assessment.case
    check_writer(actor, case)
    check_day(case, assessment.on, "on")
    if assessment.conclusion == "NEEDS" and not criteria:
        raise ValidationError({"criteria": _("Name the criteria by which the family needs support.")})
    assessment.by, assessment.by_for = actor, stood_in_for(actor)
    with acting(actor):
        assessment.full_clean()
        assessment.save()
        assessment.criteria.set(criteria)
    record_event(case, "need_assessed", on=assessment.on, by=actor, params={"conclusion": str(assessment.conclusion)})
    return assessment


@transaction.atomic
def assess(*, assessment: Assessment, actor: User) -> Assessment:
    """Score the family on the nine scales (S1-105). Raises ValidationError for a second one on the same day."""
    case = assessment.case
    check_writer(actor, case)
    check_day(case, assessment.on, "on")
    if Assessment.objects.filter(case=case, on=assessment.on).exists():
        raise ValidationError({"on": _("The family was assessed on this day already.")})
    assessment.by, assessment.by_for = actor, stood_in_for(actor)
    with acting(actor):
        assessment.full_clean(exclude=["number"])
        number = next_number(institution=case.institution, kind=ASSESSMENT_NUMBER, on=assessment.on)
        assessment.number = number.text
        assessment.save()
    params: Params = {"purpose": str(assessment.purpose), "total": assessment.total}
    record_event(case, "assessed", on=assessment.on, by=actor, params=params)
    return assessment
