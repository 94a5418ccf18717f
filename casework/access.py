"""Who may do what to a case. Which cases a person reaches at all is the family's door (`families.access`).

The functions speak of a case that was fetched through `.visible_to(user)`: whoever lacks the right then gets a 403.
"""

from datetime import date

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import Institution, User
from casework.enums import VisitState
from casework.models import ServiceRecord, SupportCase, Visit
from casework.services.periods import is_period_open, period_closes_on
from families import access as families
from families.access import Part
from families.models import Family

__all__ = [
    "is_curator",
    "is_own_case",
    "may_advance",
    "may_approve_programme",
    "may_assign",
    "may_cancel_service",
    "may_cancel_visit",
    "may_change_service",
    "may_change_visit",
    "may_draft",
    "may_enter_on",
    "may_mark_done",
    "may_open_case",
    "may_print",
    "may_read_details",
    "may_read_journal",
    "may_read_papers",
    "may_read_visits",
    "may_render_urgent",
    "may_send_notice",
    "may_send_to_reflection",
    "may_sign_agreement",
    "may_undo",
    "may_write",
]


def may_open_case(user: User, family: Family) -> bool:
    """The specialist who works with the family, and the head of its department (domain 3.4; access rules 6.2)."""
    return works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD) and families.may_write(user, family)


def may_write(user: User, case: SupportCase) -> bool:
    """Write what hangs on the case: curator, team, head of the department; nobody once it is closed."""
    return case.is_open and families.may_write(user, case.family)


def is_curator(user: User, case: SupportCase) -> bool:
    """Whether `user` is the curator of the case, or stands in for the curator."""
    appointment = user.appointment
    return appointment is not None and works_as(user, Role.SPECIALIST) and appointment.principal_id == case.curator_id


def is_own_case(user: User, case: SupportCase) -> bool:
    """Whether `user` is its curator in any post: a curator never approves the end of own support (access 6.3, 3)."""
    principal_id = user.appointment.principal_id if user.appointment else None
    return case.curator_id is not None and case.curator_id in {user.pk, principal_id}


def may_send_to_reflection(user: User, case: SupportCase) -> bool:
    """From active support to reflection: the curator, not the team (domain 3.4)."""
    return case.is_open and is_curator(user, case)


def may_advance(user: User, case: SupportCase) -> bool:
    """Move the case along its stages: the head of its department (domain 3.4)."""
    return case.is_open and _is_head(user, case)


def may_draft(user: User, case: SupportCase) -> bool:
    """Write drafts of programme, agreement and notices: the specialist in charge and the team (access rules 6.2)."""
    return works_as(user, Role.SPECIALIST) and may_write(user, case)


def may_mark_done(user: User, case: SupportCase) -> bool:
    """Say that an activity of the programme is done, and with what result: only the curator (domain 3.7)."""
    return case.is_open and is_curator(user, case)


def may_approve_programme(user: User, case: SupportCase) -> bool:
    """Record the approval of a programme, or its return: the head, never of own support (access rules 6.3, 3)."""
    return may_advance(user, case) and not is_own_case(user, case)


def may_sign_agreement(user: User, case: SupportCase) -> bool:
    """Sign the support agreement for the institution, and terminate it: the director (access rules 6.2)."""
    return case.is_open and _is_director(user, case)


def may_send_notice(user: User, case: SupportCase) -> bool:
    """Send a notice to an agency: the head of the department and the director (access rules 6.2)."""
    return may_assign(user, case)


def may_undo(user: User, case: SupportCase) -> bool:
    """Take back a wrong move, the closing included: the head of the department (domain 3.4)."""
    return _is_head(user, case)


def may_assign(user: User, case: SupportCase) -> bool:
    """Assign a curator, pause and close: the head of the department and the director (access rules 6.2)."""
    return case.is_open and (_is_head(user, case) or _is_director(user, case))


def may_print(user: User, case: SupportCase) -> bool:
    """Issue the papers of a case: who issues those of its family."""
    return families.may_print(user, case.family)


def may_read_details(user: User) -> bool:
    """Timeline, history of changes and papers: not the secretary of a council, who reads the case itself."""
    return families.may_read(user, Part.DETAILS)


def may_read_journal(user: User) -> bool:
    """Who has read the card: specialists see what they did themselves, the others what their unit's people did."""
    return works_as(user, Role.SPECIALIST, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.AUDITOR)


def _is_head(user: User, case: SupportCase) -> bool:
    appointment = user.appointment
    return (
        appointment is not None
        and works_as(user, Role.DEPARTMENT_HEAD)
        and appointment.department_id == case.department_id
    )


def _is_director(user: User, case: SupportCase) -> bool:
    appointment = user.appointment
    return (
        appointment is not None and works_as(user, Role.DIRECTOR) and appointment.institution_id == case.institution_id
    )


def may_enter_on(user: User, institution: Institution, case: SupportCase | None, day: date) -> bool:
    """R8: facts of a day whose reporting period is closed are entered and changed by the head alone."""
    if works_as(user, Role.DEPARTMENT_HEAD):
        return True
    today = institution.today()
    return is_period_open(case, day, today) if case else today <= period_closes_on(institution.region, day)


def may_change_visit(user: User, visit: Visit) -> bool:
    """Correct a visit, or move a planned one: whoever writes in the case, until the period is closed."""
    if visit.state == VisitState.CANCELLED or not may_write(user, visit.case):
        return False
    return visit.held_on is None or may_enter_on(user, visit.case.institution, visit.case, visit.held_on)


def may_cancel_visit(user: User, visit: Visit) -> bool:
    """Cancel a visit: the head (access rules 6.2); one that is only planned, whoever may change it."""
    if visit.state == VisitState.CANCELLED or not may_write(user, visit.case):
        return False
    return visit.state == VisitState.PLANNED or works_as(user, Role.DEPARTMENT_HEAD)


def may_change_service(user: User, row: ServiceRecord) -> bool:
    """Correct a row of the journal: whoever writes in the case, or in the family where there is none, as R8 allows."""
    if row.cancelled_at is not None or not _may_write_services(user, row):
        return False
    return may_enter_on(user, row.institution, row.case, row.on)


def may_cancel_service(user: User, row: ServiceRecord) -> bool:
    """Cancel a row of the journal: the head (access rules 6.2)."""
    return row.cancelled_at is None and works_as(user, Role.DEPARTMENT_HEAD) and _may_write_services(user, row)


def may_render_urgent(user: User, family: Family) -> bool:
    """Enter an urgent service, for which a family needs no case (I6): whoever writes in the family."""
    return families.may_write(user, family)


def may_read_visits(user: User) -> bool:
    """Visits and the journal: not the secretary of a council (access rules 6.2)."""
    return families.may_read(user, Part.DETAILS)


def may_read_papers(user: User, *, tells_of_health: bool) -> bool:
    """Papers and scans of a record: who reads all that they show (access rules 6.3, 5)."""
    return families.may_read(user, Part.DETAILS) and (not tells_of_health or families.may_read(user, Part.HEALTH))


def _may_write_services(user: User, row: ServiceRecord) -> bool:
    return may_write(user, row.case) if row.case else families.may_write(user, row.family)
