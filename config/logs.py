"""Log lines: JSON in production, readable text on a developer's screen; identifiers only, never personal data.

Personal data reaches logs by three ways, and each is closed here: the query string of a search (the request line keeps
the path alone), the message of an exception (a duplicate key names the value; its type and its place in the code stay),
and objects handed to the logger (their text may be a person's name; only plain values pass).
"""

import datetime
import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import Processor

PLAIN = (str, int, float, bool, datetime.date, UUID, type(None))


class RequestLogMiddleware(RequestMiddleware):
    """Binds request and user ids to each line, and leaves out the query string, which may hold a surname."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


class ExceptionTextFilter(logging.Filter):
    """Replaces exceptions among a record's arguments by their types; Celery passes theirs as text under `exc`."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, Mapping):
            record.args = {key: self._without_text(key, value) for key, value in record.args.items()}
        elif record.args:
            record.args = tuple(self._without_text("", value) for value in record.args)
        return True

    @staticmethod
    def _without_text(key: str, value: object) -> object:
        if isinstance(value, BaseException):
            return type(value).__name__
        if key == "exc":
            return str(value).partition("(")[0]
        return "" if key == "traceback" else value


class RefusalFilter(logging.Filter):
    """Leaves out what Django says, with a traceback, of a request that was refused: its own line says so already."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not isinstance(_exception(record.exc_info), PermissionDenied)


def drop_objects(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace every value that is not plain by the name of its type."""
    for key, value in event.items():
        if key != "exception" and not isinstance(value, PLAIN):
            event[key] = f"<{type(value).__name__}>"
    return event


def describe_exception(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Turn `exc_info` into types and places of the code, without messages and without values of variables."""
    error = _exception(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = _chain(error)
    return event


def _exception(exc_info: object) -> BaseException | None:
    match exc_info:
        case BaseException():
            return exc_info
        case (_, BaseException() as error, _):
            return error
        case True:
            return sys.exc_info()[1]
        case _:
            return None


def _chain(error: BaseException | None) -> list[str]:
    """The exception and its causes, innermost first: `Type at file:line in function` for each frame."""
    lines: list[str] = []
    while error is not None:
        lines = [f"{type(error).__module__}.{type(error).__qualname__}", *_frames(error.__traceback__), *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return lines


def _frames(trace: TracebackType | None) -> list[str]:
    return [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Send structlog's loggers through the standard library, where the formatters below print them."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def json_formatter() -> logging.Formatter:
    """For production: one JSON object a line."""
    configure()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            describe_exception,
            drop_objects,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def console_formatter() -> logging.Formatter:
    """For a developer's screen: readable, with whole tracebacks, but without the values of variables."""
    configure()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )
