"""Routes about the signed-in person: their inbox, profile and journal."""

from typing import TYPE_CHECKING

from django.db.models import Model

from accounts.enums import AccessAction
from accounts.journal import record_for
from tests.access.routes import form, listing, page, post
from tests.factories.records import LegalActFactory

if TYPE_CHECKING:
    from tests.cast import Cast

ROUTES = [
    page("home", "profile.read"),
    post("appointment_switch", "profile.write", state=True),
    post("language", "profile.write", public=True, data={"language": "ru"}),
    form("profile", "profile.write", data={"language": "ru"}),
    listing("inbox", "notification.list"),
    post("inbox_read", "notification.write"),
    post("notification_open", "notification.read", at="notification"),
    listing("journal", "access_journal.list"),
]


def by_post(cast: "Cast") -> dict[str, dict[str, int]]:
    """Units of every kind, acts of every region, and what somebody of each unit has done."""
    units = ("institution", "other_institution", "foreign_institution")
    departments = ("department", "second_department", "other_department", "foreign_department")
    people = ("specialist", "colleague", "neighbour", "other_specialist", "foreign_specialist")
    regions = {"federal": None, "region": cast.region, "foreign_region": cast.foreign_region}
    rows: dict[str, dict[str, Model]] = {
        "accounts.Institution": {name: getattr(cast, name) for name in units},
        "accounts.Department": {name: getattr(cast, name) for name in departments},
        "accounts.AccessEvent": {
            name: record_for(cast.people[name], AccessAction.LIST, "accessevent") for name in people
        },
        "records.LegalAct": {name: LegalActFactory.create(region=region) for name, region in regions.items()},
    }
    return {label: {name: row.pk for name, row in named.items()} for label, named in rows.items()}
