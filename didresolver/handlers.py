"""Answer ``GET /1.0/identifiers/{did}`` (DID Resolution §10.1, HTTP(S) binding)."""

from datetime import datetime

import orjson
from aiohttp import web

from didresolver.resolver import CachingResolver, Resolution
from didresolver.result import DOCUMENT_TYPES, RESULT_TYPE, result_of, result_of_invalid_option, result_of_refusal
from doors.refusals import DidOptionUnsupported, InputMalformed, Refused, UnsupportedMediaType
from runtime.clock import parse_rfc3339
from runtime.web import json_answer, title_of

RESOLVER: web.AppKey[CachingResolver] = web.AppKey("resolver", CachingResolver)


async def resolve(request: web.Request) -> web.Response:
    """The DID document, or the whole resolution result, as ``Accept`` asks; every refusal in the form of the specification."""
    try:
        return _answer(await _resolved(request), _wanted_type(request.headers.get("Accept", "")))
    except InputMalformed as refusal:
        return _result(*result_of_invalid_option(refusal.detail))
    except Refused as refusal:
        return _result(*result_of_refusal(refusal, title=title_of(type(refusal))))


async def _resolved(request: web.Request) -> Resolution:
    _wanted_type(request.headers.get("Accept", ""))
    if set(request.query) - {"versionTime", "versionId", "versionNumber"}:
        raise DidOptionUnsupported("resolution: expected no option but versionTime, versionId and versionNumber")
    return await request.app[RESOLVER].resolve(
        request.match_info["did"],
        version_time=_version_time(request),
        version_id=request.query.get("versionId"),
        version_number=_version_number(request),
    )


def _version_time(request: web.Request) -> datetime | None:
    text = request.query.get("versionTime")
    return None if text is None else parse_rfc3339(text)


def _version_number(request: web.Request) -> int | None:
    text = request.query.get("versionNumber")
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputMalformed("versionNumber: expected a whole number")
    return None if text is None else int(text)


def _wanted_type(accept: str) -> str:
    """The first type in ``Accept`` that is given here; without a wish the whole result. Raises ``UnsupportedMediaType``."""
    wishes = [wish.partition(";")[0].strip().lower() for wish in accept.split(",")]
    for wish in wishes:
        if wish in {"", "*/*", "application/*", RESULT_TYPE}:
            return RESULT_TYPE
        if wish in DOCUMENT_TYPES:
            return wish
    raise UnsupportedMediaType(f"Accept: expected one of {', '.join((RESULT_TYPE, *DOCUMENT_TYPES))}")


def _answer(resolution: Resolution, wanted: str) -> web.Response:
    if wanted == RESULT_TYPE:
        return _result(result_of(resolution), 200)
    return json_answer(orjson.dumps(resolution.document.document), content_type=wanted)


def _result(result: dict[str, object], status: int) -> web.Response:
    return json_answer(result, status, content_type=RESULT_TYPE)
