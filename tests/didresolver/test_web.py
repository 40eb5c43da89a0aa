"""Where the document of a did:web lies, and what is read from there."""

from pathlib import Path

import pytest
from aiohttp import web

from credentials.keys import generate_key
from didresolver import CachingResolver
from didresolver.methods.web import document_url, read_document
from doors.refusals import DidDeactivated, DidDocumentInvalid, DidInvalid, DidNotFound, DidOptionUnsupported, FetchFailed, Refused
from tests.didresolver.worlds import MORNING, Answers, HandClock, as_bytes, did_document, https_site

DID = "did:web:issuer.example"
URL = "https://issuer.example/.well-known/did.json"


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json"),
        ("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json"),
        ("did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json"),
        ("did:web:example.com%3a3000:user:alice", "https://example.com:3000/user/alice/did.json"),
    ],
)
def test_a_did_web_names_its_address(did: str, url: str) -> None:
    assert document_url(did, development=False) == url


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_in_development_this_machine_is_reached_by_plain_http(host: str) -> None:
    assert document_url(f"did:web:{host}%3A8101", development=True) == f"http://{host}:8101/.well-known/did.json"


@pytest.mark.parametrize(
    "did",
    [
        "did:web:example.com:..:secret",
        "did:web:example.com:%2e%2e:secret",
        "did:web:example.com:a%2Fb",
        "did:web:example.com%3Aport",
        "did:web:example.com%3A",
        "did:web:example.com%3A99999",
        "did:web:exa_mple.com",
        "did:web:-a.example",
        "did:web:user@example.com",
        "did:web:example.com:",
        "did:web:example.com%2Fpath",
    ],
)
def test_a_did_web_that_bends_its_address_is_refused(did: str) -> None:
    with pytest.raises(DidInvalid):
        document_url(did, development=False)


async def resolved(table: dict[str, bytes | int | Refused]) -> object:
    return await CachingResolver(Answers(table), HandClock()).resolve(DID)


@pytest.mark.parametrize(
    ("answer", "refusal"), [(404, DidNotFound), (410, DidDeactivated), (500, FetchFailed), (b"[]", DidDocumentInvalid)]
)
async def test_a_server_without_the_document_is_told_apart(answer: bytes | int, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        await resolved({URL: answer})


def test_a_document_that_says_it_is_deactivated_is_refused() -> None:
    document = did_document(DID, generate_key("EdDSA").public) | {"deactivated": True}

    with pytest.raises(DidDeactivated):
        read_document(as_bytes(document), DID)


async def test_a_did_web_does_not_answer_for_the_past() -> None:
    resolver = CachingResolver(Answers({URL: as_bytes(did_document(DID, generate_key("EdDSA").public))}), HandClock())

    with pytest.raises(DidOptionUnsupported):
        await resolver.resolve(DID, version_time=MORNING)


async def test_a_did_web_is_resolved_from_a_real_server(tmp_path: Path) -> None:
    key = generate_key("ES256").public

    async def serve(request: web.Request) -> web.Response:
        assert request.path == "/.well-known/did.json"
        return web.json_response(did_document(site.did, key))

    async with https_site(serve, tmp_path) as site, site.fetch() as fetch:
        resolution = await CachingResolver(fetch, HandClock()).resolve(site.did)

    assert resolution.document.key(f"{site.did}#key-1", purpose="assertionMethod") == key
    assert resolution.retrieved_at == MORNING
