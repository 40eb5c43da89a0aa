"""DIDs that are their own key."""

import json

import orjson
import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from didresolver import METHODS, expand_self_certifying, is_self_certifying
from doors import base64url
from doors.refusals import DidInvalid, DidMethodUnsupported
from tests.shared import SHARED, needs_shared


def did_jwk(jwk: dict[str, object]) -> str:
    return f"did:jwk:{base64url.encode(orjson.dumps(jwk))}"


@needs_shared
@pytest.mark.parametrize("name", ["validDid.json", "invalidDid.json"])
def test_the_did_key_vectors_hold(name: str) -> None:
    vector = json.loads((SHARED / "vectors" / "did-key" / name).read_text())
    if vector["negative"]:
        with pytest.raises(DidInvalid):
            expand_self_certifying(vector["did"])
        return
    assert expand_self_certifying(vector["did"]).id == vector["did"]


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_a_did_key_expands_to_its_key_for_assertions_and_authentication(algorithm: str) -> None:
    key = generate_key(algorithm).public
    did = did_key(key)

    document = expand_self_certifying(did)

    for purpose in ("assertionMethod", "authentication"):
        assert document.key(f"{did}#{key.multikey()}", purpose=purpose) == key


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_a_did_jwk_expands_to_its_one_key_under_fragment_zero(algorithm: str) -> None:
    key = generate_key(algorithm).public
    did = did_jwk(key.jwk())

    assert expand_self_certifying(did).key(f"{did}#0", purpose="assertionMethod") == key


def test_the_did_jwk_of_the_specification_is_read() -> None:
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZ"
        "XTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )

    assert expand_self_certifying(did).methods[f"{did}#0"].key.algorithm == "ES256"


def test_a_did_of_a_server_is_not_its_own_key() -> None:
    assert not is_self_certifying("did:web:example.com")
    assert not is_self_certifying("https://example.com")
    with pytest.raises(DidMethodUnsupported):
        expand_self_certifying("did:web:example.com")


def test_five_methods_are_read() -> None:
    assert set(METHODS) == {"key", "jwk", "peer", "web", "webvh"}
