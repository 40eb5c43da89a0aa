"""The wallet asks for a credential and proves which keys it holds (OpenID4VCI 1.0 §8.2)."""

from dataclasses import dataclass

from doors.json import JsonObject, JsonValue
from doors.refusals import InvalidCredentialRequest, InvalidEncryptionParameters, InvalidProof
from openid4vc.jwe import CONTENT_ENCRYPTIONS, RecipientKey, recipient_key
from openid4vc.members import Members, without_absent


@dataclass(frozen=True, slots=True)
class Proofs:
    """Key proofs of one type: texts for ``jwt`` and ``attestation``, objects for ``di_vp`` (Appendix F)."""

    type: str
    values: tuple[JsonValue, ...]

    @classmethod
    def parse(cls, members: Members) -> "Proofs":
        """Exactly one member, named as the proof type, with a non-empty array; raises the refusal of ``members``."""
        if len(members.document) != 1:
            raise members.refusal("proofs: expected exactly one proof type", pointer=members.pointer)
        kind = next(iter(members.document))
        return cls(kind, members.items(kind))

    def to_json(self) -> JsonObject:
        return {self.type: list(self.values)}


@dataclass(frozen=True, slots=True)
class ResponseEncryption:
    """How the wallet wants its answer encrypted (§8.2)."""

    key: RecipientKey
    enc: str

    @classmethod
    def parse(cls, members: Members) -> "ResponseEncryption":
        if members.has("zip"):
            members.refuse("zip", "no compression")
        if members.text("enc") not in CONTENT_ENCRYPTIONS:
            members.refuse("enc", f"one of {', '.join(sorted(CONTENT_ENCRYPTIONS))}")
        return cls(recipient_key(members.inner("jwk").document, refusal=InvalidEncryptionParameters), members.text("enc"))

    def to_json(self) -> JsonObject:
        return {"jwk": self.key.jwk, "enc": self.enc}


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """A credential request; exactly one of ``configuration_id`` and ``credential_identifier`` is not ""."""

    proofs: Proofs | None
    configuration_id: str = ""
    credential_identifier: str = ""
    response_encryption: ResponseEncryption | None = None

    @classmethod
    def parse(cls, document: JsonObject) -> "CredentialRequest":
        """The request in a message; unknown members are ignored (§8.2).

        Raises ``InvalidCredentialRequest``; ``InvalidProof`` where ``proofs`` is there but not one non-empty array, or where the
        ``proof`` of the drafts stands in its place; ``InvalidEncryptionParameters``.
        """
        members = Members.of(document, InvalidCredentialRequest)
        if members.has("credential_configuration_id") == members.has("credential_identifier"):
            raise InvalidCredentialRequest("expected exactly one of credential_configuration_id and credential_identifier")
        if members.has("proof"):
            raise InvalidProof("proof: expected proofs (OpenID4VCI 1.0 §8.2), got the proof of a draft", pointer="/proof")
        encryption = Members.of(document, InvalidEncryptionParameters).inner_or_none("credential_response_encryption")
        proofs = Members.of(document, InvalidProof).inner_or_none("proofs")
        return cls(
            proofs=None if proofs is None else Proofs.parse(proofs),
            configuration_id=members.text_or("credential_configuration_id", ""),
            credential_identifier=members.text_or("credential_identifier", ""),
            response_encryption=None if encryption is None else ResponseEncryption.parse(encryption),
        )

    def to_json(self) -> JsonObject:
        return without_absent(
            {
                "credential_configuration_id": self.configuration_id,
                "credential_identifier": self.credential_identifier,
                "proofs": self.proofs and self.proofs.to_json(),
                "credential_response_encryption": self.response_encryption and self.response_encryption.to_json(),
            }
        )
