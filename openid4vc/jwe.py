"""The one door for encrypted messages: compact JWE, ECDH-ES with AES-GCM alone, never compressed (RFC 7516, RFC 7518 §4.6)."""

import json
from dataclasses import dataclass, field

from jwcrypto.common import JWException
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from doors import base64url
from doors.json import JsonObject, parse_object
from doors.refusals import (
    AlgNotAllowed,
    CritUnsupported,
    InputMalformed,
    InputTooLarge,
    KeyNotAllowed,
    KeySourceForbidden,
    KidUnknown,
    Refused,
)

KEY_AGREEMENT = "ECDH-ES"
CONTENT_ENCRYPTIONS = frozenset({"A128GCM", "A256GCM"})
CURVES = frozenset({("EC", "P-256"), ("OKP", "X25519")})
JWE_LIMIT = 768 * 1024
"""Characters of an encrypted message that are read: 20 credentials with portraits fit."""
HEADER_LIMIT = 4096

_PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})
_KEY_SOURCES = ("jku", "jwk", "x5u", "x5c")


@dataclass(frozen=True, slots=True)
class RecipientKey:
    """A public key to encrypt to, with its name; made by ``recipient_key`` only."""

    kid: str
    jwk: JsonObject


@dataclass(frozen=True, slots=True)
class DecryptionKey:
    """A private key that opens messages encrypted to it; its secret is never part of ``repr``."""

    kid: str
    private_jwk: JsonObject = field(repr=False)

    def public_jwk(self) -> JsonObject:
        """What the sender needs: with ``kid``, ``alg`` and ``use`` (OpenID4VP 1.0 §8.3)."""
        public = {name: value for name, value in self.private_jwk.items() if name not in _PRIVATE}
        return {**public, "kid": self.kid, "alg": KEY_AGREEMENT, "use": "enc"}


def generate_decryption_key(kid: str) -> DecryptionKey:
    """A new P-256 key, to be used for one request only."""
    return DecryptionKey(kid, JWK.generate(kty="EC", crv="P-256").export_private(as_dict=True))


def recipient_key(jwk: JsonObject, *, refusal: type[Refused]) -> RecipientKey:
    """The key in ``jwk``: public, P-256 or X25519, ``alg`` ECDH-ES, ``use`` absent or enc, with ``kid``; raises ``refusal``."""
    kid = jwk.get("kid")
    if _PRIVATE & jwk.keys():
        raise refusal("jwk: expected a public key, got a private one")
    if not on_known_curve(jwk) or jwk.get("alg") != KEY_AGREEMENT or jwk.get("use", "enc") != "enc":
        raise refusal("jwk: expected a P-256 or X25519 key for encryption with alg ECDH-ES")
    if not isinstance(kid, str) or not kid:
        raise refusal("jwk: expected a kid")
    if not _is_point(jwk):
        raise refusal("jwk: expected a point on the curve")
    return RecipientKey(kid, jwk)


def on_known_curve(jwk: JsonObject) -> bool:
    """Whether ``jwk`` says that it lies on a curve of ``CURVES``."""
    return (str(jwk.get("kty")), str(jwk.get("crv"))) in CURVES


def encrypt(payload: bytes, key: RecipientKey, *, enc: str) -> str:
    """``payload`` as a compact JWE that only the holder of ``key`` can read.

    Raises ``AlgNotAllowed`` for another ``enc`` and ``KeyNotAllowed`` for a key that agrees on a secret everybody knows (RFC 7748 §6.1).
    """
    if enc not in CONTENT_ENCRYPTIONS:
        raise AlgNotAllowed(f"enc: expected one of {', '.join(sorted(CONTENT_ENCRYPTIONS))}")
    header = json.dumps({"alg": KEY_AGREEMENT, "enc": enc, "kid": key.kid})
    message = JWE(payload, protected=header, algs=[KEY_AGREEMENT, enc])
    try:
        message.add_recipient(JWK(**_material(key.jwk)))
    except (JWException, ValueError) as error:
        raise KeyNotAllowed("jwk: expected a key that can be agreed with") from error
    return str(message.serialize(compact=True))


def decrypt(text: str, key: DecryptionKey, *, limit: int = JWE_LIMIT) -> bytes:
    """The payload of the compact JWE ``text``, encrypted to ``key``. The header is judged before any key is touched.

    Raises ``InputTooLarge`` (also for any compression: its size cannot be known before), ``InputMalformed`` (also where it does not
    decrypt), ``AlgNotAllowed``, ``CritUnsupported``, ``KeySourceForbidden``, ``KidUnknown``, ``KeyNotAllowed``.
    """
    if len(text) > limit:
        raise InputTooLarge(f"encrypted message: expected at most {limit} characters, got {len(text)}")
    parts = text.split(".")
    if len(parts) != 5 or len(parts[0]) > HEADER_LIMIT:
        raise InputMalformed("encrypted message: expected five parts (compact JWE) with a short header")
    header = parse_object(base64url.decode(parts[0]))
    _judge_header(header, key)
    if [len(base64url.decode(part)) for part in (parts[1], parts[2], parts[4])] != [0, 12, 16] or not base64url.decode(parts[3]):
        raise InputMalformed(
            "encrypted message: expected no encrypted key, an initialisation vector of 12 bytes, content, a tag of 16 bytes"
        )
    try:
        message = JWE(algs=[KEY_AGREEMENT, str(header["enc"])])
        message.deserialize(text, JWK(**key.private_jwk))
        return bytes(message.payload)
    except (JWException, ValueError, TypeError):
        raise InputMalformed("encrypted message: does not decrypt with the key it names") from None


def _judge_header(header: JsonObject, key: DecryptionKey) -> None:
    if header.get("alg") != KEY_AGREEMENT:
        raise AlgNotAllowed(f"encrypted message: expected alg {KEY_AGREEMENT}", pointer="/alg")
    if str(header.get("enc")) not in CONTENT_ENCRYPTIONS:
        raise AlgNotAllowed(f"encrypted message: expected enc {' or '.join(sorted(CONTENT_ENCRYPTIONS))}", pointer="/enc")
    if "zip" in header:
        raise InputTooLarge("encrypted message: expected uncompressed content, whose size is known", pointer="/zip")
    if "crit" in header:
        raise CritUnsupported("encrypted message: expected no critical extension", pointer="/crit")
    for member in _KEY_SOURCES:
        if member in header:
            raise KeySourceForbidden(
                f"encrypted message: expected a key that is known already, got the header {member}", pointer=f"/{member}"
            )
    if header.get("kid") != key.kid:
        raise KidUnknown("encrypted message: expected the kid of the key that was sent", pointer="/kid")
    _judge_ephemeral(header.get("epk"), key.private_jwk)


def _judge_ephemeral(epk: object, private: JsonObject) -> None:
    """RFC 7518 §4.6.1.1: a public key on the recipient's own curve; a point off the curve is refused before it meets the secret."""
    if not isinstance(epk, dict) or _PRIVATE & epk.keys() or (epk.get("kty"), epk.get("crv")) != (private["kty"], private["crv"]):
        raise KeyNotAllowed("encrypted message: expected an ephemeral public key on the recipient's curve", pointer="/epk")
    if not _is_point(epk):
        raise KeyNotAllowed("encrypted message: expected a point on the curve", pointer="/epk")


def _is_point(jwk: JsonObject) -> bool:
    """Whether the coordinates are a public key; only building the key itself tells."""
    try:
        JWK(**_material(jwk)).export_to_pem()
    except (JWException, ValueError, TypeError):
        return False
    return True


def _material(jwk: JsonObject) -> JsonObject:
    """The members that make the key, and nothing that another program might read meaning into."""
    return {name: jwk[name] for name in ("kty", "crv", "x", "y") if name in jwk}
