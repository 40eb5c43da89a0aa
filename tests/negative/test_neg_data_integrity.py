"""Data Integrity and JSON-LD rows of the list of inputs that must be refused (L01-L17).

Each fault is tried both ways: slipped into a credential after it was sealed, and sealed by an issuer who did not look.
"""

import json
import time
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES
from credentials.data_integrity import add_proof, check_period, checked_proofs
from credentials.did_document import DidDocument
from credentials.jsonld import BUNDLED, Contexts, canonicalize
from credentials.keys import PrivateKey, public_key_from_multikey
from credentials.keys.did_key import did_key
from credentials.model.rules import CREDENTIALS_V1, CREDENTIALS_V2
from doors.refusals import (
    AlgKeyMismatch,
    CanonLimitExceeded,
    ContextInvalid,
    ContextNotAllowed,
    CryptosuiteUnsupported,
    DataModelMismatch,
    DidDocumentInvalid,
    InputMalformed,
    IriNotAbsolute,
    IssuerKeyMismatch,
    ProofExpired,
    ProofMissing,
    ProofPurposeMismatch,
    Refused,
    SigInvalid,
    TermUndefined,
)
from tests.credentials.documents import (
    DESKS,
    FORMAT,
    HOLDER,
    ID_CARD,
    ISSUER,
    MALLORY,
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
    subject,
)
from tests.credentials.forging import careless, carelessly_sealed, slipped_in

EACH_DESK = pytest.mark.parametrize("desk", DESKS, ids=str)


def refused(wire: bytes, kind: type[Refused], key: PrivateKey = ISSUER) -> None:
    """Whoever reads ``wire`` refuses it with this code, even one who forgot to look at the door."""
    with pytest.raises(Refused) as refusal:
        FORMAT.verify(pasted(wire), key.public)
    assert type(refusal.value) is kind, refusal.value


def never_issued(said: dict[str, Any], kind: type[Refused]) -> None:
    """No suite of ours seals ``said``, with any kind of key; where the issuer is the usual one, each desk speaks for itself."""
    for desk in DESKS:
        own = {**said, "issuer": did_key(desk.key.public)} if said["issuer"] == did_key(ISSUER.public) else said
        with pytest.raises(Refused) as refusal:
            desk.form.secure(Credential.parse(own), desk.key, now=NOW)
        assert type(refusal.value) is kind, refusal.value


@EACH_DESK
def test_neg_data_integrity_twin(desk: Desk) -> None:
    """The good credential that all rows below change by one thing, also sealed carelessly and written in another order."""
    vc = desk.issued()
    assert FORMAT.verify(FORMAT.parse(vc.wire), desk.key.public).document == desk.document()
    assert FORMAT.verify(pasted(careless()), ISSUER.public).document == document()
    turned = json.dumps(dict(reversed(json.loads(vc.wire).items())), indent=2).encode()
    assert FORMAT.verify(FORMAT.parse(turned), desk.key.public).document == desk.document()


UNMAPPED = [
    {"court_access_level": "all"},
    {"court_access_level": 5},
    {"court_access_level": False},
    {"court_access_level": {"id": "urn:a:b"}},
    {"court_access_level": [{"family_name": "x"}]},
    {"family_name": {"court_access_level": "all"}},
    {"Family_Name": "x"},
    {"family name": "x"},
    {"": "x"},
    {"案": "x"},
    {"<>": "x"},
    {"credentialSubject": {"court_access_level": "all"}},
]


@pytest.mark.parametrize("extra", UNMAPPED, ids=str)
def test_neg_L01_unmapped_term(extra: dict[str, Any]) -> None:
    refused(slipped_in(**extra), TermUndefined)
    said = document(credentialSubject={"id": did_key(HOLDER.public), **claims(), **extra})
    refused(carelessly_sealed(said), TermUndefined)
    never_issued(said, TermUndefined)


def test_neg_L01_unmapped_term_beside_the_subject() -> None:
    refused(edited(issued().wire, lambda vc: vc.update(court_access_level="all")), TermUndefined)
    refused(edited(issued().wire, lambda vc: vc["proof"].update(court_access_level="all")), TermUndefined)


AGE_IRI = "https://tigertally.example/vocab/id-card#age_over_18"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _spelt_out(secured: dict[str, Any], term: str) -> None:
    """The same statement under the address of its term: the same graph, the same signature, another JSON."""
    value = secured.pop(term)
    moment = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": value}
    secured[f"https://www.w3.org/2018/credentials#{term}"] = moment if isinstance(value, str) else value


@pytest.mark.parametrize("term", ["validUntil", "validFrom", "credentialStatus", "evidence"])
def test_neg_L01_a_member_hidden_from_the_json_under_the_address_of_its_term(term: str) -> None:
    status = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://issuer.example/status/1",
    }
    vc = issued(credentialStatus=status, evidence={"type": "FaceCheckEvidence", "method": "x"})
    refused(edited(vc.wire, lambda secured: _spelt_out(secured, term)), TermUndefined)
    assert FORMAT.verify(FORMAT.parse(vc.wire), ISSUER.public).document[term], "the twin: the same by its term"


def test_neg_L01_a_claim_or_type_hidden_under_its_address() -> None:
    refused(
        edited(issued().wire, lambda vc: vc["credentialSubject"].update({AGE_IRI: vc["credentialSubject"].pop("age_over_18")})),
        TermUndefined,
    )
    hidden = {RDF_TYPE: {"id": "https://tigertally.example/credentials/id-card/v1"}, "type": ["VerifiableCredential"]}
    refused(edited(issued().wire, lambda vc: vc.update(hidden)), TermUndefined)
    refused(edited(issued().wire, lambda vc: vc.update({"type": ["VerifiableCredential"], "@type": ["IdCardCredential"]})), InputMalformed)


def test_neg_L01_a_member_moved_to_another_mention_of_the_document() -> None:
    """Where a signed credential mentions itself, its members could stand there as well, out of sight."""
    elsewhere = {"type": ["VerifiableCredential", "FaceCheckEvidence"], "validUntil": "2026-11-22T09:00:00Z"}
    said = document(validUntil=None, id="urn:a:card", evidence={"id": "urn:a:card", **elsewhere})
    refused(carelessly_sealed(said), InputMalformed)
    never_issued(said, InputMalformed)
    twin = document(id="urn:a:card", evidence={"id": "urn:a:evidence", "type": "FaceCheckEvidence", "method": "x"})
    assert FORMAT.verify(pasted(carelessly_sealed(twin)), ISSUER.public).evidence, "the twin: evidence of its own name"


@pytest.mark.parametrize("told", [[False], [False, False], {"@value": False}, [{"@value": False}]], ids=str)
def test_neg_L16_a_no_that_reads_as_a_yes(told: Any) -> None:
    """The graph says ``false`` each time; a list or an object around it counts as true wherever truth is asked."""
    vc = issued(credentialSubject={"id": did_key(HOLDER.public), **claims(), "age_over_18": False})
    refused(edited(vc.wire, lambda secured: secured["credentialSubject"].update(age_over_18=told)), InputMalformed)
    assert FORMAT.verify(FORMAT.parse(vc.wire), ISSUER.public).claims["age_over_18"] is False, "the twin: a plain no"


@pytest.mark.parametrize("told", [[2], [2, 2], {"@value": 2}], ids=str)
def test_neg_L16_a_number_in_a_wrapping(told: Any) -> None:
    refused(edited(issued().wire, lambda vc: vc["credentialSubject"].update(sex=told)), InputMalformed)


def test_neg_L01_twin_a_term_written_as_an_iri_is_defined() -> None:
    said = subject(**{"https://court.example/vocab#level": "all"})
    assert FORMAT.verify(FORMAT.secure(Credential.parse(said), ISSUER, now=NOW), ISSUER.public).document == said


@pytest.mark.parametrize("kind", ["CourtCard", "court card", "idcardcredential", "<CourtCard>", "证"])
def test_neg_L02_unmapped_type(kind: str) -> None:
    said = document(type=["VerifiableCredential", "IdCardCredential", kind])
    refused(edited(issued().wire, lambda vc: vc["type"].append(kind)), TermUndefined)
    refused(carelessly_sealed(said), TermUndefined)
    never_issued(said, TermUndefined)


def test_neg_L02_unmapped_type_within() -> None:
    refused(slipped_in(type="CourtCard"), TermUndefined)
    refused(careless(evidence={"type": "CourtEvidence"}), TermUndefined)


def test_neg_L02_twin_a_type_written_as_an_iri_is_defined() -> None:
    assert "https://court.example/types#Card" in issued(type=["VerifiableCredential", "https://court.example/types#Card"]).unverified_types


RELATIVE = [
    "abc",
    "",
    "/a",
    "//a.example/b",
    "#a",
    "?a",
    "1:a",
    "a b:c",
    "https ://a.example",
    "https://a.example/ b",
    "urn:",
    "_:b0",
    "中:文",
]


@pytest.mark.parametrize("name", RELATIVE)
def test_neg_L03_relative_id(name: str) -> None:
    refused(careless(id=name), IriNotAbsolute)
    with pytest.raises(IriNotAbsolute):
        issued(id=name)


@pytest.mark.parametrize("name", RELATIVE)
def test_neg_L03_relative_id_within(name: str) -> None:
    refused(careless(evidence={"id": name, "type": "IdCardCredential"}), IriNotAbsolute)
    refused(careless(credentialSubject={**claims(), "id": name}), IriNotAbsolute)
    refused(careless(issuer=name), IriNotAbsolute)
    refused(slipped_in(family_name={"id": name}), IriNotAbsolute)


@pytest.mark.parametrize("name", [name for name in RELATIVE if name != "urn:"])
def test_neg_L03_relative_where_only_the_context_says_that_it_is_an_iri(name: str) -> None:
    """``issuer``, ``evidence`` and the like take their text for an IRI."""
    with pytest.raises(IriNotAbsolute):
        canonicalize({"@context": CREDENTIALS_V2, "type": "VerifiableCredential", "evidence": name})
    assert canonicalize({"@context": CREDENTIALS_V2, "type": "VerifiableCredential", "evidence": "urn:a:b"})


@pytest.mark.parametrize("name", [["urn:a:b"], {"id": "urn:a:b"}, 7, None, True])
def test_neg_L03_an_id_that_is_no_text(name: Any) -> None:
    refused(carelessly_sealed({**document(), "id": name}), IriNotAbsolute)


@pytest.mark.parametrize("name", ["urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33", "https://a.example/é?b#c", "did:web:a.example:b"])
def test_neg_L03_twin_absolute_names_pass(name: str) -> None:
    assert FORMAT.verify(issued(id=name), ISSUER.public).id == name


@pytest.mark.parametrize(
    "address",
    [
        "https://attacker.example/context",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/V2",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "urn:x:y",
    ],
)
def test_neg_L04_context_not_allow_listed(address: str) -> None:
    """There is nothing that could fetch: the set of contexts is closed, and asked before anything else is."""
    added = edited(issued().wire, lambda vc: vc["@context"].append(address))
    refused(added, ContextNotAllowed)
    never_issued(document(**{"@context": [CREDENTIALS_V2, ID_CARD, address]}), ContextNotAllowed)
    with pytest.raises(ContextNotAllowed):
        FORMAT.parse(added)


def test_neg_L04_twin_every_bundled_context_passes() -> None:
    contexts: dict[str, Any] = {"@context": [CREDENTIALS_V2, ID_CARD, "https://w3id.org/security/multikey/v1"]}
    assert FORMAT.verify(issued(**contexts), ISSUER.public)


INLINE: list[dict[str, Any]] = [
    {"@vocab": "https://attacker.example/"},
    {"court_access_level": "https://attacker.example/level"},
    {"family_name": "https://attacker.example/other"},
    {"@base": "https://attacker.example/"},
    {"@language": "xx"},
    {"@import": "https://attacker.example/"},
    {"@version": 1.1},
    {"a": {"@id": "urn:a:b", "@context": {"@vocab": "urn:x:"}}},
]


@pytest.mark.parametrize("inline", INLINE, ids=str)
def test_neg_L05_context_inline_vocab(inline: dict[str, Any]) -> None:
    """After issuance, by an issuer who did not look, in a nested object, and asked of our own issuer."""
    refused(edited(issued().wire, lambda vc: vc["@context"].append(inline)), ContextNotAllowed)
    refused(slipped_in(**{"@context": inline}), ContextNotAllowed)
    refused(careless(**{"@context": [CREDENTIALS_V2, ID_CARD, inline]}), ContextNotAllowed)
    never_issued(document(**{"@context": [CREDENTIALS_V2, ID_CARD, inline]}), ContextNotAllowed)


@pytest.mark.parametrize("cleared", [None, [], [None]])
def test_neg_L05_a_context_cleared_within(cleared: Any) -> None:
    refused(slipped_in(**{"@context": cleared}), ContextInvalid)


def test_neg_L05_twin_the_same_context_passes_where_a_caller_has_pinned_it() -> None:
    pinned = BUNDLED.extended({}, (INLINE[1],))
    assert isinstance(pinned, Contexts)
    assert pinned.keys([CREDENTIALS_V2, dict(INLINE[1])])


@pytest.mark.parametrize(
    "contexts",
    [
        [ID_CARD, CREDENTIALS_V2],
        [ID_CARD],
        [],
        None,
        "",
        {},
        CREDENTIALS_V2,
        [CREDENTIALS_V2, None],
        [CREDENTIALS_V2, 7],
        [CREDENTIALS_V2, {}],
        [[CREDENTIALS_V2]],
        [CREDENTIALS_V2, ID_CARD, ID_CARD],
        [{"@vocab": "urn:x:"}, CREDENTIALS_V2],
    ],
    ids=str,
)
def test_neg_L06_context_reordered_or_missing(contexts: Any) -> None:
    said = {**document(), "@context": contexts}
    refused(carelessly_sealed(said), ContextInvalid)
    refused(edited(issued().wire, lambda vc: vc.update({"@context": contexts})), ContextInvalid)
    with pytest.raises(ContextInvalid):
        Credential.parse(said)


def test_neg_L06_context_absent() -> None:
    refused(edited(issued().wire, lambda vc: vc.pop("@context")), ContextInvalid)


@pytest.mark.parametrize("proof", [None, [], {}, "", False, 0])
def test_neg_L07_proof_missing(proof: Any) -> None:
    for wire, read in ((issued().wire, FORMAT.parse), (shown().wire, FORMAT.parse_presentation)):
        read(wire)
        with pytest.raises(ProofMissing):
            read(edited(wire, lambda secured: secured.update(proof=proof)))
        with pytest.raises(ProofMissing):
            read(edited(wire, lambda secured: secured.pop("proof")))
    refused(edited(issued().wire, lambda secured: secured.update(proof=proof)), ProofMissing)


def test_neg_L07_proof_missing_in_a_presented_credential() -> None:
    stripped = edited(shown().wire, lambda vp: vp["verifiableCredential"][0].pop("proof"))
    with pytest.raises(ProofMissing):
        FORMAT.parse_presentation(stripped)


@pytest.mark.parametrize(
    "purpose", ["authentication", "keyAgreement", "AssertionMethod", "assertionMethod ", "", None, ["assertionMethod"]]
)
@EACH_DESK
def test_neg_L08_proof_purpose_wrong(desk: Desk, purpose: Any) -> None:
    refused(edited(desk.issued().wire, lambda vc: vc["proof"].update(proofPurpose=purpose)), ProofPurposeMismatch, desk.key)


@EACH_DESK
def test_neg_L08_sealed_for_another_purpose(desk: Desk) -> None:
    suite = desk.form.cryptosuite
    vc = add_proof(desk.document(), desk.key, suite=suite, purpose="authentication", now=NOW)
    refused(json.dumps(vc).encode(), ProofPurposeMismatch, desk.key)
    vp = {name: value for name, value in json.loads(shown().wire).items() if name != "proof"}
    again = add_proof(vp, desk.key, suite=suite, purpose="assertionMethod", now=NOW)
    with pytest.raises(ProofPurposeMismatch):
        FORMAT.parse_presentation(json.dumps(again).encode())


@pytest.mark.parametrize("listed", ["authentication", "keyAgreement", "capabilityInvocation"])
@EACH_DESK
def test_neg_L09_key_not_in_relationship(desk: Desk, listed: str) -> None:
    key, did = desk.key, did_key(desk.key.public)
    method = {"id": key.kid, "type": "Multikey", "controller": did, "publicKeyMultibase": key.public.multikey()}
    described = {"id": did, "verificationMethod": [method], listed: [key.kid]}
    with pytest.raises(ProofPurposeMismatch):
        DidDocument.parse(described, did=did).key(key.kid, purpose="assertionMethod")
    with pytest.raises(DidDocumentInvalid):
        DidDocument.parse({**described, "assertionMethod": "all"}, did=did)


@EACH_DESK
def test_neg_L09_twin_a_listed_key_serves(desk: Desk) -> None:
    key, did = desk.key, did_key(desk.key.public)
    method = {"id": key.kid, "type": "Multikey", "controller": did, "publicKeyMultibase": key.public.multikey()}
    for described in ({"verificationMethod": [method], "assertionMethod": [key.kid]}, {"assertionMethod": [method]}):
        assert DidDocument.parse({"id": did, **described}, did=did).key(key.kid, purpose="assertionMethod") == key.public


@EACH_DESK
def test_neg_L10_issuer_not_controller_in_every_suite(desk: Desk) -> None:
    """Mallory, with a key of the same kind, seals in the issuer's name, and calls her key by the issuer's."""
    mallory = self_named(desk.key.algorithm)
    forged, renamed = (
        json.dumps(add_proof(desk.document(), key, suite=desk.form.cryptosuite, purpose="assertionMethod", now=NOW)).encode()
        for key in (mallory, mallory.named(desk.key.kid))
    )
    for key in (mallory, desk.key):
        refused(forged, IssuerKeyMismatch, key)
    refused(renamed, SigInvalid, desk.key)
    with pytest.raises(IssuerKeyMismatch):
        desk.form.secure(Credential.parse(desk.document(issuer=did_key(MALLORY.public))), desk.key, now=NOW)


def test_neg_L10_issuer_not_controller() -> None:
    """Mallory seals in the issuer's name: with her own key, and with hers called by the issuer's name."""
    forged = carelessly_sealed(document(), MALLORY)
    for key in (MALLORY.public, ISSUER.public):
        with pytest.raises(IssuerKeyMismatch):
            FORMAT.verify(FORMAT.parse(forged), key)
    refused(carelessly_sealed(document(), MALLORY, verificationMethod=ISSUER.kid), SigInvalid)
    never_issued(document(issuer=did_key(MALLORY.public)), IssuerKeyMismatch)


def test_neg_L10_a_key_under_another_controller() -> None:
    did = "did:web:issuer.example"
    method = {"id": f"{did}#k", "type": "Multikey", "controller": "did:web:other.example", "publicKeyMultibase": ISSUER.public.multikey()}
    found = DidDocument.parse({"id": did, "verificationMethod": [method], "assertionMethod": ["#k"]}, did=did)
    with pytest.raises(IssuerKeyMismatch):
        found.key("#k", purpose="assertionMethod")


def two_proofs(second: dict[str, Any], desk: Desk = DESKS[0]) -> bytes:
    return edited(desk.issued().wire, lambda vc: vc.update(proof=[vc["proof"], {**vc["proof"], **second}]))


@EACH_DESK
def test_neg_L11_proof_set_one_bad(desk: Desk) -> None:
    once = json.loads(desk.issued().wire)
    twice = add_proof(once, desk.key, suite=desk.form.cryptosuite, purpose="assertionMethod", now=NOW + timedelta(seconds=1))
    assert FORMAT.verify(FORMAT.parse(json.dumps(twice).encode()), desk.key.public).document == desk.document()
    for good, bad in ((0, 1), (1, 0)):
        swapped = json.loads(json.dumps(twice))
        swapped["proof"][bad]["proofValue"] = swapped["proof"][good]["proofValue"]
        refused(json.dumps(swapped).encode(), SigInvalid, desk.key)


@pytest.mark.parametrize("value", ["z", "z1", "zz", "u" + "A" * 86, "", "0", "z0OIl", "z" + "2" * 600])
@EACH_DESK
def test_neg_L11_the_second_signature_is_none(desk: Desk, value: str) -> None:
    refused(two_proofs({"proofValue": value}, desk), SigInvalid, desk.key)


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        ({"cryptosuite": "eddsa-2099"}, CryptosuiteUnsupported),
        ({"proofPurpose": "authentication"}, ProofPurposeMismatch),
        ({"verificationMethod": MALLORY.kid}, IssuerKeyMismatch),
        ({"proofValue": None}, InputMalformed),
        ({"created": "yesterday"}, InputMalformed),
    ],
)
@EACH_DESK
def test_neg_L11_the_second_proof_is_looked_at_in_every_way(desk: Desk, second: dict[str, Any], kind: type[Refused]) -> None:
    refused(two_proofs(second, desk), kind, desk.key)


@pytest.mark.parametrize("proof", ["proof", 7, True, [7], [[]], [{}, 7], [None]])
def test_neg_L11_odd_shapes(proof: Any) -> None:
    with pytest.raises(Refused):
        FORMAT.parse(edited(issued().wire, lambda vc: vc.update(proof=proof)))


@pytest.mark.parametrize(
    "suite",
    ["eddsa-2099", "", None, 7, "EDDSA-RDFC-2022", "eddsa-rdfc-2022 ", ["eddsa-rdfc-2022"], "ECDSA-RDFC-2019", "ecdsa-sd-2023", "bbs-2023"],
)
@EACH_DESK
def test_neg_L12_cryptosuite_unknown(desk: Desk, suite: Any) -> None:
    wire = edited(desk.issued().wire, lambda vc: vc["proof"].update(cryptosuite=suite))
    refused(wire, CryptosuiteUnsupported, desk.key)
    with pytest.raises(CryptosuiteUnsupported):
        FORMAT.parse(wire)


@EACH_DESK
def test_neg_L12_cryptosuite_missing_or_of_an_older_kind(desk: Desk) -> None:
    refused(edited(desk.issued().wire, lambda vc: vc["proof"].pop("cryptosuite")), CryptosuiteUnsupported, desk.key)
    refused(edited(desk.issued().wire, lambda vc: vc["proof"].update(type="Ed25519Signature2020")), CryptosuiteUnsupported, desk.key)
    refused(edited(desk.issued().wire, lambda vc: vc["proof"].update(type="EcdsaSecp256r1Signature2019")), CryptosuiteUnsupported, desk.key)


@pytest.mark.parametrize("named", CRYPTOSUITES)
@EACH_DESK
def test_neg_L12_another_suite_named_instead(desk: Desk, named: str) -> None:
    """Of the same keys: another hash; of other keys: no key of the issuer's. The twin: its own name."""
    wire = edited(desk.issued().wire, lambda vc: vc["proof"].update(cryptosuite=named))
    if named == desk.form.cryptosuite.name:
        assert FORMAT.verify(FORMAT.parse(wire), desk.key.public).document == desk.document()
    else:
        refused(wire, SigInvalid if desk.key.algorithm in CRYPTOSUITES[named].algorithms else AlgKeyMismatch, desk.key)


def sealed_with(desk: Desk, **options: Any) -> bytes:
    suite = desk.form.cryptosuite
    return json.dumps(add_proof(desk.document(), desk.key, suite=suite, purpose="assertionMethod", now=NOW, also=options)).encode()


@pytest.mark.parametrize(
    "options",
    [
        {"expires": "2026-11-21T08:58:59Z"},
        {"expires": "2016-11-21T09:00:00Z"},
        {"created": "2026-11-21T09:01:01Z"},
        {"created": "2036-11-21T09:00:00Z"},
        {"created": "2026-11-21T09:01:01Z", "expires": "2027-11-21T09:00:00Z"},
    ],
    ids=str,
)
@EACH_DESK
def test_neg_L13_proof_expired(desk: Desk, options: dict[str, str]) -> None:
    vc = FORMAT.parse(sealed_with(desk, **options))
    assert FORMAT.verify(vc, desk.key.public).document == desk.document()
    with pytest.raises(ProofExpired):
        FORMAT.check_proof_period(vc, now=NOW, skew=SKEW)


@pytest.mark.parametrize("options", [{"expires": "2026-11-21T08:59:00Z"}, {"created": "2026-11-21T09:01:00Z"}, {}], ids=str)
@EACH_DESK
def test_neg_L13_twin_within_the_skew_it_passes(desk: Desk, options: dict[str, str]) -> None:
    vc = FORMAT.parse(sealed_with(desk, **options))
    FORMAT.check_proof_period(vc, now=NOW, skew=SKEW)
    assert FORMAT.verify(vc, desk.key.public).document == desk.document()


def test_neg_L13_a_presentation_is_good_for_ten_minutes() -> None:
    vp = shown()
    proof = checked_proofs(json.loads(vp.wire), purpose="authentication")[0]
    check(vp)
    for moment in (NOW + timedelta(minutes=12), NOW + timedelta(days=365), NOW - timedelta(minutes=2)):
        with pytest.raises(ProofExpired):
            check_period(proof, now=moment, skew=SKEW, max_age=FORMAT.presentation_age)
    with pytest.raises(ProofExpired):
        check_period({}, now=NOW, skew=SKEW, max_age=FORMAT.presentation_age)


LINK = "https://a.example/#link"


def clique(size: int) -> list[dict[str, Any]]:
    """Nameless nodes, each linked with all others by their labels."""
    return [{"id": f"_:b{i}", LINK: [{"id": f"_:b{j}"} for j in range(size) if j != i]} for i in range(size)]


@pytest.mark.parametrize("size", [4, 8, 10, 24])
@pytest.mark.parametrize("link", [LINK, "court_access_level"])
def test_neg_L14_canon_clique(size: int, link: str) -> None:
    said = json.loads(json.dumps(subject(**{LINK: clique(size)})).replace(LINK, link))
    begun = time.process_time()
    refused(carelessly_sealed(said), CanonLimitExceeded)
    refused(edited(issued().wire, lambda vc: vc.update(credentialSubject=said["credentialSubject"])), CanonLimitExceeded)
    never_issued(said, CanonLimitExceeded)
    assert time.process_time() - begun < 2


def test_neg_L14_twin_a_few_nameless_nodes_that_look_alike_pass() -> None:
    """Without labels, though, which could be changed under the seal."""
    said = subject(**{LINK: [{"family_name": "x"}, {"family_name": "y"}, {}, {}]})
    assert FORMAT.verify(FORMAT.secure(Credential.parse(said), ISSUER, now=NOW), ISSUER.public).document == said
    never_issued(subject(**{LINK: clique(2)}), IriNotAbsolute)


@pytest.mark.parametrize("fan", [[2, 2, 2, 2, 2], [3, 3, 3], [63], [4], [1000]])
def test_neg_L14_trees_of_nameless_nodes_that_look_alike(fan: list[int]) -> None:
    tree: Any = {"family_name": "x"}
    for width in fan:
        tree = {"https://a.example/#p": [tree] * width}
    begun = time.process_time()
    refused(careless(credentialSubject=tree), CanonLimitExceeded)
    assert time.process_time() - begun < 2


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"family_name": "x"}
    for level in range(depth):
        inner = {f"https://a.example/#p{level}": inner}
    return inner


@pytest.mark.parametrize("depth", [32, 64, 100])
def test_neg_L15_canon_chain(depth: int) -> None:
    begun = time.process_time()
    refused(careless(credentialSubject=nested(depth)), CanonLimitExceeded)
    refused(edited(issued().wire, lambda vc: vc.update(credentialSubject=nested(depth))), CanonLimitExceeded)
    never_issued(document(credentialSubject=nested(depth)), CanonLimitExceeded)
    assert time.process_time() - begun < 2


def test_neg_L15_deeper_than_any_document() -> None:
    with pytest.raises(InputMalformed):
        FORMAT.parse(edited(issued().wire, lambda vc: vc.update(credentialSubject=nested(200))))


@pytest.mark.parametrize("depth", [1, 15, 29])
def test_neg_L15_twin_a_document_of_usual_depth_passes(depth: int) -> None:
    said = document(credentialSubject=nested(depth))
    assert FORMAT.verify(FORMAT.secure(Credential.parse(said), ISSUER, now=NOW), ISSUER.public).document == said


@pytest.mark.parametrize("number", ["1.0e400", "-1.0e400", "1" * 65, "1" * 30, str(2**64), "NaN", "Infinity"])
def test_neg_L16_a_number_that_no_one_can_hold(number: str) -> None:
    wire = issued().wire.replace(b'"sex":2', b'"sex":' + number.encode())
    assert wire != issued().wire
    with pytest.raises(InputMalformed):
        FORMAT.parse(wire)
    refused(wire, InputMalformed)
    with pytest.raises(InputMalformed):
        FORMAT.parse_presentation(shown().wire.replace(b'"sex":2', b'"sex":' + number.encode()))


LEVEL = "https://a.example/#level"


@pytest.mark.parametrize(
    "said",
    [
        {"sex": 2**53},
        {"sex": "2"},
        {"sex": 1.5e300},
        {"sex": 0.1234567890123456789},
        {"age_over_18": "true"},
        {"age_over_18": "false"},
        {"age_over_18": 1},
        {"age_over_18": "yes"},
        {"birth_date": "1990-02-30"},
        {"birth_date": "17.5.1990"},
        {"birth_date": "1990-05-17T00:00:00Z"},
        {"birth_date": 1990},
        {LEVEL: {"@value": "x", "@language": "not a language"}},
        {LEVEL: {"@value": "x", "@language": ""}},
        {LEVEL: {"@value": "x", "@language": 7}},
        {LEVEL: {"@value": "x", "@language": "en_US"}},
        {LEVEL: {"@value": None}},
        {LEVEL: {"@value": ["x"]}},
        {LEVEL: {"@value": "x", "@index": "y"}},
        {LEVEL: {"@value": "2026-13-01T00:00:00Z", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}},
        {LEVEL: {"@value": "2026-12-01T00:00:00", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}},
        {LEVEL: {"@value": "abc", "@type": "http://www.w3.org/2001/XMLSchema#decimal"}},
        {LEVEL: None},
        {LEVEL: []},
        {LEVEL: [None]},
        {LEVEL: [["x"]]},
        {"@graph": [{"id": "urn:a:b"}]},
        {"@included": [{"id": "urn:a:b"}]},
        {"@reverse": {LEVEL: {"id": "urn:a:b"}}},
        {"@index": "x"},
        {"@nest": {LEVEL: "x"}},
        {LEVEL: {"@list": ["x"]}},
        {LEVEL: {"@set": ["x"]}},
    ],
    ids=str,
)
def test_neg_L16_canon_float_and_lang(said: dict[str, Any]) -> None:
    """Also all that JSON-LD would drop or blur without a word, so that a seal would not cover it."""
    with pytest.raises(InputMalformed):
        FORMAT.verify(pasted(slipped_in(**said)), ISSUER.public)
    never_issued(subject(**claims() | said), InputMalformed)


@pytest.mark.parametrize(
    "moment", ["2026-02-30T00:00:00Z", "2026-11-21", "2026-11-21T09:00:00", "Sun, 26 Feb 2023 01:22:14 +0000", "", 7, None]
)
def test_neg_L16_invalid_date_time(moment: Any) -> None:
    said = {**document(), "validFrom": moment}
    refused(carelessly_sealed(said), InputMalformed)
    refused(edited(issued().wire, lambda vc: vc["proof"].update(created=moment)), InputMalformed)


@pytest.mark.parametrize(
    "said",
    [
        {"sex": 1},
        {LEVEL: {"@value": "x", "@language": "zh-Hans-CN"}},
        {LEVEL: 1.5},
        {LEVEL: -7},
        {LEVEL: True},
        {LEVEL: {"@value": "2026-12-01T00:00:00+08:00", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}},
        {LEVEL: ["x", "y"]},
        {LEVEL: {}},
    ],
    ids=str,
)
def test_neg_L16_twin_good_literals_pass(said: dict[str, Any]) -> None:
    told = {"id": did_key(HOLDER.public), **said}
    for desk in DESKS:
        expected = desk.document(credentialSubject=told)
        assert FORMAT.verify(desk.issued(credentialSubject=told), desk.key.public).document == expected


V1 = {
    "@context": [CREDENTIALS_V1],
    "type": ["VerifiableCredential"],
    "issuer": did_key(ISSUER.public),
    "issuanceDate": "2026-11-21T09:00:00Z",
    "credentialSubject": {"id": did_key(HOLDER.public)},
}


@pytest.mark.parametrize(
    "said",
    [
        document(issuanceDate="2026-11-21T09:00:00Z"),
        document(validFrom=None, issuanceDate="2026-11-21T09:00:00Z"),
        document(expirationDate="2027-11-21T09:00:00Z"),
        document(**{"@context": [CREDENTIALS_V2, CREDENTIALS_V1]}),
        {**V1, "validFrom": "2026-11-21T09:00:00Z"},
        {**V1, "@context": [CREDENTIALS_V1, CREDENTIALS_V2]},
        {**V1, "@context": CREDENTIALS_V1},
        V1,
    ],
    ids=["both-dates", "v1-date", "v1-end", "both-contexts", "v1-with-validFrom", "v1-first", "v1-as-text", "v1-itself-is-not-read-yet"],
)
def test_neg_L17_vcdm1_vcdm2_mix(said: dict[str, Any]) -> None:
    refused(carelessly_sealed(said), DataModelMismatch)
    with pytest.raises(DataModelMismatch):
        Credential.parse(said)


def test_neg_L_a_key_of_another_kind_does_not_seal() -> None:
    key = public_key_from_multikey(ISSUER.public.multikey(), kid=ISSUER.kid)
    assert FORMAT.verify(issued(), key).document == document()
    with pytest.raises(IssuerKeyMismatch):
        FORMAT.verify(issued(), key.named(""))
