"""Forms of bodies and of who sits in them. Choices end at the administrator's region."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.enums import Role
from accounts.models import Appointment, Institution, Region, Territory, User
from common.forms import EditForm
from councils.models import Council, CouncilMember, CouncilPolicy
from partners.models import PartnerOrganisation

SEAT_ROLES = (Role.COUNCIL_MEMBER, Role.COUNCIL_CHAIR, Role.COUNCIL_SECRETARY)


class BodyForm(EditForm[Council]):
    class Meta:
        model = Council
        fields = [
            *("kind", "title", "title_genitive", "established_by", "institution", "territory"),
            *("active_from", "active_to"),
        ]

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        institutions: forms.ModelChoiceField[Institution] = self.fields["institution"]  # type: ignore[assignment]
        institutions.queryset = Institution.objects.filter(region=region).order_by("short_name")
        territories: forms.ModelChoiceField[Territory] = self.fields["territory"]  # type: ignore[assignment]
        territories.queryset = Territory.objects.filter(region=region).order_by("title")


class OwnRulesForm(EditForm[CouncilPolicy]):
    class Meta:
        model = CouncilPolicy
        fields = ["valid_from", "quorum_percent", "notice_days", "basis"]

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.council = council


class SeatForm(EditForm[CouncilMember]):
    class Meta:
        model = CouncilMember
        fields = [
            *("last_name", "first_name", "patronymic", "sex", "post", "is_deputy_head"),
            *("organisation", "organisation_title", "role", "may_vote", "user", "starts_on", "ends_on"),
        ]

    def __init__(self, *args: Any, council: Council, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.council = council
        organisations: forms.ModelChoiceField[PartnerOrganisation] = self.fields["organisation"]  # type: ignore[assignment]
        organisations.queryset = PartnerOrganisation.objects.filter(region=council.region_id).order_by("title")
        posts = Appointment.objects.in_force(council.today()).filter(role__in=SEAT_ROLES, region=council.region_id)
        people: forms.ModelChoiceField[User] = self.fields["user"]  # type: ignore[assignment]
        named = Q(pk__in=posts.values("user_id")) | Q(pk=self.instance.user_id)
        people.queryset = User.objects.filter(named).order_by("last_name", "first_name", "pk")
