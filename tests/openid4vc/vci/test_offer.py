"""Offers: read, written, carried by links."""

import pytest

from doors.refusals import InputMalformed, Refused, UnsupportedUri, UrlBlocked
from openid4vc.vci.offer import PRE_AUTHORIZED_CODE, CredentialOffer, PreAuthorizedGrant, TxCode
from openid4vc.vci.offer_link import offer_link, offer_reference_link, parse_offer_link

OFFER = CredentialOffer("https://issuer.example", ("IdCard_ldp",), PreAuthorizedGrant("code-1", TxCode(length=6)))


@pytest.mark.parametrize(
    "endpoint", ["openid-credential-offer://", "haip-vci://", "https://wallet.example/receive", "http://127.0.0.1:8301/r"]
)
def test_an_offer_survives_its_link(endpoint: str) -> None:
    assert parse_offer_link(offer_link(OFFER, endpoint=endpoint)).offer == OFFER


def test_an_offer_by_reference_survives_its_link() -> None:
    link = parse_offer_link(offer_reference_link("https://issuer.example/offers/o_1?x=1"))
    assert (link.offer, link.offer_uri) == (None, "https://issuer.example/offers/o_1?x=1")


@pytest.mark.parametrize("start", ["openid-credential-offer:", "openid-credential-offer:///", "OPENID-CREDENTIAL-OFFER://offer.example/a"])
def test_what_stands_before_the_question_mark_means_nothing(start: str) -> None:
    """Other wallets' makers write an address there."""
    assert parse_offer_link(f"{start}?credential_offer_uri=https%3A%2F%2Fa.example").offer_uri == "https://a.example"


def test_an_empty_tx_code_still_asks_for_one() -> None:
    """§4.1.1: a transaction code is required if the object is present, even if empty."""
    document = OFFER.to_json()
    document["grants"][PRE_AUTHORIZED_CODE]["tx_code"] = {}
    offer = CredentialOffer.parse(document)
    assert offer.pre_authorized is not None
    assert offer.pre_authorized.tx_code == TxCode("numeric", 0, "")
    assert "tx_code" in offer.to_json()["grants"][PRE_AUTHORIZED_CODE]


def test_unknown_members_and_grants_are_ignored() -> None:
    document = {**OFFER.to_json(), "colour": "red"}
    document["grants"] = {**document["grants"], "urn:example:barter": {"goat": 1}}
    assert CredentialOffer.parse(document) == OFFER


@pytest.mark.parametrize(
    "change",
    [
        {"credential_issuer": "http://issuer.example"},
        {"credential_issuer": "https://issuer.example?x=1"},
        {"credential_issuer": "https://issuer.example#f"},
        {"credential_issuer": "https://user@issuer.example"},
        {"credential_issuer": 1},
        {"credential_configuration_ids": []},
        {"credential_configuration_ids": ["a", "a"]},
        {"credential_configuration_ids": "a"},
        {"credential_configuration_ids": [None]},
        {"grants": []},
        {"grants": {PRE_AUTHORIZED_CODE: {}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": ""}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": "c", "tx_code": None}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": "c", "tx_code": {"input_mode": "voice"}}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": "c", "tx_code": {"length": 0}}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": "c", "tx_code": {"length": True}}}},
        {"grants": {PRE_AUTHORIZED_CODE: {"pre-authorized_code": "c", "tx_code": {"description": "x" * 301}}}},
    ],
)
def test_a_malformed_offer_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputMalformed):
        CredentialOffer.parse({**OFFER.to_json(), **change})


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("openid-credential-offer://?", UnsupportedUri),
        ("openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https%3A%2F%2Fa.example", UnsupportedUri),
        (
            "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example&credential_offer_uri=https%3A%2F%2Fb.example",
            UnsupportedUri,
        ),
        ("openid-credential-offer://user@a.example?credential_offer_uri=https%3A%2F%2Fa.example", UnsupportedUri),
        ("openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa.example#fragment", UnsupportedUri),
        ("openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd", UrlBlocked),
        ("openid-credential-offer://?credential_offer_uri=ftp%3A%2F%2Fa.example", UrlBlocked),
        ("openid-credential-offer://?credential_offer_uri=http%3A%2F%2Fa.example", UrlBlocked),
        ("openid-credential-offer://?credential_offer=%7B%22a%22:1,%22a%22:2%7D", Refused),
        ("openid-credential-offer://?credential_offer=%ff", UnsupportedUri),
    ],
)
def test_a_link_that_is_no_offer_is_refused(text: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        parse_offer_link(text)
