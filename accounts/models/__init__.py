from accounts.models.appointments import Appointment
from accounts.models.journal import AccessEvent, AccessSeal
from accounts.models.notifications import Notification
from accounts.models.units import (
    Department,
    Institution,
    InstitutionPolicy,
    NoPolicy,
    Precinct,
    PrecinctAssignment,
    Region,
    RegionDayOff,
    RegionPolicy,
    Territory,
)
from accounts.models.users import SecondFactorReset, User, principal_field

__all__ = [
    "AccessEvent",
    "AccessSeal",
    "Appointment",
    "Department",
    "Institution",
    "InstitutionPolicy",
    "NoPolicy",
    "Notification",
    "Precinct",
    "PrecinctAssignment",
    "Region",
    "RegionDayOff",
    "RegionPolicy",
    "SecondFactorReset",
    "Territory",
    "User",
    "principal_field",
]
