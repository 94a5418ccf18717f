"""Settings from environment variables. A missing or malformed one stops the start with one line that names it."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


class EnvironmentVariableError(ImproperlyConfigured):
    """Names the variable and what it must be; never its value, which may be a secret."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Opora cannot start: the environment variable {name} {problem} (see README.md, Deploy).")


def text(name: str, default: str | None = None, *, at_least: int = 0) -> str:
    """The variable; without a default it must be there. Not shorter than `at_least` characters."""
    value: str = _env.str(name, default="").strip()
    if not value:
        if default is None:
            raise EnvironmentVariableError(name, "is not set")
        return default
    if len(value) < at_least:
        raise EnvironmentVariableError(name, f"must have at least {at_least} characters")
    return value


def names(name: str, default: str | None = None) -> list[str]:
    """A list separated by commas."""
    values = [value.strip() for value in text(name, default).split(",") if value.strip()]
    if not values and default is None:
        raise EnvironmentVariableError(name, "names nothing")
    return values


def number(name: str, default: int) -> int:
    """A whole number, not negative."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise EnvironmentVariableError(name, "must be a whole number")
    return int(value)


def flag(name: str, *, default: bool) -> bool:
    """Yes or no."""
    value = text(name, str(default)).lower()
    if value not in _FLAGS:
        raise EnvironmentVariableError(name, "must be true or false")
    return _FLAGS[value]


def choice(name: str, default: str, *values: str) -> str:
    """One of the values."""
    value = text(name, default)
    if value not in values:
        raise EnvironmentVariableError(name, f"must be one of {', '.join(values)}")
    return value


def address(name: str, *schemes: str, default: str | None = None) -> str:
    """A URL of one of these schemes with a host and, if any, a valid port."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        valid = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise EnvironmentVariableError(name, f"must be an address such as {schemes[0]}://...")
    return value


def database(name: str) -> dict[str, Any]:
    """The connection settings for a PostgreSQL address; the host may be left out for a local socket."""
    value = text(name)
    # The parser warns of an unknown scheme, and shows the parts of the address while it does so.
    known = value.startswith(("postgres://", "postgresql://"))
    try:
        config: dict[str, Any] = environ.Env.db_url_config(value) if known else {}
    except (ValueError, environ.ImproperlyConfigured):
        config = {}
    if not config.get("NAME"):
        raise EnvironmentVariableError(name, "must be an address such as postgres://user:password@host/database")
    return config


def mail(name: str) -> dict[str, Any]:
    """The settings of Django's mail backend; to the console where the variable is not set."""
    value = text(name, "consolemail://")
    try:
        config: dict[str, Any] = environ.Env.email_url_config(value)
    except (KeyError, ValueError, environ.ImproperlyConfigured):
        config = {}
    # An address without a host would be taken, and every letter lost later.
    if not config or ("smtp" in config["EMAIL_BACKEND"] and not config.get("EMAIL_HOST")):
        raise EnvironmentVariableError(name, "must be an address such as smtp+tls://user:password@host:587")
    return config


def directory(name: str, default: Path) -> Path:
    """A folder that exists; the default is made when it is first written to."""
    value = text(name, "")
    if value and not Path(value).is_dir():
        raise EnvironmentVariableError(name, "must be a folder that exists")
    return Path(value) if value else default


def load_settings(**_signal: object) -> None:
    """Read the settings now; a fault in the environment ends the process with one line instead of a traceback."""
    try:
        settings.INSTALLED_APPS  # noqa: B018 - the first attribute read loads the module
    except EnvironmentVariableError as error:
        sys.exit(str(error))
