"""Key proofs: made by wallets, checked by issuers."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from credentials.jws import sign_jws
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key, did_key_method
from doors.refusals import InvalidNonce, InvalidProof
from openid4vc.vci.credential_request import Proofs
from openid4vc.vci.proofs import ExpectedProof, check_di_vp_proof, check_jwt_proof, check_proofs, make_di_vp_proof, make_jwt_proof
from openid4vc.vci.proofs.jwt import PROOF_TYP
from tests.openid4vc.conftest import ISSUER, NONCE, NOW

CLAIMS = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": NONCE}


def signed(claims: dict[str, object], key: PrivateKey, *, typ: str = PROOF_TYP, header: dict[str, object] | None = None) -> str:
    return sign_jws(orjson.dumps(claims), key, typ=typ, header=header or {})


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_a_proof_named_by_a_did_proves_the_dids_key(algorithm: str, expected: ExpectedProof) -> None:
    key = generate_key(algorithm)
    proof = make_jwt_proof(key.named(did_key_method(key.public)), issuer=ISSUER, nonce=NONCE, now=NOW)
    proven = check_jwt_proof(proof, expected)
    assert (proven.key, proven.did, proven.nonce) == (key.public, did_key(key.public), NONCE)


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_a_proof_that_carries_its_key_proves_that_key(algorithm: str, expected: ExpectedProof) -> None:
    key = generate_key(algorithm)
    proven = check_jwt_proof(make_jwt_proof(key, issuer=ISSUER, nonce=NONCE, now=NOW), expected)
    assert (proven.key, proven.did) == (key.public, did_key(key.public))


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_presentation_without_credentials_proves_the_dids_key(suite: str, holder: PrivateKey, expected: ExpectedProof) -> None:
    proof = make_di_vp_proof(holder, issuer=ISSUER, nonce=NONCE, now=NOW, cryptosuite=suite)
    proven = check_di_vp_proof(proof, expected)
    assert (proven.key, proven.did, proven.nonce) == (holder.public, did_key(holder.public), NONCE)


@pytest.mark.parametrize("seconds", [-299, 0, 59])
def test_a_proof_made_within_the_window_is_accepted(seconds: int, holder: PrivateKey, expected: ExpectedProof) -> None:
    made = NOW + timedelta(seconds=seconds)
    assert check_jwt_proof(make_jwt_proof(holder, issuer=ISSUER, nonce=NONCE, now=made), expected).nonce == NONCE


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_an_old_or_future_proof_is_refused(seconds: int, holder: PrivateKey, expected: ExpectedProof) -> None:
    made = NOW + timedelta(seconds=seconds)
    with pytest.raises(InvalidProof):
        check_jwt_proof(make_jwt_proof(holder, issuer=ISSUER, nonce=NONCE, now=made), expected)
    with pytest.raises(InvalidProof):
        check_di_vp_proof(make_di_vp_proof(holder, issuer=ISSUER, nonce=NONCE, now=made), expected)


@pytest.mark.parametrize(
    "change", [{"iat": None}, {"iat": "now"}, {"iat": True}, {"iat": -1}, {"iat": 1e300}, {"aud": [ISSUER]}, {"iss": "wallet-1"}]
)
def test_a_proof_with_odd_claims_is_refused(change: dict[str, object], holder: PrivateKey, expected: ExpectedProof) -> None:
    with pytest.raises(InvalidProof):
        check_jwt_proof(signed({**CLAIMS, **change}, holder), expected)


def test_iss_must_be_the_client_that_got_the_token(holder: PrivateKey, expected: ExpectedProof) -> None:
    """F.1: iss is the client_id, and absent after anonymous access."""
    proof = make_jwt_proof(holder, issuer=ISSUER, nonce=NONCE, now=NOW, client_id="wallet-1")
    assert check_jwt_proof(proof, replace(expected, client_id="wallet-1")).nonce == NONCE
    for other in ("", "wallet-2"):
        with pytest.raises(InvalidProof):
            check_jwt_proof(proof, replace(expected, client_id=other))


@pytest.mark.parametrize("typ", ["JWT", "", "kb+jwt", "openid4vci-proof"])
def test_a_token_of_another_type_is_no_proof(typ: str, holder: PrivateKey, expected: ExpectedProof) -> None:
    with pytest.raises(InvalidProof):
        check_jwt_proof(signed(CLAIMS, holder, typ=typ), expected)


def test_both_or_neither_of_kid_and_jwk_is_refused(holder: PrivateKey, expected: ExpectedProof) -> None:
    with pytest.raises(InvalidProof, match="exactly one"):
        check_jwt_proof(signed(CLAIMS, holder, header={"kid": holder.kid, "jwk": holder.public.jwk()}), expected)
    with pytest.raises(InvalidProof, match="exactly one"):
        check_jwt_proof(signed(CLAIMS, holder.named("")), expected)


def test_a_proof_that_carries_a_private_key_is_refused(holder: PrivateKey, expected: ExpectedProof) -> None:
    with pytest.raises(InvalidProof):
        check_jwt_proof(signed(CLAIMS, holder, header={"jwk": holder.private_jwk()}), expected)


def test_an_algorithm_that_the_configuration_does_not_list_is_refused(holder: PrivateKey, expected: ExpectedProof) -> None:
    for algorithms in (frozenset({"ES256", "eddsa-jcs-2022"}), frozenset[str]()):
        narrow = replace(expected, algorithms=algorithms)
        with pytest.raises(InvalidProof):
            check_jwt_proof(make_jwt_proof(holder, issuer=ISSUER, nonce=NONCE, now=NOW), narrow)
        with pytest.raises(InvalidProof):
            check_di_vp_proof(make_di_vp_proof(holder, issuer=ISSUER, nonce=NONCE, now=NOW), narrow)


@pytest.mark.parametrize("value", [None, 5, "", "a.b.c", {"proof": {}}, {"proof": [{}, {}]}, {"proof": {"challenge": NONCE}}, []])
def test_what_is_no_proof_at_all_is_refused(value: object, expected: ExpectedProof) -> None:
    for check in (check_jwt_proof, check_di_vp_proof):
        with pytest.raises((InvalidProof, InvalidNonce)):
            check(value, expected)


def test_a_batch_proves_each_key_once(expected: ExpectedProof) -> None:
    keys = [generate_key("ES256") for _ in range(3)]
    values = tuple(make_jwt_proof(key, issuer=ISSUER, nonce=NONCE, now=NOW) for key in keys)
    accepted = frozenset({"jwt"})
    assert [proven.key for proven in check_proofs(Proofs("jwt", values), expected, accepted=accepted, most=3)] == [
        key.public for key in keys
    ]
    for proofs, most in (
        (Proofs("jwt", values), 2),
        (Proofs("jwt", (*values, values[0])), 4),
        (Proofs("di_vp", values), 3),
        (Proofs("x", values), 3),
    ):
        with pytest.raises(InvalidProof):
            check_proofs(proofs, expected, accepted=accepted, most=most)
