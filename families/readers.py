"""Who opened a family: the rows of the journal that a person may look through, for every page that shows them."""

from typing import Any

from accounts.access import works_as
from accounts.enums import Role
from accounts.journal import has_own_name, kind_title, names_of, reasons_of
from accounts.models import AccessEvent, User
from common.paging import paginate_together
from families.models import Family


def readers_of(user: User, family: Family, *, cursor: str = "") -> dict[str, Any]:
    """What `families/_readers.html` shows: a page of openings, their own or those of their unit's people.

    A reason is shown to those alone who may read it, for it can name what made a family restricted.
    """
    events = AccessEvent.objects.visible_to(user).parts_of_family(family.pk)
    page = paginate_together(events, "-at", "-id", cursor=cursor)
    reasons, objects = reasons_of(user, page.rows), names_of(user, page.rows, beside_family=True)
    roles = dict(Role.choices)
    rows = [
        {
            "event": event,
            "role": roles.get(event.role, ""),
            "what": kind_title(event.kind),
            "names": objects.get(event.pk, []) if has_own_name(event) else [],
            "reason": reasons.get(event.pk, ""),
        }
        for event in page.rows
    ]
    return {
        "page": page,
        "rows": rows,
        "sees_all": works_as(user, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.AUDITOR),
        "zone": family.institution.time_zone,
    }
