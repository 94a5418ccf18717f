"""The page of a refusal: it says why where only the state of a record is the reason, and else no word of the error."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import ClosedNow


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer 403; the words of any other error than ClosedNow may name a person, and are shown to nobody."""
    reason = str(exception) if isinstance(exception, ClosedNow) else ""
    return render(request, "403.html", {"reason": reason}, status=403)
