"""Pages of failures say in both languages what happened and what to do, even when nothing else works."""

import pytest
from allauth.core.ratelimit import respond_429
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import translation
from django.views import defaults

from accounts.access import ClosedNow
from accounts.views.refusals import permission_denied

TITLES = {
    400: ("Запрос не удалось прочитать", "The request cannot be read"),
    403: ("У вас нет права на это действие", "You have no right to do this"),
    404: ("Такой страницы нет", "There is no such page"),
    500: ("Что-то пошло не так", "Something went wrong"),
}


def answer(status: int) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    error = Exception("Хабибуллина, 112-233-445 95")
    if status == 400:
        return defaults.bad_request(request, error)
    if status == 403:
        return permission_denied(request, error)
    if status == 404:
        return defaults.page_not_found(request, error)
    return defaults.server_error(request)


@pytest.mark.parametrize("status", TITLES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_failure_is_told_in_the_language_of_the_page(status: int, language: str) -> None:
    with translation.override(language):
        response = answer(status)
    page = response.content.decode()
    assert response.status_code == status
    assert f'<html lang="{language}">' in page
    assert f"<h1>{TITLES[status][language == 'en']}</h1>" in page
    assert "Хабибуллина" not in page


def test_a_refusal_gives_the_reason_where_the_state_of_a_record_is_one() -> None:
    request: HttpRequest = RequestFactory().get("/somewhere/")
    request.user = AnonymousUser()
    page = permission_denied(request, ClosedNow("Протокол подписан.")).content.decode()
    assert "<h1>Сейчас это сделать нельзя</h1>" in page
    assert "Протокол подписан." in page
    assert get_resolver().resolve_error_handler(403) is permission_denied


@pytest.mark.django_db
def test_an_old_form_says_what_to_do() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "<h1>Форма устарела</h1>" in response.content.decode()


def test_too_many_attempts_say_when_to_come_back() -> None:
    request: HttpRequest = RequestFactory().post("/accounts/login/")
    request.user = AnonymousUser()
    response = respond_429(request)
    assert response.status_code == 429
    assert "<h1>Слишком много попыток</h1>" in response.content.decode()
