"""did:peer, numalgo 2 and 4: the DID carries its keys and services, or its whole document (Peer DID Method Specification)."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from credentials.multibase import decode_base58btc, encode_base58btc
from didresolver.syntax import LONGEST_DID
from doors import base64url
from doors.json import JsonLimits, JsonObject, JsonValue, parse_object
from doors.refusals import DidInvalid, DidNotFound, InputMalformed, Refused

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
PURPOSES: Mapping[str, str] = MappingProxyType(
    {
        "A": "assertionMethod",
        "E": "keyAgreement",
        "V": "authentication",
        "I": "capabilityInvocation",
        "D": "capabilityDelegation",
    }
)
_FULL_NAMES = MappingProxyType({"t": "type", "s": "serviceEndpoint", "r": "routingKeys", "a": "accept"})
_KEY = re.compile(r"([AEVID])(z[1-9A-HJ-NP-Za-km-z]{1,200})", re.ASCII)
_LONG_FORM = re.compile(r"did:peer:4(zQm[1-9A-HJ-NP-Za-km-z]{44}):(z[1-9A-HJ-NP-Za-km-z]+)", re.ASCII)
_JSON_CODEC = b"\x80\x04"
_SHA256 = b"\x12\x20"
_LIMITS = JsonLimits(size=LONGEST_DID, depth=16, members=256)


def expand(did: str) -> JsonObject:
    """The document of a did:peer of numalgo 2 or 4.

    Raises ``DidInvalid``, and ``DidNotFound`` for the short form of numalgo 4, which only those know who were given the long one.
    """
    try:
        if did.startswith("did:peer:2"):
            return _from_elements(did)
        if did.startswith("did:peer:4"):
            return _from_long_form(did)
    except InputMalformed as refusal:
        raise DidInvalid(f"did:peer: {refusal.detail}") from refusal
    raise DidInvalid("did:peer: expected numalgo 2 or 4")


def make_peer_did(document: JsonObject) -> str:
    """The long form of numalgo 4 for an input document without ``id``, all of whose own names are relative (Method 4, Creating a DID).

    Raises ``DidInvalid`` for a document that could not be read back.
    """
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    encoded = encode_base58btc(_JSON_CODEC + text)
    did = f"did:peer:4{_hash(encoded)}:{encoded}"
    if len(did) > LONGEST_DID:
        raise DidInvalid(f"did:peer: expected a DID of at most {LONGEST_DID} characters, got {len(did)}")
    expand(did)
    return did


def _from_elements(did: str) -> JsonObject:
    """Numalgo 2: keys are named ``#key-1``, ``#key-2`` in the order in which they stand (Method 2, Resolving)."""
    elements = did.removeprefix("did:peer:2").split(".")
    if elements[0] or len(elements) < 2:
        raise DidInvalid("did:peer: expected elements that begin with '.'")
    keys = [element for element in elements[1:] if not element.startswith("S")]
    services = list(_services(element[1:] for element in elements[1:] if element.startswith("S")))
    methods, relationships = [], dict[str, list[str]]()
    for number, element in enumerate(keys, start=1):
        match = _KEY.fullmatch(element)
        if match is None:
            raise DidInvalid("did:peer: expected a purpose (A, E, V, I, D, S) and a key in base58btc")
        name = f"#key-{number}"
        methods.append({"id": name, "type": "Multikey", "controller": did, "publicKeyMultibase": match[2]})
        relationships.setdefault(PURPOSES[match[1]], []).append(name)
    document = {"@context": CONTEXTS, "id": did, "verificationMethod": methods, **relationships}
    return {**document, "service": services} if services else document


def _services(encoded: Iterator[str]) -> Iterator[JsonObject]:
    unnamed = 0
    for text in encoded:
        service = _in_full(parse_object(base64url.decode(text), _LIMITS))
        if service.get("type") == "dm":
            service["type"] = "DIDCommMessaging"
        if "id" not in service:
            service["id"] = f"#service-{unnamed}" if unnamed else "#service"
            unnamed += 1
        yield service


def _in_full(value: JsonValue) -> JsonValue:
    """Every abbreviated member name written out (Method 2, Common String Abbreviations)."""
    if isinstance(value, dict):
        full = {_FULL_NAMES.get(name, name): _in_full(member) for name, member in value.items()}
        if len(full) != len(value):
            raise DidInvalid("did:peer: expected each member of a service once, abbreviated or in full")
        return full
    return [_in_full(item) for item in value] if isinstance(value, list) else value


def _from_long_form(did: str) -> JsonObject:
    """Numalgo 4: the hash must be that of the encoded document (Method 4, Long form)."""
    if ":" not in did.removeprefix("did:peer:4"):
        raise DidNotFound("did:peer: expected the long form, whose document the short form does not carry")
    match = _LONG_FORM.fullmatch(did)
    if match is None or match[1] != _hash(match[2]):
        raise DidInvalid("did:peer: expected the hash of the document that the DID carries")
    decoded = decode_base58btc(match[2], longest=LONGEST_DID)
    if not decoded.startswith(_JSON_CODEC):
        raise DidInvalid("did:peer: expected a document in JSON")
    try:
        return _contextualized(parse_object(decoded.removeprefix(_JSON_CODEC), _LIMITS), did, short=f"did:peer:4{match[1]}")
    except Refused as refusal:
        raise DidInvalid(f"did:peer: {refusal.detail}") from refusal


def _contextualized(document: JsonObject, did: str, *, short: str) -> JsonObject:
    known_as = document.get("alsoKnownAs", [])
    if "id" in document or not isinstance(known_as, list):
        raise DidInvalid("did:peer: expected a document without id, and alsoKnownAs as a list")
    named = {name: _with_controllers(member, did) if _names_methods(name) else member for name, member in document.items()}
    return {**named, "id": did, "alsoKnownAs": [*known_as, short]}


def _names_methods(member: str) -> bool:
    return member == "verificationMethod" or member in PURPOSES.values()


def _with_controllers(entries: JsonValue, did: str) -> list[JsonValue]:
    """Methods get the DID as controller where they name none; all own names must be relative."""
    if not isinstance(entries, list):
        raise DidInvalid("did:peer: expected verification methods in lists")
    return [{"controller": did, **entry} if isinstance(entry, dict) else entry for entry in map(_relative, entries)]


def _relative(entry: JsonValue) -> JsonValue:
    name = entry.get("id") if isinstance(entry, dict) else entry
    if not isinstance(name, str) or not name.startswith("#"):
        raise DidInvalid("did:peer: expected the document's own names to be relative")
    return entry


def _hash(encoded: str) -> str:
    return encode_base58btc(_SHA256 + hashlib.sha256(encoded.encode()).digest())
