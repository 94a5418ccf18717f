"""What the core of the room puts on its own pages and on those of the rooms below; `casework.apps` imports it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.journal import Named, register_answering, register_namer, register_places
from accounts.models import User
from casework.access import may_assign, may_open_case, may_read_details, may_read_journal, may_write
from casework.models import SupportCase
from casework.registry import Action, Tab, register_action, register_history, register_tab
from casework.services.following import follow_family, follow_paper, follow_restriction
from families import hooks
from families.models import Family
from families.opening import reason_or_page
from records.doors import register_owner
from records.services.documents import register_issue_listener


def _reads_details(user: User, _case: SupportCase) -> bool:
    return may_read_details(user)


def _reads_journal(user: User, _case: SupportCase) -> bool:
    return may_read_journal(user)


def _assigns_first(user: User, case: SupportCase) -> bool:
    return case.curator_id is None and may_assign(user, case)


def find_cases(user: User, ids: Collection[int]) -> Iterable[SupportCase]:
    """Those of the cases that `user` may know of now: the door of their papers."""
    cases: Iterable[SupportCase] = SupportCase.objects.visible_to(user).with_page().filter(pk__in=ids)
    return cases


def cases_panel(_request: HttpRequest, family: Family) -> dict[str, Any] | None:
    """The cases of a family, for its card; whoever opens the family may know of them."""
    rows = list(SupportCase.objects.filter(family=family).select_related("curator").order_by("-opened_on", "-pk"))
    return {"cases": rows} if rows else None


def open_case_url(user: User, family: Family) -> str | None:
    """Where a case is opened for the family; None where it has one, or for those who may not."""
    if not may_open_case(user, family) or SupportCase.objects.filter(family=family).open().exists():
        return None
    return reverse("casework:case_open", args=[family.pk])


def families_on_support(family_ids: Iterable[int], on: date) -> set[int]:
    """Which of these families are on support on `on` (I13)."""
    cases = SupportCase.objects.filter(family_id__in=list(family_ids)).on_support(on)
    return set(cases.values_list("family_id", flat=True))


def families_by_case_number(_user: User, number: str) -> QuerySet[Any, int]:
    """Families that have a case with this number; the search looks among those the user may open."""
    return SupportCase.objects.filter(number=number).values_list("family_id", flat=True)


def named(reader: User, ids: Collection[int]) -> dict[int, Named]:
    """Cases for the journal: the number; family and page for those who may open it, a restricted family unnamed."""
    opens = Exists(SupportCase.objects.visible_to(reader).filter(pk=OuterRef("pk")))
    return {
        row.pk: Named.of_family(
            reader,
            row.number,
            row.family.title,
            reverse("casework:case", args=[row.pk]),
            institution=row.institution_id,
            opens=row.opens,
            is_restricted=row.is_restricted,
        )
        for row in SupportCase.objects.filter(pk__in=ids).select_related("family").annotate(opens=opens)
    }


for tab in (
    Tab("overview", _("Course of work"), "casework:case", 10),
    Tab("members", _("Members"), "casework:members", 20),
    Tab("stage", _("Stages and terms"), "casework:stage", 50),
    Tab("people", _("Curator and team"), "casework:curators", 60),
    Tab("documents", _("Documents"), "casework:documents", 70, _reads_details),
    Tab("changes", _("Changes"), "casework:changes", 80, _reads_details),
    Tab("readers", _("Who opened it"), "casework:readers", 90, _reads_journal),
):
    register_tab(tab)

register_namer("supportcase", named)
register_places(
    {
        "cases/": "supportcase",
        "visits/": "visit",
        "services/": "servicerecord",
        "problems/": "caseproblem",
        "resources/": "familyresource",
        "diagnoses/": "socialdiagnosis",
        "needs/": "needassessment",
        "assessments/": "assessment",
        "programmes/": "supportprogramme",
        "activities/": "programmeactivity",
        "agreements/": "supportagreement",
        "notices/": "agencynotice",
        "pauses/": "supportpause",
        "team/": "caseteammember",
    }
)
register_answering(
    dict.fromkeys(("supportcase", "servicerecord"), "family__institution")
    | {"programmeactivity": "programme__case__family__institution"}
    | dict.fromkeys(
        (
            *("visit", "caseproblem", "familyresource", "socialdiagnosis", "needassessment", "assessment"),
            *("supportprogramme", "supportagreement", "agencynotice", "supportpause", "caseteammember"),
        ),
        "case__family__institution",
    )
)

register_action(Action("assign", _("Assign a curator"), "casework:assign", "user-check", _assigns_first, position=20))

register_history(lambda case: SupportCase.objects.filter(pk=case.pk))
register_history(lambda case: case.curator_assignments.all())
register_history(lambda case: case.team.all())
register_history(lambda case: case.pauses.all())
register_history(lambda case: case.contact_intervals.all())

register_owner(
    "casework.case",
    find_cases,
    may_read=_reads_details,
    may_write=may_write,
    reason_for=reason_or_page,
)
hooks.register_panel(hooks.Panel("cases", "casework/_family_cases.html", cases_panel, position=10))
hooks.register_action(hooks.Action("open_case", _("Open a case"), "folder-plus", open_case_url, main=True))
hooks.register_support_source("casework", families_on_support)
hooks.register_number_source("casework.case", families_by_case_number)
hooks.register_restriction_listener("casework", follow_restriction)
hooks.register_fact_listener("casework", follow_family)
register_issue_listener("casework", follow_paper)
