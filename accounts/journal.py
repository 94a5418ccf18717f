"""Writing the access journal (design, 5 and 11).

Every page, print, export and search that shows personal data calls `record` before it answers. The row is written in
the request's own transaction: if it cannot be written the page is refused; if the reading fails nothing is recorded.
"""

from collections.abc import Iterable

from django.http import HttpRequest

from accounts.enums import AccessAction
from accounts.models import AccessEvent, User


def record(
    request: HttpRequest,
    action: AccessAction,
    kind: str,
    *,
    object_id: int | None = None,
    object_ids: Iterable[int] = (),
    family_id: int | None = None,
    reason: str = "",
) -> AccessEvent:
    """Write down that the signed-in person reached personal data in this request.

    `kind` names the model reached ("family", "visit"). Give `object_id` for one object, `object_ids` for the rows of a
    list; `family_id` is the family the object belongs to. `reason` is what the person typed where a reason is asked.
    """
    match = request.resolver_match
    return record_for(
        request.user if isinstance(request.user, User) else None,
        action,
        kind,
        object_id=object_id,
        object_ids=object_ids,
        family_id=family_id,
        reason=reason,
        route=match.view_name if match else "",
        address=request.META.get("REMOTE_ADDR") or None,
        request_id=getattr(request, "request_id", "") or "",
    )


def record_for(
    user: User | None,
    action: AccessAction,
    kind: str,
    *,
    object_id: int | None = None,
    object_ids: Iterable[int] = (),
    family_id: int | None = None,
    reason: str = "",
    route: str = "",
    address: str | None = None,
    request_id: str = "",
) -> AccessEvent:
    """The same outside a request: a job that prints or exports for `user`, or None for the system itself."""
    appointment = user.appointment if user is not None else None
    return AccessEvent.objects.create(
        user=user,
        acting_for_id=appointment.principal_id if appointment and appointment.is_deputy else None,
        role=appointment.role if appointment else "",
        region_id=appointment.region_id if appointment else None,
        institution_id=appointment.institution_id if appointment else None,
        department_id=appointment.department_id if appointment else None,
        action=action,
        kind=kind,
        object_id=object_id,
        object_ids=list(object_ids),
        family_id=family_id,
        reason=reason,
        route=route,
        address=address,
        request_id=str(request_id),
    )
