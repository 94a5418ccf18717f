"""What the room tells those below when it starts: events, notices, tabs, panels, papers, history; apps imports it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.journal import register_answering, register_places
from accounts.models import User
from accounts.notifications import register
from casework.enums import ContractDutyKind, EventGroup
from casework.models import SupportCase
from casework.registry import Panel, RowNote, Tab, register_history, register_panel, register_row_notes, register_tab
from casework.services.events import register_event
from common.text import short_date
from contracts import access
from contracts.enums import BEFORE_END, ContractState, EndKind, StopReason
from contracts.models import FollowUpSheet, SocialContract
from contracts.months import contract_line
from families import hooks
from families.models import Family
from families.opening import reason_or_page
from families.personal_data import register as register_personal
from records.doors import register_owner

GROUP, PAGE = EventGroup.CONTRACT, "contracts:contract"

register_event(
    "contract_registered",
    _("Social contract No. %(number)s was signed: %(kind)s"),
    group=GROUP,
    icon="file-badge",
    route=PAGE,
    values={"kind": ContractDutyKind},
)
register_event(
    "contract_in_force",
    _("Social contract No. %(number)s is in force until %(until)s"),
    group=GROUP,
    icon="circle-play",
    tone="ok",
    route=PAGE,
    values={"until": date},
)
register_event(
    "contract_ended",
    _("Social contract No. %(number)s ended: %(kind)s; follow-up until %(until)s"),
    group=GROUP,
    icon="flag",
    route=PAGE,
    values={"kind": EndKind, "until": date},
)
register_event(
    "sheet_filled",
    _("Follow-up of contract No. %(number)s: the sheet of month %(month)s was filled"),
    group=GROUP,
    icon="clipboard-check",
    tone="ok",
    route=PAGE,
)
register_event(
    "sheet_filled_late",
    _("Follow-up of contract No. %(number)s: the sheet of month %(month)s was filled late"),
    group=GROUP,
    icon="clipboard-check",
    tone="warn",
    route=PAGE,
)
register_event(
    "sheet_corrected",
    _("Follow-up of contract No. %(number)s: the sheet of month %(month)s was corrected"),
    group=GROUP,
    icon="clipboard-pen",
    route=PAGE,
)
register_event(
    "follow_up_stopped",
    _("The follow-up of contract No. %(number)s was stopped: %(why)s"),
    group=GROUP,
    icon="octagon-x",
    tone="warn",
    route=PAGE,
    values={"why": StopReason},
)
register_event(
    "follow_up_resumed",
    _("The follow-up of contract No. %(number)s goes on: the stop was a mistake"),
    group=GROUP,
    icon="undo-2",
    route=PAGE,
)
register_event(
    "follow_up_completed",
    _("The follow-up of contract No. %(number)s is completed"),
    group=GROUP,
    icon="circle-check",
    tone="ok",
    route=PAGE,
)
register_event(
    "contract_concluded",
    _("A conclusion was drawn on contract No. %(number)s"),
    group=GROUP,
    icon="scale",
    route=PAGE,
)

register("contracts.end_due", _("The term of social contract No. %(number)s passed on %(day)s: enter how it ended"))


register_personal(
    SocialContract,
    ("authority_specialist", "end_note", "stop_note", "conclusion"),
    person_path="applicant",
)
register_personal(
    FollowUpSheet,
    ("mentor", "circumstances", "recommendations_kept", "needs", "no_contact_reason"),
    family_path="contract__family",
    person_path="contract__applicant",
)


def _reads(user: User, _case: SupportCase) -> bool:
    return access.may_read(user)


def contracts_panel(request: HttpRequest, case: SupportCase) -> dict[str, Any] | None:
    """The family's contracts that are not over, and what is to be done for them next."""
    user: Any = request.user
    if not access.may_read(user):
        return None
    states = (*BEFORE_END, ContractState.FOLLOW_UP)
    rows = SocialContract.objects.visible_to(user).filter(family=case.family_id, state__in=states)
    contracts = list(rows.prefetch_related("sheets"))
    if not contracts:
        return None
    today, keeps = case.institution.today(), access.may_register(user, case.family)
    return {"contracts": [contract_line(row, today, keeps=keeps) for row in contracts]}


def sheets_due(user: User, cases: Collection[int], today: date) -> dict[int, RowNote]:
    """For the working lists: the first follow-up sheet that each family waits for."""
    if not access.may_read(user):
        return {}
    sheets = FollowUpSheet.objects.visible_to(user).due(today).filter(contract__family__cases__in=cases)
    found: dict[int, RowNote] = {}
    columns = ("contract__family__cases", "pk", "period_to")
    for case, pk, until in sheets.order_by("period_to", "pk").values_list(*columns):
        late, day = until < today, {"day": short_date(until)}
        text = _("follow-up sheet was due by %(day)s") % day if late else _("follow-up sheet by %(day)s") % day
        found.setdefault(case, RowNote(text, "bad" if late else "warn", reverse("contracts:sheet", args=[pk])))
    return found


def family_panel(request: HttpRequest, family: Family) -> dict[str, Any] | None:
    """All contracts of the family, on its card."""
    user: Any = request.user
    if not access.may_read(user):
        return None
    rows = list(SocialContract.objects.visible_to(user).filter(family=family).select_related("authority"))
    return {"contracts": rows} if rows else None


def register_url(user: User, family: Family) -> str | None:
    """Where a contract of the family is registered; None for those who may not."""
    return reverse("contracts:register", args=[family.pk]) if access.may_register(user, family) else None


def find_contracts(user: User, ids: Collection[int]) -> Iterable[SocialContract]:
    """Those of the contracts that `user` may know of now: the door of their papers."""
    rows = SocialContract.objects.visible_to(user).with_page().filter(pk__in=ids)
    return rows.annotate(prints=ExpressionWrapper(access.printable_q(user), BooleanField()))


def find_sheets(user: User, ids: Collection[int]) -> Iterable[FollowUpSheet]:
    """Those of the sheets that `user` may know of now."""
    rows = FollowUpSheet.objects.visible_to(user).select_related("contract__family").filter(pk__in=ids)
    return rows.annotate(prints=ExpressionWrapper(access.printable_q(user, "contract"), BooleanField()))


def _prints(user: User, row: SocialContract | FollowUpSheet) -> bool:
    """What the finders above have asked for all rows at once; a row that its page has opened is asked by itself."""
    asked: bool | None = getattr(row, "prints", None)
    if asked is not None:
        return asked
    return access.may_print(user, row.contract if isinstance(row, FollowUpSheet) else row)


def families_by_contract_number(_user: User, number: str) -> QuerySet[Any, int]:
    """Families that have a contract with this number; the search looks among those the user may open."""
    return SocialContract.objects.filter(number=number).values_list("family_id", flat=True)


register_places({"contracts/": "socialcontract", "sheets/": "followupsheet"})
register_answering({"socialcontract": "family__institution", "followupsheet": "contract__family__institution"})
register_tab(Tab("contracts", _("Contracts"), "contracts:of_case", 48, _reads))
register_row_notes(sheets_due)
register_panel(Panel("contracts", "contracts/_case_panel.html", contracts_panel, position=20, aside=False))
register_history(lambda case: SocialContract.objects.filter(family=case.family_id))
register_history(lambda case: FollowUpSheet.objects.filter(contract__family=case.family_id))

register_owner(
    "contracts.contract",
    find_contracts,
    may_read=_prints,
    reason_for=reason_or_page,
)
register_owner(
    "contracts.sheet",
    find_sheets,
    may_read=_prints,
    family_of=lambda sheet: sheet.contract.family_id,
    reason_for=lambda request, sheet: reason_or_page(request, sheet.contract),
)
hooks.register_panel(hooks.Panel("contracts", "contracts/_family_panel.html", family_panel, position=20))
hooks.register_action(hooks.Action("contract", _("Register a social contract"), "file-badge", register_url))
hooks.register_number_source("contracts.contract", families_by_contract_number)
