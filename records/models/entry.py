"""What a person types before it becomes a record: drafts, and the keys that keep a form from being taken twice."""

import uuid
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, user: User) -> Self:
        """The person's own; nobody ever reads another's."""
        return self.filter(user_id=user.pk)

    def current(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)


class Draft(models.Model):
    """A form as one person left it, kept on the server (lessons 1): never in the browser, never shown to another.

    `key` names the form and the record, such as "casework.visit:new:case=12". `payload` maps the names of the fields
    to the lists of values the browser sent; files are not kept.
    """

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(_("form and record"), max_length=150)
    payload = models.JSONField(_("fields"))
    saved_at = models.DateTimeField(_("saved"))
    expires_at = models.DateTimeField(_("kept until"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_person_and_form")]
        indexes = [models.Index(fields=["expires_at"], name="draft_by_end")]

    def __str__(self) -> str:
        return self.key

    @property
    def data(self) -> QueryDict:
        """The fields as a browser would send them."""
        data = QueryDict(mutable=True)
        payload: dict[str, list[Any]] = self.payload
        for name, values in payload.items():
            data.setlist(name, values)
        return data


class FormSubmission(models.Model):
    """One sending of a creating form: a second click or a retry with the same key leads to the first result.

    The row is made in the transaction that makes the record, so it exists if and only if the record does.
    """

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField(_("key of the form"), default=uuid.uuid4)
    kind = models.CharField(_("kind of form"), max_length=50)
    object_id = models.BigIntegerField(_("what it made"), null=True)
    url = models.CharField(_("where it led"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    # Set by `records.services.submissions.once` when the key had been used before.
    is_repeat = False

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_result_per_sent_form")]
        indexes = [models.Index(fields=["sent_at"], name="form_submission_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    def complete(self, url: str, object_id: int | None = None) -> None:
        """Note what the form made and where a repeat shall lead."""
        self.url, self.object_id = url, object_id
        self.save(update_fields=["url", "object_id"])
