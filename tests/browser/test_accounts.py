"""Signing in as a person does it, with a passkey and with one-time codes, and the states of the room's pages."""

import re

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.enums import AccessAction
from accounts.journal import record_for
from accounts.models import Notification, User
from accounts.notifications import notify
from accounts.services import request_factor_reset
from tests.browser.pages import check_page, signed_in, use_language
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh_rate_limits() -> None:
    cache.clear()


def type_password(page: Page, user: User) -> None:
    page.goto(reverse("account_login"))
    page.get_by_label("Логин").fill(user.username)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти", exact=True).click()


def prove_password(page: Page) -> None:
    """Changes to the ways of signing in ask for the password once more."""
    page.wait_for_url(f"**{reverse('account_reauthenticate')}**")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Продолжить").click()


def sign_out(page: Page) -> None:
    page.goto(reverse("account_logout"))
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url(re.compile(r"^(?!.*logout)"))


def code_now(user: User) -> str:
    secret = get_adapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"


@pytest.mark.requirement("X13")
def test_a_director_sets_up_one_time_codes_and_signs_in_with_them(page: Page, cast: Cast) -> None:
    Authenticator.objects.filter(user=cast.director).delete()
    type_password(page, cast.director)
    page.wait_for_url(f"**{reverse('mfa_index')}")
    page.goto(reverse("journal"))
    assert page.url.endswith(reverse("mfa_index"))
    page.goto(reverse("mfa_activate_totp"))
    prove_password(page)
    secret = page.locator("code.secret").inner_text()
    code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
    page.locator("input[name=code]").fill(code)
    page.locator("main form button").first.click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    page.goto(reverse("journal"))
    assert page.url.endswith(reverse("journal"))
    sign_out(page)
    cache.clear()
    type_password(page, cast.director)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}**")
    page.locator("input[name=code]").fill(code_now(cast.director))
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(re.compile(r"localhost:\d+/(caseload/|my-families/)$"))


@pytest.mark.requirement("X13")
def test_a_specialist_adds_a_passkey_and_signs_in_with_it_alone(page: Page, cast: Cast) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    type_password(page, cast.specialist)
    page.wait_for_url(re.compile(r"localhost:\d+/(caseload/|my-families/)$"))
    page.goto(reverse("mfa_add_webauthn"))
    prove_password(page)
    page.locator("input[name=name]").fill("Мой планшет")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    sign_out(page)
    page.goto(reverse("account_login"))
    page.locator("#passkey_login").click()
    page.wait_for_url(re.compile(r"localhost:\d+/(caseload/|my-families/)$"))
    page.goto(reverse("profile"))
    expect(page.locator("main")).to_contain_text(cast.specialist.last_name)


def test_pages_in_their_states(page: Page, cast: Cast) -> None:
    for number in range(3):
        record_for(cast.specialist, AccessAction.VIEW, "user", object_id=number + 1, reason="Звонок из школы")
    notify([cast.specialist], "second_factor_reset", fact="1", target="mfa_index")
    notify([cast.specialist], "second_factor_reset", fact="2", target="mfa_index")
    Notification.objects.filter(fact="2").update(read_at=timezone.now())
    signed_in(page, cast.specialist)
    for state, url in {
        "journal, filtered": f"{reverse('journal')}?action=VIEW&kind=user",
        "journal, empty": f"{reverse('journal')}?since=01.01.2100",
        "journal, error": f"{reverse('journal')}?since=31.02.2026",
        "inbox, filled": f"{reverse('inbox')}?show=all",
    }.items():
        page.goto(url)
        check_page(page, state)
    signed_in(page, cast.expired_deputy)
    page.goto(reverse("profile"))
    check_page(page, "profile of a person without a post")


def test_pages_of_administrators(page: Page, cast: Cast) -> None:
    signed_in(page, cast.region_admin)
    page.goto(reverse("admin:accounts_user_link", args=[cast.specialist.pk]))
    check_page(page, "before a one-time link")
    use_language(page, "ru")
    page.reload()
    page.get_by_role("button", name="Выдать ссылку").click()
    expect(page.locator("#one-time-link")).to_contain_text("/accounts/password/reset/key/")
    page.goto(reverse("admin:accounts_user_reset", args=[cast.director.pk]))
    page.get_by_role("button", name="Запросить сброс").click()
    expect(page.locator(".field-error").first).to_be_visible()
    reset = request_factor_reset(actor=cast.second_region_admin, user=cast.director, reason="Потерян телефон")
    page.goto(reverse("admin:accounts_secondfactorreset_confirm", args=[reset.pk]))
    check_page(page, "before the confirmation of a reset")
