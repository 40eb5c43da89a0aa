"""The fingerprints under which an SD-JWT hides its claims."""

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from doors import base64url
from doors.json import JsonObject
from doors.refusals import HashNotAllowed

Digest = Callable[[bytes], bytes]
"""Bytes in, digest bytes out."""


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _sha384(content: bytes) -> bytes:
    return hashlib.sha384(content).digest()


def _sha512(content: bytes) -> bytes:
    return hashlib.sha512(content).digest()


DIGESTS: Mapping[str, Digest] = MappingProxyType({"sha-256": _sha256, "sha-384": _sha384, "sha-512": _sha512})
"""The hash algorithms read, by their IANA names; ``sha-256`` alone is written."""


def digest_named_by(payload: JsonObject) -> Digest:
    """The hash that the payload's ``_sd_alg`` names, SHA-256 where it names none (RFC 9901 §4.1.1); raises ``HashNotAllowed``."""
    name: Any = payload.get("_sd_alg", "sha-256")
    digest = DIGESTS.get(name) if isinstance(name, str) else None
    if digest is None:
        raise HashNotAllowed(f"_sd_alg: expected one of {', '.join(DIGESTS)}")
    return digest


def text_digest(text: str, digest: Digest) -> str:
    """The base64url digest over the US-ASCII bytes of ``text`` (RFC 9901 §4.2.3, §4.3.1)."""
    return base64url.encode(digest(text.encode("ascii")))
