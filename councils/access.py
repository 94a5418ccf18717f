"""Who reaches bodies and sessions: by unit for those who run them, by seat for those who sit in them.

Families are not reached through a session: members read the packet composed for it, and the secretary opens cards by
grants made when a family enters the agenda (clarifications; access rules 6.2). The questions about one session speak
of a session fetched through `.visible_to(user)`: whoever lacks the right then gets a 403.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.access import works_as
from accounts.enums import Role
from accounts.models import Appointment, User
from casework.models import SupportCase
from councils.enums import DecisionState, SeatRole, SessionState

if TYPE_CHECKING:
    from councils.models import Council, CouncilSession, Decision

PACKET_DAYS_AFTER_SIGNING = 30
"""Members read the materials until so many days after the minutes were signed (access rules 6.1)."""

FULL_READERS = (Role.COUNCIL_SECRETARY, Role.DIRECTOR)
"""Read sessions whole; specialists and heads read the questions of their own cases."""

OWN_ITEM_READERS = (Role.SPECIALIST, Role.DEPARTMENT_HEAD)
SEATED = (Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR)
SESSION_READERS = frozenset({*FULL_READERS, *OWN_ITEM_READERS, *SEATED})
DECISION_READERS = frozenset({Role.COUNCIL_SECRETARY, *SEATED})
"""Follow decisions to their execution as a daily matter; others reach the list from the sessions."""
BODY_READERS = frozenset({Role.COUNCIL_SECRETARY, Role.REGION_ADMIN})

WITHOUT_PACKET = (SessionState.PLANNED, SessionState.CANCELLED)


def nothing() -> Q:
    """A condition that no row meets."""
    return Q(pk__in=())


def bodies_q(user: User, path: str = "") -> Q:
    """Bodies (or what `path` leads from) that `user` works with.

    The secretary and the people in charge see the bodies of their institution, the region's administrator the bodies of
    the region; members those they sit in today.
    """
    appointment = user.appointment
    prefix = f"{path}__" if path else ""
    if appointment is None:
        return nothing()
    if works_as(user, *FULL_READERS, *OWN_ITEM_READERS):
        return Q(**{f"{prefix}institution_id": appointment.institution_id})
    if works_as(user, Role.REGION_ADMIN):
        return Q(**{f"{prefix}region_id": appointment.region_id})
    if works_as(user, *SEATED):
        return Q(**{f"{prefix}pk__in": _seats(appointment.principal_id, appointment.local_today())})
    return nothing()


def sessions_q(user: User) -> Q:
    """Sessions that `user` may open.

    Secretary and director: those of the institution's bodies. Specialist and head: those that have a question of a case
    of theirs. Members: those they are called to, while their packet may be read; the chair also before, to approve it.
    """
    appointment = user.appointment
    if appointment is None:
        return nothing()
    if works_as(user, *FULL_READERS):
        return bodies_q(user, "council")
    if works_as(user, *OWN_ITEM_READERS):
        return bodies_q(user, "council") & Q(Exists(_items().filter(own_items_q(user), session=OuterRef("pk"))))
    if works_as(user, *SEATED):
        today = appointment.local_today()
        called = bodies_q(user, "council") & Q(Exists(_seat_at_session(appointment.principal_id)))
        window = packet_q(today)
        if works_as(user, Role.COUNCIL_CHAIR):
            window |= Q(state=SessionState.PLANNED)
        return called & window
    return nothing()


def packet_q(today: date) -> Q:
    """Sessions whose packet members read on `today`: from the agenda's approval to 30 days after signing."""
    first_signing = today - timedelta(days=PACKET_DAYS_AFTER_SIGNING)
    not_over = ~Q(state=SessionState.MINUTES_SIGNED) | Q(signed_on__gte=first_signing)
    return ~Q(state__in=WITHOUT_PACKET) & not_over


def own_items_q(user: User) -> Q:
    """Agenda items on the cases that `user` answers for, while these may be listed; a curator's until closed."""
    return Q(case__in=SupportCase.objects.in_charge(user).values("pk"))


def items_q(user: User) -> Q:
    """Agenda items that `user` reads, of the sessions they may open."""
    sessions = apps.get_model("councils", "CouncilSession").objects.filter(sessions_q(user))
    readable = Q(session__in=sessions.values("pk"))
    return readable & own_items_q(user) if works_as(user, *OWN_ITEM_READERS) else readable


def decisions_q(user: User) -> Q:
    """Decisions that `user` reads: those of the items they read, and those they or their agency carry out."""
    appointment = user.appointment
    if appointment is None:
        return nothing()
    items = apps.get_model("councils", "AgendaItem").objects.filter(items_q(user))
    readable = Q(item__in=items.values("pk"))
    if works_as(user, *SEATED, *OWN_ITEM_READERS):
        readable |= addressed_q(user)
    return readable


def addressed_q(user: User) -> Q:
    """Adopted decisions that `user` carries out: by name, by seat, or as a member from the organisation named."""
    appointment = user.appointment
    if appointment is None:
        return nothing()
    principal_id = appointment.principal_id
    adopted = Q(state__in=[DecisionState.ADOPTED, DecisionState.EXECUTED])
    if works_as(user, *OWN_ITEM_READERS):
        return adopted & Q(executor_user_id=principal_id)
    if works_as(user, *SEATED):
        seats = _seat_rows(principal_id, appointment.local_today())
        agencies = seats.exclude(organisation=None).values("organisation_id")
        mine = Q(executor_member__user_id=principal_id) | Q(executor_partner__in=agencies)
        return adopted & mine & bodies_q(user, "item__session__council")
    return nothing()


def may_read_sessions(user: User) -> bool:
    """Whether the role of `user` has sessions at all."""
    return works_as(user, *SESSION_READERS)


def reads_whole(user: User) -> bool:
    """Whether `user` reads all questions of the sessions they open, not only those of own cases."""
    return works_as(user, *FULL_READERS, *SEATED)


def keeps(user: User, council: "Council") -> bool:
    """Whether `user` keeps the secretariat of the body: prepares sessions, minutes, follows decisions."""
    appointment = user.appointment
    return (
        appointment is not None
        and works_as(user, Role.COUNCIL_SECRETARY)
        and council.institution_id is not None
        and council.institution_id == appointment.institution_id
    )


def may_write(user: User, session: "CouncilSession") -> bool:
    """Prepare the session and its papers: the secretary, until the minutes are signed (I14)."""
    over = {SessionState.MINUTES_SIGNED, SessionState.CANCELLED, SessionState.NO_QUORUM}
    return keeps(user, session.council) and session.state not in over


def may_correct(user: User, session: "CouncilSession") -> bool:
    """Begin corrected minutes, take a decision off the list: the secretary, until 30 days after the signing (6.1).

    What is wrong later, a new session of the body decides: signed minutes stay as they are (I14).
    """
    over = session.council.today() - timedelta(days=PACKET_DAYS_AFTER_SIGNING)
    return keeps(user, session.council) and (session.signed_on is None or session.signed_on >= over)


def may_at_another_state(user: User, session: "CouncilSession", right: Callable[..., bool]) -> bool:
    """Whether `user` has this right while the session is at another state: the secretary, before the signing."""
    return right in {may_write, may_correct} and keeps(user, session.council)


def called_later_q(user: User) -> Q:
    """Sessions that `user` is called to, of which there is nothing to read before the agenda is approved."""
    appointment = user.appointment
    if appointment is None or not works_as(user, *SEATED):
        return nothing()
    return bodies_q(user, "council") & Q(state=SessionState.PLANNED)


def may_manage_bodies(user: User) -> bool:
    """Enter bodies and their members: the region's administrator (clarifications, role table)."""
    return works_as(user, Role.REGION_ADMIN)


def chairs(user: User, session: "CouncilSession") -> bool:
    """Whether `user` chairs the session, or stands in for who does."""
    appointment = user.appointment
    seat = session.chair
    return (
        appointment is not None
        and works_as(user, Role.COUNCIL_CHAIR)
        and seat is not None
        and seat.user_id is not None
        and seat.user_id == appointment.principal_id
    )


def may_approve_agenda(user: User, session: "CouncilSession") -> bool:
    """The chair; where the chair has no account, the secretary notes the approval given on paper (domain 3.6)."""
    if chairs(user, session):
        return True
    on_paper = session.chair is not None and session.chair.user_id is None
    return on_paper and keeps(user, session.council)


def approvers(session: "CouncilSession") -> "QuerySet[Appointment]":
    """The appointments of those whom `may_approve_agenda` lets approve, deputies of the chair among them."""
    chair = session.chair
    if chair is None or chair.user_id is None:
        return secretariat(session.council)
    posts = _in_force(session.council).filter(role=Role.COUNCIL_CHAIR)
    return posts.filter(Q(deputy_for=None, user=chair.user_id) | Q(deputy_for__user=chair.user_id))


def secretariat(council: "Council") -> "QuerySet[Appointment]":
    """The appointments of those who keep the secretariat of the body (`keeps`); of one without an institution none."""
    if council.institution_id is None:
        return Appointment.objects.none()
    return _in_force(council).filter(role=Role.COUNCIL_SECRETARY, institution=council.institution_id)


def _in_force(council: "Council") -> "QuerySet[Appointment]":
    """Appointments in force today of people who may sign in."""
    posts: QuerySet[Appointment] = Appointment.objects.in_force(council.today()).filter(user__is_active=True)
    return posts


def may_sign(user: User, session: "CouncilSession") -> bool:
    """Sign the minutes in the system: the chair in person. Nobody stands in for the chair here (clarifications)."""
    appointment = user.appointment
    seat = session.chair
    return (
        chairs(user, session)
        and appointment is not None
        and not appointment.is_deputy
        and seat is not None
        and seat.role == SeatRole.CHAIR
    )


def may_propose(user: User, case: SupportCase) -> bool:
    """Ask for a question on an open case: the head of its department (access rules 6.2, Session: propose items)."""
    appointment = user.appointment
    return (
        case.closed_on is None
        and appointment is not None
        and works_as(user, Role.DEPARTMENT_HEAD)
        and appointment.department_id == case.department_id
    )


def may_print(user: User, session: "CouncilSession") -> bool:
    """Make and take the papers that name families: the secretary and the director (access rules 6.2)."""
    return keeps(user, session.council) or works_as(user, Role.DIRECTOR)


def may_read_minutes(user: User, session: "CouncilSession") -> bool:
    """Take the minutes by case numbers: who prints them, and the chair, who answers for every word (6.2).

    The names of families are not for the chair either (clarifications): what is signed reads alike but for them, and
    but for the questions on restricted families, which the chair reads one by one, with a reason (`reads_restricted`).
    """
    return may_print(user, session) or chairs(user, session)


def may_report(user: User, decision: "Decision") -> bool:
    """Say that a decision was carried out: who was told to, their agency's member, and the secretary (design, 1)."""
    return decision.state == DecisionState.ADOPTED and answers_for(user, decision)


def answers_for(user: User, decision: "Decision") -> bool:
    """Whether it is for `user` to report on the decision, at whatever state it is."""
    if keeps(user, decision.item.session.council):
        return True
    decisions = apps.get_model("councils", "Decision").objects
    return decisions.filter(addressed_q(user), pk=decision.pk).exists()


def reads_restricted(user: User, session: "CouncilSession") -> bool:
    """The question on a restricted family, which members do not see: the chair, with a reason (access rules 6.2)."""
    return chairs(user, session)


def _items() -> "QuerySet[Any]":
    return apps.get_model("councils", "AgendaItem").objects.all()


def _seat_rows(principal_id: int, on: date) -> "QuerySet[Any]":
    seats = apps.get_model("councils", "CouncilMember").objects
    return seats.filter(Q(ends_on=None) | Q(ends_on__gte=on), user_id=principal_id, starts_on__lte=on)


def _seats(principal_id: int, on: date) -> "QuerySet[Any, int]":
    """Ids of the bodies in which the person whose rights are used holds a seat on `on`."""
    return _seat_rows(principal_id, on).values_list("council_id", flat=True)


def _seat_at_session(principal_id: int) -> "QuerySet[Any]":
    """A seat held when the session took place: who came to the body later was not called to it."""
    seats = apps.get_model("councils", "CouncilMember").objects
    day = Coalesce(OuterRef("held_on"), F("starts_on"))
    return seats.filter(council=OuterRef("council"), user_id=principal_id, starts_on__lte=day)
