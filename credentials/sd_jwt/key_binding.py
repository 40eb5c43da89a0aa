"""The holder's signature under one showing: for this verifier, this question and exactly these disclosures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from credentials.sd_jwt.compact import SdJwt
from credentials.sd_jwt.digests import Digest, text_digest
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import AlgKeyMismatch, AudMismatch, HolderBindingInvalid, HolderBindingMissing, NonceMismatch, ProofExpired, SigInvalid

TYP = "kb+jwt"


def sign_key_binding(shown: SdJwt, key: SigningKey, *, nonce: str, audience: str, now: datetime, digest: Digest) -> SdJwt:
    """``shown`` with the holder's key binding JWT after it (RFC 9901 §4.3)."""
    payload = {
        "iat": int(now.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": text_digest(shown.without_key_binding, digest),
    }
    return SdJwt(shown.jwt, shown.disclosures, sign_jws(orjson.dumps(payload), _Nameless(key), typ=TYP))


def check_key_binding(
    shown: SdJwt, key: PublicKey, *, nonce: str, audience: str, now: datetime, skew: timedelta, max_age: timedelta, digest: Digest
) -> None:
    """Check the key binding JWT of ``shown`` by RFC 9901 §7.3 step 5; ``key`` is the one the issuer put under ``cnf``.

    It may be at most ``max_age`` old and at most ``skew`` in the future; ``skew`` is granted at both ends.
    Raises ``HolderBindingMissing``, ``TypMismatch`` and what else ``parse_jws`` raises, ``HolderBindingInvalid`` (another key,
    other disclosures), ``ProofExpired``, ``NonceMismatch`` and ``AudMismatch``, in this order.
    """
    if not shown.key_binding:
        raise HolderBindingMissing("presentation: expected a key binding JWT after the last tilde, got none")
    payload = _signed_payload(parse_jws(shown.key_binding, typ=TYP), key)
    _check_time(payload, now=now, skew=skew, max_age=max_age)
    if not nonce or payload.get("nonce") != nonce:
        raise NonceMismatch("key binding: expected the nonce of this request, got another or none")
    if not audience or payload.get("aud") != audience:
        raise AudMismatch("key binding: expected this verifier alone as audience, got another or none")
    if payload.get("sd_hash") != text_digest(shown.without_key_binding, digest):
        raise HolderBindingInvalid("key binding: expected sd_hash over the credential and disclosures shown, got another or none")


def _signed_payload(jws: UnverifiedJws, key: PublicKey) -> JsonObject:
    try:
        return parse_object(verify_jws(jws, key))
    except (SigInvalid, AlgKeyMismatch) as error:
        raise HolderBindingInvalid("key binding: expected a signature by the key that the credential is bound to") from error


def _check_time(payload: JsonObject, *, now: datetime, skew: timedelta, max_age: timedelta) -> None:
    seconds, grace = now.timestamp(), skew.total_seconds()
    issued = _seconds(payload, "iat")
    if issued is None or not -grace <= seconds - issued <= max_age.total_seconds() + grace:
        raise ProofExpired("key binding: expected iat to be now, got another time or none")
    expires, begins = _seconds(payload, "exp"), _seconds(payload, "nbf")
    if (expires is not None and seconds >= expires + grace) or (begins is not None and seconds < begins - grace):
        raise ProofExpired("key binding: it is past its exp or before its nbf (RFC 7519 §4.1)")


def _seconds(payload: JsonObject, name: str) -> float | None:
    """A NumericDate (RFC 7519 §2); what is there but is none counts as lapsed."""
    value: JsonValue = payload.get(name)
    if value is None and name not in payload:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProofExpired(f"key binding: expected {name} as a number of seconds")
    return float(value)


@dataclass(frozen=True, slots=True)
class _Nameless:
    """The holder's key without the name that the wallet gives it: the credential's ``cnf`` says which key it is."""

    key: SigningKey
    kid: str = ""

    @property
    def algorithm(self) -> str:
        return self.key.algorithm

    @property
    def public(self) -> PublicKey:
        return self.key.public

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)
