"""The W3C status list: one bit a credential, inside a credential of its own (Bitstring Status List 1.0)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials import multibase
from credentials.credential import Credential
from credentials.model.rules import CREDENTIALS_V2
from credentials.status.bits import EXPANDED_LIMIT, StatusBits, from_gzip, mirrored, to_gzip
from credentials.timestamps import format_timestamp
from doors.json import JsonObject
from doors.refusals import CredentialExpired, InputMalformed, StatusInvalid, StatusStale

MINIMUM_ENTRIES = 131_072
"""Fewer would tell who is asked about (Bitstring Status List §6.1)."""
LIST_TYPE = "BitstringStatusListCredential"
SUBJECT_TYPE = "BitstringStatusList"


@dataclass(frozen=True, slots=True)
class BitstringStatusList:
    """A list whose proof has been verified, for one purpose (``revocation``, ``suspension``)."""

    credential: Credential
    purpose: str
    bits: StatusBits

    @property
    def issuer(self) -> str:
        return self.credential.issuer

    def get(self, index: int) -> int:
        """1 where the status is set, else 0; raises ``StatusIndexInvalid`` outside the list."""
        return self.bits.get(index)

    def fresh_at(self, now: datetime, skew: timedelta) -> None:
        """Return if ``now`` lies in the list's own period; raise ``StatusStale`` (§3.2 validUntil)."""
        try:
            self.credential.valid_at(now, skew)
        except CredentialExpired as error:
            raise StatusStale("status list: expected one in its period of validity") from error


def bitstring_credential(
    list_url: str, *, issuer: str, purpose: str, bits: StatusBits, valid_from: datetime, valid_until: datetime
) -> Credential:
    """The status list as a credential, to be secured as any other (§2.2); raises ``StatusInvalid`` for bits of another width or too few."""
    if bits.width != 1 or len(bits) < MINIMUM_ENTRIES:
        raise StatusInvalid(f"status list: expected at least {MINIMUM_ENTRIES} entries of one bit")
    return Credential.parse(
        {
            "@context": [CREDENTIALS_V2],
            "id": list_url,
            "type": ["VerifiableCredential", LIST_TYPE],
            "issuer": issuer,
            "validFrom": format_timestamp(valid_from),
            "validUntil": format_timestamp(valid_until),
            "credentialSubject": {
                "id": f"{list_url}#list",
                "type": SUBJECT_TYPE,
                "statusPurpose": purpose,
                "encodedList": multibase.encode_base64url(to_gzip(mirrored(bits.octets))),
            },
        }
    )


def read_bitstring(credential: Credential, *, list_url: str, purpose: str, limit: int = EXPANDED_LIMIT) -> BitstringStatusList:
    """The list in a verified ``credential`` (§3.2); expands to at most ``limit`` bytes.

    Raises ``StatusInvalid`` (not a list, another address or purpose, too short, damaged) and ``InputTooLarge``.
    """
    if LIST_TYPE not in credential.types:
        raise StatusInvalid(f"status list: expected the type {LIST_TYPE}")
    if not list_url or credential.id != list_url:
        raise StatusInvalid("status list: expected its id to be the address that the credential names")
    subject = _subject(credential)
    if purpose not in _purposes(subject):
        raise StatusInvalid("status list: expected the purpose that the credential names")
    bits = StatusBits(mirrored(from_gzip(_compressed(subject), limit=limit)))
    if len(bits) < MINIMUM_ENTRIES:
        raise StatusInvalid(f"status list: expected at least {MINIMUM_ENTRIES} entries, got {len(bits)}")
    return BitstringStatusList(credential, purpose, bits)


def _subject(credential: Credential) -> JsonObject:
    subject = credential.subjects[0]
    if len(credential.subjects) != 1 or subject.get("type") not in (SUBJECT_TYPE, [SUBJECT_TYPE]):
        raise StatusInvalid(f"status list: expected one subject of the type {SUBJECT_TYPE}")
    if subject.get("statusSize", 1) != 1:
        raise StatusInvalid("status list: expected entries of one bit")
    return subject


def _purposes(subject: JsonObject) -> list[str]:
    purposes = subject.get("statusPurpose")
    return purposes if isinstance(purposes, list) else [purposes] if isinstance(purposes, str) else []


def _compressed(subject: JsonObject) -> bytes:
    encoded = subject.get("encodedList")
    if not isinstance(encoded, str):
        raise StatusInvalid("status list: expected encodedList as text")
    try:
        return multibase.decode_base64url(encoded)
    except InputMalformed as error:
        raise StatusInvalid("status list: expected encodedList as multibase base64url") from error
