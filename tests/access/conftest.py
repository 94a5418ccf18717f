"""The world of the access table, built once for the tests of this folder that run one after another."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from allauth.account.internal.flows import reauthentication
from django.conf import urls
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoDbBlocker

from common import pdf
from config.celery import app
from tests.access.worlds import World, build_world


@pytest.fixture(autouse=True)
def _plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers come as the text they are made of: what a PDF shows is proven in tests/common/test_pdf.py."""
    monkeypatch.setattr(pdf, "_write", lambda html, imprint: b"%PDF-1.7\n" + html.encode())
    monkeypatch.setattr(pdf, "_collector_paused", nullcontext)
    # The pages that refuse are proven in tests/config/test_error_pages.py; here what they would be given is enough.
    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", refusal(status))


@pytest.fixture(autouse=True)
def _broker_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is announced to a broker of this process: the walk reads each message on its way."""
    monkeypatch.setattr(app.conf, "broker_url", "memory://")
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


def refusal(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
    return lambda _request, exception: HttpResponse(f"{exception}", status=status)


@pytest.fixture(scope="module", autouse=True)
def _password_just_given() -> Iterator[None]:
    """Signing asks for the password first, whoever signs; here it was given a moment ago."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reauthentication, "is_reauthentication_required", lambda *_args, **_options: False)
        yield


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """All families, units and people at once; each test works within a savepoint on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)
