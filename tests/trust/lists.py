"""Entries, lists and policies for the tests of trust."""

from datetime import UTC, datetime, timedelta

from credentials.id_card.names import ID_CARD_TYPE, ID_CARD_VCT
from credentials.keys import generate_key
from trust.entries import Bilingual, Granted, IssuerEntry, RelyingPartyEntry
from trust.facts import Facts, facts_of
from trust.policy import TrustPolicy
from trust.snapshot import snapshot
from trust.trust_list import TrustList, sign_trust_list

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LIST_URL = "https://trust.example/trust-list.jwt"
ANCHOR = generate_key("EdDSA", kid="anchor")
DID, SITE = "did:web:issuer.example", "https://issuer.example"
HOTEL = "decentralized_identifier:did:web:hotel.example"


def issuer_entry(**changes: object) -> IssuerEntry:
    members: dict[str, object] = {
        "identifiers": (DID, SITE),
        "name": Bilingual("Registry office", "户籍处"),
        "types": frozenset({ID_CARD_TYPE, ID_CARD_VCT}),
        "granted": (Granted(datetime(2026, 1, 1, tzinfo=UTC)),),
    }
    return IssuerEntry(**(members | changes))  # type: ignore[arg-type]


def hotel_entry(**changes: object) -> RelyingPartyEntry:
    members: dict[str, object] = {
        "client_id": HOTEL,
        "name": Bilingual("Harbour Hotel", "海港酒店"),
        "hosts": ("hotel.example",),
        "attributes": {ID_CARD_VCT: frozenset({"full_name", "age_over_18"})},
        "purpose": Bilingual("Registration of guests", "旅客登记"),
        "granted": (Granted(datetime(2026, 1, 1, tzinfo=UTC)),),
    }
    return RelyingPartyEntry(**(members | changes))  # type: ignore[arg-type]


def trust_list(**changes: object) -> TrustList:
    members: dict[str, object] = {
        "sequence": 7,
        "issued_at": NOW - timedelta(days=1),
        "expires_at": NOW + timedelta(days=6),
        "issuers": (issuer_entry(),),
        "relying_parties": (hotel_entry(),),
    }
    return TrustList(**(members | changes))  # type: ignore[arg-type]


def signed(edition: TrustList) -> bytes:
    return sign_trust_list(edition, ANCHOR).encode()


def facts_with(edition: TrustList, *, fetched_at: datetime = NOW) -> Facts:
    return facts_of([snapshot("trust-list", LIST_URL, signed(edition), fetched_at=fetched_at)], gathered_at=fetched_at)


def trust_policy(**changes: object) -> TrustPolicy:
    members: dict[str, object] = {
        "types": frozenset({ID_CARD_VCT}),
        "issuers": frozenset({"*"}),
        "anchors": (ANCHOR.public,),
        "trust_list_url": LIST_URL,
    }
    return TrustPolicy(**(members | changes))  # type: ignore[arg-type]
