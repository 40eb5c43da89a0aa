"""A fresh challenge for the wallet's key proofs (OpenID4VCI 1.0 §7)."""

from dataclasses import dataclass

from doors.json import JsonObject
from doors.refusals import InputMalformed
from openid4vc.members import Members


@dataclass(frozen=True, slots=True)
class NonceResponse:
    """The answer of the nonce endpoint; to be sent with ``Cache-Control: no-store`` (§7.2)."""

    c_nonce: str

    @classmethod
    def parse(cls, document: JsonObject) -> "NonceResponse":
        return cls(Members.of(document, InputMalformed).text("c_nonce"))

    def to_json(self) -> JsonObject:
        return {"c_nonce": self.c_nonce}
