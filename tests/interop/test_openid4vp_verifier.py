"""@openid4vc/openid4vp as a foreign verifier: it asks our wallet, and reads the encrypted answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from credentials.formats import DcSdJwt
from credentials.id_card import ID_CARD_VCT
from credentials.keys import PrivateKey, generate_key
from didresolver import CachingResolver
from doors.refusals import RequestUntrusted
from openid4vc.forms import parse_form
from openid4vc.jwe import generate_decryption_key
from runtime.crash import NEVER
from runtime.fetch import Fetched
from tests.interop.node import ask, needs_node
from tests.verifier.world import NOW, SUBJECT_CLAIMS, TRUST_LIST_URL, Web, World
from trust.entries import Bilingual, Granted, RelyingPartyEntry
from trust.policy import TrustPolicy
from trust.snapshot import MemoryCache
from trust.trust_list import sign_trust_list
from wallet.asked import open_asked
from wallet.holding import Holding, Standing
from wallet.match import Consent
from wallet.present import present
from wallet.reach import Reach
from wallet.store import WalletStore, create
from wallet.vault import FLOOR

pytestmark = needs_node
BANK, BANK_DID = "https://bank.example", "did:web:bank.example"
KID = f"{BANK_DID}#key-1"
NONCE, STATE = "n-8NnzGIlFVmSzqUzDbvpw", "s-6vVp"
ASKED = ("full_name", "age_over_18")


@dataclass
class Post(Web):
    """The web in memory, with a letter box at the bank."""

    letters: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, url: str, *, method: str = "GET", body: bytes | None = None, **options: Any) -> Fetched:
        if method == "POST" and url == f"{BANK}/response":
            self.letters.append(parse_form(body or b""))
            return Fetched(200, b"{}", "application/json", "", url)
        return await super().__call__(url, method=method, body=body, **options)


@dataclass
class Bank:
    """The foreign verifier: its keys, its question, and what its library makes of the answer."""

    world: World
    signing: PrivateKey = field(default_factory=lambda: generate_key("ES256", kid=KID))
    encryption: Any = field(default_factory=lambda: generate_decryption_key("enc-1"))

    @property
    def request(self) -> dict[str, Any]:
        claims = [{"path": [name]} for name in ASKED]
        query = {"id": "card", "format": "dc+sd-jwt", "meta": {"vct_values": [ID_CARD_VCT]}, "claims": claims}
        algorithms = {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]}
        return {
            "response_type": "vp_token",
            "client_id": f"decentralized_identifier:{BANK_DID}",
            "nonce": NONCE,
            "state": STATE,
            "response_uri": f"{BANK}/response",
            "response_mode": "direct_post.jwt",
            "dcql_query": {"credentials": [query]},
            "client_metadata": {
                "jwks": {"keys": [self.encryption.public_jwk()]},
                "vp_formats_supported": {"dc+sd-jwt": algorithms},
                "encrypted_response_enc_values_supported": ["A128GCM"],
            },
        }

    async def link(self) -> str:
        order = {"request": self.request, "key": self.signing.private_jwk(), "did_url": KID}
        return str(await ask("openid4vp.mjs", do="ask", clock=NOW.timestamp() * 1000, **order))

    async def read(self, letter: Mapping[str, str]) -> Any:
        order = {"request": self.request, "key": dict(self.encryption.private_jwk), "response": letter["response"]}
        return await ask("openid4vp.mjs", do="read", clock=NOW.timestamp() * 1000, **order)

    def did_document(self) -> bytes:
        method = {"id": KID, "type": "Multikey", "controller": BANK_DID, "publicKeyMultibase": self.signing.public.multikey()}
        contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
        return orjson.dumps(
            {"@context": contexts, "id": BANK_DID, "verificationMethod": [method], "authentication": [KID], "assertionMethod": [KID]}
        )

    def entry(self) -> RelyingPartyEntry:
        return RelyingPartyEntry(
            client_id=f"decentralized_identifier:{BANK_DID}",
            name=Bilingual("Bank", "银行"),
            hosts=("bank.example",),
            attributes={ID_CARD_VCT: frozenset(ASKED)},
            purpose=Bilingual("Opening an account", "开户"),
            granted=(Granted(NOW.replace(month=1)),),
        )


@pytest.fixture
def world() -> World:
    return World(web=Post())


@pytest.fixture
def bank(world: World) -> Bank:
    """A bank that stands on the trust list."""
    made = Bank(world)
    edition = replace(world.trust_list(), relying_parties=(made.entry(),))
    world.web.pages[TRUST_LIST_URL] = sign_trust_list(edition, world.anchor).encode()
    world.web.pages[f"{BANK}/.well-known/did.json"] = made.did_document()
    return made


@pytest.fixture
def store(tmp_path: Path) -> WalletStore:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    return create(folder / "wallet", "correct horse battery staple", random=lambda size: bytes(range(size)), crash=NEVER, cost=FLOOR)


def reach(world: World) -> Reach:
    policy = TrustPolicy(
        types=frozenset({ID_CARD_VCT}), issuers=frozenset({"*"}), anchors=(world.anchor.public,), trust_list_url=TRUST_LIST_URL
    )
    resolver = CachingResolver(world.web, world.clock)
    return Reach(world.web, resolver, MemoryCache(), policy, world.clock, random=lambda size: bytes(range(size)), crash=NEVER)


def held(world: World) -> Holding:
    card = world.selective_card()
    return Holding(
        id="card_1",
        format=card.format,
        wire=card.wire,
        document=DcSdJwt().verify(card, world.issuer_sd.public).document,
        private_jwk=world.alice.plain.private_jwk(),
        issuer_name=Bilingual("Registry office", "户籍处"),
        title=Bilingual("ID card", "身份证"),
        received_at=NOW,
        standing=Standing("", NOW),
    )


async def test_our_wallet_answers_a_foreign_verifier_and_shows_only_what_it_asks_for(world: World, bank: Bank, store: WalletStore) -> None:
    asked = await open_asked(await bank.link(), store=store, reach=reach(world))

    shown = await present(asked, Consent({"card": "card_1"}), [held(world)], store=store, reach=reach(world))

    assert isinstance(world.web, Post)
    answer = await bank.read(world.web.letters[0])
    presentation = DcSdJwt().parse_presentation(answer["presentations"]["card"][0].encode())
    credential = DcSdJwt().verify(presentation.credentials[0], world.issuer_sd.public)
    assert (answer["kind"], set(shown.attributes)) == ("Encrypted", set(ASKED))
    assert credential.claims == {name: SUBJECT_CLAIMS[name] for name in ASKED}


async def test_our_wallet_refuses_a_foreign_verifier_that_nobody_registered(world: World, bank: Bank, store: WalletStore) -> None:
    world.publish()

    with pytest.raises(RequestUntrusted):
        await open_asked(await bank.link(), store=store, reach=reach(world))


async def test_our_wallet_refuses_a_request_signed_with_another_key(world: World, bank: Bank, store: WalletStore) -> None:
    bank.signing = generate_key("ES256", kid=KID)

    with pytest.raises(RequestUntrusted):
        await open_asked(await bank.link(), store=store, reach=reach(world))
