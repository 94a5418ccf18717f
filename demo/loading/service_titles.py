"""Which services a family of the demo can be rendered, and who of it receives them."""

import random
from collections.abc import Sequence

from casework.models import ServiceRecord, ServiceTitle
from common.calendar import age_on
from demo.loading.circumstances import SCHOOL_AGE, TEENS, Circumstances
from families.enums import FamilyRole
from families.models import FamilyMembership

FOR_AGES = {
    "labour-guidance": TEENS,
    "pedagogical-school": SCHOOL_AGE,
    "pedagogical-leisure": range(5, 18),
    "measure-pedagogical-place": range(1, 18),
    "measure-pedagogical-holiday": SCHOOL_AGE,
}
"""Services to a child of such an age."""
FOR_TROUBLE = {
    "medical-addiction": "addiction",
    "communication-self-care": "disability",
    "communication-equipment": "disability",
    "communication-rehabilitation": "disability",
    "measure-medical-examination": "disability",
}
"""Services that answer one trouble alone, by the code of its theme."""
TO_THE_HEAD = ("labour-", "legal-", "measure-legal", "measure-social", "pedagogical-parenting", "medical-addiction")
"""Beginnings of the codes of services to whoever answers for the family."""


def can_be_rendered(code: str, family: Circumstances) -> bool:
    """Whether a service makes sense for a family."""
    if any(age in FOR_AGES.get(code, range(18)) for age in family.ages):
        return FOR_TROUBLE.get(code, family.trouble) == family.trouble
    return False


def titles_for(family: Circumstances, titles: Sequence[ServiceTitle]) -> list[ServiceTitle]:
    return [title for title in titles if can_be_rendered(title.code, family)]


def recipient_of(row: ServiceRecord, members: Sequence[FamilyMembership], chance: random.Random) -> FamilyMembership:
    """Who received a service: a child of its age, the main contact, or anybody."""
    code = row.title.code
    if code in FOR_AGES:
        children = [member for member in members if member.role == FamilyRole.CHILD]
        of_age = [child for child in children if age_on(child.person.birth_date, row.on) in FOR_AGES[code]]
        return chance.choice(of_age or children)
    if code.startswith(TO_THE_HEAD):
        return next(member for member in members if member.is_head)
    return chance.choice(members)
