"""Proofs that stand inside a document: made and checked by the rules of VC Data Integrity 1.0."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from credentials import multibase
from credentials.cryptosuites import CRYPTOSUITES, Cryptosuite
from credentials.keys import PublicKey, SigningKey
from credentials.model.iri import is_absolute_iri
from credentials.timestamps import format_timestamp, no_later, parse_timestamp
from doors.json import JsonObject
from doors.refusals import (
    AlgKeyMismatch,
    ContextInvalid,
    CryptosuiteUnsupported,
    InputMalformed,
    KidUnknown,
    ProofExpired,
    ProofMissing,
    ProofPurposeMismatch,
    SigInvalid,
)

PROOF_TYPE = "DataIntegrityProof"
MOST_PROOFS = 8
_NOTHING: Mapping[str, object] = MappingProxyType({})


def add_proof(
    document: JsonObject,
    key: SigningKey,
    *,
    suite: Cryptosuite,
    purpose: str,
    now: datetime,
    also: Mapping[str, object] = _NOTHING,
) -> JsonObject:
    """``document`` with one more proof by ``key`` (VC Data Integrity 1.0 §4.2, §4.3), made at ``now``.

    ``also`` are further members of the proof, as ``challenge`` and ``domain``. Proofs that are there already stay: a proof set (§2.1.1).
    Raises ``AlgKeyMismatch`` and what the suite raises on reading the document.
    """
    _refuse_key(key.algorithm, suite)
    unsecured = without_proof(document)
    options = suite.options(unsecured, _options(key, suite, purpose=purpose, now=now) | dict(also))
    signature = key.sign(suite.bytes_to_sign(unsecured, options, algorithm=key.algorithm))
    proof = {**options, "proofValue": multibase.encode_base58btc(signature)}
    existing = list(proofs_of(document)) if "proof" in document else []
    return {**unsecured, "proof": [*existing, proof] if existing else proof}


def verify_proofs(
    secured: JsonObject,
    keys: Mapping[str, PublicKey],
    *,
    purpose: str,
    suites: Mapping[str, Cryptosuite] = CRYPTOSUITES,
) -> JsonObject:
    """The document without proof that every proof of ``secured`` is for (VC Data Integrity 1.0 §4.5: all of a set must hold).

    ``keys`` are the signers' keys by verification method. Dates are not looked at: see ``check_period``.
    Raises ``ProofMissing``, ``CryptosuiteUnsupported``, ``ProofPurposeMismatch``, ``InputMalformed``, ``KidUnknown``, ``AlgKeyMismatch``,
    ``SigInvalid``, and what reading linked data raises.
    """
    proofs = checked_proofs(secured, purpose=purpose, suites=suites)
    unsecured = without_proof(secured)
    signed = [_verify_one(unsecured, proof, keys, suites[proof["cryptosuite"]]) for proof in proofs]
    if any(document != signed[0] for document in signed):
        raise ContextInvalid("expected all proofs to be for the same @context", pointer="/proof")
    return signed[0]


def without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}


def proofs_of(secured: JsonObject) -> tuple[JsonObject, ...]:
    """The proofs of a document, one or a set; raises ``ProofMissing`` where there is none, ``InputMalformed`` for other shapes."""
    proof = secured.get("proof")
    proofs = proof if isinstance(proof, list) else [proof]
    if not proof:
        raise ProofMissing("expected a proof", pointer="/proof")
    if len(proofs) > MOST_PROOFS or not all(isinstance(item, dict) for item in proofs):
        raise InputMalformed(f"expected one proof object or a list of at most {MOST_PROOFS}", pointer="/proof")
    return tuple(proofs)


def checked_proofs(secured: JsonObject, *, purpose: str, suites: Mapping[str, Cryptosuite] = CRYPTOSUITES) -> tuple[JsonObject, ...]:
    """The proofs of a document once each is of a known suite and for ``purpose``; nothing is verified, so nothing is to be believed.

    Raises ``ProofMissing``, ``CryptosuiteUnsupported``, ``ProofPurposeMismatch`` or ``InputMalformed``.
    """
    proofs = proofs_of(secured)
    for proof in proofs:
        _check_options(proof, purpose, suites)
    return proofs


def check_period(proof: JsonObject, *, now: datetime, skew: timedelta, max_age: timedelta | None = None) -> None:
    """Return if ``now`` lies between ``created`` and ``expires``, give or take ``skew``; raise ``ProofExpired`` (§2.1).

    Where ``max_age`` is given, ``created`` has to be there and no older.
    """
    if "created" in proof:
        created = parse_timestamp(proof["created"], pointer="/proof/created")
        if not no_later(created, now, skew=skew):
            raise ProofExpired("expected a proof made in the past, got one from the future", pointer="/proof/created")
        if max_age is not None and not no_later(now, created, skew=max_age + skew):
            raise ProofExpired("expected a fresh proof, got an old one", pointer="/proof/created")
    elif max_age is not None:
        raise ProofExpired("expected a proof that says when it was made", pointer="/proof/created")
    if "expires" in proof and not no_later(now, parse_timestamp(proof["expires"], pointer="/proof/expires"), skew=skew):
        raise ProofExpired("expected a proof that has not expired", pointer="/proof/expires")


def controller_of(method: str) -> str:
    """The DID (or other address) whose document lists a verification method: its DID URL up to the fragment (CID 1.0 §2.2)."""
    return method.partition("#")[0]


def _options(key: SigningKey, suite: Cryptosuite, *, purpose: str, now: datetime) -> JsonObject:
    return {
        "type": PROOF_TYPE,
        "cryptosuite": suite.name,
        "created": format_timestamp(now),
        "verificationMethod": key.kid,
        "proofPurpose": purpose,
    }


def _check_options(proof: JsonObject, purpose: str, suites: Mapping[str, Cryptosuite]) -> None:
    suite, method = proof.get("cryptosuite"), proof.get("verificationMethod")
    if proof.get("type") != PROOF_TYPE or not isinstance(suite, str) or suite not in suites:
        raise CryptosuiteUnsupported(f"expected a {PROOF_TYPE} of {', '.join(suites)}", pointer="/proof/cryptosuite")
    if "previousProof" in proof:
        raise CryptosuiteUnsupported("expected a proof set, got a proof chain, which is not read yet", pointer="/proof/previousProof")
    if proof.get("proofPurpose") != purpose:
        raise ProofPurposeMismatch(f"expected a proof for {purpose}", pointer="/proof/proofPurpose")
    if not is_absolute_iri(method) or not isinstance(proof.get("proofValue"), str):
        raise InputMalformed("expected a proof with verificationMethod and proofValue", pointer="/proof")
    for member in ("created", "expires"):
        if member in proof:
            parse_timestamp(proof[member], pointer=f"/proof/{member}")


def _verify_one(unsecured: JsonObject, proof: JsonObject, keys: Mapping[str, PublicKey], suite: Cryptosuite) -> JsonObject:
    key = keys.get(proof["verificationMethod"])
    if key is None:
        raise KidUnknown("expected a proof by a known key", pointer="/proof/verificationMethod")
    _refuse_key(key.algorithm, suite)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    signed = suite.signed_document(unsecured, options)
    key.verify(suite.bytes_to_sign(signed, options, algorithm=key.algorithm), _signature(proof))
    return signed


def _refuse_key(algorithm: str, suite: Cryptosuite) -> None:
    if algorithm not in suite.algorithms:
        raise AlgKeyMismatch(f"{suite.name}: expected a key for {', '.join(sorted(suite.algorithms))}")


def _signature(proof: JsonObject) -> bytes:
    try:
        return multibase.decode_base58btc(proof["proofValue"])
    except InputMalformed:
        raise SigInvalid("expected proofValue as base58btc multibase", pointer="/proof/proofValue") from None
