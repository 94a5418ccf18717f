"""Dictionaries that an administrator may extend: rows with a code, a Russian title and a period of validity."""

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.editing import VersionedModel


class DictionaryQuerySet(models.QuerySet[Any]):
    def valid_on(self, day: date) -> Self:
        """Rows that may be chosen on `day`."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))


class DictionaryRow(VersionedModel):
    """A choice kept as data. Rows marked `is_system` are used by reports through their code and cannot be deleted."""

    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=250)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    is_system = models.BooleanField(_("used by reports"), default=False, editable=False)

    objects = DictionaryQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title
