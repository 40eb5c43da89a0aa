"""What a service writes down about its own running: only words and numbers from a list, never what people sent."""

import logging
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal, TextIO

import structlog

LOGGABLE = frozenset(
    {"event", "level", "timestamp", "code", "status", "method", "route", "trace_id", "milliseconds", "error_type", "where"}
    | {"act", "entry", "count", "attempt", "version", "port", "admin_port", "host", "public_url", "purpose", "format", "list_number", "pid"}
)
"""The fields that reach the log; every other one is left out, so that a slip does not publish a claim, a key or a token."""

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_log(level: Literal["debug", "info", "warning", "error"] = "info", stream: TextIO | None = None) -> None:
    """Write JSON lines to ``stream`` (standard error), also of what libraries report. Called once by ``__main__``."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            only_loggable,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [*(handler for handler in root.handlers if not isinstance(handler, _Libraries)), _Libraries(logging.WARNING)]


class _Libraries(logging.Handler):
    """Takes in what libraries log by themselves, and passes on where it was and of what kind.

    Not their words: those of the HTTP library quote the bytes of a request that it could not read, tokens and names among them.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        said = {"where": f"{record.name}:{record.lineno} {record.funcName}"} if error is None else failure_fields(error)
        logger().log(record.levelno, "a library reports", **said)


def logger() -> structlog.typing.FilteringBoundLogger:
    """``logger().info("credential issued", format="ldp_vc")``: the event is a constant sentence, never built from input."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound


def only_loggable(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in fields.items() if name in LOGGABLE}


def failure_fields(error: BaseException) -> dict[str, str]:
    """What may be written of an unexpected error: its class and where it was raised, not its words, which may quote input."""
    places = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)[-6:]
    ]
    return {"error_type": type(error).__name__, "where": " < ".join(reversed(places))}
