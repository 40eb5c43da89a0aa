"""Answers: in clear, encrypted, through the browser, and no."""

from typing import Any

import orjson
import pytest

from doors import base64url
from doors.refusals import (
    AlgNotAllowed,
    CritUnsupported,
    InputMalformed,
    InputTooLarge,
    KeyNotAllowed,
    KeySourceForbidden,
    KidUnknown,
    Refused,
    RequestInvalid,
)
from openid4vc.forms import parse_form
from openid4vc.jwe import DecryptionKey, decrypt, encrypt, generate_decryption_key, recipient_key
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.response import (
    ErrorResponse,
    error_body,
    read_redirect_answer,
    read_response,
    redirect_answer,
    response_body,
    response_location,
)
from openid4vc.vp.vp_token import VpToken
from tests.openid4vc.vp.test_request import unsigned_request

ANSWER = {"id_card": [b"eyJ~kb.jwt.x"]}


def sealed(key: DecryptionKey, payload: bytes = b"{}", enc: str = "A256GCM") -> str:
    return encrypt(payload, recipient_key(key.public_jwk(), refusal=RequestInvalid), enc=enc)


def with_header(text: str, **changes: Any) -> str:
    head, rest = text.split(".", 1)
    header = {**orjson.loads(base64url.decode(head)), **changes}
    return f"{base64url.encode(orjson.dumps({name: value for name, value in header.items() if value is not None}))}.{rest}"


def test_an_answer_in_clear_survives(plain_request: PresentationRequest) -> None:
    form = parse_form(response_body(ANSWER, request=plain_request))
    assert form["state"] == "state-1"
    assert read_response(form, request=plain_request, key=None) == VpToken({"id_card": (b"eyJ~kb.jwt.x",)})


def test_an_encrypted_answer_survives_and_shows_nothing_outside(request_to_hotel: PresentationRequest, response_key: DecryptionKey) -> None:
    form = parse_form(response_body(ANSWER, request=request_to_hotel))
    assert list(form) == ["response"]
    header = orjson.loads(base64url.decode(form["response"].split(".")[0]))
    assert (header["alg"], header["enc"], header["kid"]) == ("ECDH-ES", "A256GCM", "enc-1")
    assert read_response(form, request=request_to_hotel, key=response_key) == VpToken({"id_card": (b"eyJ~kb.jwt.x",)})


def test_an_answer_through_the_browser_goes_behind_the_hash() -> None:
    request = PresentationRequest.parse(unsigned_request())
    address, _, fragment = response_location(ANSWER, request=request).partition("#")
    assert address == request.destination
    assert read_response(parse_form(fragment), request=request, key=None) == VpToken({"id_card": (b"eyJ~kb.jwt.x",)})


def test_a_w3c_presentation_travels_as_an_object() -> None:
    query = {"credentials": [{"id": "vc", "format": "ldp_vc", "meta": {}, "multiple": True}]}
    request = PresentationRequest.parse(unsigned_request(dcql_query=query))
    wire = '{"type":["VerifiablePresentation"],"name":"李华"}'.encode()
    form = parse_form(response_body({"vc": [wire, wire]}, request=request))
    assert orjson.loads(form["vp_token"])["vc"][0]["name"] == "李华"
    assert read_response(form, request=request, key=None) == VpToken({"vc": (wire, wire)})


def test_a_no_may_come_in_clear(request_to_hotel: PresentationRequest) -> None:
    """§8.3.1."""
    form = parse_form(error_body("access_denied", request=request_to_hotel, description="declined"))
    assert read_response(form, request=request_to_hotel, key=None) == ErrorResponse("access_denied", "declined")
    with pytest.raises(RequestInvalid):
        error_body("because", request=request_to_hotel)


def test_the_verifiers_answer_names_an_address_or_nothing() -> None:
    address = "https://client.example.org/cb#response_code=091535f699ea575c7937fa5f0f454aee"
    assert read_redirect_answer(redirect_answer(address)) == address
    assert read_redirect_answer(redirect_answer("")) == ""
    for other in ("javascript:alert(1)", "http://client.example.org/", "https://user@client.example.org/", 5):
        with pytest.raises(InputMalformed):
            read_redirect_answer({"redirect_uri": other})


@pytest.mark.parametrize("enc", ["A128GCM", "A256GCM"])
def test_what_is_sealed_opens_with_its_key_alone(enc: str, response_key: DecryptionKey) -> None:
    text = sealed(response_key, b"secret", enc)
    assert decrypt(text, response_key) == b"secret"
    with pytest.raises(InputMalformed):
        decrypt(text, generate_decryption_key("enc-1"))


@pytest.mark.parametrize("first", [0, 1])
def test_a_key_of_small_order_is_not_encrypted_to(first: int) -> None:
    """RFC 7748 §6.1: with such a key the shared secret is zero, whatever the sender adds."""
    x = base64url.encode(bytes([first]) + bytes(31))
    hostile = recipient_key({"kty": "OKP", "crv": "X25519", "x": x, "alg": "ECDH-ES", "kid": "k"}, refusal=RequestInvalid)
    with pytest.raises(KeyNotAllowed):
        encrypt(b"secret", hostile, enc="A256GCM")


def test_an_x25519_key_works_too() -> None:
    key = DecryptionKey(
        "x",
        {
            "kty": "OKP",
            "crv": "X25519",
            "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",
            "d": "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo",
        },
    )
    assert decrypt(sealed(key, b"secret"), key) == b"secret"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"alg": "RSA-OAEP"}, AlgNotAllowed),
        ({"alg": "dir"}, AlgNotAllowed),
        ({"alg": "ECDH-ES+A128KW"}, AlgNotAllowed),
        ({"alg": None}, AlgNotAllowed),
        ({"alg": ["ECDH-ES"]}, AlgNotAllowed),
        ({"enc": "A128CBC-HS256"}, AlgNotAllowed),
        ({"enc": {}}, AlgNotAllowed),
        ({"crit": ["exp"]}, CritUnsupported),
        ({"jku": "https://evil.example"}, KeySourceForbidden),
        ({"jwk": {}}, KeySourceForbidden),
        ({"kid": "other"}, KidUnknown),
        ({"kid": None}, KidUnknown),
        ({"epk": None}, KeyNotAllowed),
        ({"epk": {"kty": ["EC"], "crv": {}}}, KeyNotAllowed),
        ({"epk": {"kty": "EC", "crv": "P-384", "x": "AA", "y": "AA"}}, KeyNotAllowed),
        ({"epk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}, KeyNotAllowed),
        ({"apu": "AA"}, InputMalformed),
    ],
)
def test_a_header_that_is_not_ours_is_refused_before_the_key_is_used(
    changes: dict[str, Any], refusal: type[Refused], response_key: DecryptionKey
) -> None:
    with pytest.raises(refusal):
        decrypt(with_header(sealed(response_key), **changes), response_key)


@pytest.mark.parametrize("cut", ["", "a.b.c", "a.b.c.d.e", "....", "a" * 5000 + "....."])
def test_what_is_no_encrypted_message_is_refused(cut: str, response_key: DecryptionKey) -> None:
    with pytest.raises(InputMalformed):
        decrypt(cut, response_key)


@pytest.mark.parametrize("part", [2, 3, 4])
def test_a_changed_message_does_not_open(part: int, response_key: DecryptionKey) -> None:
    parts = sealed(response_key, b"secret").split(".")
    raw = bytearray(base64url.decode(parts[part]))
    raw[0] ^= 1
    parts[part] = base64url.encode(bytes(raw))
    with pytest.raises(InputMalformed):
        decrypt(".".join(parts), response_key)


def test_a_message_at_the_limit_opens_and_one_above_does_not(response_key: DecryptionKey) -> None:
    text = sealed(response_key, b"x" * 100)
    assert decrypt(text, response_key, limit=len(text))
    with pytest.raises(InputTooLarge):
        decrypt(text, response_key, limit=len(text) - 1)


def test_a_secret_never_shows_in_repr(response_key: DecryptionKey) -> None:
    assert response_key.private_jwk["d"] not in repr(response_key)
    assert "d" not in response_key.public_jwk()
