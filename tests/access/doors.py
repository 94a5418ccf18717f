"""Asks every scope of a queryset directly, and judges by the access table whose records come back.

Pages ask several scopes one after the other, so that a hole in one of them may stay hidden behind the next; here each
one stands alone.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db.models import Model, QuerySet

from accounts.models import User
from contracts import access as contracts
from councils import access as councils
from families import access as families
from tests.access.domains import OBJECTS, Action, Fields, Relation, Role
from tests.access.routes import Question
from tests.access.tokenizing import path_to_family, personal_models
from tests.access.walk import REPORTS, Walker
from tests.access.worlds import COUNCIL, Subject, World

N, R = Relation, Role
BY_POST: Final = frozenset({N.OWN, N.DEPARTMENT, N.INSTITUTION, N.CLOSED, N.DEPUTY_IN_FORCE})
LISTED_WITH: Final = {"follow_up_sheet": "social_contract"}
# What does not hang on a family of the world: the model, and what of the access table its scope answers.
OF_UNITS: Final = {
    "monitoring.QuarterlyReport": Question("report_specialist", Action.READ),
    "councils.CouncilSession": Question("council_session", Action.READ),
    "councils.AgendaItem": Question("council_session", Action.READ),
    "councils.Decision": Question("decision", Action.READ),
    "councils.Invitee": Question("council_session", Action.READ),
    "councils.Attendance": Question("council_session", Action.READ),
    "councils.Minutes": Question("council_session", Action.READ),
    "councils.MinutesExtract": Question("decision", Action.READ),
    "partners.PartnerOrganisation": Question("partner", Action.READ),
    "partners.ContactPerson": Question("partner", Action.READ),
    "partners.CooperationAgreement": Question("cooperation_agreement", Action.READ),
    "partners.Volunteer": Question("volunteer", Action.LIST),
}

# Bodies have a page for those who keep them alone; everybody knows those they work with (access rules 6.1).
BODIES: Final = (
    dict.fromkeys((R.SPECIALIST, R.DEPARTMENT_HEAD, R.DIRECTOR, R.COUNCIL_SECRETARY), N.INSTITUTION)
    | dict.fromkeys((R.COUNCIL_MEMBER, R.COUNCIL_CHAIR), N.OWN)
    | {R.REGION_ADMIN: N.REGION}
)
OF_BODIES: Final = ("councils.Council", "councils.CouncilMember", "councils.CouncilPolicy")
# What is seen by the post alone, by the names in `World.by_post`: units by level, acts by region, and the journal.
OF_DEPARTMENT: Final = (R.SPECIALIST, R.DEPARTMENT_HEAD, R.DUTY_OFFICER)
OF_INSTITUTION: Final = (R.DIRECTOR, R.COUNCIL_SECRETARY, R.AUDITOR)
OF_REGION: Final = (R.MINISTRY, R.RESOURCE_CENTRE, R.REGION_ADMIN)
OWN_INSTITUTION: Final = frozenset({"institution"})
OWN_DEPARTMENT: Final = frozenset({"department"})
OWN_DEPARTMENTS: Final = OWN_DEPARTMENT | {"second_department"}
OWN_ACTS: Final = frozenset({"federal", "region"})
READ_BY_AUDIT: Final = frozenset({"specialist", "colleague", "neighbour"})
BY_POST_ALONE: Final[dict[str, dict[Role, frozenset[str]]]] = {
    "accounts.Institution": dict.fromkeys((*OF_DEPARTMENT, *OF_INSTITUTION), OWN_INSTITUTION)
    | dict.fromkeys(OF_REGION, OWN_INSTITUTION | {"other_institution"}),
    "accounts.Department": dict.fromkeys(OF_DEPARTMENT, OWN_DEPARTMENT)
    | dict.fromkeys(OF_INSTITUTION, OWN_DEPARTMENTS)
    | dict.fromkeys(OF_REGION, OWN_DEPARTMENTS | {"other_department"}),
    "accounts.AccessEvent": dict.fromkeys((R.DIRECTOR, R.AUDITOR), READ_BY_AUDIT)
    | {R.DEPARTMENT_HEAD: READ_BY_AUDIT - {"neighbour"}, R.SPECIALIST: frozenset({"specialist"})},
    "records.LegalAct": dict.fromkeys(Role, OWN_ACTS) | {R.SYSTEM_ADMIN: OWN_ACTS | {"foreign_region"}},
}


def scopes_of(model: type[Model]) -> list[str]:
    """The scopes that the model's querysets offer."""
    rows = model._default_manager.all()
    return [name for name in ("visible_to", "listed_for", "in_charge", "shared_with") if hasattr(rows, name)]


def promised(walker: Walker, model: type[Model], scope: str) -> set[str]:
    """The families that the access table gives the actor in this scope: by the card, or by the records' own object."""
    if walker.actor.standing_in is N.DEPUTY_EXPIRED:
        return set()
    own = walker.world.objects.get(model._meta.label, "family_card")
    action = Action.READ if scope == "visible_to" else Action.LIST
    if action not in OBJECTS[own][1]:
        own = LISTED_WITH.get(own, "family_card")
    questions = {Question(name, action) for name in ("family_card", own)}
    found = set()
    for subject in walker.world.of_kind("family"):
        by_post = walker.actor.relation(subject) in BY_POST and walker.actor.role not in COUNCIL
        wanted = {"in_charge": by_post, "shared_with": not by_post}.get(scope, True)
        facts = [walker.fact(question, subject) for question in questions]
        # A question on a restricted family stands on the agenda without its words.
        wordless = model._meta.label == "councils.AgendaItem" and walker.actor.role in COUNCIL
        wordless = wordless and walker.actor.relation(subject) is N.RESTRICTED_UNNAMED
        if wordless or (wanted and any(fact is not None and fact.shows for fact in facts)):
            found.add(subject.key)
    return found


def wrong_doors(walker: Walker) -> Iterator[str]:
    """Each scope that gives the actor other families, or other units' records, than the table does."""
    user = walker.actor.user
    if user is None:
        return
    user.work_as(walker.actor.post or next(iter(user.appointments_in_force), None))
    for model in sorted(personal_models(), key=lambda model: model._meta.label):
        rows = model._default_manager.all()
        there = _families(walker.world, rows, model)
        for scope in scopes_of(model):
            given = _families(walker.world, getattr(rows, scope)(user), model)
            wanted = promised(walker, model, scope) & there
            if given != wanted:
                yield f"{walker.actor}: {model._meta.label}.{scope} gives {given - wanted}, keeps back {wanted - given}"
    if walker.actor.standing_in is not N.DEPUTY_EXPIRED:
        yield from _wrong_units(walker, user)
    if walker.actor.standing_in is None:
        yield from _wrong_bodies(walker, user)
        yield from _wrong_sets(walker, user)
        yield from _wrong_by_post(walker, user)


def _families(world: World, rows: QuerySet[Any], model: type[Model]) -> set[str]:
    keys = {subject.rows["family"].pk: subject.key for subject in world.of_kind("family")}
    found = set(rows.order_by().values_list(path_to_family(model), flat=True))
    return {keys[pk] for pk in found if pk in keys}


def _wrong_units(walker: Walker, user: User) -> Iterator[str]:
    subjects = [subject for subject in walker.world.subjects if subject.kind != "family"]
    for label, question in OF_UNITS.items():
        rows: Any = apps.get_model(label)._default_manager.all()
        given = set(rows.visible_to(user).values_list("pk", flat=True))
        for subject in subjects:
            own = {row.pk for row in subject.rows.values() if row._meta.label == label}
            fact = walker.fact(_asked(question, subject), subject)
            if fact is None or not own:
                continue
            wanted = fact.shows and (fact.fields is not Fields.FIGURES or subject.kind in REPORTS)
            if bool(own & given) != wanted:
                yield f"{walker.actor}: {label}.visible_to of {subject.key}: {not wanted}, not {wanted}"


def _wrong_bodies(walker: Walker, user: User) -> Iterator[str]:
    for label in OF_BODIES:
        rows: Any = apps.get_model(label)._default_manager.all()
        given = set(rows.visible_to(user).values_list("pk", flat=True))
        for subject in walker.world.of_kind("body"):
            own = {row.pk for row in subject.rows.values() if row._meta.label == label}
            wanted = BODIES.get(walker.actor.role) is walker.actor.relation(subject)
            if bool(own & given) != wanted:
                yield f"{walker.actor}: {label}.visible_to of {subject.key}: {not wanted}, not {wanted}"


def _wrong_by_post(walker: Walker, user: User) -> Iterator[str]:
    for label, by_role in BY_POST_ALONE.items():
        rows: Any = apps.get_model(label)._default_manager.all()
        there = walker.world.by_post[label]
        visible = set(rows.filter(pk__in=there.values()).visible_to(user).values_list("pk", flat=True))
        given = {name for name, pk in there.items() if pk in visible}
        wanted = by_role.get(walker.actor.role, set())
        if given != wanted:
            yield f"{walker.actor}: {label}.visible_to gives {given - wanted}, keeps back {wanted - given}"


def _wrong_sets(walker: Walker, user: User) -> Iterator[str]:
    """The rights that are asked of a whole list, against the same rights asked of one record."""
    households: Any = apps.get_model("families", "Family")._default_manager.filter(
        pk__in=[subject.rows["family"].pk for subject in walker.world.of_kind("family")]
    )
    papers: Any = apps.get_model("contracts", "SocialContract")._default_manager.visible_to(user)
    sessions: Any = apps.get_model("councils", "CouncilSession")._default_manager.all()
    called = [
        subject.rows["session"]
        for subject in walker.world.of_kind("session")
        if walker.actor.role in {R.COUNCIL_MEMBER, R.COUNCIL_CHAIR}
        and walker.actor.relation(subject) is N.AGENDA_BEFORE
    ]
    ledger: Any = apps.get_model("families", "FamilyGrant")._default_manager.select_related("family")
    here = dict.fromkeys((R.DIRECTOR, R.AUDITOR), walker.world.cast.institution.pk)

    writing = {
        subject.rows["family"].pk
        for subject in walker.world.of_kind("family")
        if (fact := walker.fact(Question("family_card", Action.WRITE), subject)) is not None and fact.shows
    }

    def may_see_sample(row: Any) -> bool:
        own = walker.actor.role is R.DIRECTOR or row.user_id == user.pk
        return own and row.family.institution_id == here.get(walker.actor.role)

    sets = {
        "families.sampled_q": (ledger, families.sampled_q(user), may_see_sample),
        "families.writable_q": (households, families.writable_q(user), lambda row: row.pk in writing),
        "families.may_write": (households, families.writable_q(user), lambda row: families.may_write(user, row)),
        "contracts.printable_q": (papers, contracts.printable_q(user), lambda row: contracts.may_print(user, row)),
        "councils.called_later_q": (sessions, councils.called_later_q(user), lambda row: row in called),
    }
    for name, (rows, condition, right) in sets.items():
        given, wanted = set(rows.filter(condition)), {row for row in rows if right(row)}
        if given != wanted:
            yield f"{walker.actor}: {name} gives {given - wanted}, keeps back {wanted - given}"


def _asked(question: Question, subject: Subject) -> Question:
    """Reports stand in one table; the question is that of their level."""
    return Question(subject.kind, question.action) if subject.kind in REPORTS else question
