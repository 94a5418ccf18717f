"""What the room puts on a case's page, and the doors of its papers; `councils.apps` imports it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import signed_in, works_as
from accounts.journal import Named, register_answering, register_namer, register_places
from accounts.models import User
from casework.enums import BasisBody
from casework.models import SupportCase
from casework.registry import Action, Panel, register_action, register_bodies, register_panel, register_papers
from councils import access
from councils.models import AgendaItem, Council, CouncilSession, Decision, MinutesExtract
from councils.papers import AGENDA, EXTRACT_OWNER, MINUTES, SESSION_OWNER, agenda_is_current, told_on_paper
from families.access import Part, may_read
from records.doors import register_owner
from records.models import Attachment, IssuedDocument

SHOWN_ITEMS = 10


def find_sessions(user: User, ids: Collection[int]) -> Iterable[CouncilSession]:
    """Those of the sessions that `user` may open now."""
    rows: Iterable[CouncilSession] = CouncilSession.objects.visible_to(user).with_page().filter(pk__in=ids)
    return rows


def find_extracts(user: User, ids: Collection[int]) -> Iterable[MinutesExtract]:
    """Those of the extracts whose decision `user` reads; they are kept by the secretariat."""
    rows: Iterable[MinutesExtract] = (
        MinutesExtract.objects.visible_to(user)
        .select_related("decision__item__session__council__institution")
        .filter(pk__in=ids)
    )
    return rows


def extracts_of_case(case: SupportCase) -> Q:
    """The papers of decisions on a case: an extract without names is kept apart from its family."""
    extracts = MinutesExtract.objects.filter(decision__item__case=case.pk)
    return Q(owner_kind=EXTRACT_OWNER, owner_id__in=extracts.values("pk"))


def _takes_public(user: User, _session: CouncilSession) -> bool:
    return access.reads_whole(user)


def _refusal(user: User, session: CouncilSession, paper: Attachment | IssuedDocument) -> str:
    """Members are not handed an agenda that says more, or else, than may be said today."""
    if not (isinstance(paper, IssuedDocument) and paper.kind == AGENDA and works_as(user, *access.SEATED)):
        return ""
    if agenda_is_current(paper, session):
        return ""
    return _(
        "Since this paper was issued the agenda has changed, or a consent was withdrawn: read the materials on the "
        "page of the session, or ask the secretary for the new paper."
    )


def _families_of_paper(session: CouncilSession, paper: Attachment | IssuedDocument) -> list[int]:
    """For the journal; a signed minutes' scan, as the minutes themselves, names the families."""
    told = told_on_paper(session, names=paper.owner_kind == MINUTES)
    return sorted(set(told.values_list("family_id", flat=True)))


def _takes_extract(user: User, extract: MinutesExtract) -> bool:
    return access.may_print(user, extract.decision.item.session)


def _family_of_extract(extract: MinutesExtract) -> int | None:
    return extract.decision.item.family_id if extract.names_family else None


def _families_of_extract(extract: MinutesExtract, _paper: Attachment | IssuedDocument) -> list[int]:
    """For the journal: an extract by the number of the case tells of its family too, to whom it is not given out."""
    family_id = extract.decision.item.family_id
    return [family_id] if family_id and not extract.names_family else []


def named(reader: User, ids: Collection[int]) -> dict[int, Named]:
    """Sessions for the journal: body and day, for neither is anybody's secret; the page for those who may open it."""
    opens = Exists(CouncilSession.objects.visible_to(reader).filter(pk=OuterRef("pk")))
    own = reader.appointment.institution_id if reader.appointment else None
    rows = CouncilSession.objects.filter(pk__in=ids).with_page().annotate(opens=opens)
    return {
        row.pk: Named(
            "",
            name=f"{row.council}, {row.day:%d.%m.%Y}",
            url=row.get_absolute_url() if row.opens else "",
            is_ours=own is not None and row.council.institution_id == own,
        )
        for row in rows
    }


def questions_panel(request: HttpRequest, case: SupportCase) -> dict[str, Any] | None:
    """The questions on a case and what was decided on them, for whoever reads the case's details; two queries."""
    user = signed_in(request)
    if not (access.may_read_sessions(user) and may_read(user, Part.CARD)):
        return None
    items = (
        AgendaItem.objects.visible_to(user)
        .filter(case=case)
        .select_related("session__council__institution__region", "session__council__region")
    )
    decided = Prefetch("decisions", Decision.objects.with_enrolment().order_by("ordinal"))
    rows = list(items.prefetch_related(decided).order_by("-session__planned_at", "-pk")[:SHOWN_ITEMS])
    return {"items": rows} if rows else None


def deciding_body(case: SupportCase, kind: BasisBody, day: date) -> str:
    """The title of the body of this kind that sits for the family's home and institution on `day`; "" for none."""
    bodies = Council.objects.active(day).covering(case.family).filter(institution=case.institution_id, kind=kind)
    return bodies.order_by("title").values_list("title", flat=True).first() or ""


register_namer("councilsession", named)
register_places(
    {
        "councils/sessions/": "councilsession",
        "councils/invitees/": "invitee",
        "councils/questions/": "agendaitem",
        "councils/decisions/": "decision",
        "councils/cases/": "supportcase",
    }
)
register_answering(
    {
        "councilsession": "council__institution",
        "invitee": "session__council__institution",
        "agendaitem": "family__institution",
        "decision": "item__family__institution",
    }
)
register_bodies(deciding_body)
register_panel(Panel("councils", "councils/_case_questions.html", questions_panel, position=40))
register_action(
    Action("propose", gettext_lazy("To the agenda"), "councils:propose", "gavel", access.may_propose, position=60)
)

register_papers(extracts_of_case)
register_owner(
    SESSION_OWNER, find_sessions, may_read=_takes_public, families_of=_families_of_paper, refusal_of=_refusal
)
register_owner(MINUTES, find_sessions, may_read=access.may_print, families_of=_families_of_paper)
register_owner(
    EXTRACT_OWNER,
    find_extracts,
    may_read=_takes_extract,
    family_of=_family_of_extract,
    families_of=_families_of_extract,
)
