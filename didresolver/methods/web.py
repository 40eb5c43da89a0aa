"""did:web: the document lies on the web server that the DID names (did:web specification, Read)."""

import ipaddress
import re
from urllib.parse import quote, unquote

from credentials.did_document import DidDocument
from didresolver.methods.ports import Read, Surroundings, Wanted
from didresolver.syntax import check_identifier, parse_did
from doors.json import JsonLimits, parse_object
from doors.refusals import (
    DidDeactivated,
    DidDocumentInvalid,
    DidInvalid,
    DidNotFound,
    DidOptionUnsupported,
    FetchFailed,
    KeyNotAllowed,
    Refused,
    UrlBlocked,
)

LARGEST_DOCUMENT = 64 * 1024
_LIMITS = JsonLimits(size=LARGEST_DOCUMENT)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?", re.ASCII)
_ACCEPT = "application/did+json, application/did+ld+json, application/did, application/json"


class Web:
    """The method did:web. It keeps no history, so it cannot answer for a time in the past."""

    lasting = False

    async def read(self, did: str, surroundings: Surroundings, *, wanted: Wanted) -> Read:
        """The document that the server holds now.

        Raises ``DidInvalid``, ``UrlBlocked`` (addresses instead of names, loopback), ``DidNotFound``, ``DidDeactivated``,
        ``DidDocumentInvalid``, ``DidOptionUnsupported`` for any version but the newest, and what the fetch raises.
        """
        if not wanted.is_newest:
            raise DidOptionUnsupported("did:web: expected no versionTime or versionId, since this method keeps no history")
        url = document_url(did, development=surroundings.development)
        fetched = await surroundings.fetch(url, max_bytes=LARGEST_DOCUMENT, accept=_ACCEPT)
        _check_answer(fetched.status)
        return read_document(fetched.content, did)


def read_document(content: bytes, did: str) -> Read:
    """The document of ``did`` in ``content``; raises ``DidDocumentInvalid``, ``KeyNotAllowed``, ``DidDeactivated``."""
    try:
        document = DidDocument.parse(parse_object(content, _LIMITS), did=did)
    except (DidDocumentInvalid, KeyNotAllowed):
        raise
    except Refused as refusal:
        raise DidDocumentInvalid(f"did:web document: {refusal.detail}") from refusal
    if document.deactivated or document.document.get("deactivated") is True:
        raise DidDeactivated("did:web: the document says that it is deactivated")
    return Read(document, content)


def document_url(did: str, *, development: bool) -> str:
    """Where the document of a did:web lies; raises as ``folder_url``."""
    return f"{folder_url(parse_did(did).identifier, development=development)}/did.json"


def folder_url(identifier: str, *, development: bool) -> str:
    """The folder that a domain with path stands for, as ``issuer.example%3A8443:dids:office``; did:webvh has the same rules.

    In development alone, a loopback host is reached, by plain http. Raises ``DidInvalid``, and ``UrlBlocked`` for an IP address or
    a loopback name.
    """
    first, *path = [identifier] if identifier.startswith("[") else identifier.split(":")
    host, port = _host_and_port(first)
    loopback = _is_loopback(host)
    if not (loopback and development):
        _refuse_address(host)
    check_identifier(identifier)
    if not _DOMAIN.fullmatch(host):
        raise DidInvalid("DID: expected a domain name")
    return f"{'http' if loopback else 'https'}://{host}{port}{_path(path)}"


def _host_and_port(text: str) -> tuple[str, str]:
    host, colon, port = text.replace("%3a", "%3A").partition("%3A")
    if text.startswith("[") or text.upper().startswith("%5B"):
        return text, ""
    if colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise DidInvalid("DID: expected a port number after %3A")
    return unquote(host), f":{port}" if colon else ""


def _is_loopback(host: str) -> bool:
    return host.lower().rstrip(".") in {"localhost", "127.0.0.1"}


def _refuse_address(host: str) -> None:
    """No address instead of a name, in any of its spellings (did:web §2.2, "MUST NOT include IP addresses")."""
    name = host.lower().rstrip(".")
    last = name.rsplit(".", 1)[-1]
    if name == "localhost" or last == "localhost" or "[" in name or "%5b" in name or _is_number(last) or _is_address(name):
        raise UrlBlocked("DID: expected a public domain name, got an address or a loopback name")


def _is_number(label: str) -> bool:
    """Whether a browser would read a host with this last label as an IPv4 address (URL standard, "ends in a number")."""
    return label.isdigit() or re.fullmatch(r"0x[0-9a-f]*", label) is not None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _path(parts: list[str]) -> str:
    if not parts:
        return "/.well-known"
    for part in map(unquote, parts):
        if part in {"", ".", ".."} or part != part.strip() or any(mark in part for mark in "/\\\0"):
            raise DidInvalid("DID: expected path parts that are names")
    return "".join(f"/{quote(unquote(part), safe='')}" for part in parts)


def _check_answer(status: int) -> None:
    if status == 200:
        return
    if status == 410:
        raise DidDeactivated("did:web: the server says that the document is gone")
    if status == 404:
        raise DidNotFound("did:web: the server has no document for this DID")
    raise FetchFailed(f"did:web: expected the document with status 200, got {status}")
