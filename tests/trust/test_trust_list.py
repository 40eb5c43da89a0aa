"""The trust list: signed, numbered, and with its history."""

import json
from dataclasses import replace

import pytest

from credentials.jws import sign_jws
from credentials.keys import generate_key
from doors.refusals import InputMalformed, TrustListInvalid
from tests.trust.lists import ANCHOR, DID, HOTEL, NOW, SITE, issuer_entry, signed, trust_list
from trust.entries import Granted, IssuerEntry, host_of
from trust.trust_list import TrustList, read_trust_list, refuse_rollback


def test_a_signed_list_is_read_as_it_was_written() -> None:
    edition = replace(trust_list(), issued_at=NOW)

    assert read_trust_list(signed(edition), (ANCHOR.public,)) == edition


def test_an_entry_is_found_under_each_of_its_identifiers() -> None:
    edition = trust_list()

    assert edition.issuer(DID) is edition.issuer(SITE) is not None
    assert edition.issuer("did:web:mallory.example") is None
    assert edition.relying_party(HOTEL) is not None


def test_a_list_of_another_signer_is_refused() -> None:
    with pytest.raises(TrustListInvalid):
        read_trust_list(signed(trust_list()), (generate_key("EdDSA").public,))


def test_without_anchors_no_list_is_believed() -> None:
    with pytest.raises(TrustListInvalid):
        read_trust_list(signed(trust_list()), ())


def test_one_of_several_anchors_is_enough() -> None:
    assert read_trust_list(signed(trust_list()), (generate_key("ES256").public, ANCHOR.public))


@pytest.mark.parametrize("content", [b"", b"a.b.c", "虎符".encode(), b"x" * 2_000_000])
def test_what_is_no_signed_list_is_refused(content: bytes) -> None:
    with pytest.raises(TrustListInvalid):
        read_trust_list(content, (ANCHOR.public,))


def test_a_token_of_another_type_is_no_trust_list() -> None:
    token = sign_jws(json.dumps(trust_list().to_json()).encode(), ANCHOR, typ="vc+jwt")

    with pytest.raises(TrustListInvalid):
        read_trust_list(token.encode(), (ANCHOR.public,))


@pytest.mark.parametrize(
    "fault",
    [
        {"sequence": -1},
        {"sequence": True},
        {"iat": "today"},
        {"issuers": {}},
        {"issuers": [{}]},
        {"issuers": [{"identifiers": [], "name": {"en": "a", "zh-CN": "b"}, "types": [], "granted": []}]},
        {"surprise": 1},
    ],
)
def test_a_list_with_a_wrong_member_is_refused(fault: dict[str, object]) -> None:
    with pytest.raises(InputMalformed):
        TrustList.parse(trust_list().to_json() | fault)


def test_a_grant_must_end_after_it_begins() -> None:
    with pytest.raises(InputMalformed):
        Granted.parse({"from": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "/granted/0")


def follows(edition: TrustList, *, seen: TrustList | None) -> bool:
    try:
        refuse_rollback(edition, seen=seen)
    except TrustListInvalid:
        return False
    return True


def test_a_newer_edition_follows_an_older_one() -> None:
    assert follows(trust_list(sequence=8), seen=trust_list(sequence=7))
    assert follows(trust_list(), seen=None)
    assert follows(trust_list(), seen=trust_list())


def test_an_older_edition_is_refused_once_a_newer_was_seen() -> None:
    assert not follows(trust_list(sequence=6), seen=trust_list(sequence=7))


def test_another_edition_of_the_same_number_is_refused() -> None:
    assert not follows(trust_list(issuers=()), seen=trust_list())


def test_an_issuer_serves_status_lists_from_its_own_hosts_only() -> None:
    entry = issuer_entry(hosts=("cdn.example:8443",))

    assert entry.serves("https://issuer.example/status/1")
    assert entry.serves("https://ISSUER.example:443/status/1")
    assert entry.serves("https://cdn.example:8443/1")
    for other in (
        "https://issuer.example:8443/1",
        "https://mallory.example/1",
        "https://issuer.example@mallory.example/1",
        "file:///etc",
        "",
        "x",
    ):
        assert not entry.serves(other)


def test_the_host_of_a_did_web_has_its_port() -> None:
    assert host_of("did:web:localhost%3A8101") == host_of("http://localhost:8101/x") == "localhost:8101"
    assert host_of("did:key:z6Mk") == host_of("http://[") == ""


def test_an_added_entry_takes_the_place_of_the_one_with_its_identifier() -> None:
    edition = trust_list().with_issuer(issuer_entry(identifiers=(SITE, "did:web:new.example")))

    assert len(edition.issuers) == 1
    assert edition.issuer(DID) is None


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = issuer_entry(granted=(Granted(NOW.replace(year=2020), NOW.replace(year=2021)), Granted(NOW)), hosts=("cdn.example",))

    assert IssuerEntry.parse(entry.to_json(), "") == entry
    assert entry.name.in_language("zh-CN") == "户籍处"
