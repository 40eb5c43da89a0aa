"""A key proof as a W3C presentation without credentials: the holder signs the issuer's nonce with the DID's key (OpenID4VCI 1.0 F.2)."""

import json
from datetime import datetime

from credentials.cryptosuites import CRYPTOSUITES
from credentials.formats.ldp_vc import LdpVc
from credentials.keys import SigningKey
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import InvalidNonce, InvalidProof, Refused
from openid4vc.vci.proofs.expected import ExpectedProof, ProvenKey


def make_di_vp_proof(key: SigningKey, *, issuer: str, nonce: str, now: datetime, cryptosuite: str = "eddsa-rdfc-2022") -> JsonObject:
    """A proof by ``key``, whose name must be a DID URL, for ``issuer``; raises what ``LdpVc.present_all`` raises."""
    presentation = LdpVc(cryptosuite=CRYPTOSUITES[cryptosuite]).present_all((), key, nonce=nonce, audience=issuer, now=now)
    return parse_object(presentation.wire)


def check_di_vp_proof(value: JsonValue, expected: ExpectedProof) -> ProvenKey:
    """The key that the proof ``value`` shows to be held, checked as F.2 and F.4 list.

    Raises ``InvalidNonce`` where the challenge is absent or not known, ``InvalidProof`` for everything else.
    """
    try:
        return _checked(value, expected)
    except (InvalidProof, InvalidNonce):
        raise
    except Refused as error:
        raise InvalidProof(f"di_vp proof: {error.detail}") from error


def _checked(value: JsonValue, expected: ExpectedProof) -> ProvenKey:
    if not isinstance(value, dict):
        raise InvalidProof("di_vp proof: expected an object")
    challenge = _challenge(value)
    if not isinstance(challenge, str) or not challenge:
        raise InvalidNonce("challenge: expected a nonce from the nonce endpoint, got none", pointer="/proof/challenge")
    suites = {name: suite for name, suite in CRYPTOSUITES.items() if name in expected.algorithms}
    reader = LdpVc(cryptosuites=suites, presentation_age=expected.lifetime)
    presentation = reader.parse_presentation(json.dumps(value).encode("utf-8"))
    if presentation.credentials:
        raise InvalidProof("di_vp proof: expected a presentation without credentials")
    key = expected.resolve_kid(presentation.unverified_key_id)
    reader.verify_presentation(presentation, key, nonce=challenge, audience=expected.issuer, now=expected.now, skew=expected.skew)
    return ProvenKey(key, key.kid.partition("#")[0], expected.check_nonce(challenge))


def _challenge(presentation: JsonObject) -> JsonValue:
    """The one proof's challenge, read before anything is verified; which nonces are good is asked only afterwards."""
    proofs = presentation.get("proof")
    if isinstance(proofs, list) and len(proofs) == 1:
        proofs = proofs[0]
    if not isinstance(proofs, dict):
        raise InvalidProof("di_vp proof: expected exactly one proof")
    return proofs.get("challenge")
