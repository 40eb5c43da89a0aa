"""A key proof as a signed token: the holder signs the issuer's nonce with the key to bind (OpenID4VCI 1.0 F.1)."""

import json
from datetime import UTC, datetime

from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey, public_key_from_jwk
from credentials.keys.did_key import did_key
from doors.json import JsonObject, JsonValue, parse_object
from doors.refusals import InvalidNonce, InvalidProof, Refused
from openid4vc.vci.proofs.expected import ExpectedProof, ProvenKey

PROOF_TYP = "openid4vci-proof+jwt"
LONGEST_PROOF = 16 * 1024


def make_jwt_proof(key: SigningKey, *, issuer: str, nonce: str, now: datetime, client_id: str = "") -> str:
    """A proof by ``key`` for ``issuer``; named by ``kid`` where the key's name is a DID URL, else by carrying its ``jwk``.

    ``nonce`` is "" only where the issuer has no nonce endpoint; ``client_id`` is "" for anonymous pre-authorised access (F.1: no iss).
    """
    payload = {"aud": issuer, "iat": int(now.timestamp())}
    optional = {"nonce": nonce, "iss": client_id}
    named = {"kid": key.kid} if key.kid.startswith("did:") else {"jwk": key.public.jwk()}
    body = json.dumps({**payload, **{name: value for name, value in optional.items() if value}}).encode("utf-8")
    return sign_jws(body, key, typ=PROOF_TYP, header=named)


def check_jwt_proof(value: JsonValue, expected: ExpectedProof) -> ProvenKey:
    """The key that the proof ``value`` shows to be held, checked as F.4 lists.

    Raises ``InvalidNonce`` where the nonce is absent or not known, ``InvalidProof`` for everything else.
    """
    try:
        return _checked(value, expected)
    except (InvalidProof, InvalidNonce):
        raise
    except Refused as error:
        raise InvalidProof(f"jwt proof: {error.detail}") from error


def _checked(value: JsonValue, expected: ExpectedProof) -> ProvenKey:
    if not isinstance(value, str):
        raise InvalidProof("jwt proof: expected a text")
    jws = parse_jws(value, typ=PROOF_TYP, algorithms=expected.algorithms, allow_embedded_key=True, limit=LONGEST_PROOF)
    key, did = _holder(jws, expected)
    claims = parse_object(verify_jws(jws, key))
    _check_audience(claims, expected)
    _check_age(claims, expected)
    return ProvenKey(key, did, expected.check_nonce(claims.get("nonce")))


def _holder(jws: UnverifiedJws, expected: ExpectedProof) -> tuple[PublicKey, str]:
    """F.1: exactly one of ``kid`` and ``jwk`` says which key it is (``x5c`` is not taken here)."""
    if ("kid" in jws.header) == ("jwk" in jws.header):
        raise InvalidProof("jwt proof: expected exactly one of the headers kid and jwk")
    if "kid" in jws.header:
        if not jws.kid.startswith("did:"):
            raise InvalidProof("jwt proof: expected kid to be the DID URL of a verification method", pointer="/kid")
        return expected.resolve_kid(jws.kid), jws.kid.partition("#")[0]
    jwk = jws.header["jwk"]
    if not isinstance(jwk, dict):
        raise InvalidProof("jwt proof: expected the header jwk as an object")
    key = public_key_from_jwk(jwk)
    return key, did_key(key)


def _check_audience(claims: JsonObject, expected: ExpectedProof) -> None:
    if claims.get("aud") != expected.issuer:
        raise InvalidProof("jwt proof: expected aud to be this issuer, got another", pointer="/aud")
    if not expected.client_id and "iss" in claims:
        raise InvalidProof("jwt proof: expected no iss after anonymous access (F.1)", pointer="/iss")
    if claims.get("iss", expected.client_id) != expected.client_id:
        raise InvalidProof("jwt proof: expected iss to be the client that got the token", pointer="/iss")


def _check_age(claims: JsonObject, expected: ExpectedProof) -> None:
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not 0 <= issued < 2**40:
        raise InvalidProof("jwt proof: expected iat as a time", pointer="/iat")
    age = expected.now - datetime.fromtimestamp(issued, UTC)
    if age > expected.lifetime + expected.skew or -age > expected.skew:
        raise InvalidProof("jwt proof: expected iat within the last minutes, got an older or a future one", pointer="/iat")
