"""The W3C's vectors for the ECDSA cryptosuites: every step, every hash, and the signed documents byte for byte.

The folder has more than is read here: ecdsa-sd-2023, selective disclosure, is a cryptosuite that we do not have.
"""

from datetime import UTC, datetime

import pytest

from credentials import multibase
from credentials.cryptosuites import CRYPTOSUITES
from credentials.data_integrity import add_proof, verify_proofs
from credentials.jcs import canonical_json
from credentials.jsonld import canonicalize
from credentials.keys import PrivateKey, public_key_from_multikey
from credentials.keys.did_key import did_key_method
from doors.refusals import SigInvalid
from tests.credentials.suite_contexts import VECTORS, read, suite_contexts, suites
from tests.shared import needs_shared

pytestmark = needs_shared
FOLDER = "w3c-vc-di-ecdsa"
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
EACH = pytest.mark.parametrize(
    ("folder", "ending", "curve"),
    [
        ("ecdsa-rdfc-2019-p256", "ECDSAP256", "p256"),
        ("ecdsa-rdfc-2019-p384", "ECDSAP384", "p384"),
        ("ecdsa-jcs-2019-p256", "JCSECDSAP256", "p256"),
    ],
)
DIGESTS = {"p256": "sha256", "p384": "sha384"}
SECRET_CODECS = {"p256": b"\x86\x26", "p384": b"\x87\x26"}


def text(path: str) -> str:
    return (VECTORS / FOLDER / path).read_text().strip()


def key_pair(curve: str) -> PrivateKey:
    pair = read(f"{FOLDER}/{curve}KeyPair.json")
    public = public_key_from_multikey(pair["publicKeyMultibase"])
    secret = multibase.decode_base58btc(pair["secretKeyMultibase"]).removeprefix(SECRET_CODECS[curve])
    return PrivateKey(public.named(did_key_method(public)), secret)


@EACH
def test_the_canonical_forms_are_the_expected_ones(folder: str, ending: str, curve: str) -> None:
    for path, expected in ((f"{FOLDER}/unsigned.json", "canonDoc"), (f"{FOLDER}/{folder}/proofConfig{ending}.json", "proofCanon")):
        document = read(path)
        rdfc = canonicalize(document, contexts=suite_contexts(), digest=DIGESTS[curve])
        canonical = canonical_json(document).decode() if "jcs" in folder else rdfc
        assert canonical.strip() == text(f"{folder}/{expected}{ending}.txt")


@EACH
def test_each_hash_and_the_signature_are_the_expected_ones(folder: str, ending: str, curve: str) -> None:
    signed, key = read(f"{FOLDER}/{folder}/signed{ending}.json"), key_pair(curve)
    proof = signed.pop("proof")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    combined = suites(suite_contexts())[proof["cryptosuite"]].bytes_to_sign(signed, options, algorithm=key.algorithm)
    half = len(combined) // 2
    assert half == {"p256": 32, "p384": 48}[curve]
    assert combined[:half].hex() == text(f"{folder}/proofHash{ending}.txt")
    assert combined[half:].hex() == text(f"{folder}/docHash{ending}.txt")
    assert combined.hex() == text(f"{folder}/combinedHash{ending}.txt")
    key.public.verify(combined, bytes.fromhex(text(f"{folder}/sigHex{ending}.txt")))
    assert proof["proofValue"] == text(f"{folder}/sigBTC58{ending}.txt")


@EACH
def test_the_signed_document_comes_out_as_published(folder: str, ending: str, curve: str) -> None:
    """The published signatures are deterministic ones (RFC 6979), and so are ours."""
    expected = read(f"{FOLDER}/{folder}/signed{ending}.json")
    suite = suites(suite_contexts())[expected["proof"]["cryptosuite"]]
    made = add_proof(read(f"{FOLDER}/unsigned.json"), key_pair(curve), suite=suite, purpose="assertionMethod", now=CREATED)
    assert made == expected


@EACH
def test_a_published_document_verifies_and_a_changed_one_does_not(folder: str, ending: str, curve: str) -> None:
    signed, key = read(f"{FOLDER}/{folder}/signed{ending}.json"), key_pair(curve).public
    accepted = suites(suite_contexts())
    assert verify_proofs(signed, {key.kid: key}, purpose="assertionMethod", suites=accepted) == read(f"{FOLDER}/unsigned.json")
    signed["name"] += "!"
    with pytest.raises(SigInvalid):
        verify_proofs(signed, {key.kid: key}, purpose="assertionMethod", suites=accepted)


@pytest.mark.skip(reason="ecdsa-sd-2023 is not among the cryptosuites in use")
def test_the_vectors_of_selective_disclosure() -> None:
    assert "ecdsa-sd-2023" in CRYPTOSUITES


# Nameless nodes, which the published document has none of that the choice of hash could tell apart.

TWO_NAMELESS = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"],
    "type": "VerifiableCredential",
    "https://a.example/#p": [{"name": "x"}, {"name": "y"}, {"name": "z"}, {"name": "w"}],
}


def test_nameless_nodes_are_told_apart_by_the_hash_of_the_curve() -> None:
    """§3: SHA-384 within RDFC-1.0 for P-384; the order of the labels then differs, and the same statements stay."""
    contexts = suite_contexts()
    by_256, by_384 = (canonicalize(TWO_NAMELESS, contexts=contexts, digest=digest) for digest in ("sha256", "sha384"))
    assert by_256 != by_384
    assert len(by_256.splitlines()) == len(by_384.splitlines())
