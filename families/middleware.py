"""Leads to the page that asks for a reason when a view meets a family that opens only with one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from families.opening import ReasonRequired, ask_reason


class ReasonMiddleware:
    """Turns ReasonRequired of any view into a redirect; nothing of the family has been shown by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return ask_reason(request, exception.family) if isinstance(exception, ReasonRequired) else None
