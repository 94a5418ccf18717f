from contracts.models.contracts import SocialContract
from contracts.models.followup import FollowUpSheet
from contracts.models.terms import TermLimit

__all__ = ["FollowUpSheet", "SocialContract", "TermLimit"]
