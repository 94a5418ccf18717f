"""The tab "Diagnosis": problems, resources, the social diagnosis, need, and the state of the family on nine scales."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import signed_in
from accounts.enums import AccessAction
from casework.access import may_print, may_write
from casework.assessments import BEST_TOTAL, came_of_age, chart_of, measured, next_due, scale_lines
from casework.diagnosis_papers import NEED, issue_diagnosis, issue_need
from casework.forms.diagnosis import (
    AssessmentForm,
    DayForm,
    DiagnosisForm,
    NeedForm,
    ProblemForm,
    ResourceForm,
    VerifyForm,
)
from casework.frame import frame, open_case_page
from casework.models import (
    Assessment,
    CaseProblem,
    FamilyResource,
    NeedAssessment,
    SocialDiagnosis,
    SupportCase,
)
from casework.papers import issue_assessment
from casework.services import diagnosis as services
from casework.views.editing import answer, draft_of
from common.calendar import comes_of_age_on
from common.text import short_date
from families.access import Part
from records.services.papers import papers_of


@require_GET
def diagnosis(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was found out about the family, and the state it is in."""
    user = signed_in(request)
    case = open_case_page(request, pk)
    problems = CaseProblem.objects.visible_to(user).filter(case=case)
    assessments = list(Assessment.objects.visible_to(user).filter(case=case).select_related("by"))
    context = frame(request, case, "diagnosis") | {
        "problems": problems.select_related("kind", "member__person"),
        "resources": FamilyResource.objects.visible_to(user).filter(case=case),
        "diagnoses": SocialDiagnosis.objects.visible_to(user).filter(case=case).select_related("by", "verified_by"),
        "needs": NeedAssessment.objects.visible_to(user)
        .filter(case=case)
        .select_related("by")
        .prefetch_related("criteria"),
        "assessments": measured(assessments),
        "scales": scale_lines(assessments) if assessments else [],
        "chart": chart_of(_("State of the family, points of 36"), assessments),
        "best_total": BEST_TOTAL,
        "next_due": next_due(case, assessments),
        "may_write": may_write(user, case),
        "may_print": may_print(user, case),
    }
    return render(request, "casework/diagnosis.html", context)


def _back(case: SupportCase) -> str:
    return reverse("casework:diagnosis", args=[case.pk])


def _problem(request: HttpRequest, pk: int) -> tuple[SupportCase, CaseProblem]:
    rows = CaseProblem.objects.visible_to(signed_in(request)).select_related("kind", "member")
    problem = get_object_or_404(rows, pk=pk)
    problem.case = open_case_page(request, problem.case_id, allowed=may_write)
    return problem.case, problem


def _problem_form(request: HttpRequest, case: SupportCase, problem: CaseProblem, title: str) -> HttpResponse:
    form = ProblemForm(request.POST or None, case=case, instance=problem)

    def save() -> HttpResponse:
        services.save_problem(problem=form.instance, actor=signed_in(request))
        return redirect(_back(case))

    draft = draft_of(request)
    shown: dict[str, Any] = {"title": title, "action": _("Save"), "draft": draft, "saved": _("Problem")}
    return answer(request, case, form, save, back_url=_back(case), **shown)


@require_http_methods(["GET", "POST"])
def problem_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a problem of the family or of one member."""
    case = open_case_page(request, pk, allowed=may_write)
    return _problem_form(request, case, CaseProblem(case=case), _("Record a problem"))


@require_http_methods(["GET", "POST"])
def problem_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a problem, or say why the programme does not address it."""
    case, problem = _problem(request, pk)
    return _problem_form(request, case, problem, _("Problem"))


@require_http_methods(["GET", "POST"])
def problem_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Note the day on which the problem was resolved."""
    case, problem = _problem(request, pk)
    form = DayForm(request.POST or None, initial={"on": case.institution.today()})

    def save() -> HttpResponse:
        services.resolve_problem(problem=problem, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(case))

    title = _("Resolution of the problem")
    return answer(
        request, case, form, save, title=title, action=_("Save"), back_url=_back(case), about=problem.kind.title
    )


def _resource_form(request: HttpRequest, case: SupportCase, resource: FamilyResource) -> HttpResponse:
    initial = {"found_on": case.institution.today()} if resource.pk is None else None
    form = ResourceForm(request.POST or None, instance=resource, initial=initial)

    def save() -> HttpResponse:
        services.save_resource(resource=form.instance, actor=signed_in(request))
        return redirect(_back(case))

    title = _("Resource of the family")
    return answer(request, case, form, save, title=title, action=_("Save"), back_url=_back(case))


@require_http_methods(["GET", "POST"])
def resource_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a resource onto the family's map."""
    case = open_case_page(request, pk, allowed=may_write)
    return _resource_form(request, case, FamilyResource(case=case))


@require_http_methods(["GET", "POST"])
def resource_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a resource."""
    resource = get_object_or_404(FamilyResource.objects.visible_to(signed_in(request)), pk=pk)
    resource.case = open_case_page(request, resource.case_id, allowed=may_write)
    return _resource_form(request, resource.case, resource)


def _diagnosis_form(request: HttpRequest, case: SupportCase, row: SocialDiagnosis) -> HttpResponse:
    initial = {"on": case.institution.today()} if row.pk is None else None
    form = DiagnosisForm(request.POST or None, instance=row, initial=initial)

    def save() -> HttpResponse:
        services.save_diagnosis(diagnosis=form.instance, actor=signed_in(request))
        return redirect(_back(case))

    text = _("A corrected text has to be verified anew.") if row.verified_on else ""
    known: dict[str, Any] = {"title": _("Social diagnosis"), "text": text, "draft": draft_of(request)}
    return answer(request, case, form, save, action=_("Save"), back_url=_back(case), **known)


@require_http_methods(["GET", "POST"])
def diagnosis_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the social diagnosis."""
    case = open_case_page(request, pk, allowed=may_write)
    return _diagnosis_form(request, case, SocialDiagnosis(case=case))


def _written(request: HttpRequest, pk: int) -> SocialDiagnosis:
    row = get_object_or_404(SocialDiagnosis.objects.visible_to(signed_in(request)), pk=pk)
    row.case = open_case_page(request, row.case_id, allowed=may_write)
    return row


@require_http_methods(["GET", "POST"])
def diagnosis_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the social diagnosis."""
    row = _written(request, pk)
    return _diagnosis_form(request, row.case, row)


@require_http_methods(["GET", "POST"])
def diagnosis_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark the information of the diagnosis as verified."""
    row = _written(request, pk)
    form = VerifyForm(request.POST or None, initial={"on": row.case.institution.today()})

    def save() -> HttpResponse:
        services.verify_diagnosis(diagnosis=row, actor=signed_in(request), **form.cleaned_data)
        return redirect(_back(row.case))

    title = _("Verification of the information")
    return answer(request, row.case, form, save, title=title, action=_("Save"), back_url=_back(row.case))


@require_POST
def diagnosis_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the card of the primary diagnosis as PDF and hand it out."""
    user = signed_in(request)
    row = get_object_or_404(SocialDiagnosis.objects.visible_to(user).select_related("by", "verified_by"), pk=pk)
    row.case = open_case_page(request, row.case_id, part=Part.DETAILS, action=AccessAction.PRINT, allowed=may_print)
    return redirect("records:document", issue_diagnosis(actor=user, diagnosis=row).pk)


@require_GET
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """One need assessment, with its papers."""
    user = signed_in(request)
    row = get_object_or_404(NeedAssessment.objects.visible_to(user).select_related("by"), pk=pk)
    row.case = open_case_page(request, row.case_id)
    context = frame(request, row.case, "diagnosis") | {
        "assessment": row,
        "criteria": list(row.criteria.all()),
        "may_print": may_print(user, row.case),
        "papers": papers_of(user, NEED, row),
    }
    return render(request, "casework/need.html", context)


@require_POST
def need_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the conclusion on the need as PDF and hand it out."""
    user = signed_in(request)
    row = get_object_or_404(NeedAssessment.objects.visible_to(user).select_related("by"), pk=pk)
    row.case = open_case_page(request, row.case_id, part=Part.DETAILS, action=AccessAction.PRINT, allowed=may_print)
    return redirect("records:document", issue_need(actor=user, assessment=row).pk)


@require_http_methods(["GET", "POST"])
def need_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Assess whether the family needs support."""
    case = open_case_page(request, pk, allowed=may_write)
    form = NeedForm(request.POST or None, case=case, instance=NeedAssessment(case=case))

    def save() -> HttpResponse:
        criteria = list(form.cleaned_data["criteria"])
        services.assess_need(assessment=form.instance, criteria=criteria, actor=signed_in(request))
        return redirect(_back(case))

    known: dict[str, Any] = {"title": _("Need assessment"), "draft": draft_of(request)}
    return answer(request, case, form, save, action=_("Save"), back_url=_back(case), **known)


def _grown_up(case: SupportCase) -> list[str]:
    """What a review says of children who are children no longer (R10)."""
    people = came_of_age(case, case.institution.today())
    names = ", ".join(f"{person.short_name} ({short_date(comes_of_age_on(person.birth_date))})" for person in people)
    if not names:
        return []
    return [_("Came of age: %(names)s. The case goes on; weigh what this changes in the support.") % {"names": names}]


@require_http_methods(["GET", "POST"])
def assessment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Score the family on the nine scales."""
    case = open_case_page(request, pk, allowed=may_write)
    form = AssessmentForm(request.POST or None, case=case, instance=Assessment(case=case))

    def save() -> HttpResponse:
        services.assess(assessment=form.instance, actor=signed_in(request))
        return redirect(_back(case))

    text = " ".join([_("0 is severe trouble, 4 is no trouble: the higher, the better."), *_grown_up(case)])
    known: dict[str, Any] = {"title": _("Assessment of the family"), "text": text, "draft": draft_of(request)}
    return answer(request, case, form, save, action=_("Save"), back_url=_back(case), **known)


@require_POST
def assessment_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the sheet of an assessment as PDF and hand it out."""
    user = signed_in(request)
    row = get_object_or_404(Assessment.objects.visible_to(user).select_related("by"), pk=pk)
    row.case = open_case_page(request, row.case_id, part=Part.DETAILS, action=AccessAction.PRINT, allowed=may_print)
    return redirect("records:document", issue_assessment(actor=user, assessment=row).pk)
