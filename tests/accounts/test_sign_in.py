"""Signing in: no sign-up, throttling, the second factor, one-time links, what is logged."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from pytest_django import Settings

from accounts.enums import SECOND_FACTOR_ROLES, Role
from accounts.models import AccessEvent, User
from accounts.services import issue_password_link
from config.context_processors import NAVIGATION
from tests.cast import LEAD, PASSWORD, Cast, client_of

NEW_PASSWORD = "another battery horse 7"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


def sign_in(client: Client, user: User, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(reverse("account_login"), {"login": user.username, "password": password}, **extra)


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("profile")).status_code == 200


def give_totp(user: User) -> None:
    Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": get_adapter().encrypt(SECRET)}}
    )


def code_now() -> str:
    return f"{hotp_value(SECRET, next(yield_hotp_counters_from_time())):06}"


@pytest.mark.parametrize(
    "route", ["account_signup", "account_email", "account_email_verification_sent", "account_confirm_login_code"]
)
@pytest.mark.parametrize("name", ["", "specialist"])
def test_nobody_signs_up_or_changes_their_address(cast: Cast, route: str, name: str) -> None:
    client = client_of(cast.people[name]) if name else Client()
    data = {"username": "intruder", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "email": "a@example.org"}
    for response in (client.get(reverse(route)), client.post(reverse(route), data)):
        assert response.status_code == 404
    assert not User.objects.filter(username="intruder").exists()


def test_password_alone_signs_a_specialist_in(cast: Cast) -> None:
    client = Client()
    assert sign_in(client, cast.specialist)["Location"] == reverse("home")
    assert is_signed_in(client)


@pytest.mark.parametrize("name", ["dismissed", "newcomer"])
def test_without_a_post_there_is_nothing(cast: Cast, name: str) -> None:
    client = Client()
    sign_in(client, cast.people[name])
    assert is_signed_in(client) is (name == "newcomer")
    assert client.get(reverse("journal")).status_code in {302, 403}


def test_a_second_factor_is_asked_for_at_sign_in(cast: Cast) -> None:
    give_totp(cast.director)
    client = Client()
    assert sign_in(client, cast.director)["Location"].startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert is_signed_in(client)


@pytest.mark.parametrize("role", sorted(SECOND_FACTOR_ROLES))
def test_a_role_that_sees_many_families_reaches_nothing_without_a_second_factor(cast: Cast, role: Role) -> None:
    user = cast.by_role()[role]
    Authenticator.objects.filter(user=user).delete()
    client = client_of(user)
    closed = ["profile", "inbox", "journal", "usersessions_list", "admin:index", "admin:accounts_user_changelist"]
    for route in [*closed, *(item.route for item in NAVIGATION)]:
        assert client.get(reverse(route)).headers.get("Location") == reverse("mfa_index"), route
    for route in ("inbox_read", "profile"):
        assert client.post(reverse(route)).headers.get("Location") == reverse("mfa_index"), route
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.director).update(type=Authenticator.Type.RECOVERY_CODES)
    assert client_of(cast.director).get(reverse("profile")).headers.get("Location") == reverse("mfa_index")


def test_a_factor_taken_off_elsewhere_closes_an_open_session(cast: Cast) -> None:
    client = client_of(cast.director)
    assert is_signed_in(client)
    Authenticator.objects.filter(user=cast.director).delete()
    assert not is_signed_in(client)


@pytest.mark.parametrize("role", sorted(set(Role) - SECOND_FACTOR_ROLES))
def test_other_roles_work_without_a_second_factor(cast: Cast, role: Role) -> None:
    assert is_signed_in(client_of(cast.by_role()[role]))


def test_the_demonstration_switches_the_second_factor_off_and_says_so(cast: Cast, settings: Settings) -> None:
    settings.DEMO, settings.SECOND_FACTOR_REQUIRED = True, False
    Authenticator.objects.all().delete()
    page = client_of(cast.director).get(reverse("profile")).content.decode()
    assert "demo-banner" in page


def test_sign_ins_of_the_demonstration_stand_on_its_page_only(cast: Cast, settings: Settings) -> None:
    User.objects.filter(pk=cast.head.pk).update(username="head@north.demo")
    assert "head@north.demo" not in Client().get(reverse("account_login")).content.decode()
    settings.DEMO = True
    page = Client().get(reverse("account_login"))
    assert "head@north.demo" in page.content.decode()
    assert page.context["demo_logins"] == [
        {
            "title": cast.region.title,
            "rows": [{"login": "head@north.demo", "password": "opora-demo", "title": Role.DEPARTMENT_HEAD.label}],
        }
    ]


@pytest.mark.requirement("X13")
def test_failures_lock_the_person_and_not_the_colleague_at_the_same_address(cast: Cast) -> None:
    client = Client()
    for _ in range(20):
        sign_in(client, cast.specialist, "wrong")
    sign_in(client, cast.specialist)
    assert not is_signed_in(client)
    colleague = Client()
    sign_in(colleague, cast.colleague)
    assert is_signed_in(colleague)


def test_many_people_may_sign_in_from_one_address_in_a_minute(cast: Cast) -> None:
    for name in ("specialist", "colleague", "neighbour", "foreign_specialist", "newcomer", "other_specialist") * 6:
        client = Client()
        sign_in(client, cast.people[name])
        assert is_signed_in(client), name


def test_what_was_typed_is_never_logged(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    sign_in(Client(), cast.specialist, "typed-secret")
    Client().post(reverse("account_login"), {"login": "secret-in-the-login-field", "password": "x"})
    failures = [record.msg for record in caplog.records if "user_login_failed" in str(record.msg)]
    assert [line["user_id"] for line in failures] == [cast.specialist.pk, None]
    assert {line["ip"] for line in failures} == {"127.0.0.1"}
    assert "typed-secret" not in caplog.text
    assert "secret-in-the-login-field" not in caplog.text


def test_signing_in_leaves_a_line_and_rotates_the_session_key(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    client = Client()
    client.get(reverse("account_login"))
    before = client.session.session_key
    sign_in(client, cast.specialist)
    assert client.session.session_key != before
    assert any("user_logged_in" in str(record.msg) for record in caplog.records)


def test_changing_the_password_ends_the_other_sessions(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, cast.specialist)
    before = here.session.session_key
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post(reverse("account_change_password"), data).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert here.session.session_key != before


@pytest.mark.requirement("X13")
@pytest.mark.parametrize("weak", ["short1!", "123456789012", "password1234"])
def test_weak_passwords_are_refused(cast: Cast, weak: str) -> None:
    client = Client()
    sign_in(client, cast.specialist)
    data = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    assert client.post(reverse("account_change_password"), data).context["form"].errors


def test_ones_own_sessions_are_listed_and_ended(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, cast.specialist)
    stranger = Client()
    sign_in(stranger, cast.colleague)
    assert len(here.get(reverse("usersessions_list")).context["sessions"]) == 2
    here.post(reverse("usersessions_list"))
    assert [is_signed_in(client) for client in (here, elsewhere, stranger)] == [True, False, True]
    assert UserSession.objects.filter(user=cast.specialist).count() == 1


def test_a_forgotten_password_is_mailed_only_where_mail_is_configured(cast: Cast, settings: Settings) -> None:
    url = reverse("account_reset_password")
    settings.EMAIL_CONFIGURED = False
    Client().post(url, {"email": cast.specialist.email})
    assert mail.outbox == []
    settings.EMAIL_CONFIGURED = True
    Client().post(url, {"email": cast.specialist.email})
    (letter,) = mail.outbox
    path = re.search(r"/accounts/password/reset/key/\S+", str(letter.body))
    assert path is not None
    set_password(Client(), path[0], NEW_PASSWORD)
    client = Client()
    sign_in(client, cast.specialist, NEW_PASSWORD)
    assert is_signed_in(client)


def set_password(client: Client, path: str, password: str) -> Any:
    form = client.get(path, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def test_a_link_works_once_and_never_after_its_day(cast: Cast, settings: Settings) -> None:
    link = issue_password_link(actor=cast.region_admin, user=cast.specialist)
    late = issue_password_link(actor=cast.region_admin, user=cast.colleague)
    set_password(Client(), path_of(link), NEW_PASSWORD)
    client = Client()
    sign_in(client, cast.specialist, NEW_PASSWORD)
    assert is_signed_in(client)
    assert Client().get(path_of(link)).context["token_fail"]
    assert "token_fail" not in Client().get(path_of(late), follow=True).context
    with freeze_time(timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)):
        assert Client().get(path_of(late)).context["token_fail"]


def test_the_administrator_sees_the_link_once_and_never_the_password(cast: Cast) -> None:
    url = reverse("admin:accounts_user_link", args=[cast.specialist.pk])
    client = client_of(cast.region_admin)
    assert "/password/reset/key/" not in client.get(url).content.decode()
    assert not AccessEvent.objects.filter(kind="password_link").exists()
    answer = client.post(url)
    assert "/password/reset/key/" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    event = AccessEvent.objects.get(kind="password_link")
    assert (event.user, event.object_id, event.address) == (cast.region_admin, cast.specialist.pk, "127.0.0.1")
    assert "/password/reset/key/" not in client.get(url).content.decode()


@pytest.mark.parametrize("name", sorted(set(LEAD) - {"region_admin", "system_admin"}))
def test_only_administrators_issue_links(cast: Cast, name: str) -> None:
    url = reverse("admin:accounts_user_link", args=[cast.colleague.pk])
    assert client_of(cast.people[name]).post(url).status_code == 403


def test_the_first_administrator_comes_by_a_link(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_admin", "root", "--last-name", "Первая", "--first-name", "Анна")
    link = capsys.readouterr().out.splitlines()[-1]
    user = User.objects.get(username="root")
    assert not user.has_usable_password()
    assert [row.role for row in user.appointments_in_force] == [Role.SYSTEM_ADMIN]
    set_password(Client(), path_of(link), NEW_PASSWORD)
    client = Client()
    sign_in(client, user, NEW_PASSWORD)
    assert client.get(reverse("home"))["Location"] == reverse("mfa_index")


@pytest.mark.parametrize(("login", "message"), [("specialist", "taken|занят"), ("new root", "valid|правильн")])
def test_a_first_administrator_that_cannot_be_is_refused_in_one_line(cast: Cast, login: str, message: str) -> None:
    names = ("--last-name", "Первая", "--first-name", "Анна")
    with pytest.raises(CommandError, match="already"):
        call_command("create_admin", "another", *names)
    with pytest.raises(CommandError, match=message):
        call_command("create_admin", login, *names, "--another")
    assert not User.objects.filter(last_name="Первая").exists()
