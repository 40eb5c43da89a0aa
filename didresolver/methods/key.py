"""did:key: the DID is the key, in Multikey form (did:key draft §3.1, document creation)."""

from credentials.keys.did_key import public_key_from_did_key
from doors.json import JsonObject

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
RELATIONSHIPS = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")


def expand(did: str) -> JsonObject:
    """The document of a did:key; raises ``DidInvalid`` for a bad multibase, codec, length or point."""
    key = public_key_from_did_key(did)
    return _document(did, key.multikey())


def _document(did: str, multikey: str) -> JsonObject:
    method = f"{did}#{multikey}"
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": [{"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": multikey}],
        **{relationship: [method] for relationship in RELATIONSHIPS},
    }
