"""What was approved or signed is read-only; a correction is a new version, and says why (I14)."""

import pytest
from django.core.exceptions import ValidationError

from casework.enums import ProgrammeState, Stage
from casework.models import SupportAgreement, SupportProgramme
from casework.services import agreements, programmes
from tests.casework.conftest import CaseAt
from tests.cast import Cast
from tests.factories.programmes import activity_of, drafted, programme_at, signed_agreement

pytestmark = pytest.mark.django_db

State = ProgrammeState


@pytest.mark.requirement("I14")
@pytest.mark.parametrize("state", [State.APPROVED, State.ACTIVE])
def test_an_approved_programme_is_read_only_and_changed_by_a_new_version(
    cast: Cast, at: CaseAt, state: ProgrammeState
) -> None:
    case = at(Stage.ACTIVE)
    row = programme_at(state, case, author=cast.specialist, head=cast.head)
    goal, activities = row.goal, row.activities.count()
    row.goal = "Другая"
    with pytest.raises(ValidationError):
        programmes.change_programme(programme=row, actor=cast.specialist)
    with pytest.raises(ValidationError):
        programmes.change_programme(
            programme=row, actor=cast.specialist, save_rows=lambda: activity_of(row, position=2)
        )
    row.refresh_from_db()
    assert (row.goal, row.activities.count(), row.state) == (goal, activities, state)
    with pytest.raises(ValidationError) as refused:
        drafted(case, cast.specialist, change_reason=" ")
    assert "change_reason" in refused.value.message_dict
    second = drafted(case, cast.specialist, change_reason="Изменилась ситуация")
    assert (second.edition, SupportProgramme.objects.get(pk=row.pk).goal) == (2, goal)


@pytest.mark.requirement("I14")
def test_a_signed_agreement_is_read_only(cast: Cast, at: CaseAt) -> None:
    programme = programme_at(State.APPROVED, at(Stage.CONTRACTING), author=cast.specialist, head=cast.head)
    row = signed_agreement(programme, author=cast.specialist, director=cast.director)
    before = SupportAgreement.objects.filter(pk=row.pk).values().get()
    row.signatory_post = "заместитель директора"
    with pytest.raises(ValidationError):
        agreements.save_draft(agreement=row, actor=cast.specialist)
    with pytest.raises(ValidationError):
        agreements.sign(agreement=row, on=row.case.institution.today(), actor=cast.director)
    assert SupportAgreement.objects.filter(pk=row.pk).values().get() == before
