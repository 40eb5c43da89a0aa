"""The question a desk asks: fresh each time, signed, and saying who, what, why and how long."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.keys import generate_key
from doors.refusals import RequestUntrusted, SettingsInvalid, StorePermissions
from openid4vc.vp.link import parse_request_link
from openid4vc.vp.request_object import open_request, read_request
from tests.verifier.world import World, plain
from verifier.answer import Desk
from verifier.identity import KEY_FILE, did_web, load_identity, make_identity
from verifier.policy_file import load_policy
from verifier.request import ask, request_of, response_key_of, signed, wallet_link
from verifier.session import Session


def asked(desk: Desk, name: str = "hotel") -> Session:
    return ask(desk.policies[name], identity=desk.identity, flow="cross_device", now=desk.clock(), random=desk.random)


def test_the_signed_request_names_the_desk_by_its_did(desk: Desk, world: World) -> None:
    session = asked(desk)
    text = signed(session, identity=desk.identity, wallet_nonce="abc")
    opened = open_request(text, client_id="decentralized_identifier:did:web:desk.example")
    assert opened.kid == desk.identity.key.kid
    request = read_request(text, desk.identity.key.public, client_id=desk.identity.client_id, now=world.now, skew=timedelta(seconds=60))
    assert request.wallet_nonce == "abc"
    assert request.destination == f"https://desk.example/oid4vp/response/{session.id}"


def test_an_altered_request_is_not_the_desks(desk: Desk, world: World) -> None:
    text = signed(asked(desk), identity=desk.identity)
    head, payload, signature = text.split(".")
    with pytest.raises(RequestUntrusted):
        read_request(
            f"{head}.{payload}.{signature[:-4]}AAAA",
            desk.identity.key.public,
            client_id=desk.identity.client_id,
            now=world.now,
            skew=timedelta(0),
        )


def test_no_two_questions_share_nonce_state_key_or_name(desk: Desk) -> None:
    first, second = request_of(asked(desk)), request_of(asked(desk))
    assert first.nonce != second.nonce
    assert first.state != second.state
    assert first.destination != second.destination
    assert first.client_metadata
    assert second.client_metadata
    assert first.client_metadata.keys[0]["x"] != second.client_metadata.keys[0]["x"]


def test_the_request_says_why_and_for_how_long(desk: Desk) -> None:
    purpose = request_of(asked(desk)).purpose
    policy = desk.policies["hotel"]
    assert purpose
    assert (purpose.purpose["zh-CN"], purpose.legal_basis["en"]) == (policy.purpose["zh-CN"], policy.legal_basis["en"])
    assert purpose.retention_days == 1


def test_the_private_key_for_the_answer_is_never_in_the_request(desk: Desk) -> None:
    session = asked(desk)
    key = response_key_of(session)
    assert key
    assert key.private_jwk["d"] not in str(session.request)


def test_a_policy_without_encryption_has_no_key(desk: Desk) -> None:
    session = ask(plain(desk.policies["hotel"]), identity=desk.identity, flow="cross_device", now=desk.clock(), random=desk.random)
    assert response_key_of(session) is None
    assert not request_of(session).encrypted


def test_the_qr_holds_a_short_link(desk: Desk) -> None:
    session = asked(desk)
    text = wallet_link(session.id, identity=desk.identity)
    link = parse_request_link(text)
    assert len(text) < 300
    assert (link.request_uri, link.request_uri_method) == (f"https://desk.example/oid4vp/request/{session.id}", "post")


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://desk.example", "did:web:desk.example"),
        ("http://127.0.0.1:8201", "did:web:127.0.0.1%3A8201"),
        ("https://desk.example/a/b", "did:web:desk.example:a:b"),
    ],
)
def test_the_desks_did_is_its_address(address: str, did: str) -> None:
    assert did_web(address) == did


@pytest.mark.parametrize("address", ["ftp://desk.example", "desk.example", "https://desk.example?x=1", "https://me@desk.example", ""])
def test_what_is_no_web_address_gives_no_did(address: str) -> None:
    with pytest.raises(SettingsInvalid):
        did_web(address)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_the_key_is_a_file_that_only_its_owner_reads(tmp_path: Path, algorithm: str) -> None:
    made = make_identity(tmp_path / "keys", public_url="https://desk.example", algorithm=algorithm)
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    loaded = load_identity(tmp_path / "keys", public_url="https://desk.example")
    assert (loaded.key.public, loaded.key.kid) == (made.key.public, made.key.kid)
    with pytest.raises(SettingsInvalid):
        make_identity(tmp_path / "keys", public_url="https://desk.example")
    file.chmod(0o644)
    with pytest.raises(StorePermissions):
        load_identity(tmp_path / "keys", public_url="https://desk.example")


def test_plain_policies_differ_from_shipped_ones_only_in_encryption() -> None:
    assert plain(load_policy("hotel")).credentials == load_policy("hotel").credentials


def test_a_key_that_wallets_do_not_read_is_no_identity(tmp_path: Path) -> None:
    make_identity(tmp_path / "keys", public_url="https://desk.example", algorithm="ES256")
    (tmp_path / "keys" / KEY_FILE).write_text(json.dumps(generate_key("ES384").private_jwk()))
    with pytest.raises(SettingsInvalid):
        load_identity(tmp_path / "keys", public_url="https://desk.example")
