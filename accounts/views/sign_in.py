"""What differs from the sign-in library's own pages."""

from allauth.account.views import password_reset as library_password_reset
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render


@login_not_required
def closed(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Pages of the library that do not exist here: accounts and addresses are made by administrators."""
    raise Http404


@login_not_required
def password_reset(request: HttpRequest) -> HttpResponseBase:
    """A forgotten password: a letter with a link where mail is configured, else the administrator is to be asked."""
    if settings.EMAIL_CONFIGURED:
        answer: HttpResponseBase = library_password_reset(request)
        return answer
    return render(request, "account/password_reset.html")
