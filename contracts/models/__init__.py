from contracts.models.contracts import SocialContract
from contracts.models.followup import FollowUpSheet

__all__ = ["FollowUpSheet", "SocialContract"]
