"""The first page of every role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import signed_in
from accounts.enums import Role

FIRST_PAGES: dict[str, str] = {
    Role.SPECIALIST: "casework:my_families",
    Role.DEPARTMENT_HEAD: "casework:caseload",
    Role.DIRECTOR: "casework:caseload",
    Role.DUTY_OFFICER: "families:names",
    Role.CONTRACT_SPECIALIST: "contracts:contracts",
    Role.COUNCIL_SECRETARY: "councils:home",
    Role.COUNCIL_MEMBER: "councils:home",
    Role.COUNCIL_CHAIR: "councils:home",
    Role.MINISTRY: "reports:list",
    Role.RESOURCE_CENTRE: "reports:list",
    Role.AUDITOR: "families:samples",
    Role.REGION_ADMIN: "admin:index",
    Role.SYSTEM_ADMIN: "admin:index",
}
"""What each role opens first; the others get a page that says what their role can do here."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead the person to what their role opens first."""
    user = signed_in(request)
    role = user.appointment.role if user.appointment else ""
    if role in FIRST_PAGES:
        return redirect(FIRST_PAGES[role])
    return render(request, "monitoring/home.html")
