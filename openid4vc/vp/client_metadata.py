"""What a verifier says of itself in a request: the formats it reads and the keys to encrypt to (OpenID4VP 1.0 §5.1, §11)."""

from dataclasses import dataclass, field

from doors.json import JsonObject
from doors.refusals import RequestInvalid
from openid4vc.jwe import CONTENT_ENCRYPTIONS, KEY_AGREEMENT, RecipientKey, on_known_curve, recipient_key
from openid4vc.members import Members, without_absent

DEFAULT_ENC = "A128GCM"
ENC_PREFERENCE = ("A256GCM", "A128GCM")


@dataclass(frozen=True, slots=True)
class ClientMetadata:
    """The verifier's metadata; ``keys`` are the JWKs as sent, of which ``encryption_key`` picks one that is usable here."""

    vp_formats_supported: JsonObject = field(default_factory=dict)
    keys: tuple[JsonObject, ...] = ()
    enc_values: tuple[str, ...] = (DEFAULT_ENC,)

    @classmethod
    def parse(cls, members: Members) -> "ClientMetadata":
        """The metadata in a request; every other member is ignored (§5.1). Raises ``RequestInvalid``."""
        jwks = members.inner_or_none("jwks")
        keys = tuple(key.document for key in jwks.inners("keys")) if jwks else ()
        kids = [key.get("kid") for key in keys]
        if not all(isinstance(kid, str) and kid for kid in kids) or len(set(kids)) != len(kids):
            members.refuse("jwks", "keys with a kid each, no two the same")
        formats = members.inner_or_none("vp_formats_supported")
        return cls(
            vp_formats_supported=formats.document if formats else {},
            keys=keys,
            enc_values=members.texts_or("encrypted_response_enc_values_supported", (DEFAULT_ENC,)),
        )

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "vp_formats_supported": self.vp_formats_supported,
                "jwks": {"keys": list(self.keys)} if self.keys else None,
                "encrypted_response_enc_values_supported": None if self.enc_values == (DEFAULT_ENC,) else list(self.enc_values),
            }
        )

    def encryption_key(self) -> RecipientKey:
        """The first key that can be encrypted to here (§8.3: ``use`` absent or enc, ``alg`` present); raises ``RequestInvalid``."""
        for key in self.keys:
            if key.get("use", "enc") == "enc" and key.get("alg") == KEY_AGREEMENT and on_known_curve(key):
                return recipient_key(key, refusal=RequestInvalid)
        raise RequestInvalid("client_metadata: expected an ECDH-ES key to encrypt the answer to, got none", pointer="/client_metadata/jwks")

    def content_encryption(self) -> str:
        """The strongest content encryption that both sides know; raises ``RequestInvalid``."""
        for enc in ENC_PREFERENCE:
            if enc in self.enc_values:
                return enc
        raise RequestInvalid(
            f"client_metadata: expected {' or '.join(sorted(CONTENT_ENCRYPTIONS))}, got neither",
            pointer="/client_metadata/encrypted_response_enc_values_supported",
        )
