"""Moments as credentials write them: a date and time that always names its time zone (XML Schema dateTimeStamp)."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from doors.refusals import InputMalformed

_LEXICAL = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d:\d\d)(?:\.(?P<fraction>\d{1,12}))?(?P<zone>Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))",
    re.ASCII,
)
_LONGEST = len("2026-11-21T09:00:00.000000000000+00:00")


def parse_timestamp(text: object, *, pointer: str) -> datetime:
    """The moment that ``text`` names, in UTC; digits below the microsecond are dropped.

    Raises ``InputMalformed`` for everything but an xsd:dateTimeStamp between the years 1 and 9999 (VCDM 2.0 §4.9).
    """
    try:
        moment = _moment(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):
        raise InputMalformed("expected a date and time that exists", pointer=pointer) from None
    if moment is None:
        raise InputMalformed("expected a date and time with a time zone, like 2026-11-21T09:00:00Z", pointer=pointer)
    return moment


@lru_cache(maxsize=64)
def _moment(text: str) -> datetime | None:
    """None where ``text`` is not written as a moment; the rules of one credential ask about the same few again and again."""
    if len(text) > _LONGEST or (match := _LEXICAL.fullmatch(text)) is None:
        return None
    fraction = (match["fraction"] or "")[:6].ljust(6, "0")
    zone = "+00:00" if match["zone"] == "Z" else match["zone"]
    return datetime.fromisoformat(f"{match['day']}T{match['time']}.{fraction}{zone}").astimezone(UTC)


def format_timestamp(moment: datetime) -> str:
    """``moment`` (aware) in UTC to the second, like ``2026-11-21T09:00:00Z``; rounded down."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def no_later(earlier: datetime, later: datetime, *, skew: timedelta) -> bool:
    """Whether ``earlier`` is not after ``later`` by more than ``skew``, near the ends of time too."""
    return earlier - later <= skew
