"""Notifications: one per fact and person, the inbox, opening one, the profile."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts import notifications
from accounts.models import Notification
from accounts.notifications import notify, register, text_of
from tests.cast import Cast, client_of


@pytest.fixture(autouse=True)
def _sample_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "_texts", {})
    register("sample", "Case %(number)s is due on %(day)s")


def tell(*people: Any, fact: str = "case:7", **more: Any) -> int:
    return notify(people, "sample", fact=fact, number="7/2026", day=date(2026, 11, 5), **more)


@pytest.mark.requirement("L6")
def test_a_fact_is_told_once_to_each_person(cast: Cast) -> None:
    assert tell(cast.specialist, cast.head.pk, cast.head) == 2
    assert tell(cast.specialist, cast.colleague) == 1
    assert tell(cast.specialist, fact="case:8") == 1
    assert tell() == 0
    assert Notification.objects.count() == 4


@pytest.mark.requirement("L20")
def test_telling_many_people_is_one_statement(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert tell(*cast.people.values()) == len(cast.people)
    assert len(queries) == 1


def test_the_text_is_in_the_language_of_the_reader(cast: Cast) -> None:
    tell(cast.specialist)
    with translation.override("ru"):
        assert text_of(Notification.objects.get()) == "Case 7/2026 is due on 05.11.2026"


def test_codes_are_registered_once_and_unknown_ones_refused(cast: Cast) -> None:
    register("sample", "Case %(number)s is due on %(day)s")
    with pytest.raises(ValueError, match="twice"):
        register("sample", "other")
    with pytest.raises(ValueError, match="no text"):
        notify([cast.specialist], "unknown", fact="x")
    stray = Notification.objects.create(recipient=cast.specialist, code="gone", fact="x")
    assert "gone" in text_of(stray)


def test_the_inbox_shows_only_ones_own_and_the_unread_first(cast: Cast) -> None:
    tell(cast.specialist)
    tell(cast.specialist, fact="case:8")
    tell(cast.colleague, fact="case:9")
    Notification.objects.filter(fact="case:8").update(read_at=timezone.now())
    client = client_of(cast.specialist)

    def shown(**query: str) -> list[str]:
        return [row.fact for row, _ in client.get(reverse("inbox"), query).context["rows"]]

    assert shown() == ["case:7"]
    assert shown(show="all") == ["case:8", "case:7"]
    assert client.get(reverse("inbox")).context["unread_count"] == 1


def test_opening_marks_as_read_and_leads_to_the_page(cast: Cast) -> None:
    tell(cast.specialist, target="journal")
    row = Notification.objects.get()
    client = client_of(cast.specialist)
    url = reverse("notification_open", args=[row.pk])
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == reverse("journal")
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    client.post(url)
    row.refresh_from_db()
    assert row.read_at == first


@pytest.mark.parametrize(
    ("target", "target_id", "leads_to"),
    [
        ("notification_open", 5, "/inbox/5/open/"),
        ("", None, "/inbox/"),
        ("gone", 5, "/inbox/"),
        ("inbox", 5, "/inbox/"),
    ],
)
def test_where_a_notification_leads(cast: Cast, target: str, target_id: int | None, leads_to: str) -> None:
    tell(cast.specialist, target=target, target_id=target_id)
    url = reverse("notification_open", args=[Notification.objects.get().pk])
    assert client_of(cast.specialist).post(url)["Location"] == leads_to


def test_notifications_of_others_do_not_exist(cast: Cast) -> None:
    tell(cast.specialist, cast.colleague)
    row = Notification.objects.get(recipient=cast.specialist)
    client = client_of(cast.colleague)
    assert client.post(reverse("notification_open", args=[row.pk])).status_code == 404
    assert client.post(reverse("inbox_read"))["Location"] == reverse("inbox")
    row.refresh_from_db()
    assert row.read_at is None
    assert not Notification.objects.filter(recipient=cast.colleague, read_at=None).exists()


@pytest.mark.requirement("L20")
@pytest.mark.parametrize("route", ["inbox", "profile"])
def test_pages_cost_the_same_however_much_there_is(cast: Cast, route: str) -> None:
    client = client_of(cast.deputy)
    client.get(reverse(route))
    costs = []
    for start in (0, 100):
        for number in range(start, start + 70):
            tell(cast.deputy, fact=f"case:{number}")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(route))
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert route == "profile" or len(page.context["rows"]) == 50


def test_an_empty_inbox_says_what_will_come(cast: Cast) -> None:
    page = client_of(cast.specialist).get(reverse("inbox")).content.decode()
    assert "?show=all" in page
    assert 'class="empty"' in page


def test_the_profile_shows_ones_own_data_and_posts(cast: Cast) -> None:
    response = client_of(cast.expired_deputy).get(reverse("profile"))
    page = response.content.decode()
    for text in (cast.expired_deputy.last_name, cast.expired_deputy.email, cast.department.title, str(cast.head)):
        assert text in page
    assert [in_force for _, in_force in response.context["posts"]] == [False]
    for route in ("usersessions_list", "mfa_index", "account_change_password"):
        assert reverse(route) in page


def test_only_telephone_and_language_are_ones_own_to_change(cast: Cast) -> None:
    client = client_of(cast.specialist)
    before = cast.specialist.last_name
    data = {"phone": "8 (423) 222-33-44", "language": "en", "last_name": "Иная", "username": "boss", "is_active": ""}
    assert client.post(reverse("profile"), data).status_code == 302
    user = type(cast.specialist).objects.get(pk=cast.specialist.pk)
    assert (user.phone, user.language) == ("+74232223344", "en")
    assert (user.last_name, user.username, user.is_active) == (before, "specialist", True)
    assert '<html lang="en"' in client.get(reverse("profile")).content.decode()


def test_a_refused_profile_keeps_what_was_typed(cast: Cast) -> None:
    response = client_of(cast.specialist).post(reverse("profile"), {"phone": "2-12-34", "language": "xx"})
    assert response.status_code == 200
    assert "2-12-34" in response.content.decode()


@pytest.mark.parametrize(("chosen", "status"), [("en", 302), ("ru", 302), ("xx", 404), ("", 404)])
def test_the_language_is_one_click_away(cast: Cast, chosen: str, status: int) -> None:
    client = client_of(cast.specialist)
    data = {"language": chosen, "next": "https://elsewhere.example/"}
    response = client.post(reverse("language"), data)
    assert response.status_code == status
    if status == 302:
        assert response["Location"] == "/"
        assert f'<html lang="{chosen}"' in client.get(reverse("inbox")).content.decode()
