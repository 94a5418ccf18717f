"""The inbox: what a person was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in
from accounts.models import Notification
from accounts.notifications import text_of
from common.paging import paginate


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The person's own notifications, newest first: those not read yet, or all of them (?show=all)."""
    user = signed_in(request)
    show_all = request.GET.get("show") == "all"
    mine = user.notifications.all() if show_all else user.notifications.unread()
    page = paginate(mine, "-created_at", "-id", cursor=request.GET.get("cursor", ""))
    tabs = [
        {"title": _("Unread"), "url": reverse("inbox"), "current": not show_all},
        {"title": _("All"), "url": f"{reverse('inbox')}?show=all", "current": show_all},
    ]
    context = {"rows": [(row, text_of(row)) for row in page.rows], "page": page, "tabs": tabs, "show_all": show_all}
    return render(request, "accounts/inbox.html", context)


@require_POST
def notification_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notification as read and go to what it tells of."""
    user = signed_in(request)
    notification = get_object_or_404(user.notifications, pk=pk)
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return redirect(_target(notification))


def _target(notification: Notification) -> str:
    """The page it names; the inbox where it names none, or one that is gone."""
    try:
        args = [] if notification.target_id is None else [notification.target_id]
        return reverse(notification.target or "inbox", args=args if notification.target else [])
    except NoReverseMatch:
        return reverse("inbox")


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark all of the person's own notifications as read."""
    signed_in(request).notifications.unread().update(read_at=timezone.now())
    return redirect("inbox")
