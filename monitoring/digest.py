"""The daily letter: how much is new for a person, by kind; counts and one link, no name and no number of a case.

One work order for each person and day: a letter that fails is tried again, and at last fails where people see it. What
a letter has counted is marked in the transaction that ends the order, so nothing is counted twice.
"""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import Appointment, Notification, User
from accounts.notifications import summary_of
from monitoring.daily import Counts, LocalDay
from records.models import WorkOrder
from records.services.work import order_all

DIGEST = "monitoring.digest"


def order_digests(day: LocalDay) -> Counts:
    """Order the letters of a day for the people of these institutions; each person gets one a day, wherever they work.

    Only where mail is configured, and only to people with an address who want the letter and have something unread.
    """
    if not settings.EMAIL_CONFIGURED:
        return {"ordered": 0}
    posts = Appointment.objects.in_force(day.today).filter(region=day.region)
    here = posts.filter(institution__in=day.institutions)
    if day.is_regional:
        here = here | posts.filter(institution=None)
    news = Notification.objects.unread().filter(mailed_at=None)
    people = (
        User.objects.filter(is_active=True, daily_digest=True, pk__in=here.values("user"))
        .filter(pk__in=news.values("recipient"))
        .exclude(email="")
    )
    orders = {
        f"{pk}:{day.today}": {"user": pk, "day": day.today.isoformat(), "region": day.region.pk}
        for pk in people.order_by("pk").values_list("pk", flat=True)
    }
    return {"ordered": order_all(kind=DIGEST, orders=orders)}


def send_digest(order: WorkOrder, _actor: User | None) -> int | None:
    """Send one letter, in the language of its reader; nothing where all has been read or the letter was given up."""
    reader = User.objects.get(pk=order.params["user"])
    unread = reader.notifications.unread().filter(mailed_at=None)
    news = Notification.objects.filter(pk__in=list(unread.select_for_update().values_list("pk", flat=True)))
    counts = dict(news.order_by().values_list("code").annotate(number=Count("pk")))
    if not counts or not (reader.is_active and reader.daily_digest and reader.email and settings.EMAIL_CONFIGURED):
        return None
    letter = _letter(reader, counts, date.fromisoformat(order.params["day"]))
    news.update(mailed_at=timezone.now())
    letter.send()
    return None


def _letter(reader: User, counts: dict[str, int], day: date) -> EmailMessage:
    """The letter; its Message-ID is the same however often it is tried, so that mail programs show it once."""
    with translation.override(reader.language):
        context = {
            "lines": sorted(_by_summary(counts).items()),
            "inbox": settings.PUBLIC_URL + reverse("inbox"),
            "profile": settings.PUBLIC_URL + reverse("profile"),
        }
        text = render_to_string("email/digest.txt", context)
        subject = _("Opora: what is new for you")
    host = urlsplit(settings.PUBLIC_URL).hostname
    headers = {"Message-ID": f"<digest.{reader.pk}.{day}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [reader.email], headers=headers)


def _by_summary(counts: dict[str, int]) -> dict[str, int]:
    """How many there are by what they are together; those without a name of their own as one."""
    lines: dict[str, int] = {}
    for code, number in counts.items():
        title = summary_of(code) or _("Other notifications")
        lines[title] = lines.get(title, 0) + number
    return lines
