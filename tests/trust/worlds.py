"""A small country for the tests of judgement: an issuer with its keys and status lists, a holder, and what was gathered of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from credentials.formats import FORMATS
from credentials.id_card import id_card_credential
from credentials.keys import PrivateKey, PublicKey, generate_key
from credentials.keys.did_key import did_key
from credentials.status import bitstring_credential, status_bits, token_status_list
from credentials.wire import StatusEntry, VerifiableCredential
from tests.didresolver.worlds import did_document
from tests.trust.lists import DID, LIST_URL, NOW, SITE, signed, trust_list, trust_policy
from trust.facts import Facts, facts_of
from trust.judge import Judged, judge
from trust.snapshot import Snapshot, snapshot
from trust.trust_list import TrustList

KID = f"{DID}#key-1"
ISSUER_KEY, OTHER_KEY = generate_key("EdDSA", kid=KID), generate_key("EdDSA", kid=KID)
HOLDER_KEY = generate_key("EdDSA")
HOLDER = did_key(HOLDER_KEY.public)
REVOCATION, SUSPENSION, TOKEN = (f"{SITE}/status/1/{name}" for name in ("revocation", "suspension", "token"))
ENTRIES = 131_072
CLAIMS = {
    "family_name": "王",
    "given_name": "小明",
    "full_name": "王小明",
    "birth_date": "1990-01-02",
    "nationality": "CN",
    "document_number": "D123456",
    "issuing_authority": "Registry office",
    "expiry_date": "2030-01-01",
}
BITSTRING_STATUS = (
    StatusEntry("BitstringStatusListEntry", "revocation", 94, REVOCATION),
    StatusEntry("BitstringStatusListEntry", "suspension", 94, SUSPENSION),
)
TOKEN_STATUS = (StatusEntry("status_list", "", 94, TOKEN),)


def ldp_card(key: PrivateKey = ISSUER_KEY, *, status: tuple[StatusEntry, ...] = BITSTRING_STATUS, **changes: Any) -> VerifiableCredential:
    """An ID card as a W3C credential with a proof inside, issued under the DID."""
    members: dict[str, Any] = {"issuer": DID, "holder": HOLDER}
    members |= {"valid_from": NOW - timedelta(days=1), "valid_until": NOW + timedelta(days=365)}
    credential = id_card_credential(CLAIMS, status=status, evidence=(), **(members | changes))
    return FORMATS["ldp_vc"].secure(credential, key, now=NOW - timedelta(days=1))


def sd_jwt_card(key: PrivateKey = ISSUER_KEY, *, status: tuple[StatusEntry, ...] = TOKEN_STATUS, **changes: Any) -> VerifiableCredential:
    """An ID card as an SD-JWT VC, issued under the https address."""
    members: dict[str, Any] = {"issuer": SITE, "holder": "", "holder_key": HOLDER_KEY.public}
    members |= {"valid_from": NOW - timedelta(days=1), "valid_until": NOW + timedelta(days=365)}
    credential = id_card_credential(CLAIMS, status=status, evidence=(), **(members | changes))
    return FORMATS["dc+sd-jwt"].secure(credential, key, now=NOW - timedelta(days=1))


CARDS = {"ldp_vc": ldp_card, "dc+sd-jwt": sd_jwt_card}


@dataclass(frozen=True)
class World:
    """What the issuer publishes; ``facts`` is what was gathered of it at ``fetched_at``, name by name."""

    key: PrivateKey = ISSUER_KEY
    list_key: PrivateKey | None = None
    revoked: frozenset[int] = frozenset()
    suspended: frozenset[int] = frozenset()
    edition: TrustList = field(default_factory=trust_list)
    lists_from: datetime = NOW - timedelta(minutes=5)
    lists_until: datetime = NOW + timedelta(days=1)
    fetched_at: datetime = NOW
    fetched: Mapping[str, datetime] = field(default_factory=dict)
    replaced: Mapping[str, bytes] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    def facts(self) -> Facts:
        return facts_of(self.snapshots(), gathered_at=self.fetched_at)

    def snapshots(self) -> list[Snapshot]:
        found = [
            self._snapshot("trust-list", LIST_URL, signed(self.edition)),
            self._snapshot("did-document", DID, self.did_document()),
            self._snapshot("issuer-keys", SITE, issuer_metadata(self.key.public)),
            self._snapshot("status-list", REVOCATION, self.bitstring("revocation", REVOCATION, self.revoked)),
            self._snapshot("status-list", SUSPENSION, self.bitstring("suspension", SUSPENSION, self.suspended)),
            self._snapshot("status-list", TOKEN, self.token_list()),
        ]
        return [kept for kept in found if kept.name not in self.absent]

    def did_document(self) -> bytes:
        return orjson.dumps(did_document(DID, self.key.public))

    def bitstring(self, purpose: str, url: str, set_indices: frozenset[int]) -> bytes:
        bits = status_bits(dict.fromkeys(set_indices, 1), entries=ENTRIES)
        credential = bitstring_credential(
            url, issuer=DID, purpose=purpose, bits=bits, valid_from=self.lists_from, valid_until=self.lists_until
        )
        return FORMATS["ldp_vc"].secure(credential, self.list_key or self.key, now=self.lists_from).wire

    def token_list(self) -> bytes:
        statuses = dict.fromkeys(self.revoked, 1) | dict.fromkeys(self.suspended, 2)
        bits = status_bits(statuses, entries=ENTRIES, width=2)
        return token_status_list(
            TOKEN,
            bits,
            self.list_key or self.key,
            issuer=SITE,
            now=self.lists_from,
            expires_at=self.lists_until,
            ttl=timedelta(hours=1),
        ).encode()

    def _snapshot(self, kind: Any, name: str, content: bytes) -> Snapshot:
        return snapshot(kind, name, self.replaced.get(name, content), fetched_at=self.fetched.get(name, self.fetched_at))


def issuer_metadata(key: PublicKey, *, issuer: str = SITE) -> bytes:
    return orjson.dumps({"issuer": issuer, "jwks": {"keys": [key.jwk() | {"kid": KID}]}})


def judged(vc: VerifiableCredential, world: World | None = None, *, now: datetime = NOW, **policy: Any) -> Judged:
    return judge(vc, facts=(world or World()).facts(), policy=trust_policy(**policy), now=now)


def forged(vc: VerifiableCredential, **members: Any) -> VerifiableCredential:
    """The same wire form behind other looked-up members."""
    return replace(vc, **members)
