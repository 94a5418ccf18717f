"""Forms of a session: its plan, its questions, who came, and how it ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField, EditForm
from common.text import mid_line
from councils.enums import AttendanceMode, ItemKind, SeatRole
from councils.forms.executors import offer_staff
from councils.models import AgendaItem, Attendance, Council, CouncilMember, CouncilSession
from councils.readiness import first_day_allowed
from councils.services.attendance import keepers_of_minutes
from records.fields import FilesField
from records.services.submissions import SubmissionField

KINDS_TO_ASK = tuple(kind for kind in ItemKind if kind != ItemKind.ORGANISATIONAL)


class SessionForm(EditForm[CouncilSession]):
    class Meta:
        model = CouncilSession
        fields = ["kind", "planned_at", "mode", "place", "link", "chair", "secretary"]

    def __init__(self, *args: Any, council: Council, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.council = council
        if self.instance._state.adding:
            self.fields["submission"] = SubmissionField()
        first = {"day": f"{first_day_allowed(council):%d.%m.%Y}"}
        self.fields["planned_at"].help_text = (
            _("From %(day)s on, so that the members are told in time; an extraordinary session may be held earlier.")
            % first
        )
        seats = CouncilMember.objects.on(day).filter(council=council)
        chairs = seats.filter(role__in=[SeatRole.CHAIR, SeatRole.DEPUTY])
        for name, people in (("chair", chairs), ("secretary", seats)):
            field: forms.ModelChoiceField[CouncilMember] = self.fields[name]  # type: ignore[assignment]
            field.queryset, field.empty_label = people.order_by("role", "last_name"), str(_("as usual"))

    def chosen(self) -> dict[str, Any]:
        """What was typed, without what the service sets itself."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name != "planned_at"}


class ItemForm(EditForm[AgendaItem]):
    """The words of a question; what was heard and said once the session was held."""

    class Meta:
        model = AgendaItem
        fields = ["title", "starts_at", "speaker", "speaker_name", "materials", "draft_decision", "heard", "spoke"]
        widgets = {
            "starts_at": forms.TimeInput({"type": "time"}, format="%H:%M"),
            "materials": forms.Textarea({"rows": 8}),
            "draft_decision": forms.Textarea({"rows": 3}),
            "heard": forms.Textarea({"rows": 5}),
            "spoke": forms.Textarea({"rows": 5}),
        }
        help_texts = {
            "materials": _(
                "Members of other agencies read this: name nobody. Of the names in the programme the system leaves the"
                " initials; check the rest of its words."
            )
        }

    def __init__(self, *args: Any, council: Council, held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_staff(self, "speaker", council, self.instance.case)
        if not held:
            del self.fields["heard"], self.fields["spoke"]


class MatterForm(forms.Form):
    """An organisational matter."""

    submission = SubmissionField()
    title = forms.CharField(label=_("Question"), max_length=500)
    starts_at = forms.TimeField(label=_("Time"), required=False, widget=forms.TimeInput({"type": "time"}))
    speaker_name = forms.CharField(label=_("Speaker"), max_length=300, required=False)
    draft_decision = forms.CharField(
        label=_("Draft decision"), max_length=4000, required=False, widget=forms.Textarea({"rows": 3})
    )


class SessionField(forms.ModelChoiceField[CouncilSession]):
    def label_from_instance(self, obj: CouncilSession) -> str:
        return f"{obj.planned_on:%d.%m.%Y}, {obj.council.title}"


class ProposeForm(forms.Form):
    """The head's request for a question on a case."""

    session = SessionField(label=_("Session"), queryset=CouncilSession.objects.none(), empty_label=_("not chosen"))
    kind = forms.ChoiceField(
        label=_("Question"), choices=[("", _("not chosen")), *((kind.value, kind.label) for kind in KINDS_TO_ASK)]
    )
    reason = forms.CharField(label=_("Why"), max_length=300)

    def __init__(self, *args: Any, sessions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: SessionField = self.fields["session"]  # type: ignore[assignment]
        field.queryset = sessions


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ConfirmForm(forms.Form):
    """Nothing to fill in: the act itself is confirmed."""


class SeatField(forms.ModelChoiceField[CouncilMember]):
    """People who sit in the body, by name and post."""

    def label_from_instance(self, obj: CouncilMember) -> str:
        return f"{obj.full_name}, {mid_line(obj.post)}"


class HeldForm(forms.Form):
    """When the session was held and who kept its minutes: the secretary, or in their absence somebody who came."""

    held_on = DateField(label=_("Held on"))
    secretary = SeatField(
        label=_("Kept the minutes"),
        queryset=CouncilMember.objects.none(),
        empty_label=_("not chosen"),
        error_messages={"required": _("Name the member who kept the minutes at the session.")},
    )

    def __init__(self, *args: Any, session: CouncilSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: SeatField = self.fields["secretary"]  # type: ignore[assignment]
        field.queryset = keepers_of_minutes(session).order_by("role", "last_name", "pk")
        if session.secretary is None or session.secretary in field.queryset:
            self.initial["secretary"] = session.secretary
            return
        field.help_text = _("The secretary did not come: name a member who kept the minutes.")


class AttendanceForm(forms.Form):
    """One member's line."""

    present = forms.BooleanField(label=_("came"), required=False)
    mode = forms.ChoiceField(label=_("How"), choices=AttendanceMode.choices)
    absence_reason = forms.CharField(label=_("Why absent"), max_length=200, required=False)
    came_at = forms.TimeField(label=_("Came at"), required=False, widget=forms.TimeInput({"type": "time"}))
    left_at = forms.TimeField(label=_("Left at"), required=False, widget=forms.TimeInput({"type": "time"}))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        came, left = cleaned.get("came_at"), cleaned.get("left_at")
        if came and left and left < came:
            self.add_error("left_at", _("The member left before coming."))
        return cleaned


def attendance_forms(rows: Sequence[Attendance], data: Any) -> list[tuple[Attendance, AttendanceForm]]:
    """A form for each member's line."""
    fields = tuple(AttendanceForm.base_fields)
    return [
        (
            row,
            AttendanceForm(
                data, prefix=f"member{row.member_id}", initial={name: getattr(row, name) for name in fields}
            ),
        )
        for row in rows
    ]


class InviteeForm(forms.Form):
    submission = SubmissionField()
    name = forms.CharField(label=_("Name"), max_length=200)
    post = forms.CharField(label=_("Post and agency"), max_length=300, required=False)


class SignedPaperForm(forms.Form):
    """The paper that the chair signed."""

    signed_on = DateField(label=_("Signed on"))
    file = FilesField(label=_("Signed paper"))


class CorrectionForm(forms.Form):
    submission = SubmissionField()
    correction = forms.CharField(
        label=_("What is corrected"),
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Such as: in question 2, in place of “…” read “…”."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
