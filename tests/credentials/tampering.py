"""What an attacker does to an SD-JWT: sign other claims, swap disclosures, forge the holder's proof."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from credentials.jws import parse_jws, sign_jws
from credentials.keys import PrivateKey
from credentials.sd_jwt.compact import SdJwt, split_sd_jwt
from credentials.wire import VerifiableCredential, VerifiablePresentation
from doors import base64url
from tests.credentials.cards import AUDIENCE, HOLDER, ISSUER, NONCE, NOW, VCT

FORMAT_NAME = "dc+sd-jwt"


def disclosure(*parts: Any) -> str:
    return base64url.encode(json.dumps(list(parts)).encode())


def digest(text: str) -> str:
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def sd_jwt(payload: Mapping[str, Any], *disclosures: str, typ: str = FORMAT_NAME, key: PrivateKey = ISSUER) -> VerifiableCredential:
    """A well-signed SD-JWT VC over whatever ``payload`` adds to the necessary claims; ``None`` takes a claim away."""
    claims = {"iss": "https://issuer.example", "vct": VCT, "cnf": {"jwk": HOLDER.public.jwk()}, **payload}
    kept = {name: value for name, value in claims.items() if value is not None}
    jwt = sign_jws(json.dumps(kept).encode(), key, typ=typ)
    return VerifiableCredential(FORMAT_NAME, str(SdJwt(jwt, disclosures)).encode(), "", "", (), ())


def presented(wire: bytes, *, key: PrivateKey = HOLDER, typ: str = "kb+jwt", **changes: Any) -> VerifiablePresentation:
    """``wire`` with a key binding whose claims are changed; ``None`` takes a claim away."""
    claims = {
        "iat": int(NOW.timestamp()),
        "aud": AUDIENCE,
        "nonce": NONCE,
        "sd_hash": digest(wire.decode()),
        **changes,
    }
    token = sign_jws(json.dumps({name: value for name, value in claims.items() if value is not None}).encode(), key, typ=typ)
    return with_key_binding(wire, token)


def with_key_binding(wire: bytes, token: str) -> VerifiablePresentation:
    shown = VerifiableCredential(FORMAT_NAME, wire, "", "", (), ())
    return VerifiablePresentation(FORMAT_NAME, wire + token.encode(), (shown,), "", "")


def parts_of(wire: bytes) -> SdJwt:
    return split_sd_jwt(wire)


def payload_of(wire: bytes) -> dict[str, Any]:
    return dict(json.loads(parse_jws(split_sd_jwt(wire).jwt, typ=FORMAT_NAME).payload))
