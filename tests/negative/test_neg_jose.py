"""JOSE rows of the list of inputs that must be refused (J01-J12, J14, J17 and J13 of the keys), at the one door for tokens."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from credentials.did_document import DidDocument
from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PrivateKey, PublicKey, generate_key, public_key_from_jwk
from doors import base64url
from doors.refusals import (
    AlgKeyMismatch,
    AlgNotAllowed,
    CritUnsupported,
    DuplicateMember,
    InputMalformed,
    KeyNotAllowed,
    KeySourceForbidden,
    KidUnknown,
    Refused,
    SigInvalid,
    TypMismatch,
)

TYP = "kb+jwt"
KID = "did:web:issuer.example#key-1"
KEYS = [generate_key("EdDSA", kid=KID), generate_key("ES256", kid=KID)]
ES256 = KEYS[1]
PAYLOAD = b'{"nonce":"n"}'
BOTH = pytest.mark.parametrize("key", KEYS, ids=lambda key: str(key.algorithm))
TOKEN_KINDS = ["vc+jwt", "vp+jwt", "dc+sd-jwt", "kb+jwt", "statuslist+jwt", "dpop+jwt", "oauth-authz-req+jwt", "openid4vci-proof+jwt"]


def segment(value: Any) -> str:
    return base64url.encode(value if isinstance(value, bytes) else json.dumps(value).encode())


def token(header: Any, key: PrivateKey | None = None, payload: bytes = PAYLOAD) -> str:
    """A token with any header at all, well signed by ``key`` if there is one."""
    signing_input = f"{segment(header)}.{segment(payload)}"
    return f"{signing_input}.{segment(key.sign(signing_input.encode())) if key else ''}"


def header(key: PrivateKey, **changes: Any) -> dict[str, Any]:
    return {"alg": key.algorithm, "typ": TYP, "kid": key.kid, **changes}


def read(text: str, key: PrivateKey = ES256, typ: str = TYP) -> bytes:
    return verify_jws(parse_jws(text, typ=typ), key.public)


def refused(text: str, kind: type[Refused], key: PrivateKey = ES256, typ: str = TYP) -> None:
    with pytest.raises(Refused) as refusal:
        read(text, key, typ)
    assert type(refusal.value) is kind
    assert key.kid not in refusal.value.detail


@BOTH
def test_neg_jose_twin(key: PrivateKey) -> None:
    """The good token that all rows below change by one thing."""
    assert read(token(header(key), key), key) == PAYLOAD
    assert read(sign_jws(PAYLOAD, key, typ=TYP), key) == PAYLOAD


@pytest.mark.parametrize("typ", TOKEN_KINDS)
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", " none", None, 0, ["none"], {"alg": "none"}])
def test_neg_J01_alg_none(typ: str, alg: Any) -> None:
    bare = {"alg": alg, "typ": typ, "kid": KID}
    refused(token(bare), AlgNotAllowed, typ=typ)
    refused(token(bare, ES256), AlgNotAllowed, typ=typ)
    assert read(token({**bare, "alg": "ES256"}, ES256), typ=typ) == PAYLOAD


def test_neg_J01_alg_missing() -> None:
    refused(token({"typ": TYP, "kid": KID}, ES256), AlgNotAllowed)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("form", ["pem", "der", "raw"])
def test_neg_J02_hs256_pem_of_public_key(alg: str, form: str) -> None:
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), ES256.public.raw)
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    secrets = {
        "pem": point.public_bytes(serialization.Encoding.PEM, spki),
        "der": point.public_bytes(serialization.Encoding.DER, spki),
        "raw": ES256.public.raw,
    }
    signing_input = f"{segment({'alg': alg, 'typ': TYP, 'kid': KID})}.{segment(PAYLOAD)}"
    sealed = hmac.HMAC(secrets[form], {"HS256": hashes.SHA256(), "HS384": hashes.SHA384(), "HS512": hashes.SHA512()}[alg])
    sealed.update(signing_input.encode())
    refused(f"{signing_input}.{segment(sealed.finalize())}", AlgNotAllowed)


def rsa_token() -> str:
    signing_input = f"{segment({'alg': 'RS256', 'typ': TYP, 'kid': KID})}.{segment(PAYLOAD)}"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return f"{signing_input}.{segment(key.sign(signing_input.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def other_curve_token(alg: str, curve: ec.EllipticCurve, digest: hashes.HashAlgorithm) -> str:
    signing_input = f"{segment({'alg': alg, 'typ': TYP, 'kid': KID})}.{segment(PAYLOAD)}"
    r, s = decode_dss_signature(ec.generate_private_key(curve).sign(signing_input.encode(), ec.ECDSA(digest)))
    size = (curve.key_size + 7) // 8
    return f"{signing_input}.{segment(r.to_bytes(size, 'big') + s.to_bytes(size, 'big'))}"


@pytest.mark.parametrize(
    "text",
    [
        rsa_token(),
        other_curve_token("ES512", ec.SECP521R1(), hashes.SHA512()),
        other_curve_token("ES256K", ec.SECP256K1(), hashes.SHA256()),
        other_curve_token("ES384", ec.SECP384R1(), hashes.SHA384()),
        *(token(header(ES256, alg=alg), ES256) for alg in ("PS256", "EdDSA2", "es256", "ES256 ", "Ed448")),
    ],
)
def test_neg_J03_alg_not_in_profile(text: str) -> None:
    refused(text, AlgNotAllowed)


def test_neg_J03_twin_the_second_name_of_ed25519_is_read() -> None:
    key = KEYS[0]
    assert read(token(header(key, alg="Ed25519"), key), key) == PAYLOAD


def test_neg_J03_es384_is_read_only_where_a_profile_lists_it() -> None:
    key = generate_key("ES384", kid=KID)
    refused(sign_jws(PAYLOAD, key, typ=TYP), AlgNotAllowed, key)
    listed = parse_jws(sign_jws(PAYLOAD, key, typ=TYP), typ=TYP, algorithms=frozenset({"ES384"}))
    assert verify_jws(listed, key.public) == PAYLOAD
    with pytest.raises(AlgKeyMismatch):
        verify_jws(listed, ES256.public)
    with pytest.raises(SigInvalid):
        verify_jws(listed, generate_key("ES384").public)


@pytest.mark.parametrize(("signer", "named"), [(KEYS[0], "ES256"), (KEYS[1], "EdDSA"), (KEYS[1], "Ed25519")])
def test_neg_J04_alg_differs_from_key(signer: PrivateKey, named: str) -> None:
    refused(token(header(signer, alg=named), signer), AlgKeyMismatch, signer)


def test_neg_J04_alg_differs_from_key_also_where_a_profile_lists_it() -> None:
    jws = parse_jws(rsa_token(), typ=TYP, algorithms=frozenset({"RS256", "PS512"}))
    for key in KEYS:
        with pytest.raises(AlgKeyMismatch):
            verify_jws(jws, key.public)


@pytest.mark.parametrize("declared", ["ES384", "EdDSA", "PS512", "none", "", None, 7])
def test_neg_J04_the_key_itself_declares_another(declared: Any) -> None:
    assert public_key_from_jwk({**ES256.public.jwk(), "alg": "ES256"}) == ES256.public
    with pytest.raises(AlgKeyMismatch):
        public_key_from_jwk({**ES256.public.jwk(), "alg": declared})


@pytest.mark.parametrize("embedded", [generate_key("ES256").public.jwk(), {}, None, "x"])
def test_neg_J05_embedded_jwk(embedded: Any) -> None:
    attacker = generate_key("ES256", kid=KID)
    refused(token(header(attacker, jwk=embedded), attacker), KeySourceForbidden)


def test_neg_J05_twin_a_key_proof_may_carry_its_key() -> None:
    carried = {"alg": "ES256", "typ": TYP, "jwk": ES256.public.jwk()}
    jws = parse_jws(token(carried, ES256), typ=TYP, allow_embedded_key=True)
    assert verify_jws(jws, public_key_from_jwk(jws.header["jwk"])) == PAYLOAD


@pytest.mark.parametrize("member", ["jku", "x5u", "x5c"])
@pytest.mark.parametrize("allow", [False, True])
def test_neg_J06_jku_x5u(member: str, allow: bool) -> None:
    """The door is pure: it has no way to ask anybody, and refuses the link even where a key may be carried."""
    text = token(header(ES256, **{member: "https://attacker.example/keys"}), ES256)
    with pytest.raises(KeySourceForbidden):
        parse_jws(text, typ=TYP, allow_embedded_key=allow)


def did_document(**changes: Any) -> DidDocument:
    did = "did:web:issuer.example"
    method = {"id": KID, "type": "JsonWebKey", "controller": did, "publicKeyJwk": ES256.public.jwk()}
    return DidDocument.parse({"id": did, "verificationMethod": [method], "assertionMethod": [KID], **changes}, did=did)


@pytest.mark.parametrize(
    "kid", ["did:web:issuer.example#key-2", "did:web:other.example#key-1", "#key-2", "key-1", "", "did:web:issuer.example"]
)
def test_neg_J07_kid_unknown(kid: str) -> None:
    assert did_document().key(KID, purpose="assertionMethod") == ES256.public
    assert did_document().key("#key-1", purpose="assertionMethod") == ES256.public
    with pytest.raises(KidUnknown):
        did_document().key(kid, purpose="assertionMethod")


@pytest.mark.parametrize(
    "kid",
    ["../../etc/passwd", "..", "a/../b", "' OR 1=1--", "a" * 100_000, "a" * 2049, "key\0", "\0", "a b", "a\nb", "", "钥", 7, None, ["k"]],
    ids=lambda kid: repr(kid)[:20],
)
def test_neg_J08_kid_path_injection(kid: Any) -> None:
    refused(token(header(ES256, kid=kid), ES256), InputMalformed)


@pytest.mark.parametrize(
    "kid", [KID, "did:jwk:eyJr#0", "a" * 2048, "did:web:x.example%3A8443:a:b#k", "urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbL"]
)
def test_neg_J08_twin_usual_names_pass(kid: str) -> None:
    assert read(token(header(ES256, kid=kid), ES256)) == PAYLOAD


@pytest.mark.parametrize("crit", [["exp"], ["unknown"], ["b64"], [], "exp", None, [1]])
def test_neg_J09_crit_unknown(crit: Any) -> None:
    refused(token(header(ES256, crit=crit, exp=1), ES256), CritUnsupported)


@pytest.mark.parametrize("b64", [False, True, "no"])
def test_neg_J09_unencoded_payload(b64: Any) -> None:
    refused(token(header(ES256, b64=b64), ES256), CritUnsupported)


@pytest.mark.parametrize(
    "text",
    [
        '{"alg":"none","alg":"ES256","typ":"kb+jwt"}',
        '{"alg":"ES256","typ":"kb+jwt","alg":"ES256"}',
        '{"alg":"ES256","typ":"kb+jwt","\\u0061lg":"none"}',
        '{"alg":"ES256","typ":"kb+jwt","kid":"a","kid":"b"}',
        '{"alg":"ES256","typ":"kb+jwt","x":{"a":1,"a":2}}',
    ],
)
def test_neg_J10_duplicate_header_member(text: str) -> None:
    refused(token(text.encode(), ES256), DuplicateMember)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("spoil", ["{}=", "{}==", " {}", "{} ", "{}\t", "{}\r\n", "{}\n", "{}+", "{}/"])
def test_neg_J11_base64_padding(place: int, spoil: str) -> None:
    parts = token(header(ES256), ES256).split(".")
    parts[place] = spoil.format(parts[place])
    refused(".".join(parts), InputMalformed)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_neg_J11_loose_trailing_bits(place: int) -> None:
    """The last character of a segment has unused bits unless its length is a multiple of four; setting one changes no byte."""
    parts = token(header(ES256, x="12"[: 1 + place]), ES256, payload=PAYLOAD + b" ").split(".")
    loose = base64url.encode(base64url.decode(parts[place]) + b"\0")[:-2] if len(parts[place]) % 4 == 0 else parts[place]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    parts[place] = loose[:-1] + alphabet[alphabet.index(loose[-1]) ^ 1] if len(loose) % 4 else loose + "="
    refused(".".join(parts), InputMalformed)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c.d", "....", '{"payload":"","signatures":[]}', "é.é.é"])
def test_neg_J11_no_compact_token_at_all(text: str) -> None:
    refused(text, InputMalformed)


def spoilt_signatures() -> list[Any]:
    signature = base64url.decode(token(header(ES256), ES256).split(".")[2])
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    return [
        pytest.param(signature[:63], id="63"),
        pytest.param(signature + b"\0", id="65"),
        pytest.param(signature + bytes(32), id="96"),
        pytest.param(b"\0" + signature[:32] + b"\0" + signature[32:], id="leading-zeros"),
        pytest.param(encode_dss_signature(r, s), id="der"),
        pytest.param(bytes(64), id="zeros"),
        pytest.param(b"", id="empty"),
    ]


@pytest.mark.parametrize("signature", spoilt_signatures())
@BOTH
def test_neg_J12_signature_length(key: PrivateKey, signature: bytes) -> None:
    good = token(header(key), key)
    assert read(good, key) == PAYLOAD
    refused(good.rpartition(".")[0] + "." + base64url.encode(signature), SigInvalid, key)


ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def test_neg_J13_ed25519_malleable() -> None:
    key = KEYS[0]
    good = parse_jws(token(header(key), key), typ=TYP)
    s = int.from_bytes(good.signature[32:], "little") + ORDER
    for signature in (
        good.signature[:32] + s.to_bytes(32, "little"),
        good.signature[:31] + bytes([good.signature[31] ^ 0x80]) + good.signature[32:],
        b"\xff" * 32 + good.signature[32:],
    ):
        with pytest.raises(SigInvalid):
            verify_jws(UnverifiedJws(good.header, good.payload, signature, good.signing_input), key.public)
    assert verify_jws(good, key.public) == PAYLOAD


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_neg_J13_small_order_public_key(point: str) -> None:
    """Such a key would make one signature hold for many messages, so none of its signatures holds."""
    weak = public_key_from_jwk({"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(bytes.fromhex(point))})
    jws = parse_jws(token({"alg": "EdDSA", "typ": TYP}), typ=TYP)
    for signature in (bytes.fromhex(point) + bytes(32), bytes.fromhex(SMALL_ORDER[0]) + bytes(32), bytes(64)):
        with pytest.raises(SigInvalid):
            verify_jws(UnverifiedJws(jws.header, jws.payload, signature, jws.signing_input), weak)


@pytest.mark.parametrize("expected", TOKEN_KINDS)
@pytest.mark.parametrize("came", [*TOKEN_KINDS, "JWT", "jwt", "", None, 7, ["kb+jwt"]])
def test_neg_J14_typ_confusion(expected: str, came: Any) -> None:
    text = token({**header(ES256), "typ": came}, ES256)
    if came == expected:
        assert read(text, typ=expected) == PAYLOAD
    else:
        refused(text, TypMismatch, typ=expected)


def test_neg_J14_typ_missing() -> None:
    refused(token({"alg": "ES256"}, ES256), TypMismatch)


@pytest.mark.parametrize("typ", ["KB+JWT", "application/kb+jwt"])
def test_neg_J14_twin_a_media_type_has_several_spellings(typ: str) -> None:
    assert read(token({**header(ES256), "typ": typ}, ES256)) == PAYLOAD


def rsa_jwk(bits: int) -> dict[str, Any]:
    return {"kty": "RSA", "n": base64url.encode(((1 << (bits - 1)) | 1).to_bytes(bits // 8, "big")), "e": "AQAB"}


WEAK = {
    "rsa-1024": rsa_jwk(1024),
    "rsa-2040": rsa_jwk(2040),
    "hmac-8-bytes": {"kty": "oct", "k": "AAECAwQFBgc"},
    "hmac-32-bytes": {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
    "p-192": {"kty": "EC", "crv": "P-192", "x": "AAAA", "y": "AAAA"},
    "p-224": {"kty": "EC", "crv": "P-224", "x": "AAAA", "y": "AAAA"},
    "off-the-curve": {"kty": "EC", "crv": "P-256", "x": base64url.encode(b"\1" * 32), "y": base64url.encode(b"\1" * 32)},
    "short-coordinate": {**ES256.public.jwk(), "x": "AQ"},
    "private": ES256.private_jwk(),
    "no-kind": {},
}


@pytest.mark.parametrize("jwk", WEAK.values(), ids=WEAK.keys())
def test_neg_J17_key_too_small(jwk: dict[str, Any]) -> None:
    weak = {"id": "#weak", "type": "JsonWebKey", "controller": "did:web:issuer.example", "publicKeyJwk": jwk}
    with pytest.raises(KeyNotAllowed):
        did_document(verificationMethod=[weak])
    with pytest.raises(KeyNotAllowed):
        public_key_from_jwk(jwk)


@pytest.mark.parametrize("jwk", [rsa_jwk(2048), {"kty": "OKP", "crv": "X25519", "x": "AAAA"}, {"kty": "EC", "crv": "P-521"}])
def test_neg_J17_twin_sound_keys_of_other_kinds_are_passed_over(jwk: dict[str, Any]) -> None:
    did = "did:web:issuer.example"
    good = {"id": KID, "type": "JsonWebKey", "controller": did, "publicKeyJwk": ES256.public.jwk()}
    other = {"id": "#other", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
    parsed = did_document(verificationMethod=[good, other])
    assert parsed.key(KID, purpose="assertionMethod") == ES256.public
    with pytest.raises(KeyNotAllowed):
        parsed.key("#other", purpose="assertionMethod")


@pytest.mark.parametrize(
    ("algorithm", "size"),
    [("EdDSA", 31), ("EdDSA", 33), ("EdDSA", 0), ("ES256", 32), ("ES256", 65), ("ES384", 48), ("ES384", 97), ("RS256", 32)],
)
def test_neg_J17_a_key_of_another_length_is_none(algorithm: str, size: int) -> None:
    with pytest.raises(KeyNotAllowed):
        PublicKey(algorithm, b"\2" * size)
