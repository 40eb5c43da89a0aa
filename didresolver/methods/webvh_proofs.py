"""Signatures in the history of a did:webvh: always eddsa-jcs-2022, always by a did:key (did:webvh 1.0, "Authorized Keys")."""

import hashlib
from datetime import datetime, timedelta

from credentials.data_integrity import check_period
from credentials.jcs import canonical_json
from credentials.keys import SigningKey
from credentials.keys.did_key import did_key_method, public_key_from_did_key
from credentials.multibase import decode_base58btc, encode_base58btc
from credentials.timestamps import format_timestamp
from doors.json import JsonObject, JsonValue
from doors.refusals import AlgKeyMismatch, DidLogProofInvalid, Refused

SKEW = timedelta(minutes=5)
"""How far in the future a time may lie (Read, step 4: no more than five minutes)."""
_FIXED = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"}


def multihash(content: bytes) -> str:
    """SHA-256 as a multihash in base58btc without prefix: ``Qm...``, 46 characters."""
    return encode_base58btc(b"\x12\x20" + hashlib.sha256(content).digest())[1:]


def sign(document: JsonObject, key: SigningKey, *, now: datetime) -> JsonObject:
    """A proof over ``document`` by ``key``, named by its did:key; raises ``AlgKeyMismatch`` for anything but Ed25519."""
    if key.algorithm != "EdDSA":
        raise AlgKeyMismatch("did:webvh: expected an Ed25519 key")
    options = {**_FIXED, "verificationMethod": did_key_method(key.public), "created": format_timestamp(now)}
    return {**options, "proofValue": encode_base58btc(key.sign(_bytes_to_sign(document, options)))}


def verify(document: JsonObject, proof: JsonValue, *, now: datetime) -> str:
    """The multikey that signed ``document``, once the signature is verified; raises ``DidLogProofInvalid``."""
    if not isinstance(proof, dict) or any(proof.get(name) != value for name, value in _FIXED.items()):
        raise DidLogProofInvalid("did:webvh: expected a DataIntegrityProof of eddsa-jcs-2022 for assertionMethod", pointer="/proof")
    if proof.keys() & {"@context", "previousProof", "challenge", "domain"}:
        raise DidLogProofInvalid("did:webvh: expected a proof that stands alone", pointer="/proof")
    multikey = _named_multikey(proof.get("verificationMethod"))
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        check_period(proof, now=now, skew=SKEW)
        key = public_key_from_did_key(f"did:key:{multikey}")
        if key.algorithm != "EdDSA":
            raise AlgKeyMismatch("expected an Ed25519 key")
        key.verify(_bytes_to_sign(document, options), decode_base58btc(str(proof.get("proofValue"))))
    except Refused as refusal:
        raise DidLogProofInvalid(f"did:webvh: {refusal.detail}", pointer="/proof") from refusal
    return multikey


def _named_multikey(method: JsonValue) -> str:
    """Body and fragment of a did:key URL must be the same ("Witness DIDs and Reputation")."""
    body, _, fragment = method.removeprefix("did:key:").partition("#") if isinstance(method, str) else ("", "", "")
    if method != f"did:key:{body}#{body}" or body != fragment:
        raise DidLogProofInvalid("did:webvh: expected a verificationMethod did:key:KEY#KEY", pointer="/proof/verificationMethod")
    return body


def _bytes_to_sign(document: JsonObject, options: JsonObject) -> bytes:
    """Data Integrity EdDSA Cryptosuites 1.0 §3.3.4; log entries are no linked data, so nothing else is read into them."""
    return b"".join(hashlib.sha256(canonical_json(part)).digest() for part in (options, document))
