"""Wycheproof through our own doors: Ed25519, P-256, and the JWS and JWK files; nothing wrong is accepted."""

from typing import Any

import pytest

from credentials.jws import parse_jws, verify_jws
from credentials.keys import PublicKey, public_key_from_jwk, public_keys_from_jwk_set
from doors import base64url
from doors.refusals import AlgNotAllowed, KeyNotAllowed, KidUnknown, Refused
from tests.credentials.suite_contexts import VECTORS, read
from tests.shared import needs_shared

pytestmark = needs_shared
PRESENT = VECTORS.is_dir()


def groups(name: str) -> list[dict[str, Any]]:
    return list(read(f"wycheproof/{name}.json")["testGroups"]) if PRESENT else []


def signature_cases(name: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [
        (group["publicKeyJwk"] if "publicKeyJwk" in group else group["publicKey"], test)
        for group in groups(name)
        for test in group["tests"]
    ]


def accepted(key: PublicKey, test: dict[str, Any]) -> bool:
    try:
        key.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
    except Refused:
        return False
    return True


def ed25519(public: dict[str, Any]) -> PublicKey:
    return PublicKey("EdDSA", bytes.fromhex(public["pk"])) if "pk" in public else public_key_from_jwk(public)


def p256(public: dict[str, Any]) -> PublicKey:
    if "kty" in public:
        return public_key_from_jwk(public)
    point = bytes.fromhex(public["uncompressed"])
    return public_key_from_jwk({"kty": "EC", "crv": "P-256", "x": base64url.encode(point[1:33]), "y": base64url.encode(point[33:])})


@pytest.mark.parametrize(("name", "key_of"), [("ed25519_test", ed25519), ("ecdsa_secp256r1_sha256_p1363_test", p256)])
def test_every_signature_is_judged_as_published(name: str, key_of: Any) -> None:
    cases = signature_cases(name)
    wrong = [test["tcId"] for public, test in cases if accepted(key_of(public), test) != (test["result"] == "valid")]
    assert len(cases) > 140
    assert wrong == []


def key_set(group: dict[str, Any]) -> dict[str, PublicKey]:
    """The group's public keys by kid, by the door that fits; where only a private key is published, that is what is offered."""
    offered = group.get("public", group["private"])
    if "keys" in offered:
        return dict(public_keys_from_jwk_set(offered))
    key = public_key_from_jwk(offered)
    return {key.kid: key}


def read_token(group: dict[str, Any], token: str) -> bytes:
    jws = parse_jws(token, typ="")
    keys = key_set(group)
    if jws.kid not in keys:
        raise KidUnknown("expected a key of this group")
    return verify_jws(jws, keys[jws.kid])


def jws_cases(*names: str) -> list[Any]:
    return [
        pytest.param(group, test, id=f"{group['comment']}-{test['tcId']}")
        for name in names
        for group in groups(name)
        for test in group["tests"]
        if isinstance(test.get("jws"), str)
    ]


CASES = jws_cases("json_web_crypto_test", "json_web_key_test")
OURS = "jws_ec"
"""The one group whose algorithm is in use here; valid tokens of the others (HMAC, RSA) are refused for their algorithm."""


@pytest.mark.parametrize(("group", "test"), CASES)
def test_a_token_is_accepted_only_where_it_is_valid_and_of_an_algorithm_in_use(group: dict[str, Any], test: dict[str, Any]) -> None:
    if test["result"] == "valid" and group["comment"] == OURS:
        assert read_token(group, test["jws"]) == b"foo"
    else:
        with pytest.raises(Refused):
            read_token(group, test["jws"])


@pytest.mark.parametrize(("group", "test"), [case for case in CASES if case.values[1]["result"] == "valid"])
def test_valid_tokens_of_other_algorithms_are_told_so(group: dict[str, Any], test: dict[str, Any]) -> None:
    if group["comment"] == OURS:
        assert read_token(group, test["jws"])
    else:
        with pytest.raises(AlgNotAllowed):
            read_token(group, test["jws"])


@pytest.mark.parametrize(
    "group", [group for group in groups("json_web_key_test") if group["comment"] != "rs256"], ids=lambda g: str(g["comment"])
)
def test_no_key_file_with_a_fault_opens(group: dict[str, Any]) -> None:
    """The faults that show in the key alone; private and symmetric keys are refused whatever else is wrong with them."""
    with pytest.raises(Refused) as refusal:
        key_set({"private": group["private"]})
    assert refusal.value.code in ("key_not_allowed", "alg_key_mismatch", "duplicate_member")


def test_a_wrapped_key_or_an_encrypted_token_is_no_signature() -> None:
    encrypted = [test["jwe"] for group in groups("json_web_crypto_test") for test in group["tests"] if isinstance(test.get("jwe"), str)]
    assert len(encrypted) > 20
    for token in encrypted:
        with pytest.raises(Refused):
            parse_jws(token, typ="")


def test_a_set_with_a_private_key_is_refused_whole() -> None:
    with pytest.raises(KeyNotAllowed):
        public_keys_from_jwk_set({"keys": [{"kty": "EC", "crv": "P-256", "d": "AA"}]})
