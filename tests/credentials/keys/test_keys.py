"""Keys: one key in all its spellings, and none that is not one."""

from itertools import count
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from credentials import multibase
from credentials.keys import PrivateKey, PublicKey, ecdsa, generate_key, private_key_from_jwk, public_key_from_jwk, public_key_from_multikey
from credentials.keys import public_keys_from_jwk_set as read_set
from credentials.keys.did_key import did_key, did_key_method, public_key_from_did_key
from doors import base64url
from doors.json import JsonObject
from doors.refusals import AlgNotAllowed, DidInvalid, DuplicateMember, InputMalformed, KeyNotAllowed, Refused, SigInvalid
from tests.credentials.suite_contexts import read
from tests.shared import needs_shared

KEYS = [generate_key(algorithm, kid="a#b") for algorithm in ("EdDSA", "ES256", "ES384")]
EACH = pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key.algorithm))
RFC_8037 = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


@EACH
def test_a_key_signs_and_its_public_half_checks(key: PrivateKey) -> None:
    signature = key.sign(b"message")
    assert len(signature) == {"EdDSA": 64, "ES256": 64, "ES384": 96}[key.algorithm]
    key.public.verify(b"message", signature)
    for message, seal in ((b"massage", signature), (b"message", signature[::-1]), (b"message", b"")):
        with pytest.raises(SigInvalid):
            key.public.verify(message, seal)


@EACH
def test_every_spelling_is_the_same_key(key: PrivateKey) -> None:
    public = key.public
    assert (
        public_key_from_jwk(public.jwk())
        == public_key_from_multikey(public.multikey())
        == public_key_from_did_key(did_key(public))
        == public
    )
    assert private_key_from_jwk(key.private_jwk()) == key
    assert private_key_from_jwk(key.private_jwk()).kid == "a#b"
    assert public_key_from_did_key(did_key(public)).kid == did_key_method(public)
    assert "d" not in public.jwk()
    assert "kid" not in public.jwk()


@EACH
def test_a_name_is_not_part_of_a_key_and_the_secret_not_of_its_picture(key: PrivateKey) -> None:
    assert key.named("c#d").public == key.public
    assert {key.public, key.named("c#d").public} == {key.public}
    assert repr(key.secret)[2:12] not in repr(key)


def test_the_published_thumbprint_and_signature_of_rfc_8037() -> None:
    """RFC 8037 Appendix A.1 to A.4."""
    key = private_key_from_jwk({**RFC_8037, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})
    assert key.public.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    signed = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    assert key.sign(signed).hex().startswith("860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e")


def test_the_published_thumbprint_names_only_the_members_that_make_the_key() -> None:
    assert public_key_from_jwk({**RFC_8037, "kid": "x", "use": "sig"}).thumbprint() == public_key_from_jwk(RFC_8037).thumbprint()


@pytest.mark.parametrize(
    "jwk",
    [
        {**RFC_8037, "d": "AA"},
        {**RFC_8037, "x": "AA"},
        {**RFC_8037, "x": RFC_8037["x"] + "="},
        {**RFC_8037, "x": 7},
        {**RFC_8037, "y": "AA"},
        {**RFC_8037, "crv": "X25519"},
        {**RFC_8037, "kty": "EC"},
        {**RFC_8037, "use": "enc"},
        {**RFC_8037, "key_ops": ["encrypt"]},
        {**RFC_8037, "key_ops": "verify"},
        {**RFC_8037, "kid": 7},
        {**KEYS[1].public.jwk(), "y": KEYS[1].public.jwk()["x"]},
        {**KEYS[1].public.jwk(), "y": "AA" + KEYS[1].public.jwk()["y"]},
        {**KEYS[1].public.jwk(), "crv": "P-384"},
        {**KEYS[2].public.jwk(), "crv": "P-256"},
        {**KEYS[2].public.jwk(), "y": KEYS[2].public.jwk()["x"]},
        {**KEYS[2].public.jwk(), "crv": "P-521"},
        {"kty": "EC", "crv": "P-384"},
        {},
    ],
    ids=count(),
)
def test_what_is_no_public_key_for_signatures_is_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(KeyNotAllowed):
        public_key_from_jwk(jwk)


def test_halves_that_do_not_belong_together_are_refused() -> None:
    for mine in KEYS:
        other = generate_key(mine.algorithm)
        with pytest.raises(KeyNotAllowed):
            private_key_from_jwk({**mine.private_jwk(), "d": other.private_jwk()["d"]})


@pytest.mark.parametrize("secret", ["AA", "=", 7, None, "A" * 43])
def test_a_secret_of_another_form_is_refused(secret: Any) -> None:
    with pytest.raises(KeyNotAllowed):
        private_key_from_jwk({**KEYS[1].public.jwk(), "d": secret})


def test_only_the_algorithms_in_use_make_keys() -> None:
    with pytest.raises(AlgNotAllowed):
        generate_key("RS256")


def test_a_set_gives_its_usable_keys_by_name_and_passes_over_the_rest() -> None:
    rsa = {"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"}
    named = [{**key.public.jwk(), "kid": key.algorithm} for key in KEYS]
    assert read_set({"keys": [*named, rsa]}) == {key.algorithm: key.public for key in KEYS}
    with pytest.raises(DuplicateMember):
        read_set({"keys": [named[0], named[0]]})
    malformed: tuple[JsonObject, ...] = ({}, {"keys": {}}, {"keys": ["x"]})
    for odd in malformed:
        with pytest.raises(InputMalformed):
            read_set(odd)


@given(st.binary(max_size=64))
def test_base58_comes_back_and_keeps_its_leading_zeros(value: bytes) -> None:
    assert multibase.decode_base58btc(multibase.encode_base58btc(value)) == value
    assert multibase.decode_base64url(multibase.encode_base64url(value)) == value


@given(st.text("z123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=60))
def test_every_base58_text_is_the_one_spelling_of_its_value(text: str) -> None:
    assert multibase.encode_base58btc(multibase.decode_base58btc("z" + text)) == "z" + text


@pytest.mark.parametrize("text", ["", "x", "m1", "z0", "zO", "zI", "zl", "z ", "z" + "2" * 600])
def test_odd_multibase_is_refused(text: str) -> None:
    with pytest.raises(InputMalformed):
        multibase.decode_base58btc(text)


@given(st.binary(max_size=40))
def test_any_multikey_is_a_key_in_use_or_refused(noise: bytes) -> None:
    text = multibase.encode_base58btc(noise)
    try:
        assert public_key_from_multikey(text).multikey() == text
    except Refused as refusal:
        assert refusal.code == "key_not_allowed"  # noqa: PT017 - being refused is as good as being read


@needs_shared
def test_the_published_did_keys() -> None:
    valid, invalid = read("did-key/validDid.json")["did"], read("did-key/invalidDid.json")["did"]
    assert did_key(public_key_from_did_key(valid)) == valid
    with pytest.raises(DidInvalid):
        public_key_from_did_key(invalid)


@pytest.mark.parametrize("did", ["did:key:", "did:key:z", "did:key:zz", "did:key:u123", "did:web:a", "did:key:z6Mk", "DID:KEY:z6Mk"])
def test_what_is_no_did_key_is_refused(did: str) -> None:
    with pytest.raises(DidInvalid):
        public_key_from_did_key(did)


@pytest.mark.parametrize(("algorithm", "size"), [("ES256", 32), ("ES384", 48)])
def test_a_point_that_is_not_on_the_curve_is_no_key(algorithm: str, size: int) -> None:
    with pytest.raises(KeyNotAllowed):
        PublicKey(algorithm, b"\x02" + b"\xff" * size)


@pytest.mark.parametrize("key", KEYS[1:], ids=lambda key: str(key.algorithm))
def test_a_point_is_written_in_its_compressed_form_alone(key: PrivateKey) -> None:
    """Controlled Identifiers 1.0 §2.2.2: one key, one Multikey."""
    jwk = key.public.jwk()
    both = b"\x04" + base64url.decode(jwk["x"]) + base64url.decode(jwk["y"])
    for other in (both, both[1:], key.public.raw[1:], b"\0" + key.public.raw):
        with pytest.raises(KeyNotAllowed):
            PublicKey(key.algorithm, other)


@pytest.mark.parametrize("secret", [bytes(48), b"\xff" * 48, b"\x01" * 32])
def test_a_secret_that_is_no_number_of_the_curve_is_refused(secret: bytes) -> None:
    with pytest.raises(KeyNotAllowed):
        private_key_from_jwk({**KEYS[2].public.jwk(), "d": base64url.encode(secret)})


def test_the_published_multikeys_of_p384_are_read() -> None:
    """VC-DI-ECDSA §2.1.1; the prefix of P-384 is 0x1201, written z82L."""
    key = public_key_from_multikey("z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54")
    assert (key.algorithm, len(key.raw)) == ("ES384", 49)
    assert key.multikey().startswith("z82L")


def test_signing_falls_back_to_randomness_where_openssl_is_too_old_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ec.ECDSA, "__init__", _only_random(ec.ECDSA.__init__))
    ecdsa._signing.cache_clear()
    first, second = (KEYS[2].sign(b"message") for _ in range(2))
    ecdsa._signing.cache_clear()
    assert first != second
    KEYS[2].public.verify(b"message", first)


def _only_random(made: Any) -> Any:
    def old(self: Any, digest: Any, deterministic_signing: bool = False) -> None:
        if deterministic_signing:
            raise UnsupportedAlgorithm("this OpenSSL has no deterministic signatures")
        made(self, digest)

    return old
