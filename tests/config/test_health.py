"""The addresses for machines: alive, ready, figures."""

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from config import health
from config.celery import HEARTBEAT_KEY, app, heartbeat


@pytest.fixture
def neighbours(settings: Settings, broker_url: str) -> None:
    """Every neighbour is there: database, broker, and a worker that has just run the heartbeat."""
    settings.BROKER_URL = broker_url
    cache.delete(HEARTBEAT_KEY)
    heartbeat()


def test_live_answers_without_neighbours(client: Client) -> None:
    response = client.get("/healthz/")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
@pytest.mark.usefixtures("neighbours")
def test_ready_when_every_neighbour_answers(client: Client) -> None:
    response = client.get("/readyz/")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True, "worker": True}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.usefixtures("neighbours")
def test_not_ready_without_heartbeat(client: Client) -> None:
    cache.delete(HEARTBEAT_KEY)
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json() == {"database": True, "broker": True, "worker": False}


@pytest.mark.django_db
@pytest.mark.usefixtures("neighbours")
def test_not_ready_without_broker(client: Client, settings: Settings) -> None:
    settings.BROKER_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json()["broker"] is False


@pytest.mark.django_db
@pytest.mark.usefixtures("neighbours")
def test_not_ready_without_database_and_says_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> bool:
        raise OperationalError("connection to db.internal failed")

    monkeypatch.setitem(health.CHECKS, "database", refuse)
    response = client.get("/readyz/")
    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": True, "worker": True}


def test_beat_sends_the_heartbeat_before_the_last_mark_fades() -> None:
    entry = app.conf.beat_schedule["heartbeat"]
    assert entry["task"] == heartbeat.name
    assert entry["schedule"].run_every.total_seconds() * 2 <= 60


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer "])
def test_metrics_hidden_without_the_token(client: Client, settings: Settings, header: str | None) -> None:
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics/", headers={"Authorization": header} if header else {}).status_code == 404


def test_metrics_hidden_where_no_token_is_set(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics/", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_for_the_holder_of_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "right"
    response = client.get("/metrics/", headers={"Authorization": "Bearer right"})
    assert response.status_code == 200
    assert b"django_http_requests_before_middlewares_total" in response.content
