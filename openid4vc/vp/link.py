"""The link or QR code that brings a wallet to a presentation request (OpenID4VP 1.0 §5.4, §13.1.2; RFC 9101 §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import orjson

from doors.json import JsonObject, parse_json
from doors.refusals import RequestInvalid, RequestUntrusted, UnsupportedUri, UrlBlocked
from openid4vc.links import parse_link
from openid4vc.urls import is_web_url
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.request import PresentationRequest

REQUEST_SCHEME = "openid4vp"
REQUEST_SCHEMES = frozenset({REQUEST_SCHEME, "haip-vp"})
METHODS = frozenset({"get", "post"})

_JSON_PARAMETERS = frozenset({"dcql_query", "client_metadata", "verifier_info", "transaction_data"})


@dataclass(frozen=True, slots=True)
class RequestLink:
    """What a link says: who asks, and the signed request by reference (``request_uri``), by value (``request_object``), or in the open.

    Exactly one of the three is there. Nothing else of the link counts once there is a request object (§5.10.1).
    """

    client_id: ClientId
    request_uri: str = ""
    request_uri_method: str = "get"
    request_object: str = ""
    request: PresentationRequest | None = None


def parse_request_link(text: str) -> RequestLink:
    """Read ``openid4vp://?…``, ``haip-vp://?…`` or an https link with ``client_id`` and a request.

    Raises ``UnsupportedUri`` for another kind of text or one without ``client_id``; ``ApprovalRequired``; ``UrlBlocked`` where the
    reference is no https URL; ``RequestInvalid``; ``RequestUntrusted`` for a client that cannot be authenticated, or whose request must
    be signed and is not, or the other way round.
    """
    parameters = parse_link(text, schemes=REQUEST_SCHEMES).parameters
    if "client_id" not in parameters:
        raise UnsupportedUri("link: expected client_id, got a link of another kind")
    client = ClientId.parse(parameters["client_id"])
    reference, by_value = parameters.get("request_uri", ""), parameters.get("request", "")
    if reference and by_value:
        raise RequestInvalid("link: expected either request_uri or request (RFC 9101 §5), got both")
    if client.signs != bool(reference or by_value):
        raise RequestUntrusted(f"link: expected {'a signed' if client.signs else 'an unsigned'} request with this client_id")
    method = _method(parameters, reference)
    if reference and not is_web_url(reference):
        raise UrlBlocked("request_uri: expected an https URL")
    opened = None if client.signs else PresentationRequest.parse(_document(parameters))
    return RequestLink(client, reference, method, by_value, opened)


def request_reference_link(client_id: str, request_uri: str, *, method: str = "", endpoint: str = f"{REQUEST_SCHEME}://") -> str:
    """The link to a signed request that lies at ``request_uri``: short enough for any QR code; ``method`` is "", get or post (§5.1)."""
    parameters = {"client_id": client_id, "request_uri": request_uri, "request_uri_method": method}
    return f"{endpoint}?{urlencode({name: value for name, value in parameters.items() if value}, quote_via=quote)}"


def request_link(request: PresentationRequest, *, endpoint: str = f"{REQUEST_SCHEME}://") -> str:
    """The link that carries an unsigned ``request`` itself; raises ``RequestUntrusted`` where its client must sign."""
    request.client_id.check(kid="", destination=request.destination)
    document = request.to_json()
    parameters = {name: orjson.dumps(value).decode() if name in _JSON_PARAMETERS else str(value) for name, value in document.items()}
    return f"{endpoint}?{urlencode(parameters, quote_via=quote)}"


def _method(parameters: Mapping[str, str], reference: str) -> str:
    """§5.1: case-sensitive get or post, and only beside a ``request_uri``."""
    if "request_uri_method" not in parameters:
        return "get"
    if not reference or parameters["request_uri_method"] not in METHODS:
        raise RequestInvalid("request_uri_method: expected get or post beside a request_uri", pointer="/request_uri_method")
    return parameters["request_uri_method"]


def _document(parameters: Mapping[str, str]) -> JsonObject:
    """§5.1: in a link, objects and arrays travel as JSON text. A link has no signature, so times in it mean nothing."""
    plain = {name: value for name, value in parameters.items() if name not in {"iat", "exp"}}
    return {name: parse_json(value) if name in _JSON_PARAMETERS else value for name, value in plain.items()}
