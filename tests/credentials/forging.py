"""What an attacker or a careless issuer does to a document: seal what our own issuer would refuse to, or add what no seal covers."""

import hashlib
import json
from typing import Any

import rfc8785

from credentials import multibase
from credentials.keys import PrivateKey
from tests.credentials.documents import ISSUER, document, issued


def carelessly_sealed(secured: dict[str, Any], key: PrivateKey = ISSUER, **options: Any) -> bytes:
    """``secured`` with a mathematically good eddsa-jcs-2022 proof over whatever it says, made without looking at it."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": "2026-11-21T09:00:00Z",
        "verificationMethod": key.kid,
        "proofPurpose": "assertionMethod",
        **options,
    }
    signed = hashlib.sha256(rfc8785.dumps(proof)).digest() + hashlib.sha256(rfc8785.dumps(secured)).digest()
    proof["proofValue"] = multibase.encode_base58btc(key.sign(signed))
    return json.dumps({**secured, "proof": proof}).encode()


def slipped_in(**members: Any) -> bytes:
    """A well-sealed eddsa-rdfc-2022 credential to which ``members`` of the subject were added afterwards."""
    secured = json.loads(issued().wire)
    secured["credentialSubject"] |= members
    return json.dumps(secured).encode()


def careless(**changes: Any) -> bytes:
    return carelessly_sealed(document(**changes))
