"""How dates, numbers and truth values are written as literals (XML Schema 1.1 part 2)."""

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from credentials.timestamps import parse_timestamp
from doors.refusals import InputMalformed

XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = ("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte")
_UNSIGNED = ("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")
NUMBERS = frozenset(XSD + name for name in ("double", "float", *_INTEGERS, *_UNSIGNED))
"""The datatypes whose values stand as JSON numbers; a decimal stands as text, since JSON numbers are binary."""
_NUMBER = re.compile(r"[+-]?\d{1,64}(\.\d{1,64})?(E[+-]?\d{1,3})?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d{1,64}(\.\d{0,64})?|\.\d{1,64})", re.ASCII)


def check_literal(datatype: str, text: str) -> None:
    """Return if ``text`` is written as its datatype demands, or the datatype is none of those; raise ``InputMalformed``."""
    if datatype in (f"{XSD}dateTime", f"{XSD}dateTimeStamp"):
        parse_timestamp(text, pointer="")
    elif datatype == f"{XSD}date":
        _check_date(text)
    elif datatype == f"{XSD}boolean" and text not in ("true", "false"):
        raise InputMalformed("expected true or false")
    elif datatype in _PATTERNS and not _PATTERNS[datatype].fullmatch(text):
        raise InputMalformed("expected a number")


def _check_date(text: str) -> None:
    match = _DATE.fullmatch(text)
    try:
        date.fromisoformat(match[1] if match else "")
    except ValueError:
        raise InputMalformed("expected a date that exists, like 2026-11-21") from None


_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType({f"{XSD}decimal": _DECIMAL, **dict.fromkeys(NUMBERS, _NUMBER)})
