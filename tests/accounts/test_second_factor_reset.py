"""A lost second factor: one administrator asks, another confirms, the person is told."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.enums import AccessAction
from accounts.models import AccessEvent, SecondFactorReset, User
from accounts.services import confirm_factor_reset, request_factor_reset
from tests.cast import LEAD, PASSWORD, Cast, client_of


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def ask(cast: Cast, actor: str = "region_admin", user: str = "director") -> SecondFactorReset:
    return request_factor_reset(actor=cast.people[actor], user=cast.people[user], reason="lost telephone")


def test_the_whole_way_in_the_pages(cast: Cast) -> None:
    user = cast.director
    client = client_of(cast.region_admin)
    url = reverse("admin:accounts_user_reset", args=[user.pk])
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "lost telephone"}).status_code == 302
    reset = SecondFactorReset.objects.get()
    assert has_factor(user)
    again = client.post(url, {"reason": "asked twice"})
    assert again.status_code == 200
    assert "asked twice" in again.content.decode()
    confirm = reverse("admin:accounts_secondfactorreset_confirm", args=[reset.pk])
    assert client.post(confirm).status_code == 403
    assert has_factor(user)
    colleague = client_of(cast.second_region_admin)
    assert "lost telephone" in colleague.get(confirm).content.decode()
    assert has_factor(user)
    assert colleague.post(confirm).status_code == 302
    assert not has_factor(user)
    assert colleague.post(confirm).status_code == 404


def test_the_person_is_told_and_signed_out_everywhere(
    cast: Cast, settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.EMAIL_CONFIGURED = True
    Authenticator.objects.filter(user=cast.director).delete()
    open_session = Client()
    open_session.post(reverse("account_login"), {"login": "director", "password": PASSWORD})
    assert open_session.get(reverse("mfa_index")).status_code == 200
    reset = ask(cast)
    with django_capture_on_commit_callbacks(execute=True):
        confirm_factor_reset(actor=cast.second_region_admin, reset=reset)
    assert open_session.get(reverse("mfa_index"))["Location"].startswith(reverse("account_login"))
    assert cast.director.notifications.get().code == "second_factor_reset"
    (letter,) = mail.outbox
    assert letter.to == [cast.director.email]
    for token, place in cast.tokens.items():
        assert place == "user:director.email" or token not in f"{letter.subject}{letter.body}"


def test_both_steps_are_journaled(cast: Cast) -> None:
    confirm_factor_reset(actor=cast.system_admin, reset=ask(cast))
    events = AccessEvent.objects.filter(action=AccessAction.SECURITY).order_by("id")
    assert [(event.kind, event.user, event.object_id) for event in events] == [
        ("second_factor_reset_request", cast.region_admin, cast.director.pk),
        ("second_factor_reset", cast.system_admin, cast.director.pk),
    ]


@pytest.mark.parametrize(
    "actor", [*sorted(set(LEAD) - {"region_admin", "system_admin"}), "foreign_region_admin", "newcomer"]
)
def test_who_may_neither_ask_nor_confirm(cast: Cast, actor: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(cast, actor)
    reset = ask(cast)
    with pytest.raises(PermissionDenied):
        confirm_factor_reset(actor=cast.people[actor], reset=reset)
    assert client_of(cast.people[actor]).post(
        reverse("admin:accounts_secondfactorreset_confirm", args=[reset.pk])
    ).status_code in {403, 404}
    assert has_factor(cast.director)


@pytest.mark.parametrize(
    ("asks", "user", "confirms"),
    [
        ("region_admin", "region_admin", "second_region_admin"),
        ("region_admin", "director", "region_admin"),
        ("system_admin", "region_admin", "region_admin"),
        ("system_admin", "system_admin", "second_system_admin"),
        ("region_admin", "system_admin", "second_system_admin"),
    ],
)
def test_it_takes_two_and_never_oneself(cast: Cast, asks: str, user: str, confirms: str) -> None:
    def reset_factor() -> None:
        confirm_factor_reset(actor=cast.people[confirms], reset=ask(cast, asks, user))

    with pytest.raises(PermissionDenied):
        reset_factor()
    assert has_factor(cast.people[user])


@pytest.mark.parametrize(
    ("asks", "user", "confirms"),
    [
        ("region_admin", "director", "second_region_admin"),
        ("region_admin", "director", "system_admin"),
        ("second_region_admin", "region_admin", "system_admin"),
    ],
)
def test_pairs_that_may(cast: Cast, asks: str, user: str, confirms: str) -> None:
    confirm_factor_reset(actor=cast.people[confirms], reset=ask(cast, asks, user))
    assert not has_factor(cast.people[user])


@pytest.mark.parametrize("column", ["requested_by", "user"])
def test_the_database_itself_wants_another_person(cast: Cast, column: str) -> None:
    reset = ask(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.filter(pk=reset.pk).update(
            confirmed_by=getattr(reset, column), confirmed_at=timezone.now()
        )
