"""Reads of the councils room: by body, never by family."""

from datetime import date
from typing import Any, Self, TypeVar

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from accounts.models import User
from casework.enums import DecisionKind, Stage
from casework.models import CaseDecision
from councils.access import bodies_q, decisions_q, items_q, sessions_q
from councils.enums import HELD_STATES, DecisionState, DecisionType, ItemState, SessionState
from families.models import Family

ModelT = TypeVar("ModelT", bound=Model)

LIVE_ITEMS = (ItemState.PROPOSED, ItemState.INCLUDED)
BEFORE_SESSION = (SessionState.PLANNED, SessionState.AGENDA_APPROVED)
BEFORE_SIGNING = (*BEFORE_SESSION, SessionState.HELD, SessionState.MINUTES_DRAFTED)


class CouncilQuerySet(QuerySet[Any]):
    """Bodies by who works with them."""

    def visible_to(self, user: User) -> Self:
        return self.filter(bodies_q(user))

    def covering(self, family: Family) -> Self:
        """Bodies whose territory holds the family's home, and those of no territory; all where no home is known."""
        home = family.settlement
        if home is None:
            return self
        return self.filter(Q(territory=None) | Q(territory__in=[key for key in (home.pk, home.parent_id) if key]))

    def active(self, on: date) -> Self:
        """Bodies that exist on `on`."""
        return self.filter(Q(active_to=None) | Q(active_to__gte=on), active_from__lte=on)


class CouncilPolicyQuerySet(QuerySet[Any]):
    """Rules that bodies set for themselves."""

    def visible_to(self, user: User) -> Self:
        """Rules of the bodies `user` works with."""
        return self.filter(bodies_q(user, "council"))


class SeatQuerySet(QuerySet[ModelT]):
    """Seats in bodies."""

    def visible_to(self, user: User) -> Self:
        """Seats of the bodies `user` works with."""
        return self.filter(bodies_q(user, "council"))

    def on(self, day: date) -> Self:
        """Seats held on `day`, both ends inside."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class SessionQuerySet(QuerySet[ModelT]):
    """Sessions by who may open them, and by state."""

    def visible_to(self, user: User) -> Self:
        return self.filter(sessions_q(user))

    def held(self) -> Self:
        """Sessions that took place with a quorum (I15)."""
        return self.filter(state__in=HELD_STATES)

    def unfinished(self) -> Self:
        """Sessions that are not over: minutes are yet to be signed, a correction of signed ones included."""
        waiting = apps.get_model("councils", "Minutes").objects.filter(session=OuterRef("pk"), signed_on=None)
        return self.filter(Q(state__in=BEFORE_SIGNING) | Q(Exists(waiting)))

    def with_page(self) -> Self:
        """With everything that the pages of one session show of it, in one query."""
        return self.select_related(
            "council__region",
            "council__institution__region",
            "council__territory",
            "chair__user",
            "secretary__user",
        )


class SessionPathQuerySet(QuerySet[ModelT]):
    """Rows that hang on a session."""

    def visible_to(self, user: User) -> Self:
        sessions = apps.get_model("councils", "CouncilSession").objects.filter(sessions_q(user))
        return self.filter(session__in=sessions.values("pk"))


class ItemQuerySet(QuerySet[ModelT]):
    """Agenda items by who may read them, and by state."""

    def visible_to(self, user: User) -> Self:
        return self.filter(items_q(user))

    def considered(self) -> Self:
        return self.filter(state=ItemState.CONSIDERED)

    def live(self) -> Self:
        """Proposed or on the agenda of a session that has not been held yet."""
        return self.filter(state__in=LIVE_ITEMS, session__state__in=BEFORE_SESSION)

    def unsettled(self) -> Self:
        """Of a session whose minutes are not signed, postponed and withdrawn ones apart: an answer is under way."""
        return self.filter(state__in=(*LIVE_ITEMS, ItemState.CONSIDERED), session__state__in=BEFORE_SIGNING)

    def with_page(self) -> Self:
        """With everything that pages and papers show of a question, in one query."""
        return self.select_related("case__family", "case__department", "case__institution", "family", "speaker")

    def enrolling_by_approval(self) -> Self:
        """Whose family the approval of its programme, decided now, will put on support too (clarification 4)."""
        return self.filter(_waits_for_support() & _no_enrolment_apart())


def _waits_for_support(item: str = "") -> Q:
    """The case of the question at the path `item` is in agreement, and its family not yet on support."""
    return Q((f"{item}case__enrolled_on", None), (f"{item}case__stage", Stage.CONTRACTING))


def _no_enrolment_apart(item: str = "") -> Q:
    """The session of the question at the path `item` puts its family on support by no decision of its own."""
    same_case = {"item__session": OuterRef(f"{item}session"), "item__case": OuterRef(f"{item}case")}
    decisions = apps.get_model("councils", "Decision").objects
    return Q(~Exists(decisions.filter(type=DecisionType.ENROL, **same_case)))


class DecisionQuerySet(QuerySet[ModelT]):
    """Decisions by who may read them, by state and due date."""

    def visible_to(self, user: User) -> Self:
        return self.filter(decisions_q(user))

    def adopted(self) -> Self:
        return self.filter(state=DecisionState.ADOPTED)

    def overdue(self, today: date) -> Self:
        """Adopted, to be carried out by a day that has passed (domain 3.6)."""
        return self.adopted().filter(due_on__lt=today)

    def with_enrolment(self) -> Self:
        """With `enrols`: whether an approved programme puts its family on support too (clarification 4).

        It has done so, or will once the minutes are signed; not where the same session enrols by a decision of its own.
        """
        done = CaseDecision.objects.filter(
            case=OuterRef("item__case"),
            kind=DecisionKind.ENROL,
            body=OuterRef("item__session__council__kind"),
            number=OuterRef("item__session__number"),
            decided_on=OuterRef("item__session__held_on"),
        )
        ahead = Q(state=DecisionState.DRAFT) & _waits_for_support("item__")
        alone = _no_enrolment_apart("item__")
        return self.annotate(enrols=Q(type=DecisionType.APPROVE_PROGRAMME) & alone & (ahead | Exists(done)))

    def with_page(self) -> Self:
        """With everything that a list of decisions shows, in one query."""
        return self.select_related(
            "item__session__council__institution__region",
            "item__session__council__region",
            "item__case__family",
            "item__family",
            "programme",
            "executor_user",
            "executor_member",
            "executor_partner",
        )


class ExtractQuerySet(QuerySet[ModelT]):
    """Extracts hang on a decision."""

    def visible_to(self, user: User) -> Self:
        decisions = apps.get_model("councils", "Decision").objects.filter(decisions_q(user))
        return self.filter(decision__in=decisions.values("pk"))
