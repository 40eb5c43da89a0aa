"""The issuer, holders and cards that are measured, and everything that is published about them, as of now."""

import base64
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES
from credentials.formats import FORMATS, Format, LdpVc
from credentials.id_card import ID_CARD_TYPE, ID_CARD_VCT, id_card_credential
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key, did_key_method
from credentials.status import bitstring_credential, status_bits, token_status_list
from credentials.wire import StatusEntry
from doors.json import JsonObject
from tests.issuer.world import citizen_number
from trust.entries import Bilingual, Granted, IssuerEntry
from trust.facts import Facts, facts_of
from trust.policy import TrustPolicy
from trust.snapshot import snapshot
from trust.trust_list import TrustList, sign_trust_list

SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
WRITERS: Mapping[str, Format] = {
    **{name: LdpVc(cryptosuite=CRYPTOSUITES[name]) for name in SUITES},
    "dc+sd-jwt": FORMATS["dc+sd-jwt"],
}
"""The measured formats by the names of performance figures: a cryptosuite of ldp_vc, or dc+sd-jwt with ES256."""
DOCUMENTS = ("id-card", "id-card-portrait", "unknown-shape")
ENTRIES = 131_072
_OPTIONAL = ("sex", "ethnicity", "resident_address", "citizen_number", "issuance_date", "age_over_18", "age_over_21")


def _named(key: PrivateKey) -> PrivateKey:
    return key.named(did_key_method(key.public))


@dataclass(frozen=True)
class Country:
    """``site`` is the issuer's address; ``did`` its did:web. Two keys for the issuer, two for the holder."""

    site: str = "https://issuer.example"
    did: str = "did:web:issuer.example"
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    anchor: PrivateKey = field(default_factory=lambda: _named(generate_key("EdDSA")))
    ed25519: PrivateKey = field(default_factory=lambda: generate_key("EdDSA"))
    p256: PrivateKey = field(default_factory=lambda: generate_key("ES256"))
    holder_ed25519: PrivateKey = field(default_factory=lambda: _named(generate_key("EdDSA")))
    holder_p256: PrivateKey = field(default_factory=lambda: generate_key("ES256"))

    @property
    def trust_list_url(self) -> str:
        return f"{self.site}/trust-list.jwt"

    def issuer_key(self, form: str) -> PrivateKey:
        return self.ed25519.named(f"{self.did}#ldp") if form in SUITES else self.p256.named(f"{self.did}#sd")

    def holder_key(self, form: str) -> PrivateKey:
        return self.holder_ed25519 if form in SUITES else self.holder_p256

    def list_url(self, purpose: str) -> str:
        return f"{self.site}/status/1/{purpose}"

    def credential(self, form: str, document: str, order: int, *, listed: bool = True) -> Credential:
        """One person's card, not secured yet; of ``unknown-shape`` no two of a pool are built alike."""
        members = (
            {"issuer": self.did, "holder": did_key(self.holder_ed25519.public)}
            if form in SUITES
            else {"issuer": self.site, "holder": "", "holder_key": self.holder_p256.public}
        )
        kind, purpose = ("BitstringStatusListEntry", "revocation") if form in SUITES else ("status_list", "")
        return id_card_credential(
            _claims(document, order),
            valid_from=self.now - timedelta(days=30, seconds=order),
            valid_until=self.now + timedelta(days=335, seconds=order),
            status=(StatusEntry(kind, purpose, order, self.list_url(purpose or "token")),) if listed else (),
            evidence=(),
            **members,
        )

    def pages(self) -> dict[str, bytes]:
        """Everything that is published, by its address."""
        keys = tuple(self.issuer_key(form) for form in ("eddsa-rdfc-2022", "dc+sd-jwt"))
        methods = [{"id": key.kid, "type": "Multikey", "controller": self.did, "publicKeyMultibase": key.public.multikey()} for key in keys]
        contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
        document = {"@context": contexts, "id": self.did, "verificationMethod": methods, "assertionMethod": [key.kid for key in keys]}
        named = {"issuer": self.site, "jwks": {"keys": [{**keys[1].public.jwk(), "kid": keys[1].kid}]}}
        return {
            f"{self.site}/.well-known/did.json": orjson.dumps(document),
            f"{self.site}/.well-known/jwt-vc-issuer": orjson.dumps(named),
            self.trust_list_url: sign_trust_list(self._trust_list(), self.anchor).encode(),
            self.list_url("revocation"): self.secured_list(self.bitstring(ENTRIES)),
            self.list_url("token"): self.token_list(ENTRIES),
        }

    def bitstring(self, entries: int) -> Credential:
        return bitstring_credential(
            self.list_url("revocation"),
            issuer=self.did,
            purpose="revocation",
            bits=status_bits(_revoked(entries), entries=entries),
            valid_from=self.now - timedelta(hours=1),
            valid_until=self.now + timedelta(days=7),
        )

    def secured_list(self, credential: Credential) -> bytes:
        return FORMATS["ldp_vc"].secure(credential, self.issuer_key("eddsa-rdfc-2022"), now=self.now - timedelta(minutes=1)).wire

    def token_list(self, entries: int) -> bytes:
        return token_status_list(
            self.list_url("token"),
            status_bits(_revoked(entries), entries=entries, width=2),
            self.issuer_key("dc+sd-jwt"),
            issuer=self.site,
            now=self.now,
            expires_at=self.now + timedelta(days=7),
            ttl=timedelta(minutes=15),
        ).encode()

    def facts(self) -> Facts:
        pages = self.pages()
        found = (
            ("trust-list", self.trust_list_url, pages[self.trust_list_url]),
            ("did-document", self.did, pages[f"{self.site}/.well-known/did.json"]),
            ("issuer-keys", self.site, pages[f"{self.site}/.well-known/jwt-vc-issuer"]),
            ("status-list", self.list_url("revocation"), pages[self.list_url("revocation")]),
            ("status-list", self.list_url("token"), pages[self.list_url("token")]),
        )
        snapshots = [snapshot(kind, name, content, fetched_at=self.now) for kind, name, content in found]  # type: ignore[arg-type]
        return facts_of(snapshots, gathered_at=self.now)

    def policy(self) -> TrustPolicy:
        return TrustPolicy(
            types=frozenset({ID_CARD_VCT}),
            issuers=frozenset({"*"}),
            anchors=(self.anchor.public,),
            trust_list_url=self.trust_list_url,
        )

    def _trust_list(self) -> TrustList:
        entry = IssuerEntry(
            identifiers=(self.did, self.site),
            name=Bilingual("Registry office", "户籍处"),
            types=frozenset({ID_CARD_TYPE, ID_CARD_VCT}),
            granted=(Granted(self.now - timedelta(days=365)),),
        )
        return TrustList(1, self.now - timedelta(days=1), self.now + timedelta(days=30), (entry,))


def _revoked(entries: int) -> dict[int, int]:
    """One in a hundred, all of them behind the places of the measured cards."""
    chance = random.Random(7)
    return dict.fromkeys(chance.sample(range(10000, entries), entries // 100), 1)


def _claims(document: str, order: int) -> JsonObject:
    """Fifteen claims about somebody who does not exist."""
    claims: dict[str, Any] = {
        "family_name": "李",
        "given_name": f"明{order}",
        "full_name": f"李明{order}",
        "birth_date": "1990-05-17",
        "sex": 2,
        "nationality": "CN",
        "ethnicity": "汉",
        "resident_address": f"北京市东城区某街{order}号",
        "citizen_number": citizen_number(1 + order % 400, born=date(1990, 5, 17)),
        "document_number": f"D{order:09d}",
        "issuing_authority": "Tiger Tally demo authority",
        "issuance_date": "2020-01-01",
        "expiry_date": "2040-01-01",
        "age_over_18": True,
        "age_over_21": True,
    }
    if document == "id-card-portrait":
        picture = b"\xff\xd8\xff\xe0" + random.Random(order).randbytes(20_000)
        claims["portrait"] = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
    if document == "unknown-shape":
        kept = {name for place, name in enumerate(_OPTIONAL) if order >> place & 1}
        claims = {name: value for name, value in claims.items() if name in kept or name not in _OPTIONAL}
    return claims
