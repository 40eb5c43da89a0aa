"""The time: asked for in one place, handed on as an argument, always UTC."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from doors.refusals import InputMalformed

Clock = Callable[[], datetime]
"""Answers the present moment, aware and in UTC."""

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


def utc_now() -> datetime:
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """``moment`` as ``2026-11-21T20:16:00Z``, with microseconds only where there are some (RFC 3339 §5.6)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def parse_rfc3339(text: str) -> datetime:
    """The moment that ``text`` names, in UTC; raises ``InputMalformed`` for anything but an RFC 3339 date-time with an offset."""
    if not _RFC3339.fullmatch(text):
        raise InputMalformed("time: expected an RFC 3339 date-time with an offset, such as 2026-11-21T20:16:00Z")
    try:
        return datetime.fromisoformat(_at_most_microseconds(text.upper())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputMalformed("time: expected a moment that exists") from None


def _at_most_microseconds(text: str) -> str:
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
