"""What this room tells others at start-up: its personal data, the doors of its papers, the texts of its notices."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notifications
from accounts.journal import Named, register_answering, register_namer, register_places, register_wording
from accounts.models import User
from families.access import Part, may_read, may_write, may_write_consent
from families.grants import worded
from families.models import (
    Consent,
    ExternalId,
    Family,
    FamilyCategory,
    FamilyGrant,
    FamilyMembership,
    FamilyRiskGroup,
    FamilyStatement,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
    Person,
)
from families.opening import reason_or_page
from families.personal_data import register
from records.doors import register_owner

notifications.register(
    "families.transfer_asked",
    _("%(institution)s asks to take over the family No. %(number)s. Telephone: %(phone)s"),
)

notifications.register(
    "families.sample_granted",
    _("A sample of families is open to you for a check until %(until)s: %(number)s"),
)

register(
    Person,
    (
        *("last_name", "first_name", "patronymic", "birth_date", "snils", "phone", "phone_note", "citizenship"),
        *("document_kind", "document_series", "document_number", "document_issued_by", "document_issued_on"),
        *("died_on", "name_genitive", "name_dative"),
    ),
    family_path="memberships__family",
    person_path="pk",
)
register(
    Family,
    (
        *("title", "street", "house", "flat", "address_note", "registration_address", "phone", "phone_note"),
        *("housing_note", "restriction_reason"),
    ),
    family_path="pk",
    person_path="memberships__person",
)
register(FamilyMembership, ("representation_document",), person_path="person")
register(MemberTrait, ("document",), family_path="membership__family", person_path="membership__person")
register(FamilyCategory, ("basis", "note"), person_path="member__person")
register(FamilyStatus, ("decided_by", "decision_number"))
register(FamilyRiskGroup, ("basis",))
register(IncomeRecord, ("total", "per_capita", "withdrawal_reason"))
register(ExternalId, ("value",), person_path="person")
register(Consent, ("authority_document", "revocation_note"), person_path="subject")
register(FamilyStatement, ("text", "withdrawal_reason"), person_path="given_by")
register(FamilyGrant, ("note",))


def _named(reader: User, ids: Collection[int]) -> dict[int, Named]:
    """Families for the journal: the number; name and card for those who may open it, a restricted one unnamed."""
    opens = Exists(Family.objects.visible_to(reader).filter(pk=OuterRef("pk")))
    return {
        row.pk: Named.of_family(
            reader,
            row.registry_number,
            row.title,
            reverse("families:card", args=[row.pk]),
            institution=row.institution_id,
            opens=row.opens,
            is_restricted=row.is_restricted,
        )
        for row in Family.objects.filter(pk__in=ids).annotate(opens=opens)
    }


register_namer("family", _named)
register_wording("familygrant", worded)
register_namer("family_name", _named)
register_places(
    {
        "families/": "family",
        "families/members/": "familymembership",
        "families/traits/": "membertrait",
        "families/categories/": "familycategory",
        "families/income/": "incomerecord",
        "families/external/": "externalid",
        "families/consents/": "consent",
        "families/statements/": "familystatement",
        "families/samples/": "familygrant",
    }
)
register_answering(
    {"family": "institution", "membertrait": "membership__family__institution"}
    | dict.fromkeys(
        (
            "familymembership",
            "familycategory",
            "externalid",
            "consent",
            "familystatement",
            "familygrant",
            "incomerecord",
        ),
        "family__institution",
    )
)


def _families(user: User, ids: Collection[int]) -> Iterable[Family]:
    found: Iterable[Family] = Family.objects.visible_to(user).filter(pk__in=ids)
    return found


def _consents(user: User, ids: Collection[int]) -> Iterable[Consent]:
    return Consent.objects.visible_to(user).select_related("family").filter(pk__in=ids)


def _statements(user: User, ids: Collection[int]) -> Iterable[FamilyStatement]:
    return FamilyStatement.objects.visible_to(user).select_related("family").filter(pk__in=ids)


def _reads_details(user: User, _owner: object) -> bool:
    return may_read(user, Part.DETAILS)


register_owner(
    "families.family",
    _families,
    may_read=_reads_details,
    may_write=may_write,
    family_of=lambda family: family.pk,
    reason_for=reason_or_page,
)
register_owner(
    "families.consent",
    _consents,
    may_read=_reads_details,
    may_write=lambda user, consent: may_write_consent(user, consent.family),
    reason_for=reason_or_page,
)
register_owner(
    "families.statement",
    _statements,
    may_read=_reads_details,
    may_write=lambda user, statement: may_write(user, statement.family),
    reason_for=reason_or_page,
)
