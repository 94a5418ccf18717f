"""Posts, deputies, one-time links and lost second factors: every change of who may do what.

Each service is one transaction, checks that the actor may do it, and leaves an AccessEvent with the action SECURITY.
`actor` is None only for commands run on the server, before the first administrator exists.
"""

from datetime import date

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import mail
from accounts.access import may_appoint, may_change_account, may_reset_second_factor, require
from accounts.enums import AccessAction, Role
from accounts.journal import record_for
from accounts.models import Appointment, Department, Institution, Region, SecondFactorReset, User
from accounts.notifications import notify


def appoint(
    *,
    actor: User | None,
    user: User,
    role: Role | str,
    starts_on: date,
    ends_on: date | None = None,
    region: Region | None = None,
    institution: Institution | None = None,
    department: Department | None = None,
    order: str = "",
) -> Appointment:
    """Give `user` a post in `role` from `starts_on` on; units above the one named are filled in.

    Raises PermissionDenied when the actor may not appoint there, ValidationError when the unit does not fit the role.
    """
    institution = institution or (department.institution if department else None)
    region = region or (institution.region if institution else None)
    appointment = Appointment(
        user=user,
        role=role,
        region=region,
        institution=institution,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
        order=order,
    )
    return save_appointment(actor=actor, appointment=appointment)


def deputise(
    *, actor: User | None, principal: Appointment, user: User, starts_on: date, ends_on: date, order: str = ""
) -> Appointment:
    """Let `user` stand in for the holder of `principal` between the two days, with that person's rights."""
    appointment = Appointment(
        user=user,
        role=principal.role,
        region=principal.region,
        institution=principal.institution,
        department=principal.department,
        deputy_for=principal,
        starts_on=starts_on,
        ends_on=ends_on,
        order=order,
    )
    return save_appointment(actor=actor, appointment=appointment)


@transaction.atomic
def save_appointment(*, actor: User | None, appointment: Appointment) -> Appointment:
    """Write a new or changed post; raises PermissionDenied or ValidationError and then changes nothing."""
    if actor is not None:
        before = Appointment.objects.filter(pk=appointment.pk).first()
        for row in filter(None, (before, appointment)):
            require(may_appoint(actor, row.user, row.role, row.region_id))
    appointment.full_clean()
    appointment.save()
    record_for(actor, AccessAction.SECURITY, "appointment", object_id=appointment.pk)
    return appointment


@transaction.atomic
def end_appointment(*, actor: User | None, appointment: Appointment, on: date) -> None:
    """Let a post end on `on` (the last day with its rights); its deputies' rights end with it."""
    appointment.ends_on = on
    save_appointment(actor=actor, appointment=appointment)


@transaction.atomic
def issue_password_link(*, actor: User | None, user: User) -> str:
    """A link with which `user` sets a password of their own; it works once and for a day (PASSWORD_RESET_TIMEOUT).

    The administrator hands it over and never learns the password. Raises PermissionDenied for an account that the actor
    may not change, or that is switched off.
    """
    if not user.is_active or (actor is not None and not may_change_account(actor, user)):
        raise PermissionDenied
    record_for(actor, AccessAction.SECURITY, "password_link", object_id=user.pk)
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def request_factor_reset(*, actor: User, user: User, reason: str) -> SecondFactorReset:
    """Ask that the lost second factor of `user` be taken off; another administrator confirms it."""
    require(may_reset_second_factor(actor, user))
    reset = SecondFactorReset(user=user, requested_by=actor, reason=reason)
    reset.full_clean()
    reset.save()
    record_for(actor, AccessAction.SECURITY, "second_factor_reset_request", object_id=user.pk, reason=reason)
    return reset


@transaction.atomic
def confirm_factor_reset(*, actor: User, reset: SecondFactorReset) -> None:
    """Take off all second factors of the person, tell them, and let nobody use a session opened before.

    Raises PermissionDenied for the administrator who asked, for the person, and for a reset already done.
    """
    locked = SecondFactorReset.objects.select_for_update().select_related("user").get(pk=reset.pk)
    user = locked.user
    if locked.confirmed_at or locked.requested_by_id == actor.pk or not may_reset_second_factor(actor, user):
        raise PermissionDenied
    locked.confirmed_by, locked.confirmed_at = actor, timezone.now()
    locked.save()
    Authenticator.objects.filter(user=user).delete()
    user.end_sessions()
    record_for(actor, AccessAction.SECURITY, "second_factor_reset", object_id=user.pk)
    notify([user], "second_factor_reset", fact=f"reset:{locked.pk}", target="mfa_index")
    mail.send_second_factor_reset(user)
