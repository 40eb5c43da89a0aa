"""The W3C's vectors for the EdDSA cryptosuites: every step, every hash, and the signed documents byte for byte."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials import multibase
from credentials.data_integrity import add_proof, verify_proofs
from credentials.jcs import canonical_json
from credentials.jsonld import canonicalize
from credentials.keys import PrivateKey, PublicKey, public_key_from_multikey
from credentials.keys.did_key import did_key_method
from doors.refusals import CryptosuiteUnsupported, SigInvalid
from tests.credentials.suite_contexts import VECTORS, read, suite_contexts, suites
from tests.shared import needs_shared

pytestmark = needs_shared
FOLDER = "w3c-vc-di-eddsa"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)


def text(path: str) -> str:
    return (VECTORS / FOLDER / path).read_text()


def key_pair(pair: dict[str, str]) -> PrivateKey:
    public = public_key_from_multikey(pair["publicKeyMultibase"])
    secret = multibase.decode_base58btc(pair["privateKeyMultibase"])
    return PrivateKey(public.named(did_key_method(public)), secret.removeprefix(b"\x80\x26"))


def keys(*multikeys: str) -> dict[str, PublicKey]:
    public = [public_key_from_multikey(multikey) for multikey in multikeys]
    return {did_key_method(key): key for key in public}


def without_proof_value(proof: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in proof.items() if name != "proofValue"}


def test_the_statements_of_the_document_and_of_the_proof_are_the_expected_ones() -> None:
    contexts = suite_contexts()
    assert canonicalize(read(f"{FOLDER}/unsigned.json"), contexts=contexts) == text("eddsa-rdfc-2022/canonDocDataInt.txt")
    assert canonicalize(read(f"{FOLDER}/eddsa-rdfc-2022/proofConfigDataInt.json"), contexts=contexts) == text(
        "eddsa-rdfc-2022/proofCanonDataInt.txt"
    )


def test_the_canonical_json_of_the_document_and_of_the_proof_are_the_expected_ones() -> None:
    assert canonical_json(read(f"{FOLDER}/unsigned.json")).decode() == text("eddsa-jcs-2022/canonDocJCS.txt")
    assert canonical_json(read(f"{FOLDER}/eddsa-jcs-2022/proofConfigJCS.json")).decode() == text("eddsa-jcs-2022/proofCanonJCS.txt")


@pytest.mark.parametrize(
    ("suite", "folder", "ending"), [("eddsa-rdfc-2022", "eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "eddsa-jcs-2022", "JCS")]
)
def test_each_hash_is_the_expected_one(suite: str, folder: str, ending: str) -> None:
    signed = read(f"{FOLDER}/{folder}/signed{ending}.json")
    options = without_proof_value(signed.pop("proof"))
    combined = suites(suite_contexts())[suite].bytes_to_sign(signed, options, algorithm="EdDSA")
    assert combined[:32].hex() == text(f"{folder}/proofHash{ending}.txt").strip()
    assert combined[32:].hex() == text(f"{folder}/docHash{ending}.txt").strip()
    assert combined.hex() == text(f"{folder}/combinedHash{ending}.txt").strip()
    signature = key_pair(read(f"{FOLDER}/keyPair.json")).sign(combined)
    assert signature.hex() == text(f"{folder}/sigHex{ending}.txt").strip()
    assert multibase.encode_base58btc(signature) == text(f"{folder}/sigBTC58{ending}.txt").strip()
    assert hashlib.sha256(b"").hexdigest() not in combined.hex()


@pytest.mark.parametrize(("suite", "ending"), [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")])
def test_the_signed_document_comes_out_as_published(suite: str, ending: str) -> None:
    key = key_pair(read(f"{FOLDER}/keyPair.json"))
    made = add_proof(read(f"{FOLDER}/unsigned.json"), key, suite=suites(suite_contexts())[suite], purpose="assertionMethod", now=CREATED)
    assert made == read(f"{FOLDER}/{suite}/signed{ending}.json")


@pytest.mark.parametrize(
    "path", ["eddsa-rdfc-2022/signedDataInt.json", "eddsa-jcs-2022/signedJCS.json", "proof-set-chain/signedProofSet1.json"]
)
def test_a_published_document_verifies_and_a_changed_one_does_not(path: str) -> None:
    signed = read(f"{FOLDER}/{path}")
    known = keys(signed["proof"]["verificationMethod"].partition("#")[2])
    accepted = suites(suite_contexts())
    assert verify_proofs(signed, known, purpose="assertionMethod", suites=accepted) == read(f"{FOLDER}/unsigned.json")
    signed["name"] += "!"
    with pytest.raises(SigInvalid):
        verify_proofs(signed, known, purpose="assertionMethod", suites=accepted)


def proof_set() -> tuple[dict[str, Any], dict[str, PublicKey]]:
    pairs = read(f"{FOLDER}/proof-set-chain/multiKeyPairs.json")
    return read(f"{FOLDER}/proof-set-chain/signedProofSet2.json"), keys(*(pair["publicKeyMultibase"] for pair in pairs.values()))


def test_both_proofs_of_the_published_set_hold() -> None:
    signed, known = proof_set()
    assert len(signed["proof"]) == 2
    assert verify_proofs(signed, known, purpose="assertionMethod", suites=suites(suite_contexts())) == read(f"{FOLDER}/unsigned.json")


@pytest.mark.parametrize("place", [0, 1])
def test_a_set_with_one_proof_swapped_is_refused(place: int) -> None:
    signed, known = proof_set()
    signed["proof"][place]["proofValue"] = signed["proof"][1 - place]["proofValue"]
    with pytest.raises(SigInvalid):
        verify_proofs(signed, known, purpose="assertionMethod", suites=suites(suite_contexts()))


@pytest.mark.parametrize("number", [1, 2])
def test_each_proof_of_the_set_comes_out_as_published(number: int) -> None:
    pair = read(f"{FOLDER}/proof-set-chain/multiKeyPairs.json")[f"keyPair{number}"]
    expected = read(f"{FOLDER}/proof-set-chain/proofSetConfigSigned{number}.json")
    made = add_proof(
        read(f"{FOLDER}/unsigned.json"),
        key_pair(pair),
        suite=suites(suite_contexts())["eddsa-rdfc-2022"],
        purpose="assertionMethod",
        now=CREATED,
        also={"id": expected["id"]},
    )
    assert made["proof"] == expected


def test_a_proof_chain_is_told_that_it_is_not_read_yet() -> None:
    """The published folder holds no chain, only sets; chains (``previousProof``) are a later piece of work and refused until then."""
    signed, known = proof_set()
    signed["proof"][1]["previousProof"] = signed["proof"][0]["id"]
    with pytest.raises(CryptosuiteUnsupported):
        verify_proofs(signed, known, purpose="assertionMethod", suites=suites(suite_contexts()))
