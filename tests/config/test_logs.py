"""Log lines of production: identifiers only. Each way in which personal data could get there is tried."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.test import RequestFactory
from django.urls import reverse

from config.logs import ExceptionTextFilter, RequestLogMiddleware, console_formatter, json_formatter
from tests.cast import Cast, client_of

SURNAME = "Иванова"


class Family:
    def __str__(self) -> str:
        return SURNAME


@pytest.fixture
def output() -> Iterator[StringIO]:
    """What production's handler writes for the logger `opora`."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    handler.addFilter(ExceptionTextFilter())
    logger = logging.getLogger("opora")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)


def line(output: StringIO) -> dict[str, object]:
    """The one line written, free of the surname."""
    (text,) = output.getvalue().splitlines()
    assert SURNAME not in text
    parsed: dict[str, object] = json.loads(text)
    return parsed


def fail() -> None:
    try:
        int(SURNAME)
    except ValueError as error:
        raise RuntimeError(SURNAME) from error


def test_a_line_has_time_level_logger_event_and_ids(output: StringIO) -> None:
    structlog.get_logger("opora").info("visit_saved", visit_id=7)
    written = line(output)
    assert written.pop("timestamp")
    assert written == {"event": "visit_saved", "level": "info", "logger": "opora", "visit_id": 7}


def test_an_exception_keeps_types_and_places_and_loses_its_words(output: StringIO) -> None:
    try:
        fail()
    except RuntimeError:
        logging.getLogger("opora").exception("request failed")
    exception = line(output)["exception"]
    assert isinstance(exception, list)
    assert exception[0] == "builtins.ValueError"
    assert "builtins.RuntimeError" in exception
    assert any("test_logs.py" in place and place.endswith("in fail") for place in exception)


def test_an_exception_of_structlog_loses_its_words(output: StringIO) -> None:
    try:
        fail()
    except RuntimeError:
        structlog.get_logger("opora").exception("request_failed")
    assert "builtins.RuntimeError" in str(line(output)["exception"])


def test_an_object_is_named_by_its_type(output: StringIO) -> None:
    structlog.get_logger("opora").info("opened", family=Family())
    assert line(output)["family"] == "<Family>"


@pytest.mark.parametrize(
    "arguments",
    [
        (ValueError(SURNAME),),
        ({"exc": f"ValueError('{SURNAME}')", "traceback": SURNAME, "name": "x"},),
    ],
    ids=["an exception", "Celery's context"],
)
def test_an_exception_among_the_arguments_is_named_by_its_type(output: StringIO, arguments: tuple[object, ...]) -> None:
    text = "task failed: %(exc)s %(traceback)s" if isinstance(arguments[0], dict) else "task failed: %s"
    logging.getLogger("opora").error(text, *arguments)
    assert str(line(output)["event"]).strip() == "task failed: ValueError"


@pytest.mark.django_db
def test_a_refusal_is_one_line_with_the_path_and_the_person(cast: Cast) -> None:
    client = client_of(cast.specialist)
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        assert client.get(reverse("councils:bodies"), {"q": SURNAME}).status_code == 403
    finally:
        logging.getLogger().removeHandler(handler)
    written = line(stream)
    assert written.pop("timestamp")
    assert written.pop("request_id")
    assert written == {
        "event": "request_finished",
        "level": "warning",
        "logger": "django_structlog.middlewares.request",
        "code": 403,
        "request": f"GET {reverse('councils:bodies')}",
        "user_id": cast.specialist.pk,
    }


def test_the_request_line_has_no_query() -> None:
    request = RequestFactory().get("/families/", {"q": SURNAME})
    assert RequestLogMiddleware.format_request(request) == "GET /families/"


def test_a_traceback_on_the_screen_shows_no_values() -> None:
    def refuse(family: str) -> None:
        raise PermissionError

    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(console_formatter())
    logger = logging.getLogger("opora.screen")
    logger.addHandler(handler)
    try:
        refuse(SURNAME)
    except PermissionError:
        logger.exception("refused")
    finally:
        logger.removeHandler(handler)
    assert "PermissionError" in stream.getvalue()
    assert SURNAME not in stream.getvalue()
