"""Read an enrolment as it comes from the desk: JSON with pictures in base64, or a form with two files."""

import asyncio
import base64
import binascii

from aiohttp import BodyPartReader, MultipartReader, StreamReader, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError

from doors.json import JsonLimits, parse_object
from doors.refusals import ImageInvalid, InputMalformed, InputTooLarge
from issuer.handlers.models import ApplicationForm, ApplicationOrder
from proofing.consent import Consent
from proofing.document import IdDocument
from proofing.prove import Application
from runtime.clock import Clock
from runtime.web.reading import read_body, read_model

MAX_ENROLMENT = 24 * 1024 * 1024
_MAX_PICTURE = 8 * 1024 * 1024
_LIMITS = JsonLimits(size=MAX_ENROLMENT, string=12 * 1024 * 1024)
_MAX_FORM = 64 * 1024
_PARTS = {"application": _MAX_FORM, "portrait": _MAX_PICTURE, "selfie": _MAX_PICTURE}


async def read_application(request: web.Request, *, application_id: str, clock: Clock) -> Application:
    """The application in ``request``. Raises ``UnsupportedMediaType``, ``InputTooLarge``, ``InputMalformed``, ``FieldNotWritable``,
    ``ImageInvalid`` for a picture that is no base64, ``DocumentInvalid``."""
    body = await read_body(request, media_types=("application/json", "multipart/form-data"), max_bytes=MAX_ENROLMENT)
    if request.content_type == "application/json":
        order = read_model(parse_object(body, _LIMITS), ApplicationOrder)
        return _application(application_id, order, _picture(order.portrait, "/portrait"), _picture(order.selfie, "/selfie"), clock)
    parts = await _parts(request, body)
    form = read_model(parse_object(parts["application"]), ApplicationForm)
    return _application(application_id, form, parts["portrait"], parts["selfie"], clock)


def _application(application_id: str, form: ApplicationForm, portrait: bytes, selfie: bytes, clock: Clock) -> Application:
    return Application(application_id, _document(form, clock), portrait, selfie, _consent(form))


def _document(form: ApplicationForm, clock: Clock) -> IdDocument:
    return IdDocument.parse(form.document.model_dump(exclude_none=True), today=clock().date())


def _consent(form: ApplicationForm) -> Consent | None:
    given = form.consent
    return None if given is None else Consent(notice=given.notice, given_by=given.given_by, given_at=given.given_at)


def _picture(text: str, pointer: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ImageInvalid("picture: expected a file in base64", pointer=pointer) from None


async def _parts(request: web.Request, body: bytes) -> dict[str, bytes]:
    """Exactly the three parts, each at most as long as its kind may be."""
    stream = StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=len(body) + 1)
    stream.feed_data(body)
    stream.feed_eof()
    parts: dict[str, bytes] = {}
    try:
        async for part in MultipartReader(request.headers, stream):
            if not isinstance(part, BodyPartReader) or part.name not in _PARTS or part.name in parts:
                raise InputMalformed(f"form: expected the parts {', '.join(_PARTS)}, each once")
            parts[part.name] = await _content(part, _PARTS[part.name])
    except (HttpProcessingError, ValueError, AssertionError):
        raise InputMalformed("form: expected multipart/form-data as RFC 7578 has it") from None
    if missing := _PARTS.keys() - parts.keys():
        raise InputMalformed(f"form: expected the part {min(missing)}", pointer=f"/{min(missing)}")
    return parts


async def _content(part: BodyPartReader, limit: int) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        content += chunk
        if len(content) > limit:
            raise InputTooLarge(f"form: expected at most {limit} bytes in the part {part.name}", pointer=f"/{part.name}")
    return bytes(content)
