"""The W3C document with its proof inside: sealed, read, shown, and what becomes of it when somebody changes it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES
from credentials.data_integrity import add_proof, verify_proofs
from credentials.formats import FORMATS, LdpVc, ProofPeriod, SelectiveDisclosure
from credentials.keys import PrivateKey
from credentials.keys.did_key import did_key
from credentials.model.rules import CREDENTIALS_V2
from credentials.wire import StatusEntry, VerifiablePresentation
from doors.refusals import (
    AlgKeyMismatch,
    AudMismatch,
    ClaimsNotFromProof,
    ContextInvalid,
    DataModelMismatch,
    HolderBindingInvalid,
    HolderBindingMissing,
    InputMalformed,
    InputTooLarge,
    IssuerKeyMismatch,
    KidUnknown,
    NonceMismatch,
    Refused,
    SigInvalid,
)
from tests.credentials.documents import (
    AUDIENCE,
    DESKS,
    FORMAT,
    HOLDER,
    ISSUER,
    MALLORY,
    NONCE,
    NOW,
    SKEW,
    Desk,
    check,
    claims,
    document,
    edited,
    issued,
    pasted,
    self_named,
    shown,
)

JCS = LdpVc(cryptosuite=CRYPTOSUITES["eddsa-jcs-2022"])
EACH_DESK = pytest.mark.parametrize("desk", DESKS, ids=str)


@EACH_DESK
def test_what_the_issuer_seals_is_what_the_verifier_reads(desk: Desk) -> None:
    vc = desk.issued()
    assert FORMAT.verify(vc, desk.key.public) == Credential(desk.document())
    assert (vc.unverified_issuer, vc.unverified_key_id) == (did_key(desk.key.public), desk.key.kid)
    assert vc.unverified_types == ("VerifiableCredential", "IdCardCredential")
    assert FORMAT.parse(vc.wire) == vc


def test_every_format_has_its_own_name_and_ours_says_what_it_can() -> None:
    assert {name: form.name for name, form in FORMATS.items()} == {name: name for name in FORMATS}
    assert isinstance(FORMATS["ldp_vc"], ProofPeriod)
    assert not isinstance(FORMATS["ldp_vc"], SelectiveDisclosure)
    assert isinstance(FORMATS["dc+sd-jwt"], SelectiveDisclosure)


def test_every_suite_is_listed_under_its_own_name() -> None:
    assert {name: suite.name for name, suite in CRYPTOSUITES.items()} == {name: name for name in CRYPTOSUITES}


def test_a_status_entry_is_read_before_and_after_verification() -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://issuer.example/status/1/revocation",
    }
    vc = issued(credentialStatus=entry)
    expected = (StatusEntry("BitstringStatusListEntry", "revocation", 94567, "https://issuer.example/status/1/revocation"),)
    assert vc.unverified_status == FORMAT.verify(vc, ISSUER.public).status == expected


CHANGES: list[Callable[[dict[str, Any]], Any]] = [
    lambda vc: vc["credentialSubject"].update(family_name="王"),
    lambda vc: vc["credentialSubject"].update(age_over_18=False),
    lambda vc: vc["credentialSubject"].pop("sex"),
    lambda vc: vc["credentialSubject"].update(document_number="1"),
    lambda vc: vc["credentialSubject"].update(id=did_key(MALLORY.public)),
    lambda vc: vc.update(validUntil="2099-01-01T00:00:00Z"),
    lambda vc: vc.pop("validUntil"),
    lambda vc: vc.update(id="urn:a:b"),
    lambda vc: vc["type"].pop(),
    lambda vc: vc.update(credentialSubject=[vc["credentialSubject"], {"id": "urn:a:b", "family_name": "x"}]),
    lambda vc: vc["proof"].update(created="2026-11-21T09:00:01Z"),
    lambda vc: vc["proof"].update(expires="2099-01-01T00:00:00Z"),
    lambda vc: vc["proof"].update(challenge="x"),
    lambda vc: vc["proof"].update(id="urn:a:b"),
    lambda vc: vc["proof"].update(proofValue=vc["proof"]["proofValue"][:-1] + ("2" if vc["proof"]["proofValue"][-1] != "2" else "3")),
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
@EACH_DESK
def test_any_change_breaks_the_seal(desk: Desk, change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(SigInvalid):
        FORMAT.verify(pasted(edited(desk.issued().wire, change)), desk.key.public)


def test_another_key_under_the_issuers_name_does_not_verify() -> None:
    with pytest.raises(SigInvalid):
        FORMAT.verify(issued(), MALLORY.public.named(ISSUER.kid))
    with pytest.raises(IssuerKeyMismatch):
        FORMAT.verify(issued(), MALLORY.public)


@pytest.mark.parametrize("algorithm", ["ES256", "ES384"])
def test_a_key_of_nist_cannot_seal_with_an_ed25519_suite(algorithm: str) -> None:
    key = self_named(algorithm)
    with pytest.raises(AlgKeyMismatch):
        issued(key, issuer=did_key(key.public))
    with pytest.raises(AlgKeyMismatch):
        verify_proofs(json.loads(issued().wire), {ISSUER.kid: key.public}, purpose="assertionMethod")


def test_a_proof_by_an_unknown_key_is_refused() -> None:
    with pytest.raises(KidUnknown):
        verify_proofs(json.loads(issued().wire), {}, purpose="assertionMethod")


def test_two_keys_of_the_issuer_may_seal_together() -> None:
    did = "did:web:issuer.example"
    first, second = (self_named().named(f"{did}#{name}") for name in ("a", "b"))
    once = json.loads(issued(first, issuer=did).wire)
    twice = json.dumps(add_proof(once, second, suite=CRYPTOSUITES["eddsa-jcs-2022"], purpose="assertionMethod", now=NOW)).encode()
    keys = {key.kid: key.public for key in (first, second)}
    assert FORMAT.verify_by_all(FORMAT.parse(twice), keys).issuer == did
    with pytest.raises(IssuerKeyMismatch):
        FORMAT.verify(FORMAT.parse(twice), first.public)


def test_contexts_added_after_a_jcs_proof_are_not_part_of_what_is_returned() -> None:
    """EdDSA cryptosuites §3.3.2: the proof's own contexts, which come first, are those that were sealed."""
    added = edited(issued(form=JCS).wire, lambda vc: vc["@context"].append("https://w3id.org/security/multikey/v1"))
    assert FORMAT.verify(FORMAT.parse(added), ISSUER.public).document == document()


@pytest.mark.parametrize(
    "contexts", [[CREDENTIALS_V2, "https://w3id.org/security/multikey/v1"], ["https://w3id.org/security/multikey/v1"], "x"]
)
def test_contexts_of_a_jcs_proof_that_do_not_start_the_documents_are_refused(contexts: Any) -> None:
    with pytest.raises(ContextInvalid):
        FORMAT.verify(pasted(edited(issued(form=JCS).wire, lambda vc: vc["proof"].update({"@context": contexts}))), ISSUER.public)


def test_a_portrait_of_twenty_kilobytes_travels_whole() -> None:
    portrait = "data:image/jpeg;base64," + "A" * 27_000
    for desk in DESKS:
        vc = desk.issued(credentialSubject={"id": did_key(HOLDER.public), **claims(), "portrait": portrait})
        assert FORMAT.verify(vc, desk.key.public).claims["portrait"] == portrait


@pytest.mark.parametrize("wire", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"\xff", b"null", b'"x"'])
def test_what_is_no_document_is_refused(wire: bytes) -> None:
    for read in (FORMAT.parse, FORMAT.parse_presentation):
        with pytest.raises(Refused):
            read(wire)


def test_a_document_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InputTooLarge):
        FORMAT.parse(issued().wire + b" " * 256 * 1024)


@pytest.mark.parametrize("form", [FORMAT, JCS], ids=["shown-by-rdfc", "shown-by-jcs"])
@pytest.mark.parametrize("holder", [HOLDER, self_named("ES256"), self_named("ES384")], ids=lambda key: f"held-by-{key.algorithm}")
@EACH_DESK
def test_a_holder_shows_a_credential_of_any_suite_with_any_kind_of_key(desk: Desk, holder: PrivateKey, form: LdpVc) -> None:
    mine = {"id": did_key(holder.public), **claims()}
    vp = form.present(desk.issued(credentialSubject=mine), holder, nonce=NONCE, audience=AUDIENCE, now=NOW)
    check(vp, holder)
    assert (vp.unverified_holder, vp.unverified_key_id) == (did_key(holder.public), holder.kid)
    assert form.verify(vp.credentials[0], desk.key.public).document == desk.document(credentialSubject=mine)
    assert form.parse_presentation(vp.wire) == vp


@pytest.mark.parametrize(("algorithm", "suite"), [("EdDSA", "eddsa-rdfc-2022"), ("ES256", "ecdsa-rdfc-2019"), ("ES384", "ecdsa-rdfc-2019")])
def test_the_holders_key_decides_the_suite_of_the_presentation(algorithm: str, suite: str) -> None:
    vp = FORMAT.present_all((), self_named(algorithm), nonce=NONCE, audience=AUDIENCE, now=NOW)
    assert json.loads(vp.wire)["proof"]["cryptosuite"] == suite


def test_a_holder_with_a_key_that_no_suite_is_for_is_told_so() -> None:
    edwards_alone = LdpVc(cryptosuites={"eddsa-rdfc-2022": CRYPTOSUITES["eddsa-rdfc-2022"]})
    with pytest.raises(AlgKeyMismatch):
        edwards_alone.present_all((), self_named("ES256"), nonce=NONCE, audience=AUDIENCE, now=NOW)


def test_a_holder_shows_two_credentials_at_once() -> None:
    vp = shown(issued(), issued(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"))
    check(vp)
    assert [FORMAT.verify(vc, ISSUER.public).id for vc in vp.credentials] == ["", "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"]


def test_a_holder_can_show_the_key_alone() -> None:
    """As the key proof of kind di_vp is made (OpenID4VCI 1.0 Appendix F.2)."""
    vp = FORMAT.present_all((), HOLDER, nonce=NONCE, audience=AUDIENCE, now=NOW)
    check(vp)
    assert vp.credentials == ()


def verified(vp: VerifiablePresentation, key: PrivateKey = HOLDER, **expected: str) -> None:
    asked = {"nonce": NONCE, "audience": AUDIENCE, **expected}
    FORMAT.verify_presentation(vp, key.public, nonce=asked["nonce"], audience=asked["audience"], now=NOW, skew=SKEW)


@pytest.mark.parametrize("nonce", ["another", "", NONCE.upper(), NONCE + " "])
def test_a_presentation_for_another_question_is_refused(nonce: str) -> None:
    with pytest.raises(NonceMismatch):
        verified(shown(), nonce=nonce)


@pytest.mark.parametrize("audience", ["did:web:hotel.example", "", AUDIENCE + "/"])
def test_a_presentation_for_another_verifier_is_refused(audience: str) -> None:
    with pytest.raises(AudMismatch):
        verified(shown(), audience=audience)


@pytest.mark.parametrize("member", ["challenge", "domain", "created"])
def test_a_presentation_cannot_lose_a_member_of_its_proof(member: str) -> None:
    with pytest.raises(SigInvalid):
        verified(FORMAT.parse_presentation(edited(shown().wire, lambda vp: vp["proof"].pop(member))))


@pytest.mark.parametrize(("left_out", "kind"), [("challenge", NonceMismatch), ("domain", AudMismatch)])
def test_a_presentation_sealed_without_an_answer_is_refused(left_out: str, kind: type[Refused]) -> None:
    also = {"challenge": NONCE, "domain": AUDIENCE}
    del also[left_out]
    verified(presented({}))
    with pytest.raises(kind):
        verified(presented({}, also=also))


def presented(changes: dict[str, Any], *, key: PrivateKey = HOLDER, also: dict[str, Any] | None = None) -> VerifiablePresentation:
    """A presentation sealed over whatever ``changes`` make of it."""
    vp = {name: value for name, value in json.loads(shown().wire).items() if name != "proof"} | changes
    answer = also if also is not None else {"challenge": NONCE, "domain": AUDIENCE}
    sealed = add_proof(vp, key, suite=FORMAT.cryptosuite, purpose="authentication", now=NOW, also=answer)
    return FORMAT.parse_presentation(json.dumps(sealed).encode())


def test_a_stranger_cannot_show_the_holders_credential() -> None:
    with pytest.raises(HolderBindingInvalid):
        FORMAT.present(issued(), MALLORY, nonce=NONCE, audience=AUDIENCE, now=NOW)
    in_her_own_name = presented({"holder": did_key(MALLORY.public)}, key=MALLORY)
    with pytest.raises(HolderBindingInvalid):
        verified(in_her_own_name, MALLORY)
    with pytest.raises(HolderBindingInvalid):
        verified(in_her_own_name)
    with pytest.raises(HolderBindingInvalid):
        verified(presented({}, key=MALLORY), MALLORY)


def test_a_credential_that_names_nobody_cannot_be_shown_as_ones_own() -> None:
    unbound = issued(credentialSubject={"family_name": "李"})
    with pytest.raises(HolderBindingMissing):
        shown(unbound)
    with pytest.raises(HolderBindingMissing):
        verified(presented({"verifiableCredential": [json.loads(unbound.wire)]}))


def test_credentials_beside_the_presentation_are_not_those_in_it() -> None:
    vp = shown()
    other = issued(id="urn:a:b")
    for credentials in ((other,), (*vp.credentials, other), ()):
        with pytest.raises(ClaimsNotFromProof):
            verified(VerifiablePresentation(vp.format, vp.wire, credentials, vp.unverified_holder, vp.unverified_key_id))


def test_a_changed_credential_breaks_the_presentations_seal_too() -> None:
    changed = edited(shown().wire, lambda vp: vp["verifiableCredential"][0]["credentialSubject"].update(family_name="王"))
    with pytest.raises(SigInvalid):
        verified(FORMAT.parse_presentation(changed))


def test_an_enveloped_credential_belongs_to_another_format() -> None:
    enveloped = {"@context": [CREDENTIALS_V2], "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,x.y.z"}
    with pytest.raises(Refused):
        FORMAT.parse_presentation(edited(shown().wire, lambda vp: vp.update(verifiableCredential=[enveloped])))


@pytest.mark.parametrize("inside", [[], {}, None, "x", [7], [[]], [{}]])
def test_odd_contents_are_refused(inside: Any) -> None:
    with pytest.raises(DataModelMismatch):
        FORMAT.parse_presentation(edited(shown().wire, lambda vp: vp.update(verifiableCredential=inside)))


def test_more_credentials_than_anybody_needs_are_refused() -> None:
    with pytest.raises(InputTooLarge):
        FORMAT.parse_presentation(edited(shown().wire, lambda vp: vp.update(verifiableCredential=vp["verifiableCredential"] * 21)))


def test_a_presentation_is_no_credential_and_a_credential_no_presentation() -> None:
    with pytest.raises(Refused):
        FORMAT.parse(shown().wire)
    with pytest.raises(Refused):
        FORMAT.parse_presentation(issued().wire)


def test_a_proof_made_long_ago_is_read_but_its_dates_can_be_asked_for() -> None:
    vc = issued()
    FORMAT.check_proof_period(vc, now=NOW + timedelta(days=3650), skew=SKEW)
    with pytest.raises(InputMalformed):
        FORMAT.parse(edited(vc.wire, lambda signed: signed["proof"].update(expires="soon")))
