"""Writes of the families room, by subject. The right to write is asked before, of `families.access`."""

from families.grants import bulk_grant, bulk_revoke, grant, revoke
from families.services.circumstances import (
    add_category,
    add_trait,
    change_category,
    change_trait,
    correct_income,
    record_income,
    set_risk_group,
    set_status,
    withdraw_income,
)
from families.services.members import add_member, change_member, change_person, end_membership, set_representative
from families.services.papers import give_consent, give_statement, revoke_consent, withdraw_statement
from families.services.registration import NewMember, ask_for_transfer, register_family
from families.services.responsibility import set_responsibility
from families.services.restriction import end_restriction, name_people, restrict, unname

__all__ = [
    "NewMember",
    "add_category",
    "add_member",
    "add_trait",
    "ask_for_transfer",
    "bulk_grant",
    "bulk_revoke",
    "change_category",
    "change_member",
    "change_person",
    "change_trait",
    "correct_income",
    "end_membership",
    "end_restriction",
    "give_consent",
    "give_statement",
    "grant",
    "name_people",
    "record_income",
    "register_family",
    "restrict",
    "revoke",
    "revoke_consent",
    "set_representative",
    "set_responsibility",
    "set_risk_group",
    "set_status",
    "unname",
    "withdraw_income",
    "withdraw_statement",
]
