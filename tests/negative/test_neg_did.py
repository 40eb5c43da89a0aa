"""DIDs and DID documents that must be refused (rows R01 to R13), and L09, L10 at the door of a DID document."""

import asyncio
import gzip
from itertools import count
from pathlib import Path

import orjson
import pytest
from aiohttp import web

from credentials.did_document import DidDocument
from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from credentials.multibase import encode_base58btc
from didresolver import CachingResolver, Resolution, expand_self_certifying
from doors import base64url
from doors.refusals import (
    DidDeactivated,
    DidDocumentInvalid,
    DidInvalid,
    DidMethodUnsupported,
    DidStale,
    FetchTimeout,
    InputTooLarge,
    IssuerKeyMismatch,
    ProofPurposeMismatch,
    RedirectBlocked,
    Refused,
    TlsError,
    UrlBlocked,
)
from runtime.fetch import OutboundFetch
from tests.didresolver.worlds import Answers, HandClock, Handler, Site, as_bytes, did_document, https_site, site_of_old_tls

KEY = generate_key("EdDSA").public
DID = "did:web:issuer.example"
URL = "https://issuer.example/.well-known/did.json"


async def resolve_at(site: Site, *, total_seconds: float = 3.0) -> Resolution:
    async with site.fetch(total_seconds=total_seconds) as fetch:
        return await CachingResolver(fetch, HandClock()).resolve(site.did)


async def nobody_may_be_asked(host: str, port: int) -> tuple[str, ...]:
    raise AssertionError("a look-up was made for a DID that must be refused before")


async def document_page(request: web.Request) -> web.Response:
    port = request.host.rpartition(":")[2]
    return web.json_response(did_document(f"did:web:issuer.example%3A{port}", KEY))


async def refused(handler: Handler, folder: Path, refusal: type[Refused], *, seconds: float = 3.0) -> None:
    async with https_site(handler, folder) as site:
        with pytest.raises(refusal):
            await resolve_at(site, total_seconds=seconds)


@pytest.mark.parametrize(
    "did",
    [
        "did:web:127.0.0.1",
        "did:web:localhost",
        "did:web:[::1]",
        "did:web:%5B%3A%3A1%5D",
        "did:web:127.1",
        "did:web:2130706433",
        "did:web:0x7f.0.0.1",
        "did:web:0177.0.0.1",
        "did:web:LOCALHOST",
        "did:web:localhost.",
        "did:web:a.localhost",
        "did:web:%6c%6fcalhost",
        "did:web:127.0.0.1%3A8101",
    ],
)
async def test_neg_R01_web_loopback(did: str) -> None:
    async with OutboundFetch(look_up=nobody_may_be_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await CachingResolver(fetch, HandClock()).resolve(did)


async def test_neg_R01_web_loopback_twin() -> None:
    fetch = Answers({"http://localhost:8101/.well-known/did.json": as_bytes(did_document("did:web:localhost%3A8101", KEY))})

    assert await CachingResolver(fetch, HandClock(), development=True).resolve("did:web:localhost%3A8101")


PRIVATE = (
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "fd00::1",
    "fe80::1",
    "::ffff:10.0.0.1",
)


@pytest.mark.parametrize("address", PRIVATE)
async def test_neg_R02_web_private_and_metadata(address: str) -> None:
    async def look_up(host: str, port: int) -> tuple[str, ...]:
        return (address,)

    async with OutboundFetch(look_up=look_up) as fetch:
        with pytest.raises(UrlBlocked):
            await CachingResolver(fetch, HandClock()).resolve(DID)


@pytest.mark.parametrize("address", PRIVATE)
async def test_neg_R02_web_private_and_metadata_as_host(address: str) -> None:
    host = address if "." in address and ":" not in address else f"%5B{address.replace(':', '%3A')}%5D"
    async with OutboundFetch(look_up=nobody_may_be_asked) as fetch:
        with pytest.raises(UrlBlocked):
            await CachingResolver(fetch, HandClock()).resolve(f"did:web:{host}")


async def test_neg_R02_web_private_and_metadata_twin(tmp_path: Path) -> None:
    async with https_site(document_page, tmp_path) as site:
        assert (await resolve_at(site)).document.id == site.did


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["https://other.example/did.json", "http://issuer.example/did.json", "https://127.0.0.1/", "/.well-known/did.json"]
)
async def test_neg_R03_web_redirect(status: int, target: str, tmp_path: Path) -> None:
    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Location": target})

    await refused(redirect, tmp_path, RedirectBlocked)


async def test_neg_R04_web_dns_rebinding() -> None:
    async def look_up(host: str, port: int) -> tuple[str, ...]:
        return ("93.184.216.34", "127.0.0.1")

    async with OutboundFetch(look_up=look_up) as fetch:
        with pytest.raises(UrlBlocked):
            await CachingResolver(fetch, HandClock()).resolve(DID)


async def test_neg_R04_web_dns_rebinding_at_connect() -> None:
    async def look_up(host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    async with OutboundFetch(look_up=look_up) as fetch:
        with pytest.raises(UrlBlocked):
            await CachingResolver(fetch, HandClock()).resolve(DID)


@pytest.mark.parametrize("fault", ["expired", "unknown_authority", "wrong_name"])
async def test_neg_R05_web_http(fault: str, tmp_path: Path) -> None:
    name = "other.example" if fault == "wrong_name" else "issuer.example"
    async with https_site(
        document_page, tmp_path, certificate_name=name, expired=fault == "expired", unknown_authority=fault == "unknown_authority"
    ) as site:
        with pytest.raises(TlsError):
            await resolve_at(site)


async def test_neg_R05_web_http_tls_1_0(tmp_path: Path) -> None:
    async with site_of_old_tls(tmp_path) as site:
        with pytest.raises(TlsError):
            await resolve_at(site)


async def test_neg_R05_web_http_plain() -> None:
    fetch = Answers({URL: TlsError("no TLS there"), URL.replace("https", "http"): as_bytes(did_document(DID, KEY))})

    with pytest.raises(TlsError):
        await CachingResolver(fetch, HandClock(), development=True).resolve(DID)
    assert fetch.asked == [URL]


@pytest.mark.parametrize("identity", ["did:web:other.example", "did:web:ISSUER.example", "", None, "did:web:issuer.example#key-1"])
async def test_neg_R06_web_id_mismatch(identity: str | None) -> None:
    document = did_document(DID, KEY) | {"id": identity}

    with pytest.raises(DidDocumentInvalid):
        await CachingResolver(Answers({URL: as_bytes(document)}), HandClock()).resolve(DID)


async def test_neg_R06_web_id_mismatch_twin() -> None:
    assert await CachingResolver(Answers({URL: as_bytes(did_document(DID, KEY))}), HandClock()).resolve(DID)


async def _fifty_megabytes(request: web.Request) -> web.StreamResponse:
    return web.Response(body=b" " * 50_000_000)


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" " * 16_384)


async def _bomb(request: web.Request) -> web.StreamResponse:
    return web.Response(body=gzip.compress(b" " * 10_000_000), headers={"Content-Encoding": "gzip"})


@pytest.mark.parametrize("handler", [_fifty_megabytes, _endless, _bomb])
async def test_neg_R07_web_big(handler: Handler, tmp_path: Path) -> None:
    await refused(handler, tmp_path, InputTooLarge)


async def test_neg_R07_web_big_twin(tmp_path: Path) -> None:
    async def as_large_as_may_be(request: web.Request) -> web.Response:
        document = orjson.dumps(did_document(f"did:web:issuer.example%3A{request.host.rpartition(':')[2]}", KEY))
        return web.Response(body=document.ljust(65_536))

    async with https_site(as_large_as_may_be, tmp_path) as site:
        assert len((await resolve_at(site)).content) == 65_536


async def _byte_by_byte(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(0.1)


async def _silent(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(0.6)
    return web.Response()


@pytest.mark.parametrize("handler", [_byte_by_byte, _silent])
async def test_neg_R08_web_slow(handler: Handler, tmp_path: Path) -> None:
    await refused(handler, tmp_path, FetchTimeout, seconds=0.3)


ED25519, P256 = b"\xed\x01", b"\x80\x24"


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:tKwz7Ge1Yxzr4JHavN33wiwa8y81QdcMRLXQsrH9T53b",
        "did:key:z0OIl",
        "did:key:u7QF",
        "did:key:" + encode_base58btc(b"\xec\x01" + KEY.raw),
        "did:key:" + encode_base58btc(b"\x01" + KEY.raw),
        "did:key:" + encode_base58btc(ED25519 + KEY.raw[:31]),
        "did:key:" + encode_base58btc(ED25519 + KEY.raw + b"\0"),
        "did:key:" + encode_base58btc(P256 + b"\x02" + bytes(31)),
        "did:key:" + encode_base58btc(P256 + b"\x04" + bytes(64)),
        "did:key:" + KEY.multikey() + ":1",
        "did:key:" + KEY.multikey() + "#" + KEY.multikey(),
        "did:key:z" + "2" * 2_000,
    ],
    ids=count(),
)
def test_neg_R09_key_malformed(did: str) -> None:
    with pytest.raises(DidInvalid):
        expand_self_certifying(did)


def test_neg_R09_key_malformed_twin() -> None:
    assert expand_self_certifying(did_key(KEY)).methods


def _did_jwk(jwk: object) -> str:
    return f"did:jwk:{base64url.encode(orjson.dumps(jwk))}"


@pytest.mark.parametrize(
    "did",
    [
        _did_jwk(generate_key("EdDSA").private_jwk()),
        _did_jwk(generate_key("ES256").private_jwk()),
        _did_jwk(KEY.jwk() | {"d": ""}),
        _did_jwk({"kty": "oct", "k": "AAAA"}),
        _did_jwk(KEY.jwk() | {"use": "enc"}),
        _did_jwk([]),
        _did_jwk(KEY.jwk()) + "=",
        "did:jwk:" + base64url.encode(b'{"kty":"OKP","kty":"OKP"}'),
        "did:jwk:e30",
    ],
)
def test_neg_R10_jwk_private(did: str) -> None:
    with pytest.raises(DidInvalid):
        expand_self_certifying(did)


def test_neg_R10_jwk_private_twin() -> None:
    assert expand_self_certifying(_did_jwk(KEY.jwk())).methods


@pytest.mark.parametrize(
    ("did", "refusal"),
    [
        ("did:foo:1", DidMethodUnsupported),
        ("did:ion:abc", DidMethodUnsupported),
        ("did:webvh:abc:example.com", DidInvalid),
        ("did:", DidInvalid),
        ("DID:web:x", DidInvalid),
        ("did:WEB:x", DidInvalid),
        ("did:web:" + "a" * 10_000, DidInvalid),
        ("", DidInvalid),
        ("did:web:x\x00", DidInvalid),
    ],
)
async def test_neg_R11_method_unknown(did: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        await CachingResolver(Answers({}), HandClock()).resolve(did)


@pytest.mark.parametrize("answer", [410, as_bytes(did_document(DID, KEY) | {"deactivated": True})])
async def test_neg_R12_doc_deactivated(answer: bytes | int) -> None:
    with pytest.raises(DidDeactivated):
        await CachingResolver(Answers({URL: answer}), HandClock()).resolve(DID)


async def test_neg_R13_cache_stale() -> None:
    fetch, clock = Answers({URL: as_bytes(did_document(DID, KEY))}), HandClock()
    resolver = CachingResolver(fetch, clock)
    await resolver.resolve(DID)
    fetch.table[URL] = FetchTimeout("down")
    clock.passes(hours=24)
    assert await resolver.resolve(DID), "the twin: as old as it may be"

    clock.passes(seconds=1)
    with pytest.raises(DidStale):
        await resolver.resolve(DID)


def test_neg_L09_key_not_in_relationship() -> None:
    document = did_document(DID, KEY, purposes=("authentication",))
    twin = did_document(DID, KEY)

    with pytest.raises(ProofPurposeMismatch):
        DidDocument.parse(document, did=DID).key(f"{DID}#key-1", purpose="assertionMethod")
    assert DidDocument.parse(twin, did=DID).key(f"{DID}#key-1", purpose="assertionMethod") == KEY


def test_neg_L10_issuer_not_controller() -> None:
    document = did_document(DID, KEY)
    document["verificationMethod"] = [
        {"id": f"{DID}#key-1", "type": "Multikey", "controller": "did:web:mallory.example", "publicKeyMultibase": KEY.multikey()}
    ]

    with pytest.raises(IssuerKeyMismatch):
        DidDocument.parse(document, did=DID).key(f"{DID}#key-1", purpose="assertionMethod")
