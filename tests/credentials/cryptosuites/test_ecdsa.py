"""What the ECDSA suites refuse beside what every suite does: the curve decides the hash, and there is one spelling of a signature."""

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from credentials import multibase
from credentials.cryptosuites import CRYPTOSUITES, Cryptosuite
from credentials.data_integrity import add_proof, verify_proofs
from credentials.jsonld import canonicalize
from credentials.keys import PrivateKey
from doors.refusals import AlgKeyMismatch, SigInvalid
from tests.credentials.documents import DESKS, FORMAT, ISSUER, NOW, Desk, document, edited, self_named

ECDSA = [desk for desk in DESKS if desk.key.algorithm != "EdDSA"]
EACH_DESK = pytest.mark.parametrize("desk", ECDSA, ids=str)
OTHER = {"ES256": "ES384", "ES384": "ES256"}


def signed_by_hand(desk: Desk, digest_of: str) -> dict[str, Any]:
    """A proof whose hashes are those for a key of ``digest_of``."""

    def made(vc: dict[str, Any]) -> None:
        proof, suite = vc["proof"], desk.form.cryptosuite
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        unsecured = {name: value for name, value in vc.items() if name != "proof"}
        proof["proofValue"] = multibase.encode_base58btc(desk.key.sign(suite.bytes_to_sign(unsecured, options, algorithm=digest_of)))

    secured: dict[str, Any] = json.loads(edited(desk.issued().wire, made))
    return secured


def verify(desk: Desk, secured: dict[str, Any]) -> None:
    verify_proofs(secured, {desk.key.kid: desk.key.public}, purpose="assertionMethod")


@EACH_DESK
def test_the_hash_of_the_other_curve_is_refused(desk: Desk) -> None:
    """VC-DI-ECDSA §3.2.4, §3.3.4: one must use the hash of the curve."""
    verify(desk, signed_by_hand(desk, desk.key.algorithm))
    with pytest.raises(SigInvalid):
        verify(desk, signed_by_hand(desk, OTHER[desk.key.algorithm]))


def test_the_statements_are_put_in_order_by_the_hash_of_the_curve_before_they_are_hashed_with_it() -> None:
    """VC-DI-ECDSA §3: SHA-384 within RDFC-1.0 for P-384, which shows where nameless nodes are told apart."""
    suite = CRYPTOSUITES["ecdsa-rdfc-2019"]
    nameless = [{"type": "FaceCheckEvidence", "method": method} for method in "abcdef"]
    said = document(issuer="did:web:issuer.example", credentialSubject={"id": "did:web:holder.example"}, evidence=nameless)
    by_256, by_384 = (canonicalize(said, digest=digest).encode() for digest in ("sha256", "sha384"))
    assert by_256 != by_384
    proof = json.loads(DESKS[0].issued().wire)["proof"]
    options = {**{name: value for name, value in proof.items() if name != "proofValue"}, "cryptosuite": suite.name}
    assert suite.bytes_to_sign(said, options, algorithm="ES256")[32:] == hashlib.sha256(by_256).digest()
    assert suite.bytes_to_sign(said, options, algorithm="ES384")[48:] == hashlib.sha384(by_384).digest()


@EACH_DESK
def test_r_and_s_stand_side_by_side_and_in_no_other_way(desk: Desk) -> None:
    """VC-DI-ECDSA §3 with RFC 4754 §7."""
    secured = json.loads(desk.issued().wire)
    raw = multibase.decode_base58btc(secured["proof"]["proofValue"])
    half = len(raw) // 2
    assert half == {"ES256": 32, "ES384": 48}[desk.key.algorithm]
    der = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
    for other in (
        der,
        raw[half:] + raw[:half],
        raw[:-1],
        raw + b"\0",
        raw[:half] + b"\0" + raw[half:],
        b"\0" + raw,
        bytes(len(raw)),
        b"",
        raw[:64] if half == 48 else raw + raw,
    ):
        with pytest.raises(SigInvalid):
            verify(desk, {**secured, "proof": {**secured["proof"], "proofValue": multibase.encode_base58btc(other)}})


@EACH_DESK
def test_a_key_of_another_kind_neither_seals_nor_opens(desk: Desk) -> None:
    edwards = self_named("EdDSA")
    with pytest.raises(AlgKeyMismatch):
        add_proof(desk.document(), edwards, suite=desk.form.cryptosuite, purpose="assertionMethod", now=NOW)
    with pytest.raises(AlgKeyMismatch):
        FORMAT.verify(desk.issued(), edwards.public.named(desk.key.kid))
    with pytest.raises(SigInvalid):
        FORMAT.verify(desk.issued(), self_named(OTHER[desk.key.algorithm]).public.named(desk.key.kid))


@EACH_DESK
def test_the_same_document_is_signed_the_same_twice(desk: Desk) -> None:
    """VC-DI-ECDSA §3: deterministic signatures, as the OpenSSL of the locked build makes them."""
    assert desk.issued().wire == desk.issued().wire


@pytest.mark.parametrize(
    "suite", [suite for suite in CRYPTOSUITES.values() if suite.name.startswith("ecdsa")], ids=lambda suite: str(suite.name)
)
@pytest.mark.parametrize("key", [self_named("ES256"), self_named("ES384")], ids=lambda key: str(key.algorithm))
def test_proofs_of_two_kinds_stand_side_by_side(key: PrivateKey, suite: Cryptosuite) -> None:
    both = add_proof(json.loads(DESKS[0].issued().wire), key, suite=suite, purpose="assertionMethod", now=NOW)
    known = {signer.kid: signer.public for signer in (ISSUER, key)}
    assert verify_proofs(both, known, purpose="assertionMethod") == DESKS[0].document()
    both["proof"][1]["proofValue"] = both["proof"][0]["proofValue"]
    with pytest.raises(SigInvalid):
        verify_proofs(both, known, purpose="assertionMethod")
