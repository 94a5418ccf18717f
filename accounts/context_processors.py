"""What the sign-in pages show besides the form."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Appointment

DEMO_SUFFIX = ".demo"
DEMO_PASSWORD = "opora-demo"  # noqa: S105 - printed on the sign-in page of the demonstration


def sign_in(request: HttpRequest) -> dict[str, Any]:
    """Whether a forgotten password is mailed; in the demonstration its sign-ins, queried only where they are shown."""
    return {
        "email_configured": settings.EMAIL_CONFIGURED,
        "demo_logins": SimpleLazyObject(demo_logins) if settings.DEMO else [],
    }


def demo_logins() -> list[dict[str, Any]]:
    """The sign-ins `ROLE@REGION.demo` by region: the region's title, and for each role login, password and title."""
    posts = (
        Appointment.objects.filter(user__username__endswith=DEMO_SUFFIX, user__is_active=True, deputy_for=None)
        .select_related("user", "region")
        .order_by("region__title", "pk")
    )
    regions: dict[str, dict[str, dict[str, str]]] = {}
    for post in posts:
        rows = regions.setdefault(post.region.title if post.region else "", {})
        login = post.user.username
        rows.setdefault(login, {"login": login, "password": DEMO_PASSWORD, "title": post.get_role_display()})
    return [{"title": title, "rows": list(rows.values())} for title, rows in regions.items()]
