"""ECDSA on P-256 with SHA-256 (ES256), by OpenSSL: signatures are r and s side by side, never DER."""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from doors import base64url
from doors.json import JsonObject
from doors.refusals import InputMalformed, KeyNotAllowed, SigInvalid

ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True, slots=True)
class P256:
    """ES256 (RFC 7518 §3.4); public keys are compressed points of 33 bytes, signatures 64 bytes."""

    name: str = "ES256"
    codec: bytes = b"\x80\x24"
    kind: tuple[str, str] = ("EC", "P-256")

    def check(self, raw: bytes) -> None:
        if len(raw) != 33:
            raise KeyNotAllowed(f"P-256 key: expected a compressed point of 33 bytes, got {len(raw)}")
        _point(raw)

    def verify(self, raw: bytes, message: bytes, signature: bytes) -> None:
        if len(signature) != 64:
            raise SigInvalid(f"ES256 signature: expected 64 bytes, got {len(signature)}")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        try:
            _point(raw).verify(encode_dss_signature(r, s), message, ECDSA)
        except InvalidSignature:
            raise SigInvalid("ES256 signature: does not match the bytes and the key") from None

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        r, s = decode_dss_signature(_private(secret).sign(message, ECDSA))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def generate(self) -> bytes:
        return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32, "big")

    def public(self, secret: bytes) -> bytes:
        return _compressed(_private(secret).public_key())

    def to_jwk(self, raw: bytes) -> JsonObject:
        numbers = _point(raw).public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)}

    def from_jwk(self, jwk: JsonObject) -> bytes:
        """The compressed point of an EC JWK; both coordinates have 32 bytes (RFC 7518 §6.2.1)."""
        x, y = _decoded(jwk.get("x")), _decoded(jwk.get("y"))
        if len(x) != 32 or len(y) != 32:
            raise KeyNotAllowed("JWK: expected P-256 coordinates of 32 bytes each")
        return _compressed(_on_curve(b"\x04" + x + y))


@lru_cache(maxsize=1024)
def _point(raw: bytes) -> ec.EllipticCurvePublicKey:
    return _on_curve(raw)


def _on_curve(encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), encoded)
    except ValueError:
        raise KeyNotAllowed("P-256 key: expected a point on the curve") from None


@lru_cache(maxsize=8)
def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Deriving costs a scalar multiplication, as much as a signature itself."""
    try:
        return ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1())
    except ValueError:
        raise KeyNotAllowed("P-256 key: expected a secret between 1 and the order of the curve") from None


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _coordinate(number: int) -> str:
    return base64url.encode(number.to_bytes(32, "big"))


def _decoded(member: object) -> bytes:
    try:
        return base64url.decode(member) if isinstance(member, str) else b""
    except InputMalformed:
        return b""
