"""Moments in time as they are written in files, and how old something is."""

from datetime import UTC, datetime, timedelta

from doors.refusals import InputMalformed
from runtime.clock import parse_rfc3339


def read_instant(text: object, *, pointer: str) -> datetime:
    """The moment that ``text`` names; raises ``InputMalformed`` for anything but RFC 3339 with an offset."""
    try:
        return parse_rfc3339(text if isinstance(text, str) else "")
    except InputMalformed as refusal:
        raise InputMalformed(refusal.detail, pointer=pointer) from None


def read_numeric_date(value: object, *, pointer: str) -> datetime:
    """The moment of a JWT NumericDate (RFC 7519 §2), in whole seconds; raises ``InputMalformed``."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**35:
        raise InputMalformed("NumericDate: expected whole seconds since 1970", pointer=pointer)
    return datetime.fromtimestamp(value, UTC)


def age_of(moment: datetime, now: datetime) -> timedelta:
    """How old something of ``moment`` is at ``now``; what comes from later than ``now`` has age zero."""
    return max(now - moment, timedelta(0))
