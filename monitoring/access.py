"""Who sees which reports and may do what to one; who reads the automatic rules (access rules 6.2 and 6.3).

Reports are about units, not families: their scope is the unit, and for those outside the institution what is published
(clarifications, Work). The functions about a report speak of one that was fetched through `.visible_to(user)`: whoever
lacks the right then gets a 403. Rules and failed work hold ids and codes only, so reading them leads to no family.
"""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from accounts.access import works_as
from accounts.enums import ADMINISTRATOR_ROLES, Role
from accounts.models import Appointment, Region, User
from monitoring.chain import COUNTING, Move, Mover
from monitoring.enums import ReportLevel
from monitoring.indicators import Level
from records.enums import WorkState
from records.models import WorkOrder

if TYPE_CHECKING:
    from monitoring.models import QuarterlyReport

L = ReportLevel
READERS = frozenset(
    {Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.AUDITOR, Role.MINISTRY, Role.RESOURCE_CENTRE}
)
EXPORTERS = (Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.MINISTRY)
CONTRACT_FIGURE_READERS = frozenset({Role.CONTRACT_SPECIALIST})
RULE_READERS = ADMINISTRATOR_ROLES
"""Clarifications, role table: jobs and health are the system administrator's, its policy the region's."""


def visible_q(user: User) -> Q:
    """The editions `user` may open; nothing for a role without reports.

    Specialist: their own, and the institution's where they are its author. Head: the department's and its specialists',
    and the institution's. Director and auditor: the institution. Ministry: the region's, and what institutions have
    published. Resource centre: what is published.
    """
    appointment = user.appointment
    if appointment is None:
        return Q(pk__in=())
    here = Q(institution_id=appointment.institution_id)
    published = Q(region_id=appointment.region_id, published_at__isnull=False)
    person = appointment.principal_id
    scopes = {
        Role.SPECIALIST: here
        & (Q(level=L.SPECIALIST, specialist_id=person) | Q(level=L.INSTITUTION, author_id=person)),
        Role.DEPARTMENT_HEAD: here & (Q(level=L.INSTITUTION) | Q(department_id=appointment.department_id)),
        Role.DIRECTOR: here,
        Role.AUDITOR: here,
        Role.MINISTRY: published & Q(level=L.INSTITUTION) | Q(region_id=appointment.region_id, level=L.REGION),
        Role.RESOURCE_CENTRE: published,
    }
    return scopes.get(Role(appointment.role), Q(pk__in=()))


def running_unit(user: User) -> "tuple[Level, int] | None":
    """Whose figures of the running quarter `user` sees: those they will report or take; None outside the chain.

    What leaves the institution is what it publishes, so the ministry sees nothing of a quarter that runs.
    """
    appointment = user.appointment
    if appointment is None:
        return None
    units = {
        Role.SPECIALIST: (Level.SPECIALIST, appointment.principal_id),
        Role.DEPARTMENT_HEAD: (Level.DEPARTMENT, appointment.department_id),
        Role.DIRECTOR: (Level.INSTITUTION, appointment.institution_id),
    }
    level, unit = units.get(Role(appointment.role), (None, None))
    return None if level is None or unit is None else (level, unit)


def may_read_contract_figures(user: User) -> bool:
    """Figures of the contracts of one authority: its specialist (clarifications, role table)."""
    return works_as(user, *CONTRACT_FIGURE_READERS)


def may_list(user: User) -> bool:
    """Open the list of reports: every role that reads any; `visible_q` then says which."""
    return works_as(user, *READERS)


def is_author(user: User, report: "QuarterlyReport") -> bool:
    """Who writes and submits it: the specialist, the head of the department, the person named, the ministry."""
    appointment = user.appointment
    if appointment is None:
        return False
    match report.level:
        case L.SPECIALIST:
            own = report.specialist_id == appointment.principal_id
            return own and works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD)
        case L.DEPARTMENT:
            return works_as(user, Role.DEPARTMENT_HEAD) and report.department_id == appointment.department_id
        case L.INSTITUTION:
            staff = works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR)
            return staff and report.author_id == appointment.principal_id and _inside(appointment, report)
    return works_as(user, Role.MINISTRY) and report.region_id == appointment.region_id


def may_write(user: User, report: "QuarterlyReport") -> bool:
    """Write the analysis and have the figures counted anew: the author, until it is submitted."""
    return report.is_draft and is_author(user, report)


def may_take(user: User, report: "QuarterlyReport") -> bool:
    """Accept or return: the head of the department, then the director; never who wrote or submitted it."""
    appointment = user.appointment
    if appointment is None or user.pk == report.submitted_by_id or is_author(user, report):
        return False
    if report.level == L.SPECIALIST:
        return works_as(user, Role.DEPARTMENT_HEAD) and report.department_id == appointment.department_id
    return report.level != L.REGION and works_as(user, Role.DIRECTOR) and _inside(appointment, report)


def may_publish(user: User, report: "QuarterlyReport") -> bool:
    """The director publishes the institution's report, the ministry the region's."""
    appointment = user.appointment
    if appointment is None:
        return False
    if report.level == L.REGION:
        return is_author(user, report)
    return report.level == L.INSTITUTION and works_as(user, Role.DIRECTOR) and _inside(appointment, report)


def may_receive(user: User, report: "QuarterlyReport") -> bool:
    """The ministry accepts what institutions of its region have published, or sends it back."""
    appointment = user.appointment
    return (
        appointment is not None
        and report.level == L.INSTITUTION
        and works_as(user, Role.MINISTRY)
        and report.region_id == appointment.region_id
    )


def may_move(user: User, report: "QuarterlyReport", move: Move) -> bool:
    """Whether `user` makes this move of the table."""
    match move.by:
        case Mover.AUTHOR:
            return is_author(user, report)
        case Mover.HIGHER:
            return may_take(user, report)
        case Mover.PUBLISHER:
            return may_publish(user, report)
        case Mover.MINISTRY:
            return may_receive(user, report)
    return False


def may_name_author(user: User, report: "QuarterlyReport") -> bool:
    """The director names who writes the institution's report, until it is submitted."""
    return report.is_draft and report.level == L.INSTITUTION and may_publish(user, report)


def may_correct(user: User, report: "QuarterlyReport") -> bool:
    """Begin a correction of an edition that counts: its author, for the institution the director."""
    if report.state not in COUNTING[report.level]:
        return False
    return may_publish(user, report) if report.level == L.INSTITUTION else is_author(user, report)


def may_export(user: User, _report: "QuarterlyReport") -> bool:
    """Take it as PDF or XLSX; the auditor reads, and the resource centre sees figures only."""
    return works_as(user, *EXPORTERS)


def may_read_evidence(user: User, report: "QuarterlyReport") -> bool:
    """See which families were counted: own, the department's, the institution's; never from outside (6.2, Evidence)."""
    appointment = user.appointment
    if appointment is None or report.level == L.REGION:
        return False
    match appointment.role:
        case Role.SPECIALIST:
            return report.level == L.SPECIALIST and report.specialist_id == appointment.principal_id
        case Role.DEPARTMENT_HEAD:
            return report.department_id == appointment.department_id and report.level != L.INSTITUTION
        case Role.DIRECTOR:
            return _inside(appointment, report)
    return False


def _inside(appointment: Appointment, report: "QuarterlyReport") -> bool:
    return appointment.institution_id is not None and report.institution_id == appointment.institution_id


def may_read_rules(user: User) -> bool:
    """The administrators; nobody else needs to know of a machine's failures, everybody is told of their own work."""
    return works_as(user, Role.REGION_ADMIN, Role.SYSTEM_ADMIN)


def regions_of(user: User) -> QuerySet[Region]:
    """The regions whose runs `user` reads: an administrator's own, all for the system administrator."""
    appointment = user.appointment
    if appointment is None or not may_read_rules(user):
        return Region.objects.none()
    if works_as(user, Role.SYSTEM_ADMIN):
        return Region.objects.all()
    return Region.objects.filter(appointments=appointment)


def failed_work(user: User) -> QuerySet[WorkOrder]:
    """The failed orders that `user` may have done anew: of people of the region or for it; or all."""
    failed = WorkOrder.objects.filter(state=WorkState.FAILED).select_related("appointment__region", "requested_by")
    appointment = user.appointment
    if appointment is None or not may_read_rules(user):
        return failed.none()
    if works_as(user, Role.SYSTEM_ADMIN):
        return failed
    region_id = appointment.region_id
    return failed.filter(Q(appointment__region_id=region_id) | Q(params__region=region_id))
