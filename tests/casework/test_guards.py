"""What each move waits for (domain 3.4), on real records: without one of them it is refused, with it the case moves."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from casework import registry
from casework.enums import (
    ActivityState,
    AssessmentPurpose,
    BasisBody,
    ExecutorKind,
    Ground,
    GuardCode,
    NeedConclusion,
    ProgrammeState,
    RemovalReason,
    Stage,
)
from casework.models import (
    AgencyNotice,
    Assessment,
    CaseProblem,
    ContractDuty,
    CuratorAssignment,
    NeedAssessment,
    ProblemKind,
    ProgrammeActivity,
    SocialDiagnosis,
    SupportAgreement,
    SupportCase,
    SupportProgramme,
)
from casework.models.diagnosis import SCALES
from casework.services import programmes as programme_services
from casework.services.decisions import Basis, extend, remove_by_decision
from casework.services.stages import transition
from casework.stages import MOVES
from common.calendar import add_months
from families.models import Consent
from partners.models import PartnerOrganisation
from tests.casework.conftest import CaseAt
from tests.cast import Cast
from tests.factories.casework import duty_of
from tests.factories.families import ConsentFactory
from tests.factories.partners import PartnerFactory
from tests.factories.programmes import (
    COUNCIL,
    activity_of,
    drafted,
    mother_of,
    programme_at,
    scan,
    sent_notice,
    signed_agreement,
)

DAY = timedelta(days=1)
S, G = Stage, GuardCode
Move = tuple[Stage, Stage]
Step = Callable[[Cast, SupportCase], object]

# What domain 3.4 asks for, written here apart from the code; of the guards in one set one suffices. More than its
# words: CONTRACTING to ACTIVE names besides I4 the curator (I3) and the enrolment (I13), ACTIVE to REFLECTION the
# decision that removed the family.
GUARDS: dict[Move, list[set[str]]] = {
    (S.DIAGNOSTIC, S.CONTRACTING): [
        {"PROBLEM_RECORDED"},
        {"INFORMATION_VERIFIED"},
        {"NEED_ASSESSED"},
        {"CONSENT_ON_FILE"},
        {"CURATOR_ASSIGNED"},
    ],
    (S.DIAGNOSTIC, S.CLOSED): [],
    (S.CONTRACTING, S.ACTIVE): [
        {"JOINT_PLAN"},
        {"NOTICES_SENT"},
        {"PROGRAMME_APPROVED"},
        {"AGREEMENT_SIGNED"},
        {"ENROLLED"},
        {"CURATOR_ASSIGNED"},
    ],
    (S.CONTRACTING, S.CLOSED): [],
    (S.ACTIVE, S.REFLECTION): [{"PROGRAMME_ENDED", "GOALS_REACHED", "TERM_ENDING", "REMOVAL_DECIDED"}],
    (S.ACTIVE, S.CLOSED): [],
    (S.REFLECTION, S.ACTIVE): [{"EXTENDED"}, {"PROGRAMME_RENEWED"}],
    (S.REFLECTION, S.POST_SUPPORT): [{"REMOVAL_DECIDED"}, {"FINAL_ASSESSMENT"}],
    (S.REFLECTION, S.CLOSED): [{"REMOVAL_DECIDED"}],
    (S.POST_SUPPORT, S.ACTIVE): [],
    (S.POST_SUPPORT, S.CLOSED): [{"POST_SUPPORT_OVER"}, {"NO_CONTRACT_DUTY"}],
}


def test_the_moves_wait_for_what_the_specification_names() -> None:
    needed = {(move.source, move.target): [{code.value for code in row} for row in move.requires] for move in MOVES}
    assert needed == GUARDS


def missing(*codes: str) -> set[str]:
    """What a person reads of guards that are not met."""
    return {str(row.missing) for code in codes if (row := registry.guard(GuardCode(code)))}


def refusal(case: SupportCase, target: Stage, actor: User) -> set[str]:
    """The messages with which the move is refused today; nothing of it is written."""
    moves = case.stage_changes.count()
    with pytest.raises(ValidationError) as refused:
        transition(case=case, to=target, actor=actor, on=case.institution.today())
    assert {error.code for error in refused.value.error_list} == {"guard"}
    stored = SupportCase.objects.get(pk=case.pk)
    assert (stored.stage, stored.stage_changes.count()) == (case.stage, moves)
    return set(refused.value.messages)


def moves_on(case: SupportCase, target: Stage, actor: User) -> bool:
    transition(case=case, to=target, actor=actor, on=case.institution.today())
    stage: str = SupportCase.objects.get(pk=case.pk).stage
    return stage == target


# DIAGNOSTIC to CONTRACTING.


def add_problem(_cast: Cast, case: SupportCase) -> None:
    kind = ProblemKind.objects.get(code="parent-employment")
    CaseProblem.objects.create(case=case, kind=kind, found_on=case.institution.today())


def verify(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    SocialDiagnosis.objects.create(
        case=case, on=today, by=cast.specialist, text="-", verified_on=today, verified_by=cast.specialist
    )


def find_need(cast: Cast, case: SupportCase, conclusion: NeedConclusion = NeedConclusion.NEEDS) -> None:
    today = case.institution.today()
    NeedAssessment.objects.create(case=case, on=today, by=cast.specialist, conclusion=conclusion)


def consent(_cast: Cast, case: SupportCase) -> None:
    ConsentFactory.create(family=case.family)


def give_curator(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    CuratorAssignment.objects.create(case=case, curator=cast.specialist, starts_on=today, assigned_by=cast.head)


def take_curator(_cast: Cast, case: SupportCase) -> None:
    CuratorAssignment.objects.filter(case=case).update(ends_on=case.institution.today() - DAY)


def add_unverified(cast: Cast, case: SupportCase) -> None:
    SocialDiagnosis.objects.create(case=case, on=case.institution.today(), by=cast.specialist, text="-")


def refute_need(cast: Cast, case: SupportCase) -> None:
    find_need(cast, case)
    find_need(cast, case, NeedConclusion.DOES_NOT_NEED)


def add_revoked_consent(_cast: Cast, case: SupportCase) -> None:
    ConsentFactory.create(family=case.family)
    Consent.objects.filter(family=case.family).update(revoked_on=case.institution.today())


def nothing(_cast: Cast, _case: SupportCase) -> None:
    pass


DIAGNOSED: dict[str, Step] = {
    "PROBLEM_RECORDED": add_problem,
    "INFORMATION_VERIFIED": verify,
    "NEED_ASSESSED": find_need,
    "CONSENT_ON_FILE": consent,
    "CURATOR_ASSIGNED": give_curator,
}


@pytest.mark.requirement("S4-19")
@pytest.mark.parametrize(
    ("code", "instead"),
    [
        ("PROBLEM_RECORDED", nothing),
        ("INFORMATION_VERIFIED", nothing),
        ("INFORMATION_VERIFIED", add_unverified),
        ("NEED_ASSESSED", nothing),
        ("NEED_ASSESSED", refute_need),
        ("CONSENT_ON_FILE", nothing),
        ("CONSENT_ON_FILE", add_revoked_consent),
        ("CURATOR_ASSIGNED", nothing),
    ],
)
def test_the_diagnostics_end_with_all_that_they_find_out(cast: Cast, at: CaseAt, code: str, instead: Step) -> None:
    case = at(S.DIAGNOSTIC)
    take_curator(cast, case)
    for name, step in DIAGNOSED.items():
        (instead if name == code else step)(cast, case)
    assert refusal(case, S.CONTRACTING, cast.head) == missing(code)
    DIAGNOSED[code](cast, case)
    assert moves_on(case, S.CONTRACTING, cast.head)


# CONTRACTING to ACTIVE.


def contracted(cast: Cast, at: CaseAt, **values: Any) -> SupportCase:
    """A case in which stage 2 is complete: plan, approval, agreement and notice, all of today."""
    case = at(S.CONTRACTING, **values)
    programme = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    signed_agreement(programme, author=cast.specialist, director=cast.director)
    sent_notice(case, author=cast.specialist, head=cast.head)
    return case


def of(model: Any, **values: Any) -> Step:
    """Rewrite the records of the case, past the services."""

    def step(_cast: Cast, case: SupportCase) -> None:
        rows = model.objects.filter(pk=case.pk) if model is SupportCase else model.objects.filter(case=case)
        today = case.institution.today()
        rows.update(
            **{name: today + value if isinstance(value, timedelta) else value for name, value in values.items()}
        )

    return step


def supersede(cast: Cast, case: SupportCase) -> None:
    """The council approves a new version after the agreement for the first was signed, before support begins."""
    second = drafted(case, cast.specialist, change_reason="Уточнили цели")
    today = case.institution.today()
    programme_services.agree(programme=second, on=today, person=mother_of(case).person, actor=cast.specialist)
    programme_services.submit(programme=second, on=today, actor=cast.head)
    programme_services.approve_programme(programme=second, on=today, actor=cast.head, **(COUNCIL | {"number": "13"}))


def add_partner(cast: Cast, case: SupportCase, **values: Any) -> PartnerOrganisation:
    """An organisation that carries out an activity of the newest version."""
    partner: PartnerOrganisation = PartnerFactory.create(institution=cast.institution)
    programme = SupportProgramme.objects.filter(case=case).order_by("edition").last()
    assert programme is not None
    activity_of(programme, executor_kind=ExecutorKind.PARTNER, executor_partner=partner, **values)
    return partner


def tell_only_one_partner(cast: Cast, case: SupportCase) -> None:
    told, _silent = add_partner(cast, case), add_partner(cast, case)
    sent_notice(case, author=cast.specialist, head=cast.head, addressee=told)


def tell_of_removal(cast: Cast, case: SupportCase) -> None:
    """The organisation of the programme is told something else than its part."""
    notice = sent_notice(case, author=cast.specialist, head=cast.head, addressee=add_partner(cast, case))
    AgencyNotice.objects.filter(pk=notice.pk).update(subject="REMOVED")


TEAM = {"basis_body": BasisBody.TEAM_DECISION}


@pytest.mark.requirement("S4-21", "S4-22", "S4-23", "S4-24", "S4-26", "I4")
@pytest.mark.parametrize(
    ("codes", "spoil"),
    [
        (["JOINT_PLAN"], of(SupportProgramme, agreed_on=None)),
        (["JOINT_PLAN"], of(SupportProgramme, submitted_on=None)),
        (["JOINT_PLAN"], of(SupportProgramme, approved_on=-DAY)),
        (["NOTICES_SENT"], of(AgencyNotice, sent_on=None)),
        (["NOTICES_SENT"], of(AgencyNotice, subject="REMOVED")),
        (["NOTICES_SENT"], add_partner),
        (["NOTICES_SENT"], tell_only_one_partner),
        (["NOTICES_SENT"], tell_of_removal),
        (["PROGRAMME_APPROVED", "AGREEMENT_SIGNED"], of(SupportProgramme, state="SUBMITTED", approved_on=None)),
        (["JOINT_PLAN", "PROGRAMME_APPROVED", "AGREEMENT_SIGNED"], of(SupportProgramme, state="TERMINATED")),
        (["PROGRAMME_APPROVED"], of(SupportProgramme, **TEAM)),
        (["AGREEMENT_SIGNED"], of(SupportAgreement, signed_on=None)),
        (["AGREEMENT_SIGNED"], of(SupportAgreement, signed_on=-DAY)),
        (["AGREEMENT_SIGNED"], of(SupportAgreement, terminated_on=timedelta(0), termination_reason="Отказ")),
        (["AGREEMENT_SIGNED"], supersede),
        (["ENROLLED"], of(SupportCase, enrolled_on=None)),
        (["ENROLLED"], of(SupportCase, **TEAM)),
        (["CURATOR_ASSIGNED"], take_curator),
    ],
)
def test_support_begins_when_all_of_one_programme_is_in_place(
    cast: Cast, at: CaseAt, codes: list[str], spoil: Step
) -> None:
    """I4: plan, approval and agreement are those of the version in force, in this order; I3."""
    case = contracted(cast, at)
    spoil(cast, case)
    assert refusal(case, S.ACTIVE, cast.head) == missing(*codes)


@pytest.mark.requirement("S4-26", "I4")
def test_support_begins_on_what_stage_two_brought_together(cast: Cast, at: CaseAt) -> None:
    assert moves_on(contracted(cast, at), S.ACTIVE, cast.head)


@pytest.mark.requirement("S4-22", "I4")
def test_support_begins_when_every_organisation_of_the_version_in_force_was_told(cast: Cast, at: CaseAt) -> None:
    """Whom a cancelled activity or a superseded version names need not be told; one notice serves two activities."""
    case = at(S.CONTRACTING)
    first = programme_at(ProgrammeState.APPROVED, case, author=cast.specialist, head=cast.head)
    add_partner(cast, case)
    supersede(cast, case)
    second = SupportProgramme.objects.select_related("case").get(case=case, edition=2)
    ProgrammeActivity.objects.filter(programme=second, executor_kind=ExecutorKind.PARTNER).delete()
    add_partner(cast, case, state=ActivityState.CANCELLED)
    partner = add_partner(cast, case)
    activity_of(second, executor_kind=ExecutorKind.PARTNER, executor_partner=partner)
    signed_agreement(second, author=cast.specialist, director=cast.director)
    assert first.pk != second.pk
    assert refusal(case, S.ACTIVE, cast.head) == missing("NOTICES_SENT")
    sent_notice(case, author=cast.specialist, head=cast.head, addressee=partner)
    assert moves_on(case, S.ACTIVE, cast.head)


@pytest.mark.requirement("S4-24", "S4-26")
def test_a_further_agreement_for_the_new_version_lets_support_begin(cast: Cast, at: CaseAt) -> None:
    """I4: the agreement for a superseded version is older than the approval of the one in force."""
    case = contracted(cast, at)
    supersede(cast, case)
    second = SupportProgramme.objects.select_related("case").get(case=case, edition=2)
    assert second.state == ProgrammeState.APPROVED
    signed_agreement(second, author=cast.specialist, director=cast.director)
    assert moves_on(case, S.ACTIVE, cast.head)


@pytest.mark.requirement("S4-23", "S4-24")
def test_a_contract_family_begins_without_a_council_as_long_as_it_has_a_contract(cast: Cast, at: CaseAt) -> None:
    """Clarification 3: the ground alone opens no guard."""
    case = at(S.CONTRACTING, ground=Ground.SOCIAL_CONTRACT)
    duty = duty_of(case.family)
    today = case.institution.today()
    programme = programme_at(ProgrammeState.SUBMITTED, case, author=cast.specialist, head=cast.head)
    team = {"body": BasisBody.TEAM_DECISION, "title": "", "number": "1", "on": today}
    programme_services.record_approval(programme=programme, actor=cast.head, scans=[scan()], **team)
    signed_agreement(programme, author=cast.specialist, director=cast.director)
    sent_notice(case, author=cast.specialist, head=cast.head)
    ContractDuty.objects.filter(pk=duty.pk).update(ends_on=today - DAY)
    assert refusal(case, S.ACTIVE, cast.head) == missing("PROGRAMME_APPROVED", "ENROLLED")
    ContractDuty.objects.filter(pk=duty.pk).update(ends_on=today)
    assert moves_on(case, S.ACTIVE, cast.head)


# ACTIVE to REFLECTION, and on from there.


def decide_removal(cast: Cast, case: SupportCase, reason: RemovalReason = RemovalReason.TERM_EXPIRED) -> None:
    today = case.institution.today()
    basis = Basis(BasisBody.COORDINATION_COUNCIL, "9/2026", today)
    remove_by_decision(case=case, effective_on=today, reason=reason, basis=basis, actor=cast.secretary)


def prolong(cast: Cast, case: SupportCase) -> None:
    today = case.institution.today()
    basis = Basis(BasisBody.COORDINATION_COUNCIL, "10/2026", today)
    extend(case=case, effective_on=today, until=add_months(today, 8), basis=basis, actor=cast.secretary)


def close_activities(_cast: Cast, case: SupportCase) -> None:
    rows = ProgrammeActivity.objects.filter(programme__case=case)
    rows.update(state=ActivityState.DONE, done_on=case.institution.today(), result="Сделано")


@pytest.mark.requirement("S4-28")
@pytest.mark.parametrize(
    "step",
    [
        of(SupportProgramme, ends_on=timedelta(0)),
        close_activities,
        of(SupportCase, planned_end_on=timedelta(days=30)),
        decide_removal,
    ],
)
def test_any_of_four_reasons_leads_to_reflection(cast: Cast, at: CaseAt, step: Step) -> None:
    case = at(S.ACTIVE)
    programme_at(ProgrammeState.ACTIVE, case, author=cast.specialist, head=cast.head)
    together = refusal(case, S.REFLECTION, cast.specialist)
    assert len(together) == 1
    every = missing("PROGRAMME_ENDED", "GOALS_REACHED", "TERM_ENDING", "REMOVAL_DECIDED")
    assert all(text in next(iter(together)) for text in every)
    step(cast, case)
    assert moves_on(case, S.REFLECTION, cast.specialist)


def renew(cast: Cast, case: SupportCase) -> None:
    """A further version is approved while the first is in force."""
    supersede(cast, case)


def score(cast: Cast, case: SupportCase, purpose: AssessmentPurpose = AssessmentPurpose.FINAL, **values: Any) -> None:
    known = {"on": case.institution.today(), "by": cast.specialist, "number": f"{Assessment.objects.count() + 1}"}
    Assessment.objects.create(
        case=case, purpose=purpose, methods=["TALK"], **(known | values), **dict.fromkeys(SCALES, 2)
    )


def renew_before_reflection(cast: Cast, case: SupportCase) -> None:
    renew(cast, case)
    of(SupportProgramme, approved_on=case.stage_since - DAY)(cast, case)


def score_before_reflection(cast: Cast, case: SupportCase) -> None:
    score(cast, case, on=case.stage_since - DAY)
    score(cast, case, purpose=AssessmentPurpose.INTERIM)


REFLECTED: dict[Move, dict[str, Step]] = {
    (S.REFLECTION, S.ACTIVE): {"EXTENDED": prolong, "PROGRAMME_RENEWED": renew},
    (S.REFLECTION, S.POST_SUPPORT): {"REMOVAL_DECIDED": decide_removal, "FINAL_ASSESSMENT": score},
    (S.REFLECTION, S.CLOSED): {
        "REMOVAL_DECIDED": lambda cast, case: decide_removal(cast, case, RemovalReason.MOVED),
    },
}


@pytest.mark.requirement("S4-28", "S4-29", "S0-50")
@pytest.mark.parametrize(
    ("target", "code", "instead"),
    [
        (S.ACTIVE, "EXTENDED", nothing),
        (S.ACTIVE, "PROGRAMME_RENEWED", nothing),
        (S.ACTIVE, "PROGRAMME_RENEWED", renew_before_reflection),
        (S.POST_SUPPORT, "REMOVAL_DECIDED", nothing),
        (S.POST_SUPPORT, "FINAL_ASSESSMENT", nothing),
        (S.POST_SUPPORT, "FINAL_ASSESSMENT", score_before_reflection),
        (S.CLOSED, "REMOVAL_DECIDED", nothing),
    ],
)
def test_reflection_ends_as_was_decided_in_it(cast: Cast, at: CaseAt, target: Stage, code: str, instead: Step) -> None:
    case = at(S.REFLECTION)
    programme_at(ProgrammeState.ACTIVE, case, author=cast.specialist, head=cast.head)
    of(SupportProgramme, approved_on=case.stage_since - DAY)(cast, case)
    steps = REFLECTED[S.REFLECTION, target]
    for name, step in steps.items():
        (instead if name == code else step)(cast, case)
    case.refresh_from_db()
    assert refusal(case, target, cast.head) == missing(code)
    if instead is renew_before_reflection:
        of(SupportProgramme, approved_on=timedelta(0))(cast, case)
    else:
        steps[code](cast, case)
    case.refresh_from_db()
    assert moves_on(case, target, cast.head)


@pytest.mark.requirement("S4-29")
@pytest.mark.parametrize("code", ["POST_SUPPORT_OVER", "NO_CONTRACT_DUTY"])
def test_post_support_ends_after_its_last_day_and_no_contract_holds(cast: Cast, at: CaseAt, code: str) -> None:
    case = at(S.POST_SUPPORT)
    today = case.institution.today()

    def last_day(day: date) -> None:
        SupportCase.objects.filter(pk=case.pk).update(post_support_until=day)

    last_day(today if code == "POST_SUPPORT_OVER" else today - DAY)
    duty = duty_of(case.family, ends_on=today - DAY if code == "POST_SUPPORT_OVER" else today)
    assert refusal(case, S.CLOSED, cast.head) == missing(code)
    last_day(today - DAY)
    ContractDuty.objects.filter(pk=duty.pk).update(ends_on=today - DAY)
    assert moves_on(case, S.CLOSED, cast.head)
