"""The access journal: who read which personal data, append-only and sealed in a chain."""

from functools import reduce
from operator import or_
from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccessAction, Role
from accounts.models.users import User

# While a job decides which rows are settled it holds this lock alone; every insert shares it (accounts.seals).
INSERT_LOCK = 4_920_711

APPEND_ONLY = [
    pgtrigger.Protect(name="no_change", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        operation=pgtrigger.Truncate,
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        func="RAISE EXCEPTION 'The access journal is append-only.';",
    ),
]


class AccessEventQuerySet(models.QuerySet["AccessEvent"]):
    """Events by who may read them."""

    def visible_to(self, user: User) -> Self:
        """Whose reading `user` may look through (access rules 6.2, Audit log).

        The auditor and the director: what the institution's people read, and what others read or were refused of the
        institution's; the head: the department's; a specialist: their own. Nobody else has a journal.
        """
        scopes = _scopes(user)
        return self.filter(reduce(or_, scopes)) if scopes else self.none()

    def parts_visible_to(self, user: User) -> list[Self]:
        """The same in parts for long lists: each one equality, answered by an index in its order; no event in two."""
        return [self.filter(scope) for scope in _scopes(user)] or [self.none()]

    def parts_of_family(self, family_id: int) -> list[Self]:
        """Who reached this family's data, for "who opened this card": alone, and together with other families'."""
        people = self.select_related("user", "acting_for")
        return [people.filter(family_id=family_id), people.filter(family_ids__contains=[family_id])]


def _scopes(user: User) -> list[models.Q]:
    """Conditions of the events that `user` may look through; none of them for who has no journal."""
    appointment = user.appointment
    if appointment is None:
        return []
    match appointment.role:
        case Role.AUDITOR | Role.DIRECTOR if appointment.institution_id:
            own = appointment.institution_id
            return [models.Q(institution_id=own), models.Q(object_institution_id=own)]
        case Role.DEPARTMENT_HEAD if appointment.department_id:
            return [models.Q(department_id=appointment.department_id)]
        case Role.SPECIALIST:
            return [models.Q(user_id=user.pk)]
    return []


class AccessEvent(models.Model):
    """One reading of personal data (access rules 6.3, 8): ids and codes only, so that anonymising leaves it whole.

    `object_id` is set for one object, `object_ids` for the rows shown in a list. `family_id` names the family reached,
    for "who opened this card", `family_ids` the families of an object that tells of several. `object_institution_id` is
    the institution that answers for what was reached, where the reader works at another or at none: its auditor sees
    the event too. Rows are written by `accounts.journal.record` in the transaction of the reading.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    user = models.ForeignKey(
        User, verbose_name=_("who"), null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    acting_for = models.ForeignKey(
        User, verbose_name=_("standing in for"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=24, blank=True)
    region_id = models.BigIntegerField(_("region"), null=True, blank=True)
    institution_id = models.BigIntegerField(_("institution"), null=True, blank=True)
    department_id = models.BigIntegerField(_("department"), null=True, blank=True)
    action = models.CharField(_("action"), max_length=16, choices=AccessAction.choices)
    kind = models.CharField(_("kind of object"), max_length=50)
    object_id = models.BigIntegerField(_("object"), null=True, blank=True)
    object_ids = ArrayField(models.BigIntegerField(), verbose_name=_("objects"), default=list, blank=True)
    family_id = models.BigIntegerField(_("family"), null=True, blank=True)
    family_ids = ArrayField(models.BigIntegerField(), verbose_name=_("families"), null=True, blank=True)
    object_institution_id = models.BigIntegerField(_("institution of the object"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    route = models.CharField(_("page"), max_length=100, blank=True)
    address = models.GenericIPAddressField(_("from address"), null=True, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)

    objects = AccessEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("access event")
        verbose_name_plural = _("access events")
        ordering = ["-at", "-id"]
        triggers = [
            *APPEND_ONLY,
            pgtrigger.Trigger(
                name="share_insert_lock",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                level=pgtrigger.Statement,
                func=f"PERFORM pg_advisory_xact_lock_shared({INSERT_LOCK}); RETURN NULL;",
            ),
        ]
        indexes = [
            models.Index(
                fields=["family_id", "-at", "-id"], name="access_by_family", condition=models.Q(family_id__isnull=False)
            ),
            GinIndex(fields=["family_ids"], name="access_by_families", condition=models.Q(family_ids__isnull=False)),
            models.Index(fields=["user", "-at", "-id"], name="access_by_user"),
            models.Index(fields=["department_id", "-at", "-id"], name="access_by_department"),
            models.Index(fields=["institution_id", "-at", "-id"], name="access_by_institution"),
            models.Index(
                fields=["object_institution_id", "-at", "-id"],
                name="access_by_object_institution",
                condition=models.Q(object_institution_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d.%m.%Y %H:%M} {self.action} {self.kind}"


class AccessSeal(models.Model):
    """A hash over a batch of the journal and over the seal before it: a changed, added or removed row breaks the chain.

    `last_event_id` is the last row covered; the batch begins after the previous seal's.
    """

    sealed_at = models.DateTimeField(_("sealed"), default=timezone.now)
    last_event_id = models.BigIntegerField(_("last event"), unique=True)
    event_count = models.PositiveIntegerField(_("events"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("seal of the access journal")
        verbose_name_plural = _("seals of the access journal")
        ordering = ["last_event_id"]
        triggers = APPEND_ONLY

    def __str__(self) -> str:
        return self.digest
