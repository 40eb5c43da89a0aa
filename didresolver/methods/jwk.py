"""did:jwk: the DID is a JWK in base64url (did:jwk specification, Read)."""

from credentials.keys import public_key_from_jwk
from doors import base64url
from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import DidInvalid, Refused

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]
RELATIONSHIPS = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")
_LIMITS = JsonLimits(size=2048, depth=3, members=32)


def expand(did: str) -> JsonObject:
    """The document of a did:jwk, its one key always ``#0``.

    Raises ``DidInvalid`` for anything but the public JWK of a signature key, above all for one that carries ``d``. Keys for
    encryption alone (``use``: ``enc``) are refused likewise: nothing here encrypts to a DID.
    """
    if not did.startswith("did:jwk:"):
        raise DidInvalid("did:jwk: expected did:jwk: and a JWK in base64url")
    try:
        jwk = parse_object(base64url.decode(did.removeprefix("did:jwk:")), _LIMITS)
        public_key_from_jwk(jwk, kid=f"{did}#0")
    except Refused as refusal:
        raise DidInvalid(f"did:jwk: {refusal.detail}") from refusal
    return _document(did, jwk)


def _document(did: str, jwk: JsonObject) -> JsonObject:
    method = f"{did}#0"
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": [{"id": method, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}],
        **{relationship: [method] for relationship in RELATIONSHIPS},
    }
