"""What the access table speaks about: roles, objects with their actions, and the relations a user may have to each.

The names are the table's own, so that the table can judge the code without importing it.
"""

from enum import StrEnum, unique
from typing import Final


@unique
class Role(StrEnum):
    """Roles of access.md 6.1 with the administrators of clarifications.md, and the visitor who has not signed in."""

    SPECIALIST = "SPECIALIST"
    DEPARTMENT_HEAD = "DEPARTMENT_HEAD"
    DIRECTOR = "DIRECTOR"
    COUNCIL_SECRETARY = "COUNCIL_SECRETARY"
    COUNCIL_MEMBER = "COUNCIL_MEMBER"
    COUNCIL_CHAIR = "COUNCIL_CHAIR"
    DUTY_OFFICER = "DUTY_OFFICER"
    CONTRACT_SPECIALIST = "CONTRACT_SPECIALIST"
    PARTNER_USER = "PARTNER_USER"
    RESOURCE_CENTRE = "RESOURCE_CENTRE"
    MINISTRY = "MINISTRY"
    AUDITOR = "AUDITOR"
    REGION_ADMIN = "REGION_ADMIN"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    ANONYMOUS = "ANONYMOUS"


@unique
class Action(StrEnum):
    """What is asked of an object. `read` opens one; `list` looks for it in lists, search results and form choices."""

    LIST = "list"
    READ = "read"
    CREATE = "create"
    WRITE = "write"
    SUBMIT = "submit"
    APPROVE = "approve"
    CANCEL = "cancel"
    SIGN = "sign"
    UPLOAD = "upload"
    PUBLISH = "publish"
    ASSIGN = "assign"
    ADVANCE = "advance"
    PAUSE = "pause"
    CLOSE = "close"
    PRINT = "print"
    EXPORT = "export"


@unique
class Relation(StrEnum):
    """How the object stands to the user; the harness builds one object for each of these."""

    NEW = "new"  # nothing exists yet: it would belong to the user's own unit
    OWN = "own"  # the user is the curator, the author of their own report, or sits in the body
    OWN_TEAM = "own_team"  # a member of the team of the case or of the signal, not the curator
    REGISTERED = "registered"  # the user has registered the family; it has no curator yet
    OWN_PRECINCT = "own_precinct"  # the family lives in the user's precinct, another is the curator
    HANDOVER = "handover"  # the curator until at most 10 days ago
    FORMER = "former"  # the curator until more than 10 days ago
    DEPARTMENT = "department"  # the user's department, none of the above
    INSTITUTION = "institution"  # the user's institution, another department (for a director: any)
    OTHER_INSTITUTION = "other_institution"  # another institution of the same region
    REGION = "region"  # the region of a user who works for a whole region
    OTHER_REGION = "other_region"
    RESTRICTED_NAMED = "restricted_named"  # restricted, within the role's scope, the user is named on it
    RESTRICTED_UNNAMED = "restricted_unnamed"  # restricted, within the role's scope, the user is not named on it
    CLOSED = "closed"  # the case is closed; the family is the department's (head) or the institution's (director)
    CLOSED_RECENT = "closed_recent"  # closed at most 10 days ago, the user was its curator
    CLOSED_OLD = "closed_old"  # closed more than 10 days ago, the user was its curator
    CLOSED_GRANTED = "closed_granted"  # closed, and the head has granted this user the reading by name
    AUTHOR = "author"  # wrote the note; or is the person named to write the institution's report
    NAMED = "named"  # named on the note by its author
    CANDIDATE = "candidate"  # proposed by the system for a session of the user's body, not on its agenda
    AGENDA_BEFORE = "agenda_before"  # on the agenda of the user's body, which is not approved yet
    AGENDA_DURING = "agenda_during"  # from the agenda's approval until 30 days after the minutes were signed
    AGENDA_AFTER = "agenda_after"  # more than 30 days after the minutes were signed
    NEVER_ON_AGENDA = "never_on_agenda"  # the territory of the user's body, on no agenda of it
    OTHER_BODY = "other_body"  # on the agenda of another body
    AUTHORITY = "authority"  # has a contract of the user's authority
    OTHER_AUTHORITY = "other_authority"  # has none, or one of another authority
    ADDRESSED = "addressed"  # a referral or a decision given to the user's organisation (to staff: to the user)
    NOT_ADDRESSED = "not_addressed"
    SAMPLE_GRANTED = "sample_granted"  # in the sample that the director granted to the auditor, in force
    SAMPLE_EXPIRED = "sample_expired"
    DEPUTY_IN_FORCE = "deputy_in_force"  # something to which the person stood in for may do this
    DEPUTY_EXPIRED = "deputy_expired"  # the same the day after the deputising ended
    SELF = "self"  # the user's own inbox, profile, actions, reset
    SOMEONE_ELSE = "someone_else"
    ANYWHERE = "anywhere"  # any object: the role has no unit that could bring it nearer


@unique
class Fields(StrEnum):
    """Named parts of an object for the outcome `fields:NAME`: these are shown and nothing else of it."""

    NAME_PRECINCT_SUPPORT = "name_precinct_support"  # family's name, precinct, "on support": yes or no
    DUPLICATE = "duplicate"  # name, year of birth, institution, telephone of its department
    CANDIDATE = "candidate"  # case number, category, reason, department
    OWN_ITEMS = "own_items"  # date, place and body of the session, and the items of the cases in the user's scope
    CONCLUSION = "conclusion"  # the psychologist's conclusion without the notes
    DISCLOSED = "disclosed"  # what the referral discloses to its addressee
    WITHOUT_REPORTER = "without_reporter"  # the signal without who reported it
    OWN_ACTIONS = "own_actions"  # what the user did themselves
    FIGURES = "figures"  # numbers without names, evidence or links to families


R, N = Role, Relation
WIDE: Final = (N.REGION, N.OTHER_REGION)
DEPUTY: Final = (N.DEPUTY_IN_FORCE, N.DEPUTY_EXPIRED)
ELSEWHERE: Final = (N.OTHER_INSTITUTION, N.OTHER_REGION)
RESTRICTED: Final = (N.RESTRICTED_NAMED, N.RESTRICTED_UNNAMED)
AGENDA: Final = (N.AGENDA_BEFORE, N.AGENDA_DURING, N.AGENDA_AFTER)
NOWHERE: Final = {R.SYSTEM_ADMIN: (N.ANYWHERE,), R.ANONYMOUS: (N.ANYWHERE,)}
REGIONAL: Final = dict.fromkeys((R.RESOURCE_CENTRE, R.MINISTRY, R.REGION_ADMIN), WIDE)

Domain = dict[Role, tuple[Relation, ...]]  # the relations in which each role can stand to an object

FAMILY: Final[Domain] = {
    R.SPECIALIST: (
        *(N.OWN, N.OWN_TEAM, N.REGISTERED, N.OWN_PRECINCT, N.HANDOVER, N.FORMER, N.DEPARTMENT, N.INSTITUTION),
        *(*ELSEWHERE, *RESTRICTED, N.CLOSED_RECENT, N.CLOSED_OLD, N.CLOSED_GRANTED, *DEPUTY),
    ),
    R.DEPARTMENT_HEAD: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *RESTRICTED, N.CLOSED, *DEPUTY),
    R.DIRECTOR: (N.INSTITUTION, *ELSEWHERE, *RESTRICTED, N.CLOSED, *DEPUTY),
    R.COUNCIL_SECRETARY: (
        *(N.CANDIDATE, *AGENDA, N.NEVER_ON_AGENDA, N.OTHER_BODY, N.OTHER_REGION, *RESTRICTED, *DEPUTY),
    ),
    R.COUNCIL_MEMBER: (*AGENDA, N.NEVER_ON_AGENDA, N.OTHER_BODY, N.OTHER_REGION, N.RESTRICTED_UNNAMED, *DEPUTY),
    R.COUNCIL_CHAIR: (*AGENDA, N.NEVER_ON_AGENDA, N.OTHER_BODY, N.OTHER_REGION, N.RESTRICTED_UNNAMED, *DEPUTY),
    R.DUTY_OFFICER: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, N.RESTRICTED_UNNAMED, *DEPUTY),
    R.CONTRACT_SPECIALIST: (N.AUTHORITY, N.OTHER_AUTHORITY, N.OTHER_REGION, N.RESTRICTED_UNNAMED),
    R.PARTNER_USER: (N.ADDRESSED, N.NOT_ADDRESSED, N.RESTRICTED_UNNAMED),
    R.AUDITOR: (N.SAMPLE_GRANTED, N.SAMPLE_EXPIRED, N.INSTITUTION, *ELSEWHERE, *RESTRICTED),
    **REGIONAL,
    **NOWHERE,
}
NOTE: Final[Domain] = FAMILY | {R.SPECIALIST: (N.AUTHOR, N.NAMED, *FAMILY[R.SPECIALIST])}
SIGNAL: Final[Domain] = {
    R.SPECIALIST: (N.OWN_TEAM, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DEPARTMENT_HEAD: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DUTY_OFFICER: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.COUNCIL_SECRETARY: (*AGENDA, N.NEVER_ON_AGENDA, N.OTHER_REGION),
    R.COUNCIL_MEMBER: (*AGENDA, N.NEVER_ON_AGENDA, N.OTHER_REGION),
    R.COUNCIL_CHAIR: (*AGENDA, N.NEVER_ON_AGENDA, N.OTHER_REGION),
    R.CONTRACT_SPECIALIST: WIDE,
    R.PARTNER_USER: WIDE,
    R.AUDITOR: (N.INSTITUTION, *ELSEWHERE),
    **REGIONAL,
    **NOWHERE,
}
SESSION: Final[Domain] = {
    R.SPECIALIST: (N.OWN, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DEPARTMENT_HEAD: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.COUNCIL_SECRETARY: (*AGENDA, N.OTHER_BODY, N.OTHER_REGION, *DEPUTY),
    R.COUNCIL_MEMBER: (*AGENDA, N.OTHER_BODY, N.OTHER_REGION, *DEPUTY),
    R.COUNCIL_CHAIR: (*AGENDA, N.OTHER_BODY, N.OTHER_REGION, *DEPUTY),
    R.DUTY_OFFICER: (N.INSTITUTION, *ELSEWHERE),
    R.CONTRACT_SPECIALIST: WIDE,
    R.PARTNER_USER: WIDE,
    R.AUDITOR: (N.INSTITUTION, *ELSEWHERE),
    **REGIONAL,
    **NOWHERE,
}
PACKET: Final[Domain] = SESSION | {
    R.COUNCIL_MEMBER: (*SESSION[R.COUNCIL_MEMBER], N.RESTRICTED_UNNAMED),
    R.COUNCIL_CHAIR: (*SESSION[R.COUNCIL_CHAIR], N.RESTRICTED_UNNAMED),
}
DECISION: Final[Domain] = SESSION | {
    role: (N.ADDRESSED, *SESSION[role]) for role in (R.SPECIALIST, R.DEPARTMENT_HEAD, R.COUNCIL_MEMBER, R.COUNCIL_CHAIR)
}
REGIONAL_REST: Final[Domain] = {
    **dict.fromkeys((R.COUNCIL_SECRETARY, R.COUNCIL_MEMBER, R.COUNCIL_CHAIR, R.DUTY_OFFICER), WIDE),
    R.CONTRACT_SPECIALIST: WIDE,
    R.PARTNER_USER: WIDE,
    **REGIONAL,
    **NOWHERE,
}
REPORT_SPECIALIST: Final[Domain] = REGIONAL_REST | {
    R.SPECIALIST: (N.OWN, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DEPARTMENT_HEAD: (N.OWN, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.AUDITOR: (N.INSTITUTION, *ELSEWHERE),
}
REPORT_DEPARTMENT: Final[Domain] = REPORT_SPECIALIST | {
    R.SPECIALIST: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DEPARTMENT_HEAD: (N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
}
REPORT_INSTITUTION: Final[Domain] = REPORT_SPECIALIST | {
    R.SPECIALIST: (N.AUTHOR, N.INSTITUTION, *ELSEWHERE),
    R.DEPARTMENT_HEAD: (N.AUTHOR, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.AUTHOR, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
}
REGION_WIDE: Final[Domain] = REGIONAL_REST | dict.fromkeys(
    (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR, R.AUDITOR), WIDE
)
UNIT: Final[Domain] = REGIONAL_REST | {
    R.SPECIALIST: (N.INSTITUTION, *ELSEWHERE),
    R.DEPARTMENT_HEAD: (N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.AUDITOR: (N.INSTITUTION, *ELSEWHERE),
}
BODY: Final[Domain] = UNIT | {
    R.COUNCIL_SECRETARY: (N.INSTITUTION, *ELSEWHERE),
    R.COUNCIL_MEMBER: (N.OWN, *WIDE),
    R.COUNCIL_CHAIR: (N.OWN, *WIDE),
    R.DUTY_OFFICER: (N.INSTITUTION, *ELSEWHERE),
}
JOURNAL: Final[Domain] = dict.fromkeys(R, (N.SELF, N.REGION, N.OTHER_REGION)) | {
    R.SPECIALIST: (N.SELF, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE),
    R.DEPARTMENT_HEAD: (N.SELF, N.DEPARTMENT, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.DIRECTOR: (N.SELF, N.INSTITUTION, *ELSEWHERE, *DEPUTY),
    R.AUDITOR: (N.SELF, N.INSTITUTION, *ELSEWHERE),
    R.SYSTEM_ADMIN: (N.SELF, N.SOMEONE_ELSE),
    R.ANONYMOUS: (N.ANYWHERE,),
}
PERSONAL: Final[Domain] = dict.fromkeys(R, (N.SELF, N.SOMEONE_ELSE)) | {R.ANONYMOUS: (N.ANYWHERE,)}
WHOLE: Final[Domain] = dict.fromkeys(R, (N.ANYWHERE,))
RESET: Final[Domain] = REGION_WIDE | {
    R.REGION_ADMIN: (N.SELF, N.REGION, N.OTHER_REGION),
    R.SYSTEM_ADMIN: (N.SELF, N.ANYWHERE),
}

_A = Action
_READ_WRITE = (_A.READ, _A.WRITE)
_ADMIN = (_A.LIST, _A.READ, _A.CREATE, _A.WRITE)

# Object of the table -> (relations by role, actions).
OBJECTS: Final[dict[str, tuple[Domain, tuple[Action, ...]]]] = {
    "family_directory": (FAMILY, (_A.LIST,)),
    "duplicate_elsewhere": (FAMILY, (_A.LIST,)),
    "family_card": (FAMILY, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE, _A.PRINT, _A.EXPORT)),
    "family_members": (FAMILY, (_A.READ, _A.WRITE, _A.PRINT)),
    "family_statuses": (FAMILY, _READ_WRITE),
    "special_category": (FAMILY, (_A.READ, _A.WRITE, _A.EXPORT)),
    "family_income": (FAMILY, _READ_WRITE),
    "family_statement": (FAMILY, (_A.READ, _A.WRITE, _A.PRINT)),
    "consent": (FAMILY, (_A.READ, _A.WRITE, _A.SIGN, _A.PRINT)),
    "restricted_mark": (FAMILY, (_A.READ, _A.WRITE, _A.APPROVE)),
    "family_grant": (FAMILY, _READ_WRITE),
    "case": (
        FAMILY,
        (
            *(_A.LIST, _A.READ, _A.CREATE, _A.WRITE, _A.SUBMIT, _A.ADVANCE, _A.ASSIGN, _A.PAUSE, _A.CLOSE),
            *(_A.PRINT, _A.EXPORT),
        ),
    ),
    "case_problems": (FAMILY, _READ_WRITE),
    "need_assessment": (FAMILY, _READ_WRITE),
    "assessment_scores": (FAMILY, _READ_WRITE),
    "psychologist_notes": (NOTE, (_A.READ, _A.WRITE, _A.EXPORT)),
    "visit": (FAMILY, (_A.LIST, _A.READ, _A.WRITE, _A.CANCEL, _A.PRINT)),
    "visit_closed_period": (FAMILY, _READ_WRITE),
    "service_record": (FAMILY, (_A.LIST, _A.READ, _A.WRITE, _A.CANCEL, _A.PRINT)),
    "programme": (FAMILY, (_A.READ, _A.WRITE, _A.SUBMIT, _A.APPROVE, _A.PRINT)),
    "support_agreement": (FAMILY, (_A.READ, _A.WRITE, _A.SIGN, _A.PRINT)),
    "agency_notice": (FAMILY, (_A.READ, _A.WRITE, _A.APPROVE, _A.PRINT)),
    "referral": (FAMILY, (_A.LIST, _A.READ, _A.WRITE, _A.APPROVE, _A.PRINT)),
    "timeline": (FAMILY, (_A.READ,)),
    "change_history": (FAMILY, (_A.READ,)),
    "card_readers": (FAMILY, (_A.READ,)),
    "attachment": (FAMILY, _READ_WRITE),
    "issued_document": (FAMILY, (_A.READ,)),
    "signal": (SIGNAL, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE, _A.APPROVE)),
    "signal_reporter": (SIGNAL, (_A.READ,)),
    "council_session": (SESSION, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE, _A.APPROVE, _A.PRINT)),
    "agenda_candidates": (FAMILY, (_A.LIST,)),
    "agenda_item": (FAMILY, (_A.SUBMIT,)),
    "session_packet": (PACKET, (_A.READ, _A.WRITE, _A.PRINT)),
    "minutes": (SESSION, (_A.READ, _A.WRITE, _A.SIGN, _A.UPLOAD, _A.PRINT)),
    "public_minutes": (SESSION, (_A.PRINT,)),
    "decision": (DECISION, (_A.READ, _A.WRITE, _A.SUBMIT)),
    "social_contract": (FAMILY, (_A.LIST, _A.READ, _A.WRITE, _A.PRINT)),
    "follow_up_sheet": (FAMILY, _READ_WRITE),
    "contract_figures": (FAMILY, (_A.LIST,)),
    "partner": (UNIT, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE, _A.APPROVE)),
    "cooperation_agreement": (UNIT, (_A.READ, _A.CREATE, _A.WRITE, _A.APPROVE, _A.PRINT)),
    "volunteer": (UNIT, (_A.LIST, _A.CREATE, _A.WRITE)),
    "own_organisation": (PERSONAL, (_A.READ,)),
    "council_body": (BODY, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE)),
    "report_specialist": (REPORT_SPECIALIST, (_A.LIST, _A.READ, _A.WRITE, _A.SUBMIT, _A.APPROVE, _A.EXPORT)),
    "report_department": (REPORT_DEPARTMENT, (_A.LIST, _A.READ, _A.WRITE, _A.SUBMIT, _A.APPROVE, _A.EXPORT)),
    "report_institution_draft": (
        REPORT_INSTITUTION,
        (_A.LIST, _A.READ, _A.WRITE, _A.SUBMIT, _A.APPROVE, _A.PUBLISH, _A.EXPORT),
    ),
    "report_institution_published": (REPORT_INSTITUTION, (_A.LIST, _A.READ, _A.WRITE, _A.APPROVE, _A.EXPORT)),
    "report_region_draft": (REGION_WIDE, (_A.LIST, _A.READ, _A.WRITE, _A.PUBLISH, _A.EXPORT)),
    "report_region_published": (REGION_WIDE, (_A.LIST, _A.READ, _A.EXPORT)),
    "evidence_specialist": (REPORT_SPECIALIST, (_A.READ, _A.EXPORT)),
    "evidence_department": (REPORT_DEPARTMENT, (_A.READ, _A.EXPORT)),
    "evidence_institution": (REPORT_INSTITUTION, (_A.READ, _A.EXPORT)),
    "submission_status": (REGION_WIDE, (_A.LIST,)),
    "access_journal": (JOURNAL, (_A.LIST, _A.WRITE, _A.EXPORT)),
    "audit_sample": (FAMILY, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE)),
    "journal_seals": (WHOLE, (_A.READ,)),
    "notification": (PERSONAL, (_A.LIST, _A.READ, _A.WRITE)),
    "profile": (PERSONAL, _READ_WRITE),
    "own_sessions": (PERSONAL, (_A.READ, _A.CANCEL)),
    "user": (REGION_WIDE, _ADMIN),
    "appointment": (REGION_WIDE, _ADMIN),
    "unit": (REGION_WIDE, _ADMIN),
    "policy": (REGION_WIDE, _ADMIN),
    "dictionary": (REGION_WIDE, _ADMIN),
    "region": (REGION_WIDE, _ADMIN),
    "region_administrator": (REGION_WIDE, _ADMIN),
    "sign_in_link": (REGION_WIDE, (_A.CREATE,)),
    "second_factor_reset": (RESET, (_A.CREATE, _A.APPROVE)),
    "automatic_rules": (WHOLE, (_A.READ,)),
    "methodical_register": (REGION_WIDE, (_A.LIST, _A.READ, _A.CREATE, _A.WRITE)),
}


def relations_of(object_name: str, action: Action, role: Role) -> tuple[Relation, ...]:
    """The relations in which `role` can stand to the object when it asks for `action`."""
    if action is Action.CREATE:
        return (Relation.NEW,)
    return OBJECTS[object_name][0][role]
