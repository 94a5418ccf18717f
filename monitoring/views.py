"""The first page of every role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    """What the person's role opens first."""
    return render(request, "monitoring/home.html")
