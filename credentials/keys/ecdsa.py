"""ECDSA on the curves of NIST (FIPS 186-5), by OpenSSL: signatures are r and s side by side, never DER."""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from doors import base64url
from doors.json import JsonObject
from doors.refusals import InputMalformed, KeyNotAllowed, SigInvalid


@dataclass(frozen=True, slots=True, eq=False)
class Ecdsa:
    """One curve with its one hash (RFC 7518 §3.4); public keys are compressed points, numbers have ``secret_size`` bytes."""

    name: str
    codec: bytes
    crv: str
    curve: ec.EllipticCurve
    digest: hashes.HashAlgorithm
    secret_size: int

    @property
    def kind(self) -> tuple[str, str]:
        return ("EC", self.crv)

    def check(self, raw: bytes) -> None:
        if len(raw) != self.secret_size + 1:
            raise KeyNotAllowed(f"{self.crv} key: expected a compressed point of {self.secret_size + 1} bytes, got {len(raw)}")
        _point(self, raw)

    def verify(self, raw: bytes, message: bytes, signature: bytes) -> None:
        if len(signature) != 2 * self.secret_size:
            raise SigInvalid(f"{self.name} signature: expected {2 * self.secret_size} bytes, got {len(signature)}")
        r, s = (int.from_bytes(half, "big") for half in (signature[: self.secret_size], signature[self.secret_size :]))
        try:
            _point(self, raw).verify(encode_dss_signature(r, s), message, ec.ECDSA(self.digest))
        except InvalidSignature:
            raise SigInvalid(f"{self.name} signature: does not match the bytes and the key") from None

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        r, s = decode_dss_signature(_private(self, secret).sign(message, _signing(self)))
        return r.to_bytes(self.secret_size, "big") + s.to_bytes(self.secret_size, "big")

    def generate(self) -> bytes:
        return ec.generate_private_key(self.curve).private_numbers().private_value.to_bytes(self.secret_size, "big")

    def public(self, secret: bytes) -> bytes:
        return _compressed(_private(self, secret).public_key())

    def to_jwk(self, raw: bytes) -> JsonObject:
        numbers = _point(self, raw).public_numbers()
        x, y = (base64url.encode(number.to_bytes(self.secret_size, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": self.crv, "x": x, "y": y}

    def from_jwk(self, jwk: JsonObject) -> bytes:
        """The compressed point of an EC JWK; both coordinates have the full length of the curve (RFC 7518 §6.2.1)."""
        x, y = _decoded(jwk.get("x")), _decoded(jwk.get("y"))
        if len(x) != self.secret_size or len(y) != self.secret_size:
            raise KeyNotAllowed(f"JWK: expected {self.crv} coordinates of {self.secret_size} bytes each")
        return _compressed(_on_curve(self, b"\x04" + x + y))


P256 = Ecdsa("ES256", b"\x80\x24", "P-256", ec.SECP256R1(), hashes.SHA256(), 32)
P384 = Ecdsa("ES384", b"\x81\x24", "P-384", ec.SECP384R1(), hashes.SHA384(), 48)


@lru_cache(maxsize=1024)
def _point(algorithm: Ecdsa, raw: bytes) -> ec.EllipticCurvePublicKey:
    return _on_curve(algorithm, raw)


def _on_curve(algorithm: Ecdsa, encoded: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(algorithm.curve, encoded)
    except ValueError:
        raise KeyNotAllowed(f"{algorithm.crv} key: expected a point on the curve") from None


@lru_cache(maxsize=8)
def _private(algorithm: Ecdsa, secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Deriving costs a scalar multiplication, as much as a signature itself."""
    try:
        return ec.derive_private_key(int.from_bytes(secret, "big"), algorithm.curve)
    except ValueError:
        raise KeyNotAllowed(f"{algorithm.crv} key: expected a secret between 1 and the order of the curve") from None


@lru_cache
def _signing(algorithm: Ecdsa) -> ec.ECDSA:
    """Without randomness (RFC 6979) where OpenSSL can, from 3.2 on, so that no weak number gives the key away (VC-DI-ECDSA §3)."""
    try:
        return ec.ECDSA(algorithm.digest, deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(algorithm.digest)


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def _decoded(member: object) -> bytes:
    try:
        return base64url.decode(member) if isinstance(member, str) else b""
    except InputMalformed:
        return b""
