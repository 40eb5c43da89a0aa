"""What a forger can do to a token: say anything in the header, sign with any key, cut and add."""

import hashlib
import json
from typing import Any

from credentials.keys import PrivateKey
from doors import base64url


def raw_jws(header: dict[str, Any] | bytes, payload: dict[str, Any], key: PrivateKey | None) -> str:
    """A compact JWS with exactly this header, signed by ``key`` (not at all where there is none), checked by nobody."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    signing_input = f"{base64url.encode(head)}.{base64url.encode(json.dumps(payload).encode())}"
    return f"{signing_input}.{base64url.encode(key.sign(signing_input.encode())) if key else ''}"


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Header, payload and signature of a compact JWS."""
    head, payload, signature = token.split(".")
    return json.loads(base64url.decode(head)), json.loads(base64url.decode(payload)), base64url.decode(signature)


def reheaded(token: str, key: PrivateKey | None, /, **changes: Any) -> str:
    """The token with other header members, signed anew; a member that is None is left out."""
    header, payload, _ = parts(token)
    return raw_jws({name: value for name, value in {**header, **changes}.items() if value is not None}, payload, key)


def split(wire: bytes) -> tuple[str, str, str]:
    """An SD-JWT+KB as its JWT, its disclosures with their tildes, and its key binding."""
    text = wire.decode()
    jwt, _, rest = text.partition("~")
    disclosures, _, binding = rest.rpartition("~")
    return jwt, f"~{disclosures}~" if disclosures else "~", binding


def bound(
    shown: str, key: PrivateKey, *, nonce: str, audience: str, iat: int | None, header: dict[str, Any] | None = None, **changes: Any
) -> bytes:
    """An SD-JWT with a key binding of any content."""
    digest = base64url.encode(hashlib.sha256(shown.encode()).digest())
    claims = {"iat": iat, "aud": audience, "nonce": nonce, "sd_hash": digest, **changes}
    said = {name: value for name, value in claims.items() if value is not None}
    return (shown + raw_jws(header if header is not None else {"alg": key.algorithm, "typ": "kb+jwt"}, said, key)).encode()
