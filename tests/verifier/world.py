"""A small world for the verifier's tests: one issuer on one trust list, two holders, a hotel and a court, and a web in memory."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from credentials.formats import FORMATS
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.formats.ldp_vc import LdpVc
from credentials.id_card import ID_CARD_TYPE, ID_CARD_VCT, id_card_credential
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key, did_key_method
from credentials.status import INVALID, SUSPENDED, bitstring_credential, status_bits, token_status_list
from credentials.wire import StatusEntry, VerifiableCredential, VerifiablePresentation
from didresolver import CachingResolver
from doors.json import JsonObject
from doors.refusals import FetchFailed
from openid4vc.forms import parse_form
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.response import response_body
from runtime.fetch import Fetched
from tests.credentials.cards import EVIDENCE, claims
from trust.entries import Bilingual, Granted, IssuerEntry
from trust.snapshot import MemoryCache
from trust.trust_list import TrustList, sign_trust_list
from verifier.answer import Desk
from verifier.gathering import Online
from verifier.identity import Identity, make_identity
from verifier.policy import Policy
from verifier.policy_file import load_policy
from verifier.request import request_of
from verifier.session import Session
from verifier.store import Store

NOW = datetime(2026, 11, 21, 18, 42, tzinfo=UTC)
SITE, DID = "https://issuer.example", "did:web:issuer.example"
TRUST_LIST_URL = "https://trust.example/trust-list.jwt"
PORTRAIT = "data:image/jpeg;base64,/9j/4AAQSkZJRg=="
SUBJECT_CLAIMS = claims(portrait=PORTRAIT)
LISTS = {purpose: f"{SITE}/status/1/{purpose}" for purpose in ("revocation", "suspension", "token")}
HOTEL_CLAIMS = ("full_name", "citizen_number", "portrait", "age_over_18")


@dataclass(frozen=True)
class Holder:
    """A person's wallet keys: a did:key for W3C credentials, a plain key for SD-JWTs."""

    did_key: PrivateKey
    plain: PrivateKey

    @property
    def did(self) -> str:
        return did_key(self.did_key.public)


def new_holder() -> Holder:
    key = generate_key("EdDSA")
    return Holder(key.named(did_key_method(key.public)), generate_key("ES256"))


@dataclass
class Web:
    """Every address there is; ``asked`` counts what was fetched, ``down`` turns the network off."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    down: bool = False

    async def __call__(
        self,
        url: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = 65536,
        accept: str = "",
    ) -> Fetched:
        self.asked.append(url)
        if self.down:
            raise FetchFailed("network: expected one, got none")
        return Fetched(200 if url in self.pages else 404, self.pages.get(url, b""), "", "", url)


@dataclass
class World:
    """The issuer's keys and lists, the trust list's anchor, the holders, the clock's hand."""

    anchor: PrivateKey = field(default_factory=lambda: generate_key("EdDSA"))
    issuer_ldp: PrivateKey = field(default_factory=lambda: generate_key("EdDSA", kid=f"{DID}#ldp"))
    issuer_sd: PrivateKey = field(default_factory=lambda: generate_key("ES256", kid=f"{DID}#sd"))
    alice: Holder = field(default_factory=new_holder)
    mallory: Holder = field(default_factory=new_holder)
    web: Web = field(default_factory=Web)
    now: datetime = NOW
    revoked: set[int] = field(default_factory=set)
    suspended: set[int] = field(default_factory=set)
    cache: MemoryCache = field(default_factory=MemoryCache)

    def __post_init__(self) -> None:
        self.began = self.now
        self.publish()

    def clock(self) -> datetime:
        return self.now

    def publish(self) -> None:
        """Put DID document, key set, status lists and trust list on the web as they stand now."""
        self.web.pages.update(
            {
                f"{SITE}/.well-known/did.json": json.dumps(self._did_document()).encode(),
                f"{SITE}/.well-known/jwt-vc-issuer": json.dumps({"issuer": SITE, "jwks": {"keys": [self._jwk()]}}).encode(),
                f"{SITE}/.well-known/oauth-authorization-server": json.dumps(
                    {"issuer": SITE, "status_list_aggregation_endpoint": f"{SITE}/all-lists"}
                ).encode(),
                f"{SITE}/all-lists": json.dumps(
                    {"status_lists": [LISTS["token"]], "bitstring_status_lists": [LISTS["revocation"], LISTS["suspension"]]}
                ).encode(),
                TRUST_LIST_URL: sign_trust_list(self.trust_list(), self.anchor).encode(),
                LISTS["revocation"]: self._bitstring("revocation", self.revoked),
                LISTS["suspension"]: self._bitstring("suspension", self.suspended),
                LISTS["token"]: self._token_list(),
            }
        )

    def trust_list(self) -> TrustList:
        entry = IssuerEntry(
            identifiers=(DID, SITE),
            name=Bilingual("Registry office", "户籍处"),
            types=frozenset({ID_CARD_TYPE, ID_CARD_VCT}),
            granted=(Granted(self.began - timedelta(days=365)),),
        )
        return TrustList(1, self.began - timedelta(days=1), self.began + timedelta(days=30), (entry,))

    def policy(self, name: str) -> Policy:
        """A shipped policy on this world's trust list."""
        return load_policy(name).trusting(trust_list_url=TRUST_LIST_URL, anchors=(self.anchor.public,))

    def online(self) -> Online:
        return Online(CachingResolver(self.web, self.clock), self.web, self.cache)

    def whole_card(self, holder: Holder | None = None, *, index: int = 7, **changes: Any) -> VerifiableCredential:
        """The card as ldp_vc."""
        entries = tuple(StatusEntry("BitstringStatusListEntry", purpose, index, LISTS[purpose]) for purpose in ("revocation", "suspension"))
        return self._card("ldp_vc", DID, self.issuer_ldp, entries, holder=(holder or self.alice).did, **changes)

    def selective_card(self, holder: Holder | None = None, *, index: int = 7, **changes: Any) -> VerifiableCredential:
        """The card as dc+sd-jwt."""
        entries = (StatusEntry("status_list", "", index, LISTS["token"]),)
        return self._card("dc+sd-jwt", SITE, self.issuer_sd, entries, holder_key=(holder or self.alice).plain.public, **changes)

    def _card(self, form: str, issuer: str, key: PrivateKey, status: Sequence[StatusEntry], **changes: Any) -> VerifiableCredential:
        said = {
            "holder": "",
            "issuer": issuer,
            "valid_from": self.began - timedelta(days=30),
            "valid_until": self.began + timedelta(days=335),
            "status": status,
            "evidence": (EVIDENCE,),
        }
        key = changes.pop("key", key)
        credential = id_card_credential(changes.pop("claims", SUBJECT_CLAIMS), **{**said, **changes})
        return FORMATS[form].secure(credential, key, now=self.began - timedelta(days=30))

    def hotel_answer(
        self, request: PresentationRequest, *, holder: Holder | None = None, names: Sequence[str] = HOTEL_CLAIMS, **changes: Any
    ) -> VerifiablePresentation:
        """What a wallet shows the hotel: the selective card with the claims of ``names``."""
        card = changes.pop("card", None) or self.selective_card(**changes)
        shown = DcSdJwt().disclose(card, frozenset((name,) for name in names))
        return DcSdJwt().present(shown, (holder or self.alice).plain, nonce=request.nonce, audience=request.client_id.text, now=self.now)

    def court_answer(self, request: PresentationRequest, *, holder: Holder | None = None, **changes: Any) -> VerifiablePresentation:
        """What a wallet shows the court: the whole card."""
        card = changes.pop("card", None) or self.whole_card(**changes)
        return LdpVc().present(card, (holder or self.alice).did_key, nonce=request.nonce, audience=request.client_id.text, now=self.now)

    def _did_document(self) -> JsonObject:
        keys = (self.issuer_ldp, self.issuer_sd)
        methods = [{"id": key.kid, "type": "Multikey", "controller": DID, "publicKeyMultibase": key.public.multikey()} for key in keys]
        contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
        return {"@context": contexts, "id": DID, "verificationMethod": methods, "assertionMethod": [key.kid for key in keys]}

    def _jwk(self) -> JsonObject:
        return {**self.issuer_sd.public.jwk(), "kid": self.issuer_sd.kid}

    def _bitstring(self, purpose: str, indices: set[int]) -> bytes:
        bits = status_bits(dict.fromkeys(indices, 1), entries=131_072)
        credential = bitstring_credential(
            LISTS[purpose],
            issuer=DID,
            purpose=purpose,
            bits=bits,
            valid_from=self.now - timedelta(hours=1),
            valid_until=self.now + timedelta(days=7),
        )
        return LdpVc().secure(credential, self.issuer_ldp, now=self.now - timedelta(minutes=1)).wire

    def _token_list(self) -> bytes:
        bits = status_bits({**dict.fromkeys(self.suspended, SUSPENDED), **dict.fromkeys(self.revoked, INVALID)}, entries=131_072, width=2)
        token = token_status_list(
            LISTS["token"],
            bits,
            self.issuer_sd,
            issuer=SITE,
            now=self.now,
            expires_at=self.now + timedelta(days=7),
            ttl=timedelta(minutes=15),
        )
        return token.encode()


def desk_of(world: World, folder: Path, *, identity: Identity | None = None) -> Desk:
    """The desks of a hotel and a court under one roof."""
    return Desk(
        identity=identity or make_identity(folder / "keys", public_url="https://desk.example"),
        policies={name: world.policy(name) for name in ("hotel", "court")},
        store=Store.open(folder / "store"),
        source=world.online(),
        clock=world.clock,
        random=secrets.token_bytes,
    )


def form_of(session: Session, presentations: Mapping[str, VerifiablePresentation]) -> dict[str, str]:
    """The form that a wallet posts, encrypted where the session demands it."""
    shown = {query_id: [presentation.wire] for query_id, presentation in presentations.items()}
    return parse_form(response_body(shown, request=request_of(session)))


def plain(policy: Policy) -> Policy:
    """The policy without encryption of the answer."""
    text = policy.text.replace('"direct_post.jwt"', '"direct_post"')
    return replace(policy, response_mode="direct_post", text=text)
