"""The people of the interoperability tests: one issuer, one holder, one full ID card, and what the world publishes of them."""

import json
from typing import Any

import orjson

from credentials import multibase
from credentials.jsonld.bundle import PINS, context_bytes
from credentials.keys import PrivateKey
from didresolver import expand_self_certifying
from tests.verifier.world import SITE, World

AUDIENCE, NONCE = "decentralized_identifier:did:web:court.example", "n-8NnzGIlFVmSzqUzDbvpw"
MULTIKEY_CONTEXT = "https://w3id.org/security/multikey/v1"
_SECRET_CODECS = {"EdDSA": b"\x80\x26", "ES256": b"\x86\x26", "ES384": b"\x87\x26"}


def published(world: World) -> dict[str, Any]:
    """What a peer may look up: our contexts, and the DID documents of issuer and holder with each of their keys."""
    issuer = json.loads(world.web.pages[f"{SITE}/.well-known/did.json"])
    documents: dict[str, Any] = {address: json.loads(context_bytes(address)) for address in PINS}
    for document in (issuer, expand_self_certifying(world.alice.did).document):
        methods = {method["id"]: {"@context": MULTIKEY_CONTEXT, **method} for method in document["verificationMethod"]}
        documents |= {document["id"]: document, **methods}
    return documents


def multikey(key: PrivateKey) -> dict[str, str]:
    """The key pair as a Multikey, for a peer that shall sign with it (Controlled Identifiers 1.0 §2.2.2)."""
    return {
        "@context": MULTIKEY_CONTEXT,
        "type": "Multikey",
        "id": key.kid,
        "controller": key.kid.partition("#")[0],
        "publicKeyMultibase": key.public.multikey(),
        "secretKeyMultibase": multibase.encode_base58btc(_SECRET_CODECS[key.algorithm] + key.secret),
    }


def changed(document: dict[str, Any], name: str, value: object) -> dict[str, Any]:
    """``document`` with another claim about its subject."""
    copy: dict[str, Any] = orjson.loads(orjson.dumps(document))
    shown = copy["verifiableCredential"][0] if "verifiableCredential" in copy else copy
    shown["credentialSubject"][name] = value
    return copy
