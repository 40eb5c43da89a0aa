"""The one door for signed tokens: compact JWS, read strictly before any signature is looked at (RFC 7515, RFC 8725)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import orjson

from credentials.keys.algorithms import NAMES
from credentials.keys.private import SigningKey
from credentials.keys.public import PublicKey
from doors import base64url
from doors.json import JsonObject, parse_object
from doors.refusals import AlgKeyMismatch, AlgNotAllowed, CritUnsupported, InputMalformed, InputTooLarge, KeySourceForbidden, TypMismatch

ALGORITHMS = frozenset({"EdDSA", "Ed25519", "ES256"})
"""The JOSE algorithm names that are read where the caller names no others; ES384 is read only where it is asked for."""
LONGEST = 128 * 1024
LONGEST_HEADER = 16 * 1024
KEY_SOURCES = frozenset({"jwk", "jku", "x5u", "x5c"})
_KID = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&()*+,;=%-]{1,2048}", re.ASCII)
_NO_HEADER: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class UnverifiedJws:
    """A well-formed token whose signature nobody has checked yet."""

    header: JsonObject
    payload: bytes
    signature: bytes
    signing_input: bytes

    @property
    def kid(self) -> str:
        return str(self.header.get("kid", ""))

    @property
    def typ(self) -> str:
        return str(self.header.get("typ", ""))

    @property
    def algorithm(self) -> str:
        """The algorithm's one name here: ``EdDSA`` also where the token says ``Ed25519``."""
        return NAMES.get(self.header["alg"], self.header["alg"])


def parse_jws(
    text: str,
    *,
    typ: frozenset[str] | str,
    algorithms: frozenset[str] = ALGORITHMS,
    allow_embedded_key: bool = False,
    limit: int = LONGEST,
) -> UnverifiedJws:
    """Read a compact JWS of at most ``limit`` characters; nothing in it is trusted yet.

    ``typ`` lists the token types that are expected (RFC 8725 §3.11); the empty name in it stands for a token without one.
    ``allow_embedded_key`` lets the header carry its own key as ``jwk``, for proofs of possession only.

    Raises ``InputTooLarge``, ``InputMalformed`` (syntax, base64url, a header above 16 kB, ``kid``), ``DuplicateMember``, ``AlgNotAllowed``,
    ``KeySourceForbidden``, ``CritUnsupported`` or ``TypMismatch``, in this order.
    """
    if text.find(".") > LONGEST_HEADER:
        raise InputMalformed(f"token header: expected at most {LONGEST_HEADER} characters")
    if len(text) > limit:
        raise InputTooLarge(f"token: expected at most {limit} characters, got {len(text)}")
    parts = text.split(".")
    if len(parts) != 3:
        raise InputMalformed(f"token: expected three parts (compact JWS), got {len(parts)}")
    header = parse_object(base64url.decode(parts[0]))
    payload, signature = base64url.decode(parts[1]), base64url.decode(parts[2])
    _refuse_algorithm(header, algorithms)
    _refuse_key_sources(header, {"jwk"} if allow_embedded_key else set())
    _refuse_extensions(header)
    _refuse_odd_kid(header)
    _refuse_other_typ(header, {typ} if isinstance(typ, str) else typ)
    return UnverifiedJws(header, payload, signature, f"{parts[0]}.{parts[1]}".encode("ascii"))


def verify_jws(jws: UnverifiedJws, key: PublicKey) -> bytes:
    """The payload, signed by exactly this key; raises ``AlgKeyMismatch`` or ``SigInvalid`` (RFC 8725 §3.1)."""
    if jws.algorithm != key.algorithm:
        raise AlgKeyMismatch(f"token: expected the algorithm {key.algorithm} of its key, got another")
    key.verify(jws.signing_input, jws.signature)
    return jws.payload


def sign_jws(payload: bytes, key: SigningKey, *, typ: str, header: Mapping[str, object] = _NO_HEADER) -> str:
    """A compact JWS with ``alg``, ``typ`` and ``kid`` set from the arguments, and the members of ``header`` beside them.

    A header that carries its own ``jwk`` gets no ``kid``. Raises ``InputMalformed`` for a header that names alg or typ itself.
    """
    if {"alg", "typ"} & header.keys():
        raise InputMalformed("token header: expected alg and typ from the key and the argument")
    named = {"kid": key.kid} if key.kid and not {"jwk", "kid"} & header.keys() else {}
    protected = orjson.dumps({"alg": key.algorithm, "typ": typ, **named, **header})
    signing_input = f"{base64url.encode(protected)}.{base64url.encode(payload)}"
    return f"{signing_input}.{base64url.encode(key.sign(signing_input.encode('ascii')))}"


def _refuse_algorithm(header: JsonObject, algorithms: frozenset[str]) -> None:
    named = header.get("alg")
    if not isinstance(named, str) or named not in algorithms:
        raise AlgNotAllowed(f"token: expected an algorithm of {', '.join(sorted(algorithms))}", pointer="/alg")


def _refuse_key_sources(header: JsonObject, allowed: set[str]) -> None:
    for member in sorted((KEY_SOURCES - allowed) & header.keys()):
        raise KeySourceForbidden(f"token: expected a key that is known already, got the header {member}", pointer=f"/{member}")


def _refuse_extensions(header: JsonObject) -> None:
    """No extension is understood here, so any ``crit`` is refused (RFC 7515 §4.1.11), and ``b64`` with it (RFC 7797 §6)."""
    for member in ("crit", "b64"):
        if member in header:
            raise CritUnsupported("token: expected no critical extension", pointer=f"/{member}")


def _refuse_odd_kid(header: JsonObject) -> None:
    kid = header.get("kid", "-")
    if not isinstance(kid, str) or not _KID.fullmatch(kid) or ".." in kid:
        raise InputMalformed("token: expected kid as a key name or DID URL of at most 2048 characters", pointer="/kid")


def _refuse_other_typ(header: JsonObject, expected: Iterable[str]) -> None:
    typ = header.get("typ", "")
    if not isinstance(typ, str) or typ.lower().removeprefix("application/") not in {name.lower() for name in expected}:
        raise TypMismatch(f"token: expected typ {' or '.join(sorted(expected))}, got another", pointer="/typ")
