"""What everybody may read: who the office is, its keys, its kinds of credential, its status lists."""

import hashlib

import orjson
from aiohttp import web

from credentials.id_card import context_text, schema_text
from doors.json import JsonObject
from doors.refusals import NotFound
from issuer.handlers.rooms import ROOMS
from issuer.metadata import (
    authorization_server_metadata,
    did_document,
    issuer_metadata,
    jwt_vc_issuer,
    status_list_aggregation,
    vct_metadata,
)
from issuer.publish import lists_begun
from runtime.web.routes import Route, route

_AN_HOUR = "public, max-age=3600"
_FIVE_MINUTES = "public, max-age=300"


async def show_issuer_metadata(request: web.Request) -> web.Response:
    rooms = request.app[ROOMS]
    office = rooms.counter.office
    return _published(request, issuer_metadata(office.keys.public_url, batch_size=office.terms.batch_size, words=rooms.words).to_json())


async def show_authorization_server(request: web.Request) -> web.Response:
    return _published(request, authorization_server_metadata(request.app[ROOMS].counter.office.keys.public_url).to_json())


async def show_did_document(request: web.Request) -> web.Response:
    return _published(request, did_document(request.app[ROOMS].counter.office.keys))


async def show_jwt_vc_issuer(request: web.Request) -> web.Response:
    return _published(request, jwt_vc_issuer(request.app[ROOMS].counter.office.keys))


async def show_vct(request: web.Request) -> web.Response:
    return _published(request, vct_metadata(request.app[ROOMS].words), keep=_AN_HOUR)


async def show_context(request: web.Request) -> web.Response:
    return _answer(request, context_text().encode(), "application/ld+json", keep=_AN_HOUR)


async def show_schema(request: web.Request) -> web.Response:
    return _answer(request, schema_text().encode(), "application/schema+json", keep=_AN_HOUR)


async def show_status_list(request: web.Request) -> web.Response:
    """Fetched by anybody, without saying who they are or about whom they ask (Bitstring Status List 1.0 §5, Token Status List §8.1)."""
    number = request.match_info["list"]
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise NotFound("status list: expected its number")
    listed = await request.app[ROOMS].lists.current(int(number), request.match_info["kind"])
    return _answer(request, listed.content, listed.content_type, keep="no-cache")


async def show_status_lists(request: web.Request) -> web.Response:
    """Where all of them lie (Token Status List §9.3)."""
    rooms = request.app[ROOMS]
    lists = await rooms.database.read(lists_begun)
    return _published(request, status_list_aggregation(rooms.counter.office.keys.public_url, lists=lists))


def _published(request: web.Request, document: JsonObject, *, keep: str = _FIVE_MINUTES) -> web.Response:
    return _answer(request, orjson.dumps(document), "application/json", keep=keep)


def _answer(request: web.Request, content: bytes, content_type: str, *, keep: str) -> web.Response:
    """``content`` for anybody to keep as long as ``keep`` says, also for pages of other origins; 304 where the asker has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": keep, "Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=content, headers={**headers, "Content-Type": content_type})


ROUTES: tuple[Route, ...] = (
    route(
        "GET", "/.well-known/openid-credential-issuer", show_issuer_metadata, summary="Credential issuer metadata (OpenID4VCI 1.0 §12.2)"
    ),
    route("GET", "/.well-known/oauth-authorization-server", show_authorization_server, summary="Authorization server metadata (RFC 8414)"),
    route("GET", "/.well-known/did.json", show_did_document, summary="DID document (did:web)"),
    route("GET", "/.well-known/jwt-vc-issuer", show_jwt_vc_issuer, summary="JWT VC issuer metadata (SD-JWT VC §5)"),
    route("GET", "/credentials/id-card/v1", show_vct, summary="Type metadata of the ID card (SD-JWT VC §6)"),
    route("GET", "/contexts/id-card/v1", show_context, summary="JSON-LD context of the ID card", answer_type="application/ld+json"),
    route("GET", "/schemas/id-card/v1", show_schema, summary="JSON Schema of the ID card", answer_type="application/schema+json"),
    route("GET", "/status", show_status_lists, summary="The addresses of all status lists (Token Status List §9.3)"),
    route(
        "GET",
        "/status/{list}/{kind}",
        show_status_list,
        summary="A status list: revocation, suspension or token",
        answer_type="*/*",
        refusals=(NotFound,),
    ),
)
