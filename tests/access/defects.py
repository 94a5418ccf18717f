"""Planted defects, one for each way to a record: a filter dropped, a scope too wide, an end ignored.

A defect is planted wherever the function is known by name, as a slip of the hand in the function itself would be.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet

from accounts import access as accounts
from accounts.models import Appointment, User
from accounts.models.journal import AccessEventQuerySet
from accounts.models.units import DepartmentQuerySet, InstitutionQuerySet
from casework import access as casework
from casework.querysets import SupportCaseQuerySet, VisitQuerySet
from contracts import access as contracts
from councils import access as councils
from councils.enums import DecisionState
from families import access as families
from families.models import FamilyUserObjectPermission
from monitoring import access as monitoring
from partners import access as partners
from partners.models import ContactPerson
from records.models.legal import LegalActQuerySet
from tests.access.domains import Role

ROOMS: Final = ("accounts", "records", "partners", "families", "casework", "contracts", "councils", "monitoring")
RIGHT_SCOPE: Final = accounts.scope_in_charge
SCOPES: Final = ("visible_to", "listed_for", "in_charge", "shared_with")


@dataclass(frozen=True, slots=True)
class Defect:
    """What goes wrong where; `role` is who would notice first, `routes` the pages to look at besides the scopes."""

    name: str
    owner: Any
    attribute: str
    wrong: Callable[..., Any]
    role: Role
    routes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @contextmanager
    def planted(self) -> Iterator[None]:
        """Put the defect in the place of the function in every module that knows it.

        The views are loaded first: one loaded meanwhile would keep the defect for good.
        """
        import_module(settings.ROOT_URLCONF)
        right = getattr(self.owner, self.attribute)
        places = [self.owner]
        if not isinstance(self.owner, type):
            ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in ROOMS]
            places += [module for module in ours if getattr(module, self.attribute, None) is right]
        for place in places:
            setattr(place, self.attribute, self.wrong)
        try:
            yield
        finally:
            for place in places:
                setattr(place, self.attribute, right)


def owners() -> list[type]:
    """Every class whose own code narrows the rows of a model to what somebody may see."""
    classes: dict[type, None] = {}
    for model in apps.get_models():
        if model._meta.app_label in ROOMS:
            classes |= dict.fromkeys(type(model._default_manager.all()).__mro__)
    return [owner for owner in classes if issubclass(owner, QuerySet) and not vars(owner).keys().isdisjoint(SCOPES)]


def dropped() -> Iterator[Defect]:
    """Every scope of every queryset without its filter."""
    for owner in owners():
        for scope in SCOPES:
            if scope in vars(owner):
                yield Defect(f"{owner.__name__}.{scope} drops its filter", owner, scope, _everything, Role.SPECIALIST)


def _everything(rows: QuerySet[Any], _user: User) -> QuerySet[Any]:
    return rows.all()


def _unending(user: User, permission: str = families.READ_GRANT) -> Any:
    """Grants without a look at their last day."""
    appointment = user.appointment
    grants = FamilyUserObjectPermission.objects.none()
    if appointment is not None and appointment.role in families.GRANT_ROLES:
        grants = FamilyUserObjectPermission.objects.filter(
            user_id=appointment.principal_id, permission__codename=permission
        )
    return grants.values_list("content_object_id", flat=True)


def _anybodys(_user: User, permission: str = families.READ_GRANT) -> Any:
    """Grants made to whomever."""
    grants = FamilyUserObjectPermission.objects.filter(permission__codename=permission)
    return grants.values_list("content_object_id", flat=True)


def _of_institution(user: User, path: str = "") -> Q:
    """A working list of the whole institution for everybody in it."""
    appointment = user.appointment
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}institution_id": appointment.institution_id if appointment else None})


def _with_restricted(user: User, path: str = "") -> Q:
    """A working list that holds restricted families as well."""
    scope = accounts.scope_in_charge(user)
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}{scope.column}": scope.value}) if scope else families.nothing()


def _whole_region(user: User) -> Q:
    return Q(region_id=user.appointment.region_id) if user.appointment else Q()


def _agreements_of_region(user: User) -> Q:
    return Q(institution__region_id=user.appointment.region_id) if user.appointment else Q()


def _contracts_of_anybody(_user: User, _path: str = "", *, listed: bool = False) -> Q:
    """Contracts without a look at the family or the authority."""
    return Q()


def _contracts_of_any_authority(user: User, prefix: str) -> Q:
    """Contracts of the region, whoever concluded them."""
    return Q(**{f"{prefix}family__region_id": user.appointment.region_id}) if user.appointment else Q()


def _sessions_of_institution(user: User) -> Q:
    """Sessions of the institution's bodies, whoever's questions are on them, whatever their state."""
    return councils.bodies_q(user, "council")


def _bodies_of_region(user: User, path: str = "") -> Q:
    prefix = f"{path}__" if path else ""
    return Q(**{f"{prefix}region_id": user.appointment.region_id}) if user.appointment else Q()


def _questions_of_open_sessions(user: User) -> Q:
    """All questions of a session that has one of one's own."""
    sessions = apps.get_model("councils", "CouncilSession").objects.filter(councils.sessions_q(user))
    return Q(session__in=sessions.values("pk"))


def _adopted_by_anybody(_user: User) -> Q:
    """Decisions given to whomever."""
    return Q(state=DecisionState.ADOPTED)


def _seats_without_an_end(principal_id: int, _on: date) -> QuerySet[Any]:
    """Seats that were held once."""
    return apps.get_model("councils", "CouncilMember").objects.filter(user_id=principal_id)


def _packet_for_ever(_today: date) -> Q:
    """Materials from the agenda's approval on, however long ago the minutes were signed."""
    return ~Q(state__in=councils.WITHOUT_PACKET)


def _packet_before_approval(_today: date) -> Q:
    return Q()


def _wider_work(user: User) -> accounts.Scope | None:
    """The department's families for a specialist, the institution's for a head."""
    scope = RIGHT_SCOPE(user)
    appointment = user.appointment
    if scope is None or appointment is None or scope.column == "institution_id":
        return scope
    wider = "department_id" if scope.column == "curator_id" else "institution_id"
    return accounts.Scope(wider, getattr(appointment, wider))


def _restricted_in_charge(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Working lists of cases that forget who is restricted."""
    scope = accounts.scope_in_charge(user)
    return rows.filter(**{scope.column: scope.value}, closed_on=None) if scope else rows.none()


def _restricted_visits(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    scope = accounts.scope_in_charge(user)
    return rows.filter(**{f"case__{scope.column}": scope.value}) if scope else rows.none()


def _closed_in_charge(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Working lists of cases that their last curator never loses."""
    scope = accounts.scope_in_charge(user)
    return rows.filter(**{scope.column: scope.value}, is_restricted=False) if scope else rows.none()


def _questions_of_institution(user: User) -> Q:
    appointment = user.appointment
    return Q(case__institution_id=appointment.institution_id) if appointment else families.nothing()


def _questions_on_restricted(user: User) -> Q:
    scope = accounts.scope_in_charge(user)
    return Q(**{f"case__{scope.column}": scope.value}) if scope else families.nothing()


def _authorities_ever(user_id: int) -> Any:
    """Authorities for which somebody was a contact once."""
    return ContactPerson.objects.filter(user_id=user_id).values("partner_id")


def _partners_ever(user: User) -> Any:
    return _authorities_ever(user.pk)


def _contracts_of_restricted(user: User, prefix: str) -> Q:
    appointment = user.appointment
    authorities = contracts.authorities_of(appointment.principal_id) if appointment else ()
    return Q(**{f"{prefix}authority__in": authorities})


def _seats_of_any_day(principal_id: int) -> QuerySet[Any]:
    """Seats at a session by whoever sits in the body today, called to it or not."""
    seats = apps.get_model("councils", "CouncilMember").objects
    return seats.filter(council=OuterRef("council"), user_id=principal_id)


def _units_of_region(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(region_id=user.appointment.region_id) if user.appointment else rows.none()


def _departments_of_institution(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(institution_id=user.appointment.institution_id) if user.appointment else rows.none()


def _journal_of_department(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(department_id=user.appointment.department_id) if user.appointment else rows.none()


def _journal_of_institution(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.filter(institution_id=user.appointment.institution_id) if user.appointment else rows.none()


def _acts_of_every_region(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    return rows.all() if user.appointment else rows.none()


def _reports_of_region(user: User) -> Q:
    return Q(region_id=user.appointment.region_id) if user.appointment else Q()


def _reports_of_institution(user: User) -> Q:
    return Q(institution_id=user.appointment.institution_id) if user.appointment else Q()


def _yes(*_args: Any) -> bool:
    return True


def _no(*_args: Any) -> bool:
    return False


R = Role
BODY_PAGES: Final = ("councils:body_edit",)
WIDENED: Final = (
    Defect("in_charge_q opens the institution", families, "in_charge_q", _of_institution, R.SPECIALIST),
    Defect("in_charge_q holds restricted families", families, "in_charge_q", _with_restricted, R.DEPARTMENT_HEAD),
    Defect("granted_family_ids takes anybody's grants", families, "granted_family_ids", _anybodys, R.SPECIALIST),
    Defect("directory_q opens the region", families, "directory_q", _whole_region, R.SPECIALIST, ("families:names",)),
    Defect("partners_q opens the region", partners, "partners_q", _whole_region, R.SPECIALIST),
    Defect("agreements_q opens the region", partners, "agreements_q", _agreements_of_region, R.SPECIALIST),
    Defect("volunteers_q opens the region", partners, "volunteers_q", _agreements_of_region, R.SPECIALIST),
    Defect("may_read reads every part", families, "may_read", _yes, R.COUNCIL_SECRETARY, ("families:card",)),
    Defect("may_write writes in what it reads", families, "may_write", _yes, R.DIRECTOR, ("families:edit",)),
    Defect("may_write of a case", casework, "may_write", _yes, R.DIRECTOR, ("casework:case_edit",)),
    Defect(
        "may_write_consent for the head",
        families,
        "may_write_consent",
        _yes,
        R.DEPARTMENT_HEAD,
        ("families:consent_new",),
    ),
    Defect("may_print for a reader", families, "may_print", _yes, R.AUDITOR, ("families:consent_print",)),
    Defect("may_assign for a curator", casework, "may_assign", _yes, R.SPECIALIST, ("casework:assign",)),
    Defect("may_advance for a curator", casework, "may_advance", _yes, R.SPECIALIST, ("casework:programme_submit",)),
    Defect(
        "may_approve_programme for its author",
        casework,
        "may_approve_programme",
        _yes,
        R.SPECIALIST,
        ("casework:programme_approve",),
    ),
    Defect(
        "may_sign_agreement for the head",
        casework,
        "may_sign_agreement",
        _yes,
        R.DEPARTMENT_HEAD,
        ("casework:agreement_sign",),
    ),
    Defect("may_send_notice for a curator", casework, "may_send_notice", _yes, R.SPECIALIST, ("casework:notice_send",)),
    Defect(
        "may_cancel_visit for a curator", casework, "may_cancel_visit", _yes, R.SPECIALIST, ("casework:visit_cancel",)
    ),
    Defect(
        "may_read_restriction for any reader",
        families,
        "may_read_restriction",
        _yes,
        R.SPECIALIST,
        ("families:history",),
    ),
    Defect("may_read_grants for a curator", families, "may_read_grants", _yes, R.SPECIALIST, ("families:grants",)),
    Defect("may_register for anybody", families, "may_register", _yes, R.DIRECTOR, ("families:new",)),
    Defect("may_see_directory for anybody", families, "may_see_directory", _yes, R.MINISTRY, ("families:names",)),
    Defect("contracts_q forgets the family", contracts, "contracts_q", _contracts_of_anybody, R.SPECIALIST),
    Defect(
        "contracts of every authority",
        contracts,
        "_of_authority",
        _contracts_of_any_authority,
        R.CONTRACT_SPECIALIST,
    ),
    Defect("a contract is kept by who reads it", contracts, "may_keep", _yes, R.DIRECTOR, ("contracts:edit",)),
    Defect("sessions_q forgets whose questions", councils, "sessions_q", _sessions_of_institution, R.SPECIALIST),
    Defect("bodies_q opens the region to members", councils, "bodies_q", _bodies_of_region, R.COUNCIL_MEMBER),
    Defect("bodies_q opens the region to the secretary", councils, "bodies_q", _bodies_of_region, R.COUNCIL_SECRETARY),
    Defect("items_q opens the whole agenda", councils, "items_q", _questions_of_open_sessions, R.SPECIALIST),
    Defect("addressed_q forgets to whom", councils, "addressed_q", _adopted_by_anybody, R.DEPARTMENT_HEAD),
    Defect("packet_q before the approval", councils, "packet_q", _packet_before_approval, R.COUNCIL_MEMBER),
    Defect("may_write of a session", councils, "may_write", _yes, R.DIRECTOR, ("councils:session_edit",)),
    Defect(
        "may_approve_agenda for the secretary",
        councils,
        "may_approve_agenda",
        _yes,
        R.COUNCIL_SECRETARY,
        ("councils:approve",),
    ),
    Defect("may_sign for a member", councils, "may_sign", _yes, R.COUNCIL_MEMBER, ("councils:minutes_sign",)),
    Defect("reads_whole for a specialist", councils, "reads_whole", _yes, R.SPECIALIST, ("councils:packet",)),
    Defect(
        "reads_restricted for a member",
        councils,
        "reads_restricted",
        _yes,
        R.COUNCIL_MEMBER,
        ("councils:restricted_item",),
    ),
    Defect("may_manage_bodies for the secretary", councils, "may_manage_bodies", _yes, R.COUNCIL_SECRETARY, BODY_PAGES),
    Defect("visible_q of reports opens the region", monitoring, "visible_q", _reports_of_region, R.DIRECTOR),
    Defect("visible_q gives the ministry drafts", monitoring, "visible_q", _reports_of_region, R.MINISTRY),
    Defect("visible_q opens the institution", monitoring, "visible_q", _reports_of_institution, R.SPECIALIST),
    Defect(
        "may_read_evidence for the head",
        monitoring,
        "may_read_evidence",
        _yes,
        R.DEPARTMENT_HEAD,
        ("reports:evidence",),
    ),
    Defect("may_write a report for its reader", monitoring, "may_write", _yes, R.DIRECTOR, ("reports:analysis",)),
    Defect("may_export for the auditor", monitoring, "may_export", _yes, R.AUDITOR, ("reports:files",)),
    Defect("may_publish for the author", monitoring, "may_publish", _yes, R.SPECIALIST, ("reports:author",)),
    Defect("scope_in_charge widens to the department", accounts, "scope_in_charge", _wider_work, R.SPECIALIST),
    Defect("scope_in_charge widens to the institution", accounts, "scope_in_charge", _wider_work, R.DEPARTMENT_HEAD),
    Defect("cases in charge hold restricted ones", SupportCaseQuerySet, "in_charge", _restricted_in_charge, R.DIRECTOR),
    Defect("visits in charge hold restricted ones", VisitQuerySet, "in_charge", _restricted_visits, R.DIRECTOR),
    Defect("own_items_q opens the institution", councils, "own_items_q", _questions_of_institution, R.SPECIALIST),
    Defect("own_items_q holds restricted cases", councils, "own_items_q", _questions_on_restricted, R.DEPARTMENT_HEAD),
    Defect("a seat of today called to old sessions", councils, "_seat_at_session", _seats_of_any_day, R.COUNCIL_MEMBER),
    Defect(
        "contracts of restricted families",
        contracts,
        "_of_authority",
        _contracts_of_restricted,
        R.CONTRACT_SPECIALIST,
    ),
    Defect("institutions of the region", InstitutionQuerySet, "visible_to", _units_of_region, R.SPECIALIST),
    Defect(
        "departments of the institution", DepartmentQuerySet, "visible_to", _departments_of_institution, R.SPECIALIST
    ),
    Defect("the department's journal", AccessEventQuerySet, "visible_to", _journal_of_department, R.SPECIALIST),
    Defect("the institution's journal", AccessEventQuerySet, "visible_to", _journal_of_institution, R.DEPARTMENT_HEAD),
    Defect("acts of every region", LegalActQuerySet, "visible_to", _acts_of_every_region, R.SPECIALIST),
    Defect("needs_reason never asks", families, "needs_reason", _no, R.AUDITOR, ("families:card",)),
)
UNENDING: Final = (
    Defect("a grant does not end", families, "granted_family_ids", _unending, R.SPECIALIST),
    Defect("a sample does not end", families, "granted_family_ids", _unending, R.AUDITOR),
    Defect("an agenda's grant does not end", families, "granted_family_ids", _unending, R.COUNCIL_SECRETARY),
    Defect("a seat does not end", councils, "_seat_rows", _seats_without_an_end, R.COUNCIL_MEMBER),
    Defect("thirty days do not end", councils, "packet_q", _packet_for_ever, R.COUNCIL_MEMBER),
    Defect("thirty days do not end for the chair", councils, "packet_q", _packet_for_ever, R.COUNCIL_CHAIR),
    Defect("a closed case stays its curator's", SupportCaseQuerySet, "in_charge", _closed_in_charge, R.SPECIALIST),
    Defect("a contact who left reads contracts", contracts, "authorities_of", _authorities_ever, R.CONTRACT_SPECIALIST),
    Defect("a contact who left reads the card", partners, "_represented", _partners_ever, R.PARTNER_USER),
    Defect("a deputy's time does not end", Appointment, "is_in_force", _yes, R.DEPARTMENT_HEAD),
)


def defects() -> list[Defect]:
    """All of them."""
    return [*dropped(), *WIDENED, *UNENDING]
