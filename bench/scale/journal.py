"""Who was let to which family by a grant, and who read what: the journal of access over four years."""

from django.contrib.auth.models import Permission

from accounts.enums import AccessAction, Role
from accounts.models import AccessEvent
from bench.scale.filling import Filling
from families.access import READ_GRANT
from families.models import FamilyGrant, FamilyUserObjectPermission

GRANTED = 100
READINGS = 3


def load_grants(filling: Filling) -> None:
    """One family in so many is shared with the curator of another institution: ledger and permission."""
    permission = Permission.objects.get(content_type__app_label="families", codename=READ_GRANT)
    curators = (
        f"(SELECT user_id, row_number() OVER (ORDER BY user_id) AS n FROM scale_staff WHERE role = '{Role.SPECIALIST}')"
    )
    shared = f"scale_plan JOIN {curators} AS guest ON guest.n = 1 + i / {GRANTED} % 1600 WHERE i % {GRANTED} = 7"
    values = {"id": "i", "user_id": "guest.user_id"}
    filling.fill(
        FamilyGrant,
        values
        | {
            "family_id": "i",
            "reason": "'HEAD'",
            "granted_by_id": "curator_id",
            "starts_on": "opened_on",
            "created_at": "opened_on + time '12:00'",
        },
        shared,
    )
    filling.fill(
        FamilyUserObjectPermission, values | {"content_object_id": "i", "permission_id": str(permission.pk)}, shared
    )


def load_journal(filling: Filling) -> None:
    """The curator opened each family some times in the course of the case."""
    filling.fill(
        AccessEvent,
        {
            "id": f"row_number() OVER (ORDER BY opened_on + (last_on - opened_on) * reading / {READINGS}, i)",
            "at": f"opened_on + (last_on - opened_on) * reading / {READINGS} + time '11:00'",
            "user_id": "curator_id",
            "role": f"'{Role.SPECIALIST}'",
            "region_id": "region_id",
            "institution_id": "institution_id",
            "department_id": "department_id",
            "action": f"'{AccessAction.VIEW}'",
            "kind": "'family'",
            "object_id": "i",
            "family_id": "i",
            "route": "'families:family'",
        },
        f"scale_plan CROSS JOIN generate_series(1, {READINGS}) AS reading",
    )
