"""The trust list: a signed, numbered, expiring list of the issuers to believe and the relying parties to answer, with its history."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from credentials.jws import parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import Refused, TrustListInvalid
from trust.entries import IssuerEntry, RelyingPartyEntry
from trust.instants import read_numeric_date
from trust.members import each, only_members, whole_number

TRUST_LIST_TYP = "trust-list+jwt"
TRUST_LIST_SIZE = 1024 * 1024
"""How large a signed trust list may be, in bytes."""
_LIMITS = JsonLimits(size=TRUST_LIST_SIZE, members=50_000)


@dataclass(frozen=True, slots=True)
class TrustList:
    """What a signed trust list says; ``sequence`` grows with each edition."""

    sequence: int
    issued_at: datetime
    expires_at: datetime
    issuers: tuple[IssuerEntry, ...] = ()
    relying_parties: tuple[RelyingPartyEntry, ...] = ()

    @classmethod
    def parse(cls, document: JsonObject) -> "TrustList":
        """The list of a JSON document; raises ``InputMalformed`` with a pointer to what is wrong."""
        members = frozenset({"sequence", "iat", "exp", "issuers", "relying_parties"})
        table = only_members(document, members, pointer="")
        return cls(
            sequence=whole_number(table.get("sequence"), pointer="/sequence"),
            issued_at=read_numeric_date(table.get("iat"), pointer="/iat"),
            expires_at=read_numeric_date(table.get("exp"), pointer="/exp"),
            issuers=each(table, "issuers", IssuerEntry.parse, pointer=""),
            relying_parties=each(table, "relying_parties", RelyingPartyEntry.parse, pointer=""),
        )

    def to_json(self) -> JsonObject:
        return {
            "sequence": self.sequence,
            "iat": int(self.issued_at.timestamp()),
            "exp": int(self.expires_at.timestamp()),
            "issuers": [entry.to_json() for entry in self.issuers],
            "relying_parties": [entry.to_json() for entry in self.relying_parties],
        }

    def issuer(self, identifier: str) -> IssuerEntry | None:
        """The entry that names ``identifier`` among its identifiers."""
        return next((entry for entry in self.issuers if identifier in entry.identifiers), None)

    def relying_party(self, client_id: str) -> RelyingPartyEntry | None:
        return next((entry for entry in self.relying_parties if entry.client_id == client_id), None)

    def with_issuer(self, entry: IssuerEntry) -> "TrustList":
        """This list with ``entry`` added, in place of the one that shares an identifier with it."""
        others = tuple(known for known in self.issuers if not set(known.identifiers) & set(entry.identifiers))
        return replace(self, issuers=(*others, entry))

    def with_relying_party(self, entry: RelyingPartyEntry) -> "TrustList":
        others = tuple(known for known in self.relying_parties if known.client_id != entry.client_id)
        return replace(self, relying_parties=(*others, entry))


def sign_trust_list(trust_list: TrustList, key: SigningKey) -> str:
    """The list as a compact JWS of typ ``trust-list+jwt`` (RFC 7515 §7.1)."""
    payload = json.dumps(trust_list.to_json(), ensure_ascii=False, separators=(",", ":"))
    return sign_jws(payload.encode(), key, typ=TRUST_LIST_TYP)


@lru_cache(maxsize=8)
def read_trust_list(content: bytes, anchors: tuple[PublicKey, ...]) -> TrustList:
    """The list in ``content``, signed by one of ``anchors``.

    Says nothing about expiry or rollback; see ``refuse_rollback`` and ``trust.standing``. Raises ``TrustListInvalid``, also
    where ``anchors`` is empty.
    """
    try:
        return TrustList.parse(parse_object(_signed_payload(content, anchors), _LIMITS))
    except TrustListInvalid:
        raise
    except Refused as refusal:
        raise TrustListInvalid(f"trust list: {refusal}") from refusal


def _signed_payload(content: bytes, anchors: tuple[PublicKey, ...]) -> bytes:
    if len(content) > TRUST_LIST_SIZE:
        raise TrustListInvalid(f"trust list: expected at most {TRUST_LIST_SIZE} bytes, got {len(content)}")
    try:
        jws = parse_jws(content.decode("ascii"), typ=TRUST_LIST_TYP, limit=TRUST_LIST_SIZE)
    except UnicodeDecodeError:
        raise TrustListInvalid("trust list: expected a compact JWS") from None
    for anchor in anchors:
        try:
            return verify_jws(jws, anchor)
        except Refused:
            continue
    raise TrustListInvalid("trust list: expected the signature of one of the policy's anchors")


def refuse_rollback(trust_list: TrustList, *, seen: TrustList | None) -> None:
    """Raises ``TrustListInvalid`` where ``trust_list`` is older than one already ``seen``, or another one with the same number."""
    if seen is None or trust_list == seen:
        return
    if trust_list.sequence <= seen.sequence:
        raise TrustListInvalid(f"trust list: expected a sequence above {seen.sequence}, which was seen before, got {trust_list.sequence}")
