"""Production settings: what the environment must hold, and the one line that says what it lacks."""

import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.environment import EnvironmentVariableError

ROOT = Path(__file__).resolve().parent.parent.parent
GOOD = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "ALLOWED_HOSTS": "opora.example.org, www.opora.example.org",
    "DATABASE_URL": "postgres://opora_app:secret-word@db:5432/opora",
    "BROKER_URL": "redis://:secret-word@broker:6379/0",
    "PUBLIC_URL": "https://opora.example.org/",
}


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that holds what production needs and nothing else."""
    for name in ("EMAIL_URL", "DATABASE_POOL", "LOG_LEVEL", "METRICS_TOKEN", "MEDIA_ROOT", "CSRF_TRUSTED_ORIGINS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def load() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "config" / "settings" / "base.py"))


@pytest.mark.requirement("X13")
def test_a_complete_environment_is_accepted(production: pytest.MonkeyPatch) -> None:
    settings = load()
    assert settings["DEBUG"] is False
    assert settings["ALLOWED_HOSTS"] == ["opora.example.org", "www.opora.example.org"]
    assert settings["PUBLIC_URL"] == "https://opora.example.org"
    assert settings["DATABASES"]["default"]["USER"] == "opora_app"
    assert settings["DATABASES"]["default"]["OPTIONS"]["pool"]["max_size"] == 8
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SECOND_FACTOR_REQUIRED"]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_missing_variable_is_named(production: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    if value is None:
        production.delenv(name)
    else:
        production.setenv(name, value)
    with pytest.raises(EnvironmentVariableError, match=f"variable {name} is not set"):
        load()


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", "short", "must have at least 32 characters"),
        ("ALLOWED_HOSTS", " , ", "names nothing"),
        ("DATABASE_URL", "sqlite:///secret-word.db", "must be an address such as postgres://"),
        ("DATABASE_URL", "secret-word", "must be an address such as postgres://"),
        ("DATABASE_URL", "postgres://u:secret-word@db:port/opora", "must be an address such as postgres://"),
        ("DATABASE_URL", "postgres://u:secret-word@db", "must be an address such as postgres://"),
        ("BROKER_URL", "amqp://secret-word@broker", "must be an address such as redis://"),
        ("BROKER_URL", "redis://secret-word@broker:99999999", "must be an address such as redis://"),
        ("PUBLIC_URL", "opora.example.org", "must be an address such as https://"),
        ("EMAIL_URL", "pigeon://secret-word", "must be an address such as smtp"),
        ("EMAIL_URL", "smtp://", "must be an address such as smtp"),
        ("MEDIA_ROOT", "/secret-word", "must be a folder that exists"),
        ("DATABASE_POOL", "many", "must be a whole number"),
        ("SECURE_HSTS_SECONDS", "-1", "must be a whole number"),
        ("SECURE_SSL_REDIRECT", "perhaps", "must be true or false"),
        ("LOG_LEVEL", "LOUD", "must be one of DEBUG, INFO"),
    ],
)
def test_a_malformed_variable_is_named_but_not_shown(
    production: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    production.setenv(name, value)
    with pytest.raises(EnvironmentVariableError, match=f"variable {name} {problem}") as caught:
        load()
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "migrate"],
        ["-c", "import config.wsgi"],
        ["-m", "celery", "-A", "config", "worker"],
    ],
    ids=["manage.py", "wsgi", "celery"],
)
def test_the_start_stops_with_one_line(command: list[str]) -> None:
    environment = {name: value for name, value in GOOD.items() if name != "BROKER_URL"}
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 1
    assert result.stderr.splitlines() == [
        "Opora cannot start: the environment variable BROKER_URL is not set (see README.md, Deploy)."
    ]


@pytest.mark.parametrize(("value", "workers"), [("", os.cpu_count()), ("3", 3), (None, os.cpu_count())])
def test_the_web_has_a_process_for_each_core_unless_told(
    monkeypatch: pytest.MonkeyPatch, value: str | None, workers: int
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    if value is None:
        monkeypatch.delenv("WEB_WORKERS", raising=False)
    else:
        monkeypatch.setenv("WEB_WORKERS", value)
    assert runpy.run_path(str(ROOT / "config" / "gunicorn.py"))["workers"] == workers


def test_the_web_says_in_one_line_what_is_wrong_with_its_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.setenv("WEB_WORKERS", "many")
    with pytest.raises(SystemExit, match="variable WEB_WORKERS must be a whole number"):
        runpy.run_path(str(ROOT / "config" / "gunicorn.py"))
