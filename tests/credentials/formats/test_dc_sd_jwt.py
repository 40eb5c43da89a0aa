"""The card as an SD-JWT VC: issued, kept, shown in part, verified."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.id_card import ID_CARD_VCT
from credentials.jsonld import canonicalize
from credentials.jws import parse_jws
from credentials.keys import generate_key
from credentials.wire import StatusEntry
from doors.refusals import (
    AudMismatch,
    ClaimMissing,
    DataModelMismatch,
    HolderBindingInvalid,
    KeyNotAllowed,
    ProofExpired,
    Refused,
    SigInvalid,
)
from tests.credentials.cards import AUDIENCE, EVIDENCE, HOLDER, ISSUER, LIST_URL, NONCE, NOW, SKEW, STATUS, card, claims, issued
from tests.credentials.tampering import digest, disclosure, parts_of, payload_of, sd_jwt

FORMAT = DcSdJwt()


@pytest.mark.parametrize("issuer_algorithm", ["ES256", "EdDSA"])
@pytest.mark.parametrize("holder_algorithm", ["ES256", "EdDSA"])
def test_the_whole_way_of_a_card(issuer_algorithm: str, holder_algorithm: str) -> None:
    issuer_key, holder_key = generate_key(issuer_algorithm, kid="did:web:issuer.example#1"), generate_key(holder_algorithm)
    vc = FORMAT.secure(card(holder_key=holder_key.public), issuer_key, now=NOW)
    shown = FORMAT.disclose(vc, frozenset({("age_over_18",)}))
    sent = FORMAT.present(shown, holder_key, nonce=NONCE, audience=AUDIENCE, now=NOW)

    presentation = FORMAT.parse_presentation(sent.wire)
    credential = FORMAT.verify(presentation.credentials[0], issuer_key.public)
    assert credential.holder_key == holder_key.public
    FORMAT.verify_presentation(presentation, holder_key.public, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=SKEW)

    assert presentation == sent
    assert credential.claims == {"age_over_18": True}


def test_what_is_read_before_verification() -> None:
    vc = issued(card())
    assert (vc.format, vc.unverified_issuer, vc.unverified_key_id) == ("dc+sd-jwt", "https://issuer.example", ISSUER.kid)
    assert (vc.unverified_types, vc.unverified_status) == ((ID_CARD_VCT,), (STATUS,))


def test_the_verified_credential_says_what_was_issued() -> None:
    said, verified = card(), FORMAT.verify(issued(card()), ISSUER.public)
    assert verified.claims == said.claims
    assert (verified.issuer, verified.valid_from, verified.valid_until) == (said.issuer, said.valid_from, said.valid_until)
    assert (verified.status, verified.evidence, verified.holder_key) == (said.status, (EVIDENCE,), HOLDER.public)
    assert verified.types == ("VerifiableCredential", ID_CARD_VCT)
    assert verified.holder == f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{HOLDER.public.thumbprint()}"


def test_the_verified_document_is_linked_data_with_every_term_defined() -> None:
    assert "urn:undefined" not in canonicalize(FORMAT.verify(issued(card()), ISSUER.public).document)


def test_no_claim_about_the_person_stands_in_the_signed_token() -> None:
    vc = issued(card())
    payload = payload_of(vc.wire)
    assert payload.keys() == {"iss", "iat", "nbf", "exp", "vct", "cnf", "status", "evidence", "_sd", "_sd_alg"}
    assert len(payload["_sd"]) == len(claims()) == len(parts_of(vc.wire).disclosures)
    assert payload["_sd"] == sorted(payload["_sd"])
    assert payload["status"] == {"status_list": {"idx": 4711, "uri": LIST_URL}}


def test_two_copies_share_no_salt_and_no_digest() -> None:
    first, second = issued(card()), issued(card())
    assert not set(payload_of(first.wire)["_sd"]) & set(payload_of(second.wire)["_sd"])
    assert not set(parts_of(first.wire).disclosures) & set(parts_of(second.wire).disclosures)


def test_the_key_binding_does_not_tell_the_wallets_name_for_the_key() -> None:
    sent = FORMAT.present(issued(card()), HOLDER.named("wallet-key-7"), nonce=NONCE, audience=AUDIENCE, now=NOW)
    assert parse_jws(parts_of(sent.wire).key_binding, typ="kb+jwt").header == {"alg": "ES256", "typ": "kb+jwt"}


def test_nothing_disclosed_still_shows_type_and_holder() -> None:
    bare = FORMAT.disclose(issued(card()), frozenset())
    assert FORMAT.verify(bare, ISSUER.public).claims == {}
    assert parts_of(bare.wire).disclosures == ()


def test_every_claim_is_disclosable_and_no_other() -> None:
    assert set(FORMAT.disclosable(issued(card()))) == {(name,) for name in claims()}


@pytest.mark.parametrize("path", [("unknown",), ("family_name", "inner"), ("family_name", 0), ("iss", "x")])
def test_a_path_to_no_claim_is_refused(path: tuple[str | int, ...]) -> None:
    with pytest.raises(ClaimMissing):
        FORMAT.disclose(issued(card()), frozenset({path}))


def test_another_key_cannot_present() -> None:
    with pytest.raises(HolderBindingInvalid):
        FORMAT.present(issued(card()), generate_key("ES256"), nonce=NONCE, audience=AUDIENCE, now=NOW)
    with pytest.raises(HolderBindingInvalid):
        FORMAT.present(issued(card(holder_key=None)), HOLDER, nonce=NONCE, audience=AUDIENCE, now=NOW)


def test_another_issuers_key_is_refused() -> None:
    with pytest.raises(SigInvalid):
        FORMAT.verify(issued(card()), generate_key("ES256").public)


def _street() -> tuple[dict[str, Any], list[str]]:
    """A foreign credential with claims inside claims and arrays."""
    street, city = disclosure("salt-street", "street", "1 Main St"), disclosure("salt-city", "city", "Paris")
    address = disclosure("salt-address", "address", {"country": "FR", "_sd": [digest(street), digest(city)]})
    first, second = disclosure("salt-de", "DE"), disclosure("salt-fr", {"code": "FR"})
    payload = {
        "vct": "https://foreign.example/pid",
        "_sd": [digest(address)],
        "nationalities": [{"...": digest(first)}, "US", {"...": digest(second)}],
    }
    return payload, [street, city, address, first, second]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("address",), {"nationalities": ["US"], "address": {"country": "FR"}}),
        (("address", "city"), {"nationalities": ["US"], "address": {"country": "FR", "city": "Paris"}}),
        (("address", "country"), {"nationalities": ["US"], "address": {"country": "FR"}}),
        (("nationalities", 0), {"nationalities": ["DE", "US"]}),
        (("nationalities", 1), {"nationalities": ["US"]}),
        (("nationalities", None), {"nationalities": ["DE", "US", {"code": "FR"}]}),
        (("nationalities", None, "code"), {"nationalities": ["US", {"code": "FR"}]}),
        (("nationalities", 2, "code"), {"nationalities": ["US", {"code": "FR"}]}),
    ],
)
def test_nested_and_array_paths_show_what_they_need(path: tuple[str | int | None, ...], expected: dict[str, Any]) -> None:
    payload, texts = _street()
    foreign = FORMAT.parse(sd_jwt(payload, *texts).wire)
    assert FORMAT.verify(FORMAT.disclose(foreign, frozenset({path})), ISSUER.public).claims == expected


def test_a_foreign_subject_identifier_is_the_subject() -> None:
    named = FORMAT.verify(sd_jwt({"sub": "https://people.example/1", "a": 1}), ISSUER.public)
    assert (named.holder, named.claims) == ("https://people.example/1", {"a": 1})
    assert FORMAT.verify(sd_jwt({"sub": "user 7", "a": 1}), ISSUER.public).claims == {"sub": "user 7", "a": 1}


def test_a_status_of_an_unknown_kind_stays_in_sight() -> None:
    vc = FORMAT.parse(sd_jwt({"status": {"identifier_list": {"id": "x"}}, "a": 1}).wire)
    assert vc.unverified_status == FORMAT.verify(vc, ISSUER.public).status == (StatusEntry("identifier_list", "", 0, ""),)


def test_aka_vcts_are_types_too() -> None:
    vc = FORMAT.parse(sd_jwt({"vct": "urn:x:1", "aka_vcts": ["urn:x"], "a": 1}).wire)
    assert vc.unverified_types == ("urn:x:1", "urn:x")
    assert FORMAT.verify(vc, ISSUER.public).types == ("VerifiableCredential", "urn:x:1", "urn:x")


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"aud": "https://court.example"}, AudMismatch),
        ({"cnf": {"jkt": "x"}}, DataModelMismatch),
        ({"cnf": {"jwk": HOLDER.private_jwk()}}, KeyNotAllowed),
        ({"status": {}}, DataModelMismatch),
        ({"status": "x"}, DataModelMismatch),
        ({"status": {"status_list": "x"}}, DataModelMismatch),
        ({"id": "https://people.example/1"}, DataModelMismatch),
        ({"evidence": "seen"}, DataModelMismatch),
    ],
)
def test_claims_with_a_meaning_of_their_own_must_have_their_form(payload: dict[str, Any], kind: type[Refused]) -> None:
    with pytest.raises(kind):
        FORMAT.verify(sd_jwt({"family_name": "李", **payload}), ISSUER.public)


@pytest.mark.parametrize(
    "change",
    [
        {"type": ["VerifiableCredential"]},
        {"type": ["VerifiableCredential", "UnknownTerm"]},
        {"termsOfUse": {"type": "Terms"}},
        {"credentialSubject": {"iss": "https://issuer.example"}},
        {"credentialSubject": {"status": "married"}},
        {"credentialSubject": [{"family_name": "李"}, {"family_name": "王"}]},
        {"credentialStatus": [{"type": "BitstringStatusListEntry", "statusListIndex": "1", "statusListCredential": LIST_URL}]},
    ],
)
def test_what_the_format_has_no_place_for_is_not_lost_silently(change: dict[str, Any]) -> None:
    with pytest.raises(DataModelMismatch):
        issued(Credential({**card().document, **change}, HOLDER.public))


def test_an_unbound_credential_names_its_subject() -> None:
    made = Credential({**card(holder_key=None).document, "credentialSubject": {"id": "did:web:a.example", **claims()}})
    vc = issued(made)
    assert json.loads(parse_jws(parts_of(vc.wire).jwt, typ="dc+sd-jwt").payload)["sub"] == "did:web:a.example"
    assert FORMAT.verify(vc, ISSUER.public).holder == "did:web:a.example"


def test_a_proof_is_good_for_ten_minutes_unless_the_format_is_told_otherwise() -> None:
    sent = FORMAT.present(issued(card()), HOLDER, nonce=NONCE, audience=AUDIENCE, now=NOW)
    asked: dict[str, Any] = {"nonce": NONCE, "audience": AUDIENCE, "now": NOW + timedelta(hours=20), "skew": SKEW}
    DcSdJwt(key_binding_age=timedelta(days=1)).verify_presentation(sent, HOLDER.public, **asked)
    with pytest.raises(ProofExpired):
        FORMAT.verify_presentation(sent, HOLDER.public, **asked)


@pytest.mark.parametrize("length", [20_000, 65_536])
def test_a_portrait_goes_in_and_comes_out(length: int) -> None:
    head = "data:image/jpeg;base64,"
    portrait = head + "A" * (length - len(head))
    assert FORMAT.verify(issued(card(portrait=portrait)), ISSUER.public).claims["portrait"] == portrait


def test_reading_cards_loads_no_server_and_no_schema() -> None:
    asked = "import sys, credentials.formats, credentials.status; print({'aiohttp', 'pydantic', 'pyld', 'jsonschema'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "set()"
