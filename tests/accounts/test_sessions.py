"""How long a session lasts, and what a person who typed a form into an expired one is left with."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from accounts import middleware
from accounts.middleware import SEEN_KEY, STARTED_KEY
from config.settings import base
from tests.cast import Cast, client_of

LOGIN = "/accounts/login/"


def age(client: Client, **keys: int) -> None:
    """Make the session of `client` so many seconds older."""
    session = client.session
    for key, seconds in keys.items():
        session[key] -= seconds
    session.save()


@pytest.fixture
def working(cast: Cast) -> Client:
    client = client_of(cast.specialist)
    assert client.get(reverse("profile")).status_code == 200
    return client


@pytest.mark.requirement("X13")
@pytest.mark.parametrize(
    ("key", "seconds", "alive"),
    [
        (SEEN_KEY, settings.SESSION_IDLE_SECONDS - 60, True),
        (SEEN_KEY, settings.SESSION_IDLE_SECONDS + 1, False),
        (STARTED_KEY, settings.SESSION_ABSOLUTE_SECONDS - 60, True),
        (STARTED_KEY, settings.SESSION_ABSOLUTE_SECONDS + 1, False),
    ],
)
def test_a_session_ends_by_idleness_and_by_age(working: Client, key: str, seconds: int, alive: bool) -> None:
    age(working, **{key: seconds})
    response = working.get(reverse("profile"))
    assert (response.status_code == 200) is alive
    assert ("_auth_user_id" in working.session) is alive


@pytest.mark.requirement("X13")
def test_idle_log_out_comes_after_thirty_minutes() -> None:
    assert base.SESSION_IDLE_SECONDS == 30 * 60
    assert base.SESSION_COOKIE_AGE <= base.SESSION_ABSOLUTE_SECONDS


def test_work_keeps_a_session_alive(working: Client) -> None:
    now = timezone.now()
    for minutes in range(25, 200, 25):
        with freeze_time(now + timedelta(minutes=minutes)):
            assert working.get(reverse("profile")).status_code == 200


def test_the_person_is_told_and_led_back_to_the_page(working: Client) -> None:
    age(working, **{SEEN_KEY: settings.SESSION_IDLE_SECONDS + 1})
    response = working.get("/inbox/?show=all&cursor=x")
    assert response["Location"] == f"{LOGIN}?next={quote('/inbox/?show=all&cursor=x')}"
    assert len(working.get(response["Location"]).context["messages"]) == 1


@pytest.mark.parametrize("expired", [True, False])
def test_a_post_leads_back_to_the_page_of_the_form(working: Client, expired: bool) -> None:
    if expired:
        age(working, **{SEEN_KEY: settings.SESSION_IDLE_SECONDS + 1})
    else:
        working.logout()
    data: dict[str, Any] = {"phone": "2-12-34", "language": "ru"}
    response = working.post(reverse("profile"), data, headers={"referer": "http://testserver/profile/?a=1"})
    assert response["Location"] == f"{LOGIN}?next={quote('/profile/?a=1')}"
    foreign = Client().post(reverse("profile"), data, headers={"referer": "https://elsewhere.example/profile/"})
    assert foreign["Location"] == f"{LOGIN}?next=/"


@pytest.mark.parametrize("expired", [True, False])
@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_takes_the_whole_browser_to_the_sign_in_page(working: Client, method: str, expired: bool) -> None:
    if expired:
        age(working, **{SEEN_KEY: settings.SESSION_IDLE_SECONDS + 1})
    else:
        working.logout()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/?show=all"}
    response = getattr(working, method)(reverse("profile"), headers=headers)
    assert response.status_code == 200
    assert response["HX-Redirect"] == f"{LOGIN}?next={quote('/inbox/?show=all')}"
    assert response.content == b""


@pytest.fixture
def kept() -> Iterator[list[tuple[int, str]]]:
    """What the handlers of expired forms were given: the person and the text."""
    found: list[tuple[int, str]] = []

    def keep(request: HttpRequest) -> None:
        found.append((request.user.pk, request.POST.get("phone", "")))

    middleware.keep_typed.append(keep)
    yield found
    middleware.keep_typed.remove(keep)


@pytest.mark.requirement("L1")
def test_what_was_typed_into_an_expired_form_is_kept(cast: Cast, working: Client, kept: list[tuple[int, str]]) -> None:
    data = {"phone": "2-12-34", "language": "ru"}
    working.post(reverse("profile"), data)
    assert kept == []
    age(working, **{SEEN_KEY: settings.SESSION_IDLE_SECONDS + 1})
    working.post(reverse("profile"), data)
    assert kept == [(cast.specialist.pk, "2-12-34")]


def test_a_form_of_a_stranger_is_not_kept(cast: Cast, kept: list[tuple[int, str]]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.specialist)
    client.get(reverse("profile"))
    age(client, **{SEEN_KEY: settings.SESSION_IDLE_SECONDS + 1})
    assert client.post(reverse("profile"), {"phone": "planted"}).status_code == 403
    assert kept == []


@pytest.mark.requirement("X13")
def test_cookies_of_production_travel_encrypted_only() -> None:
    assert base.SESSION_COOKIE_SECURE is base.CSRF_COOKIE_SECURE is True
    assert base.SECURE_SSL_REDIRECT is True
    assert base.SECURE_HSTS_SECONDS > 0
    assert getattr(base, "SESSION_COOKIE_HTTPONLY", True)
    assert base.SECOND_FACTOR_REQUIRED is True
    assert base.DEMO is False
