"""What wallets ask, in the words of OpenID4VCI 1.0: offer, token, nonce, credential."""

from collections.abc import Mapping
from types import MappingProxyType

from aiohttp import hdrs, web

from doors import base64url
from doors.json import parse_object
from doors.refusals import (
    CredentialRequestDenied,
    EvidenceMismatch,
    EvidenceMissing,
    InvalidEncryptionParameters,
    InvalidGrant,
    InvalidNonce,
    InvalidProof,
    InvalidRequest,
    InvalidToken,
    NotFound,
    Refused,
    UnknownCredentialConfiguration,
    UnsupportedMediaType,
)
from issuer import crash_points
from issuer.hand_out import hand_out
from issuer.handlers.rooms import ROOMS
from issuer.issue import NONCE
from issuer.offer import find_open, redeem
from issuer.offer_message import offer_message
from openid4vc.forms import parse_form
from openid4vc.vci.authorization_details import AuthorizationDetail
from openid4vc.vci.credential_request import CredentialRequest
from openid4vc.vci.credential_response import CredentialResponse
from openid4vc.vci.nonce import NonceResponse
from openid4vc.vci.token import TokenRequest, TokenResponse
from runtime.spend import add_spendable
from runtime.web.answers import json_answer
from runtime.web.reading import read_body
from runtime.web.routes import Route, route

_NO_STORE: Mapping[str, str] = MappingProxyType({"Cache-Control": "no-store"})
_MAX_FORM = 16 * 1024
_MAX_REQUEST = 256 * 1024


async def show_offer(request: web.Request) -> web.Response:
    """The offer behind its reference (§4.1.3)."""
    rooms, reference = request.app[ROOMS], request.match_info["reference"]
    office = rooms.counter.office
    offer = await rooms.database.read(lambda connection: find_open(connection, reference, office=office, now=rooms.clock()))
    return json_answer(offer_message(offer, public_url=office.keys.public_url, words=rooms.words).to_json(), headers=_NO_STORE)


async def give_token(request: web.Request) -> web.Response:
    """The token endpoint (§6)."""
    rooms = request.app[ROOMS]
    office = rooms.counter.office
    body = await read_body(request, media_types=("application/x-www-form-urlencoded",), max_bytes=_MAX_FORM)
    asked = TokenRequest.parse(parse_form(body, limit=_MAX_FORM))
    wanted = frozenset(detail.configuration_id for detail in asked.authorization_details)
    given = await rooms.database.write(
        lambda connection: redeem(connection, code=asked.code, tx_code=asked.tx_code, wanted=wanted, office=office, now=rooms.clock())
    )
    if isinstance(given, Refused):
        raise given
    office.reached(crash_points.TOKEN_AFTER_SPEND)
    life = int(office.terms.access_life.total_seconds())
    return json_answer(TokenResponse(given.token, expires_in=life, authorization_details=_details(asked)).to_json(), headers=_NO_STORE)


async def give_nonce(request: web.Request) -> web.Response:
    """The nonce endpoint (§7)."""
    rooms = request.app[ROOMS]
    office = rooms.counter.office
    nonce = base64url.encode(office.random_bytes(24))
    expires_at = rooms.clock() + office.terms.nonce_life
    await rooms.database.write(lambda connection: add_spendable(connection, NONCE, nonce, expires_at=expires_at))
    return json_answer(NonceResponse(nonce).to_json(), headers=_NO_STORE)


async def give_credential(request: web.Request) -> web.Response:
    """The credential endpoint (§8)."""
    token = _bearer(request)
    body = await read_body(request, media_types=("application/json",), max_bytes=_MAX_REQUEST)
    asked = CredentialRequest.parse(parse_object(body))
    return json_answer(
        CredentialResponse(await hand_out(asked, token=token, counter=request.app[ROOMS].counter)).to_json(), headers=_NO_STORE
    )


def _bearer(request: web.Request) -> str:
    """The access token of the Authorization header; never one from the query (RFC 6750 §2.1, BCP 240 §4.3.2)."""
    kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if kind.lower() != "bearer" or not token.strip() or "access_token" in request.query:
        raise InvalidToken("access token: expected one in the Authorization header and nowhere else")
    return token.strip()


def _details(asked: TokenRequest) -> tuple[AuthorizationDetail, ...]:
    """Required where the request named some (§6.2): each configuration is its own, one, data set."""
    return tuple(
        AuthorizationDetail(detail.configuration_id, credential_identifiers=(detail.configuration_id,))
        for detail in asked.authorization_details
    )


ROUTES: tuple[Route, ...] = (
    route("GET", "/offers/{reference}", show_offer, summary="A credential offer by reference (§4.1.3)", refusals=(NotFound,)),
    route(
        "POST",
        "/token",
        give_token,
        summary="Redeem a pre-authorised code (§6)",
        oauth=True,
        max_bytes=_MAX_FORM,
        body_type="application/x-www-form-urlencoded",
        refusals=(InvalidGrant, InvalidRequest, UnsupportedMediaType),
    ),
    route("POST", "/nonce", give_nonce, summary="A fresh nonce for key proofs (§7)", oauth=True),
    route(
        "POST",
        "/credential",
        give_credential,
        summary="Fetch the credential (§8)",
        oauth=True,
        max_bytes=_MAX_REQUEST,
        refusals=(
            InvalidToken,
            InvalidProof,
            InvalidNonce,
            InvalidEncryptionParameters,
            UnknownCredentialConfiguration,
            EvidenceMissing,
            EvidenceMismatch,
            CredentialRequestDenied,
        ),
    ),
)
