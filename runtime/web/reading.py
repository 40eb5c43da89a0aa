"""Reading what came: size first, then syntax, then every field against its model, and all mistakes in one answer."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn, TypeVar
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from pydantic import BaseModel, ValidationError

from doors.json import JsonObject, parse_object
from doors.refusals import FieldNotWritable, InputMalformed, InputTooLarge, RequestTimeout, UnsupportedMediaType
from runtime.web.routes import MAX_BODY

M = TypeVar("M", bound=BaseModel)

_JSON = frozenset({"application/json"})
_FORM = frozenset({"application/x-www-form-urlencoded"})
_MAX_FORM = 64 * 1024
_MAX_FIELDS = 100
_SHOWN_FAULTS = 20
BODY_SECONDS = 30.0
"""How long a body may take to come, from its head to its last byte."""


BODY: web.RequestKey[bytes] = web.RequestKey("body", bytes)
"""The body, where it had to be read before the handler was called."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One member that is wrong: where (JSON pointer), its code, and what was expected."""

    pointer: str
    code: str
    detail: str


class Faults(Exception):
    """The cause of a refusal that has several: all members that are wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(f"{len(faults)} members are wrong")
        self.faults = faults


async def read_body(request: web.Request, *, media_types: Collection[str] = (), max_bytes: int = MAX_BODY) -> bytes:
    """The body, of one of ``media_types`` (any where empty). Raises ``UnsupportedMediaType``, ``InputTooLarge``, ``RequestTimeout``."""
    if media_types and request.content_type not in media_types:
        raise UnsupportedMediaType(f"body: expected {' or '.join(sorted(media_types))}")
    if (request.content_length or 0) > max_bytes:
        raise InputTooLarge(f"body: expected at most {max_bytes} bytes, got {request.content_length}")
    if BODY in request:
        return _at_most(request[BODY], max_bytes)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _received(request, max_bytes)
    except TimeoutError:
        raise RequestTimeout(f"body: expected the whole of it within {BODY_SECONDS:g} s") from None


async def _received(request: web.Request, max_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > max_bytes:
            raise InputTooLarge(f"body: expected at most {max_bytes} bytes, got more")
    return bytes(content)


def _at_most(body: bytes, max_bytes: int) -> bytes:
    if len(body) > max_bytes:
        raise InputTooLarge(f"body: expected at most {max_bytes} bytes, got more")
    return body


async def read_json(request: web.Request, model: type[M], *, max_bytes: int = MAX_BODY) -> M:
    """The JSON body as ``model``. Raises ``UnsupportedMediaType``, ``InputTooLarge``, ``DuplicateMember``, ``InputMalformed``,
    and ``FieldNotWritable`` where the only mistakes are members that the caller may not set."""
    body = await read_body(request, media_types=_JSON, max_bytes=max_bytes)
    return read_model(parse_object(body), model)


def read_model(document: JsonObject, model: type[M]) -> M:
    """``document``, which ``parse_object`` has read, as ``model``. Raises as ``read_json`` does."""
    try:
        # Through JSON once more, because pydantic takes dates and tuples from strict JSON but not from strict Python values.
        read = model.model_validate_json(orjson.dumps(document), strict=True)
    except ValidationError as error:
        _refuse(error)
    except orjson.JSONEncodeError:
        raise InputMalformed("body: expected numbers of at most 64 bits") from None
    return read


async def read_form(request: web.Request, model: type[M], *, max_bytes: int = _MAX_FORM) -> M:
    """The urlencoded body as ``model``. Each field at most once. Raises as ``read_json`` does."""
    body = await read_body(request, media_types=_FORM, max_bytes=max_bytes)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise InputMalformed(f"body: expected a form in UTF-8 with at most {_MAX_FIELDS} fields") from None
    return _from_strings(pairs, model)


def read_query(request: web.Request, model: type[M]) -> M:
    """The query as ``model``. Each parameter at most once. Raises ``InputMalformed``, ``FieldNotWritable``."""
    return _from_strings(list(request.query.items()), model)


def _from_strings(pairs: list[tuple[str, str]], model: type[M]) -> M:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise InputMalformed("parameters: expected each name once, got one twice")
    if any("\0" in text for pair in pairs for text in pair):
        raise InputMalformed("parameters: expected text, got a NUL character")
    try:
        return model.model_validate_strings(fields)
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    mistakes = error.errors(include_url=False, include_input=False, include_context=False)[:_SHOWN_FAULTS]
    faults = tuple(
        Fault(_pointer(mistake["loc"]), "field_not_writable" if mistake["type"] == "extra_forbidden" else "input_malformed", mistake["msg"])
        for mistake in mistakes
    )
    unknown_only = all(fault.code == "field_not_writable" for fault in faults)
    kind = FieldNotWritable if unknown_only else InputMalformed
    what = "expected only members that may be set here" if unknown_only else faults[0].detail
    raise kind(f"{faults[0].pointer or '/'}: {what}", pointer=faults[0].pointer) from Faults(faults)


def _pointer(place: tuple[int | str, ...]) -> str:
    """RFC 6901 §3: ``~`` and ``/`` are escaped. A name that came from outside is cut."""
    return "".join("/" + str(step)[:64].replace("~", "~0").replace("/", "~1") for step in place)
