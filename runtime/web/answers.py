"""Answering: values as JSON, refusals in the shape the asker expects, and nothing in either that should not leave."""

from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from pydantic import BaseModel

from doors.refusals import AuthRequired, InvalidDpopProof, InvalidToken, Refused
from runtime.web.reading import Faults

OAUTH_CODES = frozenset(
    {"invalid_request", "invalid_grant", "invalid_tx_code", "invalid_token", "invalid_proof", "invalid_nonce", "insufficient_scope"}
    | {"unknown_credential_configuration", "invalid_encryption_parameters", "unsupported_grant_type", "invalid_dpop_proof"}
    | {"invalid_transaction_id", "credential_request_denied", "invalid_transaction_data"}
)
"""Codes that OAuth 2.0, OpenID4VCI 1.0 (§6.3, §8.3.1, §9.3) and OpenID4VP define; every other refusal gets the nearest of theirs."""

_RETRY_AFTER = {409: "1", 429: "60", 503: "2"}


def json_answer(
    value: BaseModel | Mapping[str, Any] | bytes,
    status: int = 200,
    *,
    headers: Mapping[str, str] | None = None,
    content_type: str = "application/json",
) -> web.Response:
    """``value`` as JSON; members of a model that are ``None`` are left out. Bytes are JSON already."""
    body = value if isinstance(value, bytes) else orjson.dumps(_plain(value))
    return web.Response(body=body, status=status, headers=headers, content_type=content_type)


def problem(refusal: Refused, *, trace_id: str, docs: str) -> web.Response:
    """``refusal`` as a problem document (RFC 9457 §3); ``docs`` is the page that explains the codes."""
    document = {
        "type": f"{docs}#{refusal.code}",
        "title": title_of(type(refusal)),
        "status": refusal.http_status,
        "code": refusal.code,
        "detail": refusal.detail,
        "trace_id": trace_id,
    }
    errors = _errors(refusal)
    if errors:
        document["errors"] = errors
    return _refusing(json_answer(document, refusal.http_status, content_type="application/problem+json"), refusal)


def oauth_error(refusal: Refused, *, trace_id: str) -> web.Response:
    """``refusal`` as OAuth answers (RFC 6749 §5.2), with the project's own code and the trace id beside it."""
    document = {
        "error": _oauth_code(refusal),
        "error_description": _oauth_text(refusal.detail),
        "code": refusal.code,
        "trace_id": trace_id,
    }
    return _refusing(json_answer(document, refusal.http_status), refusal)


def title_of(kind: type[Refused]) -> str:
    return (kind.__doc__ or kind.__name__).strip().partition("\n")[0]


def _refusing(response: web.Response, refusal: Refused) -> web.Response:
    response.headers["Cache-Control"] = "no-store"
    if refusal.http_status in _RETRY_AFTER:
        response.headers["Retry-After"] = _RETRY_AFTER[refusal.http_status]
    if isinstance(refusal, AuthRequired):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, InvalidToken | InvalidDpopProof):
        response.headers["WWW-Authenticate"] = f'Bearer error="{refusal.code}"'  # RFC 6750 §3
    return response


def _errors(refusal: Refused) -> list[dict[str, str]]:
    if isinstance(refusal.__cause__, Faults):
        return [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in refusal.__cause__.faults]
    if refusal.pointer is not None:
        return [{"pointer": refusal.pointer, "code": refusal.code, "detail": refusal.detail}]
    return []


def _oauth_code(refusal: Refused) -> str:
    if refusal.code in OAUTH_CODES:
        return refusal.code
    if refusal.http_status == 503:
        return "temporarily_unavailable"
    if refusal.http_status >= 500:
        return "server_error"
    return "access_denied" if refusal.http_status == 403 else "invalid_request"


def _oauth_text(text: str) -> str:
    """RFC 6749 §5.2 allows printable ASCII but for the quotation mark and the backslash."""
    return "".join(character if " " <= character <= "~" and character not in '"\\' else "'" for character in text)


def _plain(value: BaseModel | Mapping[str, Any]) -> Any:
    return value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value
