"""Builders of programmes: one in any state, brought there by the services as the cast's people would."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from casework.enums import ActivitySection, BasisBody, ExecutorKind, LegalBasis, NoticeSubject, ProgrammeState
from casework.models import AgencyNotice, ProgrammeActivity, SupportAgreement, SupportCase, SupportProgramme
from casework.services import agreements, notices
from casework.services import programmes as services
from common.calendar import add_months
from families.models import FamilyMembership
from partners.models import PartnerOrganisation
from tests.factories.records import PDF


def scan(name: str = "Протокол.pdf") -> SimpleUploadedFile:
    """The minutes of a body on paper, scanned."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


COUNCIL = {"body": BasisBody.COORDINATION_COUNCIL, "title": "Координационный совет", "number": "12"}


def mother_of(case: SupportCase) -> FamilyMembership:
    return FamilyMembership.objects.get(family=case.family, is_head=True)


def activity_of(programme: SupportProgramme, **values: Any) -> ProgrammeActivity:
    """An activity of the family itself, due in two months."""
    known: dict[str, Any] = {
        "section": ActivitySection.SOCIAL,
        "title": "Оформить пособие",
        "due_on": add_months(programme.starts_on, 2),
        "executor_kind": ExecutorKind.FAMILY,
    }
    if values.get("executor_kind", ExecutorKind.FAMILY) == ExecutorKind.FAMILY:
        known["executor_member"] = mother_of(programme.case)
    return ProgrammeActivity.objects.create(programme=programme, **(known | values))


def drafted(case: SupportCase, author: User, **values: Any) -> SupportProgramme:
    """A draft with one activity of the family."""
    today = case.institution.today()
    known: dict[str, Any] = {
        "goal": "Вывести семью из трудной жизненной ситуации",
        "starts_on": today - timedelta(days=1),
        "ends_on": add_months(today, 5),
    }
    programme = SupportProgramme(case=case, **(known | values))
    services.draft_programme(programme=programme, actor=author)
    if not programme.activities.exists():
        activity_of(programme)
    return programme


def programme_at(state: ProgrammeState, case: SupportCase, *, author: User, head: User) -> SupportProgramme:
    """A programme brought to `state` today: agreed, submitted by the head, approved by a council, in force."""
    today = case.institution.today()
    programme = drafted(case, author)
    if state == ProgrammeState.DRAFT:
        return programme
    services.agree(programme=programme, on=today, person=mother_of(case).person, actor=author)
    if state == ProgrammeState.AGREED:
        return programme
    services.submit(programme=programme, on=today, actor=head)
    if state == ProgrammeState.SUBMITTED:
        return programme
    services.approve_programme(programme=programme, on=today, actor=head, **COUNCIL)
    if state == ProgrammeState.ACTIVE:
        services.activate(programme=programme, on=today, actor=head)
    return programme


def draft_agreement(programme: SupportProgramme, *, author: User) -> SupportAgreement:
    """The agreement for an approved version, drawn up by its author."""
    case = programme.case
    agreement = SupportAgreement(
        case=case,
        programme=programme,
        representative=mother_of(case).person,
        institution_signatory="И. И. Иванов",
        signatory_post="директор",
        signatory_ground="устав",
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
    )
    return agreements.save_draft(agreement=agreement, actor=author)


def signed_agreement(programme: SupportProgramme, *, author: User, director: User) -> SupportAgreement:
    """The same, signed today."""
    agreement = draft_agreement(programme, author=author)
    agreements.sign(agreement=agreement, on=agreement.case.institution.today(), actor=director)
    return agreement


def sent_notice(
    case: SupportCase, *, author: User, head: User, addressee: PartnerOrganisation | None = None
) -> AgencyNotice:
    """A notice of the programme to an agency, sent today; to the commission for minors where none is named."""
    if addressee is None:
        addressee, _made = PartnerOrganisation.objects.get_or_create(region=case.region, title="КДН", type="KDN")
    notice = AgencyNotice(
        case=case,
        addressee=addressee,
        subject=NoticeSubject.PROGRAMME,
        legal_basis=LegalBasis.CHILD_PROTECTION,
        text="Просим принять участие в программе.",
    )
    notices.save_notice(notice=notice, actor=author)
    notices.send(notice=notice, on=case.institution.today(), method="почта", actor=head)
    return notice
