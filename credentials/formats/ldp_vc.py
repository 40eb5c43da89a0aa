"""The credential as a W3C document with its proof inside (OpenID format identifier ``ldp_vc``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

import orjson

from credentials.credential import Credential
from credentials.cryptosuites import CRYPTOSUITES, Cryptosuite
from credentials.data_integrity import add_proof, check_period, checked_proofs, controller_of, verify_proofs, without_proof
from credentials.keys import PublicKey, SigningKey
from credentials.model.rules import CREDENTIALS_V2, check_presentation, holder_of
from credentials.wire import VerifiableCredential, VerifiablePresentation
from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import (
    AudMismatch,
    ClaimsNotFromProof,
    HolderBindingInvalid,
    HolderBindingMissing,
    InputTooLarge,
    IssuerKeyMismatch,
    NonceMismatch,
)

NAME = "ldp_vc"
ISSUING, PRESENTING = "assertionMethod", "authentication"
MOST_CREDENTIALS = 20
_DEPTH = 128
"""Deeper than what is canonicalised, so that a deep document is told what it is: too costly (``canon_limit_exceeded``)."""


@dataclass(frozen=True, slots=True)
class LdpVc:
    """W3C credentials with Data Integrity proofs: ``cryptosuite`` signs, any of ``cryptosuites`` is read.

    A holder whose key is not for ``cryptosuite`` presents with the first of ``cryptosuites`` that it is for.
    ``presentation_age`` is how old the holder's proof may be.
    """

    name: str = NAME
    cryptosuite: Cryptosuite = CRYPTOSUITES["eddsa-rdfc-2022"]
    cryptosuites: Mapping[str, Cryptosuite] = field(default_factory=lambda: CRYPTOSUITES)
    presentation_age: timedelta = timedelta(minutes=10)

    def secure(self, credential: Credential, key: SigningKey, *, now: datetime) -> VerifiableCredential:
        """Seal ``credential`` with a proof by the issuer's ``key``, made at ``now``.

        Raises ``IssuerKeyMismatch`` where ``key.kid`` is not a key of the issuer, and what the cryptosuite raises.
        """
        _refuse_other_controller(key.kid, credential.issuer)
        return self._read(add_proof(credential.document, key, suite=self.cryptosuite, purpose=ISSUING, now=now))

    def parse(self, wire: bytes) -> VerifiableCredential:
        """Read a secured credential by the data model, its contexts and the kind of its proof; nothing is verified.

        Raises ``InputTooLarge``, ``InputMalformed``, ``DuplicateMember``, ``ProofMissing``, ``CryptosuiteUnsupported``,
        ``ProofPurposeMismatch``, ``ContextNotAllowed`` and what ``Credential.parse`` raises.
        """
        return self._parsed(_read_json(wire), wire)

    def verify(self, vc: VerifiableCredential, key: PublicKey) -> Credential:
        """The credential that ``key``, the issuer's, has signed: every proof holds and every term is defined.

        ``key.kid`` has to be each proof's verification method and belong to the issuer (``IssuerKeyMismatch``). Raises what
        ``verify_proofs`` and ``Credential.parse`` raise. Dates, status and trust are the caller's to judge.
        """
        return self.verify_by_all(vc, {key.kid: key})

    def verify_by_all(self, vc: VerifiableCredential, keys: Mapping[str, PublicKey]) -> Credential:
        """As ``verify``, for a proof set by several keys of the issuer, given by their verification methods."""
        secured = _read_json(vc.wire)
        credential, proofs = self._checked(secured)
        for proof in proofs:
            if proof["verificationMethod"] not in keys:
                raise IssuerKeyMismatch("expected a proof by the issuer's key", pointer="/proof/verificationMethod")
            _refuse_other_controller(proof["verificationMethod"], credential.issuer)
        signed = verify_proofs(secured, keys, purpose=ISSUING, suites=self.cryptosuites)
        return credential if signed == credential.document else Credential.parse(signed)

    def check_proof_period(self, vc: VerifiableCredential, *, now: datetime, skew: timedelta) -> None:
        """Return if no proof of ``vc`` is from the future or has expired; raise ``ProofExpired`` (VC Data Integrity 1.0 §2.1)."""
        for proof in checked_proofs(_read_json(vc.wire), purpose=ISSUING, suites=self.cryptosuites):
            check_period(proof, now=now, skew=skew)

    def present(
        self, vc: VerifiableCredential, holder_key: SigningKey, *, nonce: str, audience: str, now: datetime
    ) -> VerifiablePresentation:
        """Show one credential, as ``present_all``."""
        return self.present_all((vc,), holder_key, nonce=nonce, audience=audience, now=now)

    def present_all(
        self, credentials: Sequence[VerifiableCredential], holder_key: SigningKey, *, nonce: str, audience: str, now: datetime
    ) -> VerifiablePresentation:
        """Show any number of credentials, bound to one question (``challenge``) and one verifier (``domain``).

        With none, it shows only that the holder has the key. Raises ``HolderBindingInvalid`` for another person's credential,
        ``AlgKeyMismatch`` for a key that no cryptosuite signs with.
        """
        holder = controller_of(holder_key.kid)
        shown = [_read_json(vc.wire) for vc in credentials]
        for secured in shown:
            _refuse_other_holder(secured, holder)
        document: JsonObject = {"@context": [CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": holder}
        if shown:
            document["verifiableCredential"] = shown
        also = {"challenge": nonce, "domain": audience}
        presentation = add_proof(document, holder_key, suite=self._suite_for(holder_key), purpose=PRESENTING, now=now, also=also)
        return self.parse_presentation(orjson.dumps(presentation))

    def parse_presentation(self, wire: bytes) -> VerifiablePresentation:
        """Read a presentation and the credentials in it; nothing is verified.

        Raises as ``parse``, and ``DataModelMismatch`` for a credential inside that is secured in another way.
        """
        secured = _read_json(wire)
        proofs = checked_proofs(secured, purpose=PRESENTING, suites=self.cryptosuites)
        self._refuse_other_contexts(secured)
        documents = check_presentation(without_proof(secured))
        if len(documents) > MOST_CREDENTIALS:
            raise InputTooLarge(f"presentation: expected at most {MOST_CREDENTIALS} credentials, got {len(documents)}")
        credentials = tuple(self._read(document) for document in documents)
        return VerifiablePresentation(self.name, wire, credentials, holder_of(secured), proofs[0]["verificationMethod"])

    def verify_presentation(
        self, vp: VerifiablePresentation, holder_key: PublicKey, *, nonce: str, audience: str, now: datetime, skew: timedelta
    ) -> None:
        """Return if the holder of ``holder_key`` shows exactly ``vp.credentials``, to ``audience``, for ``nonce``, now.

        Raises, in this order: what ``verify_proofs`` raises, ``ProofExpired``, ``NonceMismatch``, ``AudMismatch``,
        ``HolderBindingInvalid`` or ``HolderBindingMissing`` (VC Data Integrity 1.0 §4.5; VCDM 2.0 §4.13).
        """
        secured = _read_json(vp.wire)
        proofs = checked_proofs(secured, purpose=PRESENTING, suites=self.cryptosuites)
        if any(proof["verificationMethod"] != holder_key.kid for proof in proofs):
            raise HolderBindingInvalid("expected a proof by the holder's key", pointer="/proof/verificationMethod")
        document = verify_proofs(secured, {holder_key.kid: holder_key}, purpose=PRESENTING, suites=self.cryptosuites)
        for proof in proofs:
            check_period(proof, now=now, skew=skew, max_age=self.presentation_age)
            _check_answer(proof, nonce=nonce, audience=audience)
        _check_shown(vp, check_presentation(document))
        _check_holder(document, controller_of(holder_key.kid))

    def _read(self, secured: JsonObject) -> VerifiableCredential:
        return self._parsed(secured, orjson.dumps(secured))

    def _parsed(self, secured: JsonObject, wire: bytes) -> VerifiableCredential:
        credential, proofs = self._checked(secured)
        return VerifiableCredential(
            format=self.name,
            wire=wire,
            unverified_issuer=credential.issuer,
            unverified_key_id=proofs[0]["verificationMethod"],
            unverified_types=credential.types,
            unverified_status=credential.status,
        )

    def _checked(self, secured: JsonObject) -> tuple[Credential, tuple[JsonObject, ...]]:
        """What can be said before any signature: the kind of each proof, the data model, and that the contexts are bundled."""
        proofs = checked_proofs(secured, purpose=ISSUING, suites=self.cryptosuites)
        credential = Credential.parse(without_proof(secured))
        self._refuse_other_contexts(secured)
        return credential, proofs

    def _suite_for(self, key: SigningKey) -> Cryptosuite:
        known = (self.cryptosuite, *self.cryptosuites.values())
        return next((suite for suite in known if key.algorithm in suite.algorithms), self.cryptosuite)

    def _refuse_other_contexts(self, document: JsonObject) -> None:
        """Before anything is asked of anybody on account of this document."""
        self.cryptosuite.contexts.keys(document.get("@context"))


@lru_cache(maxsize=32)
def _read_json(wire: bytes) -> JsonObject:
    """Read once what parsing, verification and dates of one showing all need; what is read is shared and not to be changed."""
    return parse_object(wire, JsonLimits(depth=_DEPTH))


def _refuse_other_controller(method: str, issuer: str) -> None:
    if controller_of(method) != issuer:
        raise IssuerKeyMismatch("expected a key of the issuer, got another's", pointer="/issuer")


def _check_answer(proof: JsonObject, *, nonce: str, audience: str) -> None:
    if not nonce or proof.get("challenge") != nonce:
        raise NonceMismatch("challenge: expected the nonce of this request, got another or none", pointer="/proof/challenge")
    domain = proof.get("domain")
    if not audience or (domain[0] if isinstance(domain, list) and len(domain) == 1 else domain) != audience:
        raise AudMismatch("domain: expected this verifier, got another or none", pointer="/proof/domain")


def _check_shown(vp: VerifiablePresentation, documents: Sequence[JsonObject]) -> None:
    if [orjson.dumps(document) for document in documents] != [vc.wire for vc in vp.credentials]:
        raise ClaimsNotFromProof("expected exactly the credentials that the presentation's proof is for")


def _check_holder(document: JsonObject, holder: str) -> None:
    if "holder" in document and holder_of(document) != holder:
        raise HolderBindingInvalid("expected the holder whose key signed", pointer="/holder")
    for credential in document.get("verifiableCredential", []) if "verifiableCredential" in document else []:
        _refuse_other_holder(credential, holder)


def _refuse_other_holder(secured: JsonObject, holder: str) -> None:
    """A credential is bound to its subject, who is the one that may show it."""
    bound_to = Credential.parse(without_proof(secured)).holder
    if not bound_to:
        raise HolderBindingMissing("expected a credential whose one subject has an id", pointer="/credentialSubject")
    if bound_to != holder:
        raise HolderBindingInvalid("expected the holder's own credential", pointer="/credentialSubject/id")
