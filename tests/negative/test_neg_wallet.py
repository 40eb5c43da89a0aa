"""What a wallet must refuse: strangers' offers and questions, changed answers, and everything that would decide for its holder."""

import json
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import web

from credentials.jws import sign_jws
from credentials.keys import PrivateKey, generate_key
from doors import base64url
from doors.refusals import (
    ApprovalRequired,
    BackupCorrupt,
    IssuerUntrusted,
    LockedOut,
    MetadataInvalid,
    MetadataMismatch,
    Overasking,
    RedirectBlocked,
    RequestExpired,
    RequestInvalid,
    RequestUntrusted,
    UnlockFailed,
    UnsupportedUri,
    UrlBlocked,
)
from openid4vc.vp.link import parse_request_link
from openid4vc.vp.request_object import REQUEST_OBJECT_TYP
from runtime.clock import utc_now
from runtime.crash import NEVER
from runtime.fetch import Fetched, OutboundFetch
from tests.issuer.service import free_port
from tests.seeds import seeded
from tests.wallet.conftest import PASSPHRASE, Holder, blank, holder, open_store, the_town, wallet_path
from tests.wallet.town import LDP, SD_JWT, Change, request_document, started, with_members
from verifier.session import Session
from wallet import backup, opening, vault
from wallet.check import holdings
from wallet.handlers.receiving import link_in
from wallet.history import history
from wallet.receive import look
from wallet.settings import WalletSettings
from wallet.store import WalletStore
from wallet.vault import FLOOR

__all__ = ["blank", "holder", "open_store", "the_town", "wallet_path"]
in_town = pytest.mark.asyncio(loop_scope="session")


def offer_of(document: Mapping[str, Any]) -> str:
    return f"openid-credential-offer://?credential_offer={quote(json.dumps(document))}"


def signed_by(key: Any, document: Mapping[str, Any]) -> Change:
    """A request object of ``document``, in place of what came."""
    text = sign_jws(json.dumps(document).encode(), key, typ=REQUEST_OBJECT_TYP)
    return lambda answer: replace(answer, content=text.encode())


async def asked_with(holder: Holder, session: Session, **changes: Any) -> None:
    """Open the session's question, changed before it was signed by the relying party itself; a member None is left out."""
    document = {name: value for name, value in {**request_document(session), **changes}.items() if value is not None}
    holder.network.changes["/oid4vp/request"] = signed_by(holder.town.desk.identity.key, _with_nonce(document))
    get = holder.town.link_to(session).replace("request_uri_method=post", "request_uri_method=get")
    try:
        await holder.open(get)
    finally:
        holder.network.changes.clear()


def _with_nonce(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "wallet_nonce"}


def nothing_sent(holder: Holder) -> bool:
    return not any("/oid4vp/response" in url for url in holder.network.asked)


@in_town
async def test_neg_W01_offer_untrusted_issuer(holder: Holder) -> None:
    real = (await holder.town.offer())["link"]
    stranger = offer_of({"credential_issuer": "https://stranger.example", "credential_configuration_ids": [LDP]})
    holder.network.asked.clear()
    with pytest.raises(IssuerUntrusted):
        await look(stranger, reach=holder.reach)
    assert all(url == holder.town.trust_url for url in holder.network.asked)
    assert (await look(real, reach=holder.reach)).issuer.name.en == "Registry office"


@in_town
async def test_neg_W02_offer_issuer_mismatch(holder: Holder) -> None:
    real = (await holder.town.offer())["link"]
    holder.network.changes["openid-credential-issuer"] = with_members(credential_issuer="https://other.example")
    with pytest.raises(MetadataMismatch):
        await look(real, reach=holder.reach)
    holder.network.changes.clear()
    assert (await look(real, reach=holder.reach)).offer.credential_issuer == holder.town.office.url


@in_town
async def test_neg_W02_endpoints_of_somebody_else(holder: Holder) -> None:
    real = (await holder.town.offer())["link"]
    for document, member in (("openid-credential-issuer", "credential_endpoint"), ("oauth-authorization-server", "token_endpoint")):
        holder.network.changes = {document: with_members(**{member: "https://other.example/take"})}
        with pytest.raises(MetadataInvalid):
            await look(real, reach=holder.reach)


BLOCKED = [
    "https://127.0.0.1/offer",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/offer",
    "https://[::1]/offer",
    "https://2130706433/offer",
    "https://localhost/offer",
    "file:///etc/passwd",
    "ftp://example.com/offer",
    "gopher://example.com/",
]


@in_town
@pytest.mark.parametrize("address", BLOCKED)
async def test_neg_W03_offer_uri_ssrf(holder: Holder, address: str) -> None:
    async with OutboundFetch(total_seconds=2) as strict:
        reach = replace(holder.reach, fetch=strict)
        with pytest.raises(UrlBlocked):
            await look(f"openid-credential-offer://?credential_offer_uri={quote(address)}", reach=reach)


@in_town
async def test_neg_W03_offer_uri_ssrf_twin(holder: Holder) -> None:
    link = (await holder.town.offer())["reference_link"]
    assert (await look(link, reach=holder.reach)).offer.configuration_ids == (LDP, SD_JWT)


@in_town
@pytest.mark.parametrize("client_id", ["unheard_of:somebody", "x509_san_dns:hotel.example", "https://hotel.example", "hotel"])
async def test_neg_W04_request_unknown_client_prefix(holder: Holder, client_id: str) -> None:
    session = await holder.town.question()
    link = holder.town.link_to(session).replace(quote(holder.town.desk.identity.client_id, safe=""), quote(client_id, safe=""))
    with pytest.raises(RequestUntrusted):
        await holder.open(link)
    assert nothing_sent(holder)


@in_town
async def test_neg_W04_outer_and_inner_client_differ(holder: Holder) -> None:
    session = await holder.town.question()
    with pytest.raises(RequestUntrusted):
        await asked_with(holder, session, client_id="decentralized_identifier:did:web:other.example")
    await asked_with(holder, session)


@in_town
@pytest.mark.parametrize("nonce", [None, "", "has a space", 7])
async def test_neg_W05_request_no_nonce(holder: Holder, nonce: object) -> None:
    session = await holder.town.question()
    with pytest.raises(RequestInvalid):
        await asked_with(holder, session, nonce=nonce)
    assert nothing_sent(holder)
    await asked_with(holder, session)


@in_town
@pytest.mark.parametrize("address", ["https://other.example/answer", "https://hotel.example:444/answer"])
async def test_neg_W06_request_response_uri_foreign(holder: Holder, address: str) -> None:
    session = await holder.town.question()
    with pytest.raises(RequestUntrusted):
        await asked_with(holder, session, response_uri=address)
    assert history(holder.store)[0].outcome == "request_untrusted"
    await asked_with(holder, session)


@in_town
async def test_neg_W07_request_redirect_and_response_uri(holder: Holder) -> None:
    session = await holder.town.question()
    with pytest.raises(RequestInvalid):
        await asked_with(holder, session, redirect_uri=request_document(session)["response_uri"])
    await asked_with(holder, session)


@in_town
async def test_neg_W08_request_overask(holder: Holder) -> None:
    registered = {kind: names - {"citizen_number"} for kind, names in _registered(holder).items()}
    holder.town.publish(attributes=registered)
    with pytest.raises(Overasking, match="citizen_number"):
        await holder.open(await holder.town.link())
    entry = history(holder.store)[0]
    assert (entry.act, entry.outcome) == ("refused", "overasking")
    assert nothing_sent(holder)
    holder.town.publish()
    holder.forget()
    await holder.open(await holder.town.link())


@in_town
async def test_neg_W08_request_for_any_card_at_all(holder: Holder) -> None:
    session = await holder.town.question()
    query = request_document(session)["dcql_query"]
    anything = {**query, "credentials": [{"id": "guest", "format": "ldp_vc", "meta": {"type_values": [["VerifiableCredential"]]}}]}
    with pytest.raises(Overasking):
        await asked_with(holder, session, dcql_query=anything)
    await asked_with(holder, session)


@in_town
async def test_neg_W10_request_expired_or_replayed(holder: Holder) -> None:
    session = await holder.town.question()
    now = int(utc_now().timestamp())
    with pytest.raises(RequestExpired):
        await asked_with(holder, session, iat=now - 300, exp=now - 61)
    link = holder.town.link_to(session)
    await holder.open(link)
    with pytest.raises(RequestExpired):
        await holder.open(link)


@in_town
async def test_neg_W10_a_request_without_an_end_is_never_forgotten(holder: Holder) -> None:
    session = await holder.town.question()
    await asked_with(holder, session, exp=None)
    later = replace(holder.reach, clock=lambda: utc_now() + timedelta(seconds=200))
    await holder.open(await holder.town.link())
    with pytest.raises(RequestExpired):
        await asked_with(Holder(holder.town, holder.store, later, holder.network), session, exp=None)


@in_town
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_neg_W11_http_redirect_on_fetch(holder: Holder, status: int) -> None:
    port = free_port()
    base, seen = f"http://127.0.0.1:{port}", []

    async def move(request: web.Request) -> web.Response:
        seen.append(request.path)
        return web.Response(status=status, headers={"Location": f"{base}/landed"})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", move)
    runner = await started(app, port)
    try:
        client = quote(holder.town.desk.identity.client_id, safe="")
        with pytest.raises(RedirectBlocked):
            await holder.open(f"openid4vp://?client_id={client}&request_uri={quote(base, safe='')}%2Fr")
        with pytest.raises(RedirectBlocked):
            await holder.reach.post_form(f"{base}/response", b"vp_token=x")
    finally:
        await runner.cleanup()
    assert seen == ["/r", "/response"]
    await holder.open(await holder.town.link())


def _broken_signature(answer: Fetched) -> Fetched:
    document = json.loads(answer.content)
    card = document["credentials"][0]["credential"]
    card["credentialSubject"]["full_name"] = "王小明"
    return replace(answer, content=json.dumps(document).encode())


@in_town
async def test_neg_W12_credential_bad_signature(holder: Holder) -> None:
    holder.network.changes["/credential"] = _broken_signature
    received = await holder.receive(configurations=(LDP,))
    assert (received.kept, [gone.refusal.code for gone in received.deleted]) == ((), ["sig_invalid"])
    assert holdings(holder.store) == ()
    assert (history(holder.store)[0].act, history(holder.store)[0].outcome) == ("refused", "sig_invalid")
    holder.network.changes.clear()
    assert len((await holder.receive(configurations=(LDP,))).kept) == 1


@in_town
@pytest.mark.parametrize("form", [LDP, SD_JWT])
async def test_neg_W13_credential_not_for_my_key(holder: Holder, form: str) -> None:
    """The issuer hands out a good card of somebody else."""
    another: list[bytes] = []

    def overheard(answer: Fetched) -> Fetched:
        another.append(answer.content)
        return answer

    holder.network.changes["/credential"] = overheard
    assert len((await holder.receive(configurations=(form,))).kept) == 1
    holder.network.changes["/credential"] = lambda answer: replace(answer, content=another[0])
    received = await holder.receive(configurations=(form,))
    assert [gone.refusal.code for gone in received.deleted] == ["holder_binding_invalid"]
    assert len(holdings(holder.store)) == 1


def test_neg_W14_unlock_wrong_passphrase(open_store: WalletStore, wallet_path: Path) -> None:
    settings, now = WalletSettings(wallet_path), datetime(2026, 11, 21, 12, tzinfo=UTC)
    codes = []
    for _ in range(10):
        try:
            opening.unlock(settings, "wrong wrong wrong", crash=NEVER, now=now)
        except LockedOut as refusal:
            codes.append(refusal.code)
            now += timedelta(seconds=int("".join(filter(str.isdigit, refusal.detail.partition("wait")[2]))))
            with pytest.raises(UnlockFailed):
                opening.unlock(settings, "wrong wrong wrong", crash=NEVER, now=now)
        except UnlockFailed as refusal:
            codes.append(refusal.code)
    assert codes == ["unlock_failed"] * 5 + ["locked_out"] * 5
    with pytest.raises(LockedOut, match=r"10 wrong passphrases; wait 3[23] seconds"):
        opening.unlock(settings, PASSPHRASE, crash=NEVER, now=now)
    assert opening.unlock(settings, PASSPHRASE, crash=NEVER, now=now + timedelta(seconds=32)).wallet_id == open_store.wallet_id


def test_neg_W15_import_backup_tampered(open_store: WalletStore, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "a passphrase of its own"
    open_store.change(put=(("credential", "c1", {"wire": "one"}),))
    content = backup.export(open_store, own, random=lambda size: bytes(range(size)), cost=FLOOR)
    assert [record.id for record in backup.read(content, own)] == ["c1"]
    derived = vault.unwrap
    kept: dict[bytes, bytes] = {}

    def once(wrapped: bytes, **how: Any) -> bytes:
        """The derivation of an unchanged head is paid once."""
        return kept.setdefault(wrapped, derived(wrapped, **how)) if wrapped not in kept else kept[wrapped]

    monkeypatch.setattr(backup, "unwrap", once)
    chosen = seeded()
    for _ in range(300):
        bit = chosen.randrange(len(content) * 8)
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BackupCorrupt):
            backup.read(bytes(flipped), own)
    for cut in range(0, len(content), 97):
        with pytest.raises(BackupCorrupt):
            backup.read(content[:cut], own)


@in_town
@pytest.mark.parametrize("parameter", ["auto_approve=true", "prompt=none", "consent=yes", "skip-confirmation=1", "accept=1"])
async def test_neg_W16_consent_bypass(holder: Holder, parameter: str) -> None:
    link = await holder.town.link()
    with pytest.raises(ApprovalRequired):
        await holder.open(f"{link}&{parameter}")
    with pytest.raises(ApprovalRequired):
        await look(f"{(await holder.town.offer())['link']}&{parameter}", reach=holder.reach)
    assert nothing_sent(holder)
    await holder.open(link)


@in_town
async def test_neg_W16_approval_inside_the_signed_request(holder: Holder) -> None:
    session = await holder.town.question()
    with pytest.raises(ApprovalRequired):
        await asked_with(holder, session, auto_approve=True)
    await asked_with(holder, session)


@in_town
async def test_neg_W16_deep_link_twice_in_one_second(holder: Holder) -> None:
    link = await holder.town.link()
    begun = time.monotonic()
    await holder.open(link)
    with pytest.raises(RequestExpired):
        await holder.open(link)
    assert time.monotonic() - begun < 5


HOSTILE = "\u202etoh<b onload=x>\x1b[31mel\u2066" + "A" * 10_000


@in_town
async def test_neg_W17_display_injection(holder: Holder) -> None:
    """A name from the issuer's own metadata is cut to one harmless line before it is shown or kept."""

    def renamed(answer: Fetched) -> Fetched:
        document = json.loads(answer.content)
        for configuration in document["credential_configurations_supported"].values():
            configuration.setdefault("credential_metadata", {})["display"] = [{"name": HOSTILE, "locale": "en"}]
        return replace(answer, content=json.dumps(document).encode())

    link = (await holder.town.offer(configurations=(LDP,)))["link"]
    holder.network.changes["openid-credential-issuer"] = renamed
    (title,) = (await look(link, reach=holder.reach)).titles()
    assert len(title.en) <= 80
    assert not set("\u202e\u2066\x1b") & set(title.en)
    holder.network.changes.clear()
    (plain,) = (await look(link, reach=holder.reach)).titles()
    assert (plain.en, plain.zh) != (title.en, title.zh)


@in_town
@pytest.mark.parametrize("uri", ["data:image/svg+xml,<svg/>", "javascript:alert(1)", "http://issuer.example/logo.png"])
async def test_neg_W17_a_logo_inside_the_metadata(holder: Holder, uri: str) -> None:
    """No logo is fetched or shown; who wants its address gets a refusal, unless it is an https one."""
    link = (await holder.town.offer())["link"]
    for shown, refused in ((uri, True), ("https://issuer.example/logo.png", False)):
        display = [{"name": "Registry office", "locale": "en", "logo": {"uri": shown}}]
        holder.network.changes["openid-credential-issuer"] = with_members(display=display)
        (read,) = (await look(link, reach=holder.reach)).metadata.display
        with pytest.raises(MetadataInvalid) if refused else nullcontext():
            read.logo_address()
    assert not any("logo" in url for url in holder.network.asked)


FOREIGN = ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "otherwallet://?client_id=x", "hello", "WIFI:S:x;;"]


@in_town
@pytest.mark.parametrize("text", FOREIGN)
async def test_neg_W19_qr_foreign_scheme(holder: Holder, text: str) -> None:
    with pytest.raises(UnsupportedUri):
        await holder.open(text)
    with pytest.raises(UnsupportedUri):
        await look(text, reach=holder.reach)
    assert holder.network.asked == []


@pytest.mark.parametrize("text", ["", "   ", "openid4vp://?client_id=" + "x" * 8_192])
def test_neg_W19_qr_of_eight_kilobytes(text: str) -> None:
    with pytest.raises(UnsupportedUri):
        parse_request_link(link_in({"link": text}))
    assert link_in({"link": " openid4vp://?client_id=x "}) == "openid4vp://?client_id=x"


@in_town
@pytest.mark.parametrize("change", ["signature", "payload", "stranger's key"])
async def test_neg_P13_request_object_bad_sig(holder: Holder, change: str) -> None:
    session = await holder.town.question()
    stranger: PrivateKey = generate_key("ES256", kid=holder.town.desk.identity.key.kid)

    def altered(answer: Fetched) -> Fetched:
        if change == "stranger's key":
            return signed_by(stranger, _with_nonce(request_document(session)))(answer)
        head, payload, signature = answer.content.decode().split(".")
        flip = {"A": "B"}
        changed = (payload, flip.get(signature[0], "A") + signature[1:]) if change == "signature" else (_other(payload), signature)
        return replace(answer, content=".".join((head, *changed)).encode())

    holder.network.changes["/oid4vp/request"] = altered
    with pytest.raises(RequestUntrusted):
        await holder.open(holder.town.link_to(session))
    assert nothing_sent(holder)
    holder.network.changes.clear()
    await holder.open(holder.town.link_to(session))


@in_town
async def test_neg_P13_a_relying_party_that_is_not_registered(holder: Holder) -> None:
    holder.town.publish(client_id="decentralized_identifier:did:web:somebody.example")
    with pytest.raises(RequestUntrusted):
        await holder.open(await holder.town.link())
    holder.town.publish()
    holder.forget()
    await holder.open(await holder.town.link())


def _registered(holder: Holder) -> dict[str, frozenset[str]]:
    policies = holder.town.desk.policies.values()
    names = frozenset(attribute.name for policy in policies for card in policy.credentials for attribute in card.attributes)
    return {kind: names for policy in policies for card in policy.credentials for kind in (*card.types, "IdCardCredential")}


def _other(payload: str) -> str:
    document = json.loads(base64url.decode(payload))
    return base64url.encode(json.dumps({**document, "state": "another"}).encode())
