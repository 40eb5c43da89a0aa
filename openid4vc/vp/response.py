"""The wallet's answer on its way to the verifier: by form post, encrypted where the verifier demands it (OpenID4VP 1.0 §8)."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from doors.json import JsonObject, parse_json, parse_object
from doors.refusals import InputMalformed, RequestInvalid, ResponseNotEncrypted, SessionMismatch
from openid4vc.forms import build_form
from openid4vc.jwe import DecryptionKey, decrypt, encrypt
from openid4vc.members import Members
from openid4vc.urls import is_web_url
from openid4vc.vp.client_metadata import ClientMetadata
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.vp_token import VP_TOKEN_LIMITS, VpToken

ERRORS = frozenset(
    {"invalid_request", "invalid_client", "access_denied", "vp_formats_not_supported", "invalid_request_uri_method"}
    | {"invalid_transaction_data", "wallet_unavailable", "invalid_scope", "unauthorized_client", "server_error", "temporarily_unavailable"}
)
"""§8.5 and RFC 6749 §4.1.2.1."""


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """The wallet's no; ``description`` is for developers and comes from the other side."""

    error: str
    description: str = ""


def response_body(presentations: Mapping[str, Sequence[bytes]], *, request: PresentationRequest) -> bytes:
    """The form body that answers ``request`` at its response URI, encrypted where the request demands it (§8.2, §8.3).

    ``presentations`` are wire bytes by credential query; raises ``InputMalformed`` where the query would not allow their shape.
    """
    answer = _answer(presentations, request)
    if not request.encrypted:
        return build_form({name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in answer.items()})
    metadata = request.client_metadata or ClientMetadata()
    return build_form({"response": encrypt(orjson.dumps(answer), metadata.encryption_key(), enc=metadata.content_encryption())})


def response_location(presentations: Mapping[str, Sequence[bytes]], *, request: PresentationRequest) -> str:
    """Where to send the browser with the answer in response mode ``fragment``: the redirect URI with the answer behind ``#`` (§8.1)."""
    if request.response_mode != "fragment":
        raise RequestInvalid("response_mode: expected fragment for an answer through the browser")
    return f"{request.destination}#{response_body(presentations, request=request).decode('ascii')}"


def error_body(error: str, *, request: PresentationRequest, description: str = "") -> bytes:
    """The form body that says no; it may go in clear even where an answer must not (§8.3.1). Raises ``RequestInvalid`` for another code."""
    if error not in ERRORS:
        raise RequestInvalid("error: expected a code of the specification")
    parameters = {"error": error, "error_description": description, "state": request.state}
    return build_form({name: value for name, value in parameters.items() if value})


def read_response(form: Mapping[str, str], *, request: PresentationRequest, key: DecryptionKey | None) -> VpToken | ErrorResponse:
    """What the wallet posted in answer to ``request``; ``key`` is the one that the request told it to encrypt to, None where none.

    Raises ``ResponseNotEncrypted`` for an answer in clear where encryption was demanded, ``SessionMismatch`` where ``state`` is not the
    request's, ``InputMalformed`` for every other shape, and what ``decrypt`` raises.
    """
    if "error" in form:
        _check_state(form.get("state", ""), request)
        return ErrorResponse(form["error"][:64], form.get("error_description", "")[:1000])
    if not request.encrypted:
        if "vp_token" not in form:
            raise InputMalformed("vp_token: expected one, got none", pointer="/vp_token")
        _check_state(form.get("state", ""), request)
        return VpToken.parse(parse_json(form["vp_token"], VP_TOKEN_LIMITS), query=request.query)
    answer = _decrypted(form, key)
    _check_state(answer.get("state", ""), request)
    return VpToken.parse(answer.get("vp_token"), query=request.query)


def redirect_answer(redirect_uri: str) -> JsonObject:
    """What the response URI says to the wallet; ``redirect_uri`` is "" where nothing more is to be done (§8.2)."""
    return {"redirect_uri": redirect_uri} if redirect_uri else {}


def read_redirect_answer(document: JsonObject) -> str:
    """Where the wallet shall send the person's browser now, "" for nowhere; only https (http on loopback). Raises ``InputMalformed``."""
    address = Members.of(document, InputMalformed).text_or("redirect_uri", "")
    if address and not is_web_url(address.partition("#")[0]):
        raise InputMalformed("redirect_uri: expected an https URL", pointer="/redirect_uri")
    return address


def _answer(presentations: Mapping[str, Sequence[bytes]], request: PresentationRequest) -> JsonObject:
    token = VpToken.of(presentations).to_json(query=request.query)
    VpToken.parse(token, query=request.query)
    return {"vp_token": token, **({"state": request.state} if request.state else {})}


def _decrypted(form: Mapping[str, str], key: DecryptionKey | None) -> JsonObject:
    if "response" not in form or "vp_token" in form:
        raise ResponseNotEncrypted("response: expected an encrypted answer, got one in clear")
    if key is None:
        raise InputMalformed("response: expected a key to decrypt with, got none")
    return parse_object(decrypt(form["response"], key), VP_TOKEN_LIMITS)


def _check_state(state: object, request: PresentationRequest) -> None:
    if not isinstance(state, str) or len(state) > 512 or not hmac.compare_digest(state.encode("utf-8"), request.state.encode("utf-8")):
        raise SessionMismatch("state: expected the one of the request, got another", pointer="/state")
