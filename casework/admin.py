"""Dictionaries of the room, for administrators; cases and what hangs on them are never shown here."""

from django.contrib import admin

from accounts.administration.dictionaries import DictionaryAdmin
from casework.models import FormOfWork, IdentificationSource, NeedCriterion, ProblemKind, ServiceTitle


@admin.register(FormOfWork, IdentificationSource, NeedCriterion)
class PlainDictionaryAdmin(DictionaryAdmin[FormOfWork | IdentificationSource | NeedCriterion]):
    """Forms of work (S1-17), sources of identification (S1-65), criteria of need (S0-18)."""


@admin.register(ProblemKind)
class ProblemKindAdmin(DictionaryAdmin[ProblemKind]):
    list_display = ["title", "subject", "is_confidential", "code", "valid_from", "valid_to", "is_system"]
    list_filter = ["subject", "is_confidential"]


@admin.register(ServiceTitle)
class ServiceTitleAdmin(DictionaryAdmin[ServiceTitle]):
    list_display = ["title", "record_type", "service_kind", "measure_kind", "code", "valid_from", "valid_to"]
    list_filter = ["record_type", "service_kind", "measure_kind"]
