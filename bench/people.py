"""The three people whose pages are measured, and their signed-in browsers."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client
from django.utils.crypto import get_random_string

from accounts.enums import Role
from accounts.models import Appointment, User
from bench.scale.plan import LONGEST_CASE, Plan
from casework.models import SupportCase
from families.models import Family

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Person:
    """One whose scope has the same size in every database; `page` is the list they work with."""

    title: str
    user: User
    page: str
    column: str
    """The column of a case that says that it is theirs."""

    @property
    def scope(self) -> int:
        """The value of the column."""
        appointment = self.user.appointment
        if appointment is None:
            raise ValueError(f"{self.user} works nowhere")
        found = {"curator_id": self.user.pk, "department_id": appointment.department_id}
        return int(found.get(self.column) or appointment.institution_id or 0)


def people() -> list[Person]:
    """The first curator (40 families), head (1,000) and director (10,000)."""
    return [
        Person("curator", working(Role.SPECIALIST, 1), "/my-families/", "curator_id"),
        Person("head", working(Role.DEPARTMENT_HEAD, 1), "/cases/", "department_id"),
        Person("director", working(Role.DIRECTOR, 1), "/cases/", "institution_id"),
    ]


def longest_case() -> SupportCase:
    """The case of the first curator whose timeline is as long as they come."""
    stride = Plan(Family.objects.count(), 1, 0, date.min).stride
    case: SupportCase = SupportCase.objects.get(pk=LONGEST_CASE * stride)
    return case


def working(role: Role, number: int, place: int = 0) -> User:
    """Who works as `role` in the unit with this number; `place` tells apart those who do the same there."""
    user = User.objects.get(username=f"{role.lower()}-{number}-{place}@scale")
    user.work_as(Appointment.objects.with_units().get(user=user))
    return user


def client_of(user: User) -> Client:
    """A browser inside this process, for what is measured without a server."""
    client = Client(SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
    return client


def session_of(user: User) -> str:
    """The key of a new session in which `user` is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Browser:
    """A signed-in browser that keeps its connection to the server."""

    def __init__(self, address: str, user: User) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
        self.token = get_random_string(CSRF_SECRET_LENGTH)
        cookies = {settings.SESSION_COOKIE_NAME: session_of(user), settings.CSRF_COOKIE_NAME: self.token}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Accept-Encoding": "gzip",
        }

    def get(self, path: str) -> bytes:
        """The page. Raises ValueError for any answer but 200."""
        return self._ask("GET", path, HTTPStatus.OK)

    def post(self, path: str, form: Mapping[str, Any]) -> bytes:
        """Send a form that leads on to another page. Raises ValueError for any answer but a redirect."""
        sent = urlencode({"csrfmiddlewaretoken": self.token, **form}, doseq=True)
        return self._ask("POST", path, HTTPStatus.FOUND, sent)

    def _ask(self, method: str, path: str, wanted: HTTPStatus, sent: str | None = None) -> bytes:
        self.connection.request(method, path, sent, self.headers | ({"Content-Type": FORM} if sent else {}))
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != wanted:
            raise ValueError(f"{path}: {answer.status} {body[:200]!r}")
        return body

    def close(self) -> None:
        self.connection.close()
