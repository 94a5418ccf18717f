"""Routes of the families room."""

from typing import TYPE_CHECKING

from families.enums import TraitKind
from families.models import Category
from tests.access.domains import Role
from tests.access.routes import form, listing, page, post
from tests.factories.families import (
    ConsentFactory,
    ExternalIdFactory,
    FamilyCategoryFactory,
    FamilyRiskGroupFactory,
    FamilyStatementFactory,
    FamilyStatusFactory,
    IncomeRecordFactory,
    MemberTraitFactory,
)

if TYPE_CHECKING:
    from tests.access.worlds import Subject

OBJECTS = {
    "families.Family": "family_card",
    "families.Family.restriction_reason": "restricted_mark",
    "families.Person": "family_members",
    "families.FamilyMembership": "family_members",
    "families.MemberTrait": "family_statuses",
    "families.FamilyCategory": "family_statuses",
    "families.FamilyStatus": "family_statuses",
    "families.FamilyRiskGroup": "family_statuses",
    "families.IncomeRecord": "family_income",
    "families.ExternalId": "family_card",
    "families.Consent": "consent",
    "families.FamilyStatement": "family_statement",
    "families.FamilyGrant": "family_grant",
    "families.FamilyGrant.note": "audit_sample",
}

ROUTES = [
    listing("families:search", "family_card.list", search=True),
    listing("families:names", "family_directory.list"),
    form("families:new", "family_card.create"),
    post("families:transfer", "family_card.create", state=True),
    listing("families:samples", "audit_sample.list", only=(Role.DIRECTOR, Role.AUDITOR)),
    form("families:sample_new", "audit_sample.create", data={"at_random": "1", "note": "посещения на дому"}),
    page("families:sample", "audit_sample.read", at="sample"),
    form("families:sample_end", "audit_sample.write", at="sample"),
    page("families:card", "family_card.read", at="family"),
    form("families:reason", "family_card.read", at="family"),
    page("families:history", "change_history.read", at="family"),
    page("families:readers", "card_readers.read", at="family"),
    form("families:edit", "family_card.write", at="family"),
    form("families:member_new", "family_members.write", at="family"),
    form("families:person_edit", "family_members.write", at="member"),
    form("families:membership_edit", "family_members.write", at="member"),
    form("families:membership_end", "family_members.write", at="member"),
    form("families:trait_new", "family_statuses.write", at="family"),
    form("families:trait_edit", "family_statuses.write", at="trait"),
    form("families:category_new", "family_statuses.write", at="family"),
    form("families:category_edit", "family_statuses.write", at="category"),
    form("families:status", "family_statuses.write", at="family"),
    form("families:risk_group", "family_statuses.write", at="family"),
    form("families:income_new", "family_income.write", at="family"),
    form("families:income_edit", "family_income.write", at="income"),
    form("families:income_withdraw", "family_income.write", at="income"),
    form("families:external_new", "family_card.write", at="family"),
    form("families:external_edit", "family_card.write", at="external"),
    form("families:consent_new", "consent.write", at="family"),
    page("families:consent", "consent.read", at="consent"),
    post("families:consent_print", "consent.print", at="consent"),
    post("families:consent_withdrawal_print", "consent.print", at="consent"),
    post("families:consent_publication_print", "consent.print", at="consent"),
    form("families:consent_revoke", "consent.write", at="consent"),
    form("families:statement_new", "family_statement.write", at="family"),
    page("families:statement", "family_statement.read", at="statement"),
    page("families:statement", "family_statement.read", at="withdrawn_statement"),
    post("families:statement_print", "family_statement.print", at="statement"),
    form("families:statement_withdraw", "family_statement.write", at="statement"),
    form("families:restrict", "restricted_mark.write", at="family", state=True),
    form("families:unrestrict", "restricted_mark.approve", at="family", state=True),
    page("families:grants", "family_grant.read", at="family"),
    post("families:grants", "family_grant.write", at="family", state=True),
    post("families:grant_revoke", "family_grant.write", at="grant", state=True),
]


def furnish(subject: "Subject") -> None:
    """A household with something in every part of its record."""
    family = subject.family
    mother = family.memberships.get(is_head=True)
    subject.add("member", family.memberships.get(is_head=False))
    subject.add("trait", MemberTraitFactory.create(membership=mother, kind=TraitKind.UNEMPLOYED))
    MemberTraitFactory.create(membership=mother, kind=TraitKind.DISABLED)
    subject.add("category", FamilyCategoryFactory.create(family=family, category=_category("LOW_INCOME")))
    FamilyCategoryFactory.create(family=family, category=_category("REFUSAL_RISK"))
    FamilyStatusFactory.create(family=family)
    FamilyRiskGroupFactory.create(family=family)
    withdrawn = {"withdrawn_on": subject.today, "withdrawn_by": subject.cast.colleague, "withdrawal_reason": "-"}
    subject.add("income", IncomeRecordFactory.create(family=family))
    IncomeRecordFactory.create(family=family, **withdrawn)
    subject.add("external", ExternalIdFactory.create(family=family, person=mother.person))
    photographs = {"photo_allowed": True, "publication_allowed": True}
    subject.add("consent", ConsentFactory.create(family=family, subject=mother.person, **photographs))
    subject.add("statement", FamilyStatementFactory.create(family=family, given_by=mother.person))
    wrong = FamilyStatementFactory.create(family=family, given_by=mother.person, **withdrawn)
    subject.add("withdrawn_statement", wrong)


def _category(code: str) -> Category:
    return Category.objects.get(code=code)
