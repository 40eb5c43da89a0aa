"""One card in the wallet: the credential as it came, what its issuer signed, and the key that proves it is the holder's."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials.credential import Credential
from credentials.formats import FORMATS, SelectiveDisclosure
from credentials.keys import PrivateKey, private_key_from_jwk
from credentials.wire import VerifiableCredential
from doors import base64url
from doors.json import JsonObject
from doors.refusals import REFUSALS, CredentialExpired
from openid4vc.claims_path import ClaimPath
from openid4vc.vp.dcql import HeldCredential
from runtime.clock import parse_rfc3339, rfc3339
from trust.entries import Bilingual
from trust.type_names import type_names

KIND = "credential"
EVERY_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"
NUMBERS = frozenset({"citizen_number", "document_number"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What was last known of a card: the code of the refusal that ended its check ("" where it was good), and when."""

    code: str
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """A credential that was verified on receipt; ``document`` is what was verified, never read from ``wire`` again."""

    id: str
    format: str
    wire: bytes
    document: JsonObject
    private_jwk: JsonObject
    issuer_name: Bilingual
    title: Bilingual
    received_at: datetime
    standing: Standing

    @property
    def credential(self) -> Credential:
        return Credential(self.document)

    @property
    def claims(self) -> JsonObject:
        return self.credential.claims

    def key(self) -> PrivateKey:
        return private_key_from_jwk(self.private_jwk)

    def wired(self) -> VerifiableCredential:
        return FORMATS[self.format].parse(self.wire)

    def disclosable(self) -> tuple[ClaimPath, ...] | None:
        """The claims that can be kept back; None where the format shows all or nothing."""
        form = FORMATS[self.format]
        return form.disclosable(self.wired()) if isinstance(form, SelectiveDisclosure) else None

    def usable_at(self, now: datetime, *, skew: timedelta) -> bool:
        """Whether it may be offered for showing: in its time, and not found bad when it was last looked at (revoked, suspended, ...)."""
        try:
            self.credential.valid_at(now, skew)
        except CredentialExpired:
            return False
        return self.standing.code in {"", CredentialExpired.code} or REFUSALS[self.standing.code].verdict == "undecided"

    def held(self) -> HeldCredential:
        """The card as a query sees it."""
        return HeldCredential(
            id=self.id,
            format=self.format,
            types=type_names(self.credential.types) | {EVERY_CREDENTIAL},
            claims=self.document if self.format == "ldp_vc" else self.claims,
            disclosable=self.disclosable(),
        )

    def to_json(self) -> JsonObject:
        return {
            "format": self.format,
            "wire": base64url.encode(self.wire),
            "document": self.document,
            "key": self.private_jwk,
            "issuer_name": self.issuer_name.to_json(),
            "title": self.title.to_json(),
            "received_at": rfc3339(self.received_at),
            "standing": {"code": self.standing.code, "checked_at": rfc3339(self.standing.checked_at)},
        }


def holding_of(holding_id: str, value: JsonObject) -> Holding:
    """The card of a record of the store."""
    return Holding(
        id=holding_id,
        format=value["format"],
        wire=base64url.decode(value["wire"]),
        document=value["document"],
        private_jwk=value["key"],
        issuer_name=Bilingual.parse(value["issuer_name"], "/issuer_name"),
        title=Bilingual.parse(value["title"], "/title"),
        received_at=parse_rfc3339(value["received_at"]),
        standing=Standing(value["standing"]["code"], parse_rfc3339(value["standing"]["checked_at"])),
    )


def masked(name: str, value: object) -> str:
    """A claim as it is shown by default: long numbers keep their first three and last four digits, pictures are only named."""
    text = str(value)
    if name in NUMBERS and len(text) > 8:
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}"
    return "▣" if name == "portrait" else text
