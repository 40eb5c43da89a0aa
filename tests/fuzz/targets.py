"""The parsers that take bytes from outside, each as a function of bytes that raises ``Refused`` or returns."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from credentials.credential import Credential
from credentials.did_document import DidDocument
from credentials.formats import FORMATS
from credentials.jws import parse_jws
from credentials.keys import public_key_from_jwk, public_key_from_multikey
from credentials.status import parse_token_status_list
from didresolver import expand_self_certifying
from didresolver.methods.webvh_history import read_history
from didresolver.methods.webvh_witness import parse_proofs
from doors import base64url
from doors.json import parse_json, parse_object
from openid4vc.forms import parse_form
from openid4vc.vci.credential_request import CredentialRequest
from openid4vc.vci.metadata import IssuerMetadata
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vp.dcql import Query
from openid4vc.vp.link import parse_request_link
from openid4vc.vp.request import PresentationRequest
from proofing.containers import open_container
from proofing.settings import PictureLimits
from wallet.backup import read as read_backup
from wallet.generation import NotWhole, from_bytes

Target = Callable[[bytes], object]
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def text(parse: Callable[[str], object]) -> Target:
    return lambda data: parse(data.decode("utf-8", "replace"))


def document(parse: Callable[[dict[str, object]], object]) -> Target:
    return lambda data: parse(parse_object(data))


def wallet_file(data: bytes) -> object:
    try:
        return from_bytes(data)
    except NotWhole:
        return None


TARGETS: Mapping[str, Target] = {
    "json": parse_json,
    "base64url": text(base64url.decode),
    "jws": text(lambda token: parse_jws(token, typ=frozenset({"vc+jwt", "JWT"}))),
    "ldp-vc": FORMATS["ldp_vc"].parse,
    "ldp-vp": FORMATS["ldp_vc"].parse_presentation,
    "sd-jwt": FORMATS["dc+sd-jwt"].parse,
    "sd-jwt-kb": FORMATS["dc+sd-jwt"].parse_presentation,
    "credential": document(Credential.parse),
    "status-token": text(parse_token_status_list),
    "did": text(expand_self_certifying),
    "did-history": lambda data: read_history(data, now=NOW),
    "did-witnesses": parse_proofs,
    "did-document": document(lambda tree: DidDocument.parse(tree, did="did:web:issuer.example")),
    "jwk": document(public_key_from_jwk),
    "multikey": text(public_key_from_multikey),
    "dcql": lambda data: Query.parse(parse_json(data)),
    "offer-link": text(parse_offer_link),
    "request-link": text(parse_request_link),
    "request-object": document(PresentationRequest.parse),
    "issuer-metadata": document(lambda tree: IssuerMetadata.parse(tree, issuer="https://issuer.example")),
    "credential-request": document(CredentialRequest.parse),
    "form": parse_form,
    "picture": lambda data: open_container(data, PictureLimits(), "/picture"),
    "wallet-file": wallet_file,
}


def backup(data: bytes) -> object:
    """Not among the targets: each try that gets far enough pays for a key derivation."""
    return read_backup(data, "passphrase")
