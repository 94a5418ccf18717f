from families.models.circumstances import (
    Category,
    FamilyCategory,
    FamilyRiskGroup,
    FamilyStatus,
    IncomeRecord,
    MemberTrait,
    NeedDegree,
    SubsistenceMinimum,
)
from families.models.family import Family
from families.models.grants import FamilyGrant, FamilyUserObjectPermission
from families.models.papers import Consent, FamilyStatement
from families.models.people import ExternalId, FamilyMembership, Person
from families.models.search_keys import SearchKey

__all__ = [
    "Category",
    "Consent",
    "ExternalId",
    "Family",
    "FamilyCategory",
    "FamilyGrant",
    "FamilyMembership",
    "FamilyRiskGroup",
    "FamilyStatement",
    "FamilyStatus",
    "FamilyUserObjectPermission",
    "IncomeRecord",
    "MemberTrait",
    "NeedDegree",
    "Person",
    "SearchKey",
    "SubsistenceMinimum",
]
