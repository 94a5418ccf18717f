"""Cases of a restricted family are restricted with it: working lists leave them out by a column of their own."""

from accounts.models import User
from casework.models import SupportCase
from common.history import update_with_history
from families.models import Family


def follow_restriction(actor: User, family: Family) -> None:
    """Mark the cases of a family as the family now is; the families room calls this in its own transaction.

    Why stands in the history of the family alone, which shows it to those who may read it.
    """
    cases = SupportCase.objects.filter(family=family).exclude(is_restricted=family.is_restricted)
    update_with_history(cases, actor=actor, reason="", is_restricted=family.is_restricted)
