"""Forms of the administration pages; they know the administrator, and offer nothing outside that person's reach."""

from typing import Any, ClassVar

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import accounts_administered_by, may_appoint
from accounts.administration.base import RecordForm
from accounts.enums import ADMINISTRATOR_ROLES, Role
from accounts.models import Appointment, Department, Institution, User


class AccountForm(forms.ModelForm[User]):
    """An account; the password is never here: the person sets it through a one-time link."""

    class Meta:
        model = User
        fields = (
            "username",
            "last_name",
            "first_name",
            "patronymic",
            "post",
            "phone",
            "email",
            "language",
            "is_active",
        )

    def save(self, commit: bool = True) -> User:
        if self.instance.pk is None:
            self.instance.set_unusable_password()
        return super().save(commit)


def post_fields(administrator: User, *, first: bool = False) -> list[str]:
    """The fields of a new post: a region's administrator chooses the unit in it, the system's the region itself.

    The first post of an account stands in for nobody.
    """
    appointment = administrator.appointment
    is_system = appointment is not None and appointment.role == Role.SYSTEM_ADMIN
    units = ["region"] if is_system else ["institution", "department"]
    return [*([] if first else ["user", "deputy_for"]), "role", *units, "starts_on", "ends_on", "order"]


class AppointmentForm(RecordForm[Appointment]):
    """A post. A deputy's is chosen by the post stood in for and the two days: role and unit are those of that post."""

    administrator: ClassVar[User]

    class Meta:
        model = Appointment
        fields = (
            "user",
            "deputy_for",
            "role",
            "region",
            "institution",
            "department",
            "starts_on",
            "ends_on",
            "order",
        )
        widgets: ClassVar[dict[str, forms.Widget]] = {"starts_on": AdminDateWidget(), "ends_on": AdminDateWidget()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = self.administrator.appointment
        if own is None or "role" not in self.fields:
            return
        is_system = own.role == Role.SYSTEM_ADMIN
        roles = [role for role in Role if (role in ADMINISTRATOR_ROLES) == is_system]
        if is_system:
            posts = Q(role__in=ADMINISTRATOR_ROLES)
        else:
            self.instance.region = own.region
            posts = Q(region=own.region) & ~Q(role__in=ADMINISTRATOR_ROLES)
            self._limit("institution", Institution.objects.filter(region=own.region))
            self._limit("department", Department.objects.filter(institution__region=own.region, closed_on=None))
        self.fields["role"].required = False
        self.fields["role"].choices = [("", _("not chosen")), *((role.value, role.label) for role in roles)]  # type: ignore[attr-defined]
        principals = Appointment.objects.filter(posts, deputy_for=None).not_ended(own.local_today())
        self._limit("deputy_for", principals.select_related("user"))
        if "deputy_for" in self.fields:
            self.fields["deputy_for"].help_text = _("For a deputy: the role and the unit are those of this post.")
        self._limit("user", accounts_administered_by(self.administrator).exclude(pk=self.administrator.pk))

    def _limit(self, name: str, queryset: Any) -> None:
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = queryset
            for link in ("can_add_related", "can_change_related", "can_view_related"):
                setattr(field.widget, link, False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        principal: Appointment | None = cleaned.get("deputy_for")
        if "role" not in self.fields:
            return cleaned
        if principal is not None:
            for name in ("role", "region", "institution", "department"):
                setattr(self.instance, name, getattr(principal, name))
                cleaned.pop(name, None)
        elif not cleaned.get("role"):
            self.add_error("role", _("Choose a role, or the person stood in for."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        row = self.instance
        if self.errors or row.user_id is None:
            return
        if not may_appoint(self.administrator, row.user, row.role, row.region_id):
            self.add_error(None, _("You may not appoint here."))
            return
        # The library checks no rule over a field that the form does not show, and the post has several of those.
        try:
            row.full_clean()
        except ValidationError as error:
            self.add_error(None, error.messages)


class FactorResetForm(forms.Form):
    """Why a second factor is to be taken off."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
