"""What diagnosis and programme tell the core of the room: guards, tabs, events; `casework.apps` imports this module."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from casework.access import may_read_details, may_read_papers
from casework.agencies import notices_of_support, untold_activities
from casework.enums import (
    ActivityState,
    AssessmentPurpose,
    BasisBody,
    EventGroup,
    GuardCode,
    NeedConclusion,
    NoticeSubject,
    ProgrammeState,
    Stage,
)
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseProblem,
    ContractDuty,
    FamilyResource,
    NeedAssessment,
    ProgrammeActivity,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportProgramme,
)
from casework.models.programmes import IN_FORCE
from casework.registry import Guard, Tab, register_guard, register_history, register_tab
from casework.services.events import register_event
from families.models import FamilyCategory
from families.opening import reason_or_page
from records.doors import Finder, Permission, register_owner

CASE = OuterRef("pk")


def problem_recorded(on: date) -> Exists:
    """At least one problem was found by the day (S4-19)."""
    return Exists(CaseProblem.objects.filter(case=CASE, found_on__lte=on))


def information_verified(on: date) -> Exists:
    """A social diagnosis rests on information that somebody has verified (S1-50)."""
    return Exists(SocialDiagnosis.objects.filter(case=CASE, verified_on__lte=on))


def _last_conclusion(on: date, conclusion: NeedConclusion) -> Q:
    rows = NeedAssessment.objects.filter(case=CASE, on__lte=on).order_by("-on", "-pk")
    return Q(Exact(Subquery(rows.values("conclusion")[:1]), Value(conclusion.value)))


def need_assessed(on: date) -> Q:
    """The last need assessment says that the family needs support (S0-18)."""
    return _last_conclusion(on, NeedConclusion.NEEDS)


def need_refuted(on: date) -> Q:
    """The last need assessment says that it does not."""
    return _last_conclusion(on, NeedConclusion.DOES_NOT_NEED)


def _approved_programmes(on: date) -> QuerySet[SupportProgramme]:
    """The version in force: a case has one at a time, and the guards of active support all speak of it (I4).

    What the team approved stands only where the family has a social contract (clarification 3).
    """
    contracts = ContractDuty.objects.not_over(OuterRef("approved_on")).filter(family=OuterRef("case__family"))
    rows = SupportProgramme.objects.filter(case=CASE, state__in=IN_FORCE, approved_on__lte=on)
    return rows.filter(~Q(basis_body=BasisBody.TEAM_DECISION) | Exists(contracts))


def joint_plan(on: date) -> Q:
    """The version in force, or while there is none the one that waits for approval, was agreed with the family and
    submitted, before it was approved: the joint plan of stage 2 (S4-21)."""
    planned = SupportProgramme.objects.filter(case=CASE, agreed_on__lte=on, submitted_on__lte=on)
    in_force = planned.filter(state__in=IN_FORCE, agreed_on__lte=F("approved_on"), submitted_on__lte=F("approved_on"))
    waiting = planned.filter(state=ProgrammeState.SUBMITTED)
    is_approved = Exists(SupportProgramme.objects.filter(case=CASE, state__in=IN_FORCE))
    return Q(Exists(in_force)) | (~Q(is_approved) & Q(Exists(waiting)))


def notices_sent(on: date) -> Q:
    """Interested organisations are told: at least one, and every one that carries out an activity of the programme in
    force (I4, S4-22)."""
    told = Exists(notices_of_support(on).filter(case=CASE))
    return Q(told) & ~Q(Exists(untold_activities(on).filter(programme__case=CASE)))


def programme_approved(on: date) -> Exists:
    """A version of the programme is approved and not superseded (S4-23)."""
    return Exists(_approved_programmes(on))


def agreement_signed(on: date) -> Exists:
    """The agreement, or a further one, for the version in force is signed after its approval, and not terminated
    (I4; S4-24, S4-26). One for a version that was superseded before support began does not do."""
    rows = SupportAgreement.objects.filter(
        case=CASE,
        programme__state__in=IN_FORCE,
        programme__approved_on__lte=F("signed_on"),
        signed_on__lte=on,
    )
    return Exists(rows.filter(Q(terminated_on=None) | Q(terminated_on__gt=on)))


def programme_ended(on: date) -> Q:
    """The last day of the programme in force has come, or the programme is completed."""
    rows = SupportProgramme.objects.filter(case=CASE)
    running = rows.filter(state=ProgrammeState.ACTIVE)
    completed = Q(Exists(rows.filter(state=ProgrammeState.COMPLETED))) & ~Q(Exists(running))
    return Q(Exists(running.filter(ends_on__lte=on))) | completed


def goals_reached(_on: date) -> Q:
    """Every activity of the programme in force, or completed, is closed."""
    states = (ProgrammeState.ACTIVE, ProgrammeState.COMPLETED)
    rows = ProgrammeActivity.objects.filter(programme__case=CASE, programme__state__in=states)
    return Q(Exists(rows.exclude(state=ActivityState.CANCELLED))) & ~Q(Exists(rows.unfinished()))


def programme_renewed(on: date) -> Exists:
    """A new version was approved since the reflection began."""
    rows = SupportProgramme.objects.filter(case=CASE, state__in=IN_FORCE, edition__gt=1)
    return Exists(rows.filter(approved_on__gte=OuterRef("stage_since"), approved_on__lte=on))


def final_assessment(on: date) -> Q:
    """A final assessment of this episode; in reflection, one made since it began (I11)."""
    rows = Assessment.objects.filter(case=CASE, purpose=AssessmentPurpose.FINAL, on__lte=on)
    since_reflection = Q(stage=Stage.REFLECTION) & Q(Exists(rows.filter(on__gte=OuterRef("stage_since"))))
    return since_reflection | (~Q(stage=Stage.REFLECTION) & Q(Exists(rows)))


DIAGNOSIS, PROGRAMME, PAPERS = "casework:diagnosis", "casework:programmes", "casework:commitments"

for row in (
    Guard(
        GuardCode.PROBLEM_RECORDED,
        _("A problem of the family is recorded"),
        _("Record at least one problem of the family"),
        problem_recorded,
        DIAGNOSIS,
    ),
    Guard(
        GuardCode.INFORMATION_VERIFIED,
        _("The information in the social diagnosis is verified"),
        _("Write the social diagnosis and mark its information as verified"),
        information_verified,
        DIAGNOSIS,
    ),
    Guard(
        GuardCode.NEED_ASSESSED,
        _("The need assessment says that the family needs support"),
        _("Assess whether the family needs support"),
        need_assessed,
        DIAGNOSIS,
    ),
    Guard(
        GuardCode.NEED_REFUTED,
        _("The need assessment says that the family does not need support"),
        _("No need assessment says that the family does not need support"),
        need_refuted,
        DIAGNOSIS,
    ),
    Guard(
        GuardCode.JOINT_PLAN,
        _("The joint plan is drawn up with the family and submitted"),
        _("Draw up the programme with the family and submit it"),
        joint_plan,
        PROGRAMME,
    ),
    Guard(
        GuardCode.NOTICES_SENT,
        _("Interested organisations are notified"),
        _("Send notices to all interested organisations, and to each that carries out the programme"),
        notices_sent,
        PAPERS,
    ),
    Guard(
        GuardCode.PROGRAMME_APPROVED,
        _("The individual programme is approved"),
        _("The individual programme has to be approved"),
        programme_approved,
        PROGRAMME,
    ),
    Guard(
        GuardCode.AGREEMENT_SIGNED,
        _("The support agreement is signed"),
        _("Sign the support agreement with the family"),
        agreement_signed,
        PAPERS,
    ),
    Guard(
        GuardCode.PROGRAMME_ENDED,
        _("The last day of the programme has come"),
        _("The last day of the programme has not come yet"),
        programme_ended,
        PROGRAMME,
    ),
    Guard(
        GuardCode.GOALS_REACHED,
        _("Every activity of the programme is closed"),
        _("Some activities of the programme are not closed"),
        goals_reached,
        PROGRAMME,
    ),
    Guard(
        GuardCode.PROGRAMME_RENEWED,
        _("A new version of the programme is approved"),
        _("A new version of the programme has to be approved"),
        programme_renewed,
        PROGRAMME,
    ),
    Guard(
        GuardCode.FINAL_ASSESSMENT,
        _("The final assessment of the family is made"),
        _("Make the final assessment of the family"),
        final_assessment,
        DIAGNOSIS,
    ),
):
    register_guard(row)


register_tab(Tab("diagnosis", _("Diagnosis"), DIAGNOSIS, 30))
register_tab(Tab("programme", _("Programme"), PROGRAMME, 40))

for model in (
    CaseProblem,
    FamilyResource,
    SocialDiagnosis,
    NeedAssessment,
    Assessment,
    SupportProgramme,
    SupportAgreement,
    AgencyNotice,
):
    register_history(lambda case, model=model: model.objects.filter(case=case))  # type: ignore[misc]
register_history(lambda case: ProgrammeActivity.objects.filter(programme__case=case))

GROUP, PAPER_GROUP = EventGroup.PROGRAMME, EventGroup.PAPERS
BASIS = {"body": BasisBody, "date": date}

register_event("problem_found", _("A problem was recorded"), group=GROUP, icon="circle-alert", tone="warn")
register_event("problem_resolved", _("A problem was resolved"), group=GROUP, icon="circle-check", tone="ok")
register_event("diagnosis_written", _("Social diagnosis written"), group=GROUP, icon="clipboard-list")
register_event("diagnosis_verified", _("The information was verified"), group=GROUP, icon="badge-check", tone="ok")
register_event(
    "need_assessed",
    _("Need assessment: %(conclusion)s"),
    group=GROUP,
    icon="scale",
    values={"conclusion": NeedConclusion},
)
register_event(
    "assessed",
    _("Assessment of the family (%(purpose)s): %(total)s of 36"),
    group=GROUP,
    icon="chart-line",
    values={"purpose": AssessmentPurpose},
)
register_event("programme_drafted", _("Programme, version %(edition)s: drafted"), group=GROUP, icon="file-pen")
register_event(
    "programme_agreed", _("Programme, version %(edition)s: agreed with the family"), group=GROUP, icon="handshake"
)
register_event(
    "programme_changed",
    _("Programme, version %(edition)s: changed after the family agreed, a draft again"),
    group=GROUP,
    icon="file-pen",
    tone="warn",
)
register_event(
    "programme_submitted", _("Programme, version %(edition)s: submitted for approval"), group=GROUP, icon="send"
)
register_event(
    "programme_returned",
    _("Programme, version %(edition)s: returned for correction"),
    group=GROUP,
    icon="undo-2",
    tone="warn",
)
register_event(
    "programme_approved",
    _("Programme No. %(programme)s approved: %(body)s, No. %(number)s of %(date)s"),
    group=GROUP,
    icon="gavel",
    tone="ok",
    values=BASIS,
)
register_event(
    "programme_in_force", _("Programme No. %(programme)s came into force"), group=GROUP, icon="circle-play", tone="ok"
)
register_event(
    "activity_closed",
    _("Activity %(position)s of the programme: %(state)s"),
    group=GROUP,
    icon="list-checks",
    values={"state": ActivityState},
)
register_event(
    "agreement_signed",
    _("Support agreement No. %(number)s signed, until %(until)s"),
    group=PAPER_GROUP,
    icon="signature",
    tone="ok",
    values={"until": date},
)
register_event(
    "agreement_terminated",
    _("Support agreement No. %(number)s terminated"),
    group=PAPER_GROUP,
    icon="file-x",
    tone="warn",
)
register_event(
    "notice_sent",
    _("Notice No. %(number)s sent: %(subject)s"),
    group=PAPER_GROUP,
    icon="mail",
    values={"subject": NoticeSubject},
)
register_event("notice_delivered", _("Notice No. %(number)s was delivered"), group=PAPER_GROUP, icon="mail-open")
register_event("notice_answered", _("Notice No. %(number)s was answered"), group=PAPER_GROUP, icon="mail-check")


def _reads(user: User, _row: object) -> bool:
    return may_read_details(user)


def _reads_programme(user: User, row: Any) -> bool:
    """The programme as printed, alone or with the agreement, lists the categories of the family, secret ones too."""
    return may_read_papers(user, tells_of_health=row.tells_of_health)


def _reads_details(user: User, _case: SupportCase) -> bool:
    return may_read_details(user)


def _reason(request: HttpRequest, row: Any) -> str | HttpResponse:
    return reason_or_page(request, row.case.family)


def _finder(model: type[Model]) -> Finder:
    def find(user: User, ids: Collection[int]) -> Iterable[Model]:
        rows: QuerySet[Model] = model._default_manager.visible_to(user)  # type: ignore[attr-defined]
        told = FamilyCategory.objects.filter(family=OuterRef("case__family"), category__is_confidential=True)
        found: QuerySet[Model] = rows.select_related("case__family").annotate(tells_of_health=Exists(told))
        return found.filter(pk__in=ids)

    return find


OWNERS: dict[str, tuple[type[Model], Permission]] = {
    "casework.programme": (SupportProgramme, _reads_programme),
    "casework.agreement": (SupportAgreement, _reads_programme),
    "casework.notice": (AgencyNotice, _reads),
    "casework.assessment": (Assessment, _reads),
    "casework.diagnosis": (SocialDiagnosis, _reads),
    "casework.need": (NeedAssessment, _reads),
}
for kind, (owner, reads) in OWNERS.items():
    register_owner(kind, _finder(owner), may_read=reads, family_of=lambda row: row.case.family_id, reason_for=_reason)

register_tab(Tab("commitments", _("Agreement and notices"), PAPERS, 45, _reads_details))
