"""The months of a follow-up as pages show them: a row of cells, and what is to be done next."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from common.text import short_date
from contracts.enums import BEFORE_END, ContractState, SheetState
from contracts.models import FollowUpSheet, SocialContract

TONES = {
    SheetState.FILLED: "ok",
    SheetState.FILLED_LATE: "ok",
    SheetState.DUE: "warn",
    SheetState.OVERDUE: "burning",
    SheetState.TO_COME: "neutral",
    SheetState.VOID: "neutral",
}
ICONS = {
    SheetState.FILLED: "check",
    SheetState.FILLED_LATE: "check",
    SheetState.DUE: "pencil",
    SheetState.OVERDUE: "clock-alert",
    SheetState.TO_COME: "",
    SheetState.VOID: "minus",
}
TO_FILL = (SheetState.DUE, SheetState.OVERDUE)
STATE_TONES = {
    ContractState.SIGNED: "neutral",
    ContractState.RUNNING: "info",
    ContractState.FOLLOW_UP: "warn",
    ContractState.COMPLETED: "ok",
    ContractState.STOPPED: "neutral",
}


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a follow-up; `url` is "" where there is nothing to open yet."""

    number: int
    period: str
    state: str
    label: str
    tone: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done for a contract next; `url` is "" for those who only read."""

    text: str
    tone: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A contract with its months and its next step."""

    contract: SocialContract
    tone: str
    months: list[Month]
    step: Step | None


def months_of(sheets: list[FollowUpSheet], today: date) -> list[Month]:
    """The cells of a follow-up in their order."""
    return [_month(sheet, sheet.state_on(today)) for sheet in sheets]


def _month(sheet: FollowUpSheet, state: SheetState) -> Month:
    opens = state not in {SheetState.TO_COME, SheetState.VOID}
    return Month(
        number=sheet.month,
        period=f"{short_date(sheet.period_from)} – {short_date(sheet.period_to)}",
        state=state.value.lower().replace("_", "-"),
        label=str(state.label),
        tone=TONES[state],
        icon=ICONS[state],
        url=sheet.get_absolute_url() if opens else "",
    )


def contract_line(contract: SocialContract, today: date, *, keeps: bool) -> ContractLine:
    """A contract for a panel; its sheets have been fetched. `keeps`: whether the reader may act on it."""
    sheets = sorted(contract.sheets.all(), key=lambda row: row.month)
    step = next_step(contract, sheets, today, keeps=keeps)
    return ContractLine(contract, STATE_TONES[ContractState(contract.state)], months_of(sheets, today), step)


def next_step(contract: SocialContract, sheets: list[FollowUpSheet], today: date, *, keeps: bool) -> Step | None:
    """The first month that waits for its sheet, or the end that nobody has entered; None where nothing is due."""
    if contract.state in BEFORE_END:
        if contract.planned_end_on >= today:
            return None
        text = _("The term passed on %(day)s: enter how the contract ended") % {
            "day": short_date(contract.planned_end_on)
        }
        url = reverse("contracts:end", args=[contract.pk]) if keeps else ""
        return Step(text, "burning", _("Enter the end"), url)
    waiting = next((row for row in sheets if row.state_on(today) in TO_FILL), None)
    if waiting is None:
        return None
    late = waiting.state_on(today) is SheetState.OVERDUE
    due, passed = (
        _("The sheet of month %(month)s is due by %(day)s"),
        _("The sheet of month %(month)s was due by %(day)s"),
    )
    text = passed if late else due
    url = reverse("contracts:sheet_fill", args=[waiting.pk]) if keeps else ""
    filled = {"month": waiting.month, "day": short_date(waiting.period_to)}
    return Step(text % filled, "burning" if late else "warn", _("Fill the sheet"), url)
