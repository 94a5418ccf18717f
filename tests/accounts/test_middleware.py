"""Pages that only show something never write; a signed-in person costs a fixed number of queries."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.enums import AccessAction
from accounts.journal import record
from accounts.middleware import ReadOnlyGetMiddleware, WriteInReadOnlyRequest
from accounts.models import AccessEvent, Department, Notification, Region
from accounts.policy import session_notice_days
from tests.cast import Cast, client_of


def rename(request: HttpRequest) -> HttpResponse:
    Department.objects.update(phone="changed by a link")
    return HttpResponse("written")


def read(request: HttpRequest) -> HttpResponse:
    record(request, AccessAction.LIST, "department")
    return HttpResponse("read")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def ask_policy(request: HttpRequest) -> HttpResponse:
    Region.objects.update(authority_title="changed before the policy was asked for")
    region = Region.objects.get(code="north")
    session_notice_days(region, region.today())
    return HttpResponse()


PLANTED = SimpleNamespace(
    urlpatterns=[
        path("planted/rename/", rename),
        path("planted/read/", read),
        path("planted/bare/", bare),
        path("planted/policy/", ask_policy),
        path("", include("config.urls")),
    ]
)


@pytest.fixture(autouse=True)
def _planted(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tests.accounts.planted_urls", PLANTED)
    settings.ROOT_URLCONF = "tests.accounts.planted_urls"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_view_that_writes_on_get_is_refused(cast: Cast, method: str) -> None:
    client = client_of(cast.specialist)
    with pytest.raises(WriteInReadOnlyRequest, match="accounts_department"):
        getattr(client, method)("/planted/rename/")
    assert client.post("/planted/rename/").content == b"written"


def test_only_the_journal_is_written_by_reading(cast: Cast) -> None:
    assert client_of(cast.specialist).get("/planted/read/").content == b"read"
    assert AccessEvent.objects.get().kind == "department"


@pytest.mark.parametrize(
    ("sql", "harmless"),
    [
        ('SELECT "accounts_user"."id" FROM "accounts_user"', True),
        ("  with x as (select 1) select updated_at, inserted from x", True),
        ("DECLARE c NO SCROLL CURSOR FOR SELECT 1", True),
        ('SAVEPOINT "s1"', True),
        ('INSERT INTO "accounts_accessevent" ("at") VALUES (now())', True),
        ('UPDATE "django_session" SET session_data = %s', True),
        ('(SELECT "id" FROM "families_family") UNION (SELECT 1)', True),
        ("(with gone as (delete from accounts_user returning id) select * from gone)", False),
        ('INSERT INTO "accounts_user" ("id") VALUES (1)', False),
        ("with gone as (delete from accounts_user returning id) select * from gone", False),
        ('WITH x AS (SELECT 1) UPDATE "accounts_user" SET id = 2', False),
        ("MERGE INTO accounts_user USING x ON true WHEN MATCHED THEN DELETE", False),
        ("TRUNCATE accounts_user", False),
        ("COPY accounts_user FROM STDIN", False),
        ("DROP TABLE accounts_user", False),
        ("DO $$ BEGIN PERFORM 1; END $$", False),
        ("DELETE FROM accounts_accesseventcopy", False),
    ],
)
def test_what_does_not_clearly_read_is_taken_for_a_write(sql: str, harmless: bool) -> None:
    assert ReadOnlyGetMiddleware(lambda request: HttpResponse()).is_harmless(sql) is harmless


@pytest.mark.parametrize("route", ["account_login", "account_reset_password", "mfa_index", "usersessions_list"])
def test_pages_of_the_sign_in_library_work_under_it(cast: Cast, route: str, settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    client = client_of(cast.specialist)
    assert client.get(reverse(route)).status_code in {200, 302}


@pytest.mark.parametrize(
    ("name", "questions"),
    [("specialist", 1), ("deputy", 2), ("director", 2), ("system_admin", 2), ("newcomer", 2)],
)
def test_who_asks_costs_one_query_and_the_second_factor_another(cast: Cast, name: str, questions: int) -> None:
    """The person is read with their appointments; a newcomer, who has none, is asked for both.

    A deputy costs another question: whom they stand in for.
    """
    client = client_of(cast.people[name])
    client.get("/planted/bare/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/planted/bare/")
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == questions, asked


def test_a_region_without_a_policy_ends_in_words(cast: Cast) -> None:
    cast.region.policies.all().delete()
    response = client_of(cast.specialist).post("/planted/policy/")
    assert response.status_code == 409
    assert cast.region.title in response.content.decode()
    assert not Region.objects.filter(authority_title__startswith="changed").exists()


def test_moments_are_shown_by_the_clock_of_the_unit(cast: Cast) -> None:
    moment = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
    for user in (cast.specialist, cast.foreign_specialist):
        Notification.objects.create(recipient=user, code="sample", fact="1", created_at=moment)
    assert "21.11.2026 00:05" in client_of(cast.specialist).get(reverse("inbox")).content.decode()
    assert "20.11.2026 17:05" in client_of(cast.foreign_specialist).get(reverse("inbox")).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"
