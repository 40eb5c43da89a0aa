"""Form bodies and the query of a link: UTF-8, each parameter once, bounded in size and number."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from doors.refusals import InputMalformed, InputTooLarge, Refused

FORM_LIMIT = 1024 * 1024
"""Bytes of a form that are read at most; the HTTP edge sets its own, tighter limits on each route."""


def parse_form(body: bytes | str, *, limit: int = FORM_LIMIT) -> dict[str, str]:
    """The parameters of an ``application/x-www-form-urlencoded`` body.

    Raises ``InputTooLarge`` above ``limit`` bytes and ``InputMalformed`` for bad encoding or a parameter given twice
    (RFC 6749 §3.1: parameters MUST NOT be included more than once).
    """
    if len(body) > limit:
        raise InputTooLarge(f"form: expected at most {limit} bytes, got {len(body)}")
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=64)
    except ValueError:
        raise InputMalformed("form: expected name=value pairs in UTF-8") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise InputMalformed("form: expected each parameter once, got one twice")
    return form


def build_form(parameters: Mapping[str, str]) -> bytes:
    return urlencode(parameters).encode("ascii")


def parameter(form: Mapping[str, str], name: str, *, refusal: type[Refused], longest: int = 4096) -> str:
    """The value of the required parameter ``name``; raises ``refusal`` where it is absent, empty or too long."""
    value = form.get(name, "")
    if not value:
        raise refusal(f"{name}: expected a value, got none", pointer=f"/{name}")
    if len(value) > longest:
        raise refusal(f"{name}: expected at most {longest} characters, got {len(value)}", pointer=f"/{name}")
    return value
