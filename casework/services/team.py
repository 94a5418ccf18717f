"""The team of a case: specialists of other profiles and services who work on it with the curator (S1-15, S0-75)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import require
from accounts.models import User
from accounts.notifications import notify
from casework import access
from casework.enums import TeamRole
from casework.models import CaseTeamMember, SupportCase
from casework.services.events import record_event
from casework.services.people import possible_team
from common.history import acting, update_with_history
from families.enums import GrantReason
from families.services import grant, revoke


def source_of(member: CaseTeamMember) -> str:
    """What the grant of a team member is revoked by."""
    return f"casework.team:{member.pk}"


@transaction.atomic
def add_member(*, case: SupportCase, user: User, role: TeamRole, starts_on: date, actor: User) -> CaseTeamMember:
    """Take a specialist into the team; they may read and write in the family's case until they leave it.

    Curator and head compose the team. Raises PermissionDenied for others, ValidationError for a person without a post
    in the region, for the curator, and for somebody who is in the team already.
    """
    require(access.may_write(actor, case))
    today = case.institution.today()
    if starts_on > today:
        raise ValidationError({"starts_on": _("This day has not come yet.")})
    if starts_on < case.opened_on:
        raise ValidationError({"starts_on": _("The case was opened later than this day.")})
    if user.pk == case.curator_id:
        raise ValidationError({"user": _("The curator works on the case already.")})
    if not possible_team(case, today).filter(pk=user.pk).exists():
        raise ValidationError({"user": _("%(person)s has no post in the region.") % {"person": user}})
    member = CaseTeamMember(case=case, user=user, role=role, starts_on=starts_on)
    member.full_clean()
    with acting(actor):
        member.save()
    grant(
        family=case.family,
        user=user,
        reason=GrantReason.CASE_TEAM,
        may_write=True,
        starts_on=starts_on,
        actor=actor,
        source=source_of(member),
    )
    record_event(case, "team_joined", on=starts_on, by=actor, params={"person": user, "role": role})
    notify(
        [user],
        "casework.team_joined",
        fact=f"team:{member.pk}",
        target="casework:case",
        target_id=case.pk,
        number=case.number,
    )
    return member


@transaction.atomic
def end_membership(*, member: CaseTeamMember, ends_on: date, actor: User) -> None:
    """Let a specialist leave the team as of `ends_on`; the right to open the family ends at once."""
    require(access.may_write(actor, member.case))
    if ends_on > member.case.institution.today():
        raise ValidationError({"ends_on": _("This day has not come yet.")})
    if member.ends_on is not None:
        raise ValidationError(_("The person has left the team already."))
    member.ends_on = ends_on
    with acting(actor):
        member.full_clean()
        member.save()
    revoke(family=member.case.family, source=source_of(member), actor=actor)
    record_event(member.case, "team_left", on=ends_on, by=actor, params={"person": member.user, "role": member.role})


def dissolve(*, case: SupportCase, on: date, actor: User) -> None:
    """End the team with the case."""
    open_now = CaseTeamMember.objects.filter(Q(ends_on=None) | Q(ends_on__gt=on), case=case)
    for member in open_now.order_by("pk"):
        revoke(family=case.family, source=source_of(member), actor=actor)
    update_with_history(open_now.filter(starts_on__lte=on), actor=actor, ends_on=on)
