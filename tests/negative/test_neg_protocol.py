"""Rows of the list of inputs that must be refused, as far as messages alone decide them; each with its accepted twin."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from credentials.jws import sign_jws
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key_method
from doors import base64url
from doors.refusals import (
    AlgNotAllowed,
    ApprovalRequired,
    ClaimMissing,
    CredentialTypeMismatch,
    InputMalformed,
    InputTooLarge,
    InvalidNonce,
    InvalidProof,
    InvalidTransactionData,
    MetadataMismatch,
    QueryNotSatisfied,
    Refused,
    RequestExpired,
    RequestInvalid,
    RequestUntrusted,
    ResponseNotEncrypted,
    SessionMismatch,
    UnknownCredentialConfiguration,
    UnsupportedUri,
)
from openid4vc.forms import parse_form
from openid4vc.jwe import DecryptionKey, decrypt, encrypt, recipient_key
from openid4vc.vci.authorization_server import AuthorizationServerMetadata
from openid4vc.vci.credential_request import CredentialRequest
from openid4vc.vci.metadata import IssuerMetadata
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vci.proofs import ExpectedProof, check_proofs, make_di_vp_proof, make_jwt_proof
from openid4vc.vp.dcql import Query, ShownCredential, check
from openid4vc.vp.link import parse_request_link
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.request_object import open_request, read_request, sign_request
from openid4vc.vp.response import read_response, response_body
from openid4vc.vp.transaction_data import TransactionData
from openid4vc.vp.vp_token import VpToken
from tests.openid4vc.conftest import *  # noqa: F403 - the same parties as in tests/openid4vc
from tests.openid4vc.conftest import CLIENT_ID, ISSUER, NONCE, NOW, SKEW
from tests.openid4vc.test_conformance_schemas import our_metadata

VCT = "https://tigertally.example/credentials/id-card/v1"
ID_CARD = {"vct": VCT, "full_name": "李华", "age_over_18": True}


def sealed(payload: bytes, key: DecryptionKey, **header: Any) -> str:
    message = JWE(payload, protected=json.dumps({"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.kid, **header}))
    message.add_recipient(JWK(**key.public_jwk()))
    return str(message.serialize(compact=True))


# JOSE


def test_neg_J15_jwe_zip_bomb(response_key: DecryptionKey) -> None:
    bomb = sealed(b"\0" * 20_000_000, response_key, zip="DEF")
    assert len(bomb) < 40_000
    for text in (bomb, sealed(b"{}", response_key, zip="DEF")):
        with pytest.raises(InputTooLarge):
            decrypt(text, response_key)
    assert decrypt(sealed(b"{}", response_key), response_key) == b"{}"  # the twin: the same, not compressed


@pytest.mark.parametrize("alg", ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"])
@pytest.mark.parametrize("rounds", [2**31 - 1, 1000, "many"])
def test_neg_J16_pbes2_iterations(alg: str, rounds: object, response_key: DecryptionKey) -> None:
    header = base64url.encode(orjson.dumps({"alg": alg, "enc": "A256GCM", "kid": "enc-1", "p2c": rounds, "p2s": "AAAAAAAAAAA"}))
    _, _, *rest = sealed(b"{}", response_key).split(".")
    for wrapped in ("", base64url.encode(b"x" * 40)):
        with pytest.raises(AlgNotAllowed):
            decrypt(".".join([header, wrapped, *rest]), response_key)
    assert decrypt(sealed(b"{}", response_key), response_key) == b"{}"


# Presentation to a verifier


def shown(**changes: Any) -> ShownCredential:
    members = {"format": "dc+sd-jwt", "types": frozenset({VCT}), "claims": ID_CARD, "holder_bound": True, **changes}
    return ShownCredential(**members)


def test_neg_P05_vp_not_requested(plain_request: PresentationRequest) -> None:
    never_asked: tuple[dict[str, list[ShownCredential]], ...] = (
        {"id_card": [shown()], "passport": [shown()]},
        {"passport": [shown()]},
        {"id_card": [shown(), shown()]},
        {"id_card": []},
        {},
    )
    for presented in never_asked:
        with pytest.raises(QueryNotSatisfied):
            check(plain_request.query, presented)
    assert check(plain_request.query, {"id_card": [shown()]})


def test_neg_P05_other_format_or_value(plain_request: PresentationRequest) -> None:
    for other in (shown(format="ldp_vc"), shown(claims={**ID_CARD, "age_over_18": False}), shown(claims={**ID_CARD, "age_over_18": 1})):
        with pytest.raises(QueryNotSatisfied):
            check(plain_request.query, {"id_card": [other]})


@pytest.mark.parametrize("claims", [{"vct": VCT}, {"vct": VCT, "full_name": "李华"}, {"vct": VCT, "age_over_18": True}])
def test_neg_P06_vp_missing_claim(claims: dict[str, Any], plain_request: PresentationRequest) -> None:
    with pytest.raises(ClaimMissing):
        check(plain_request.query, {"id_card": [shown(claims=claims)]})
    assert check(plain_request.query, {"id_card": [shown(claims={**claims, **ID_CARD})]})


def test_neg_P06_no_claim_set_satisfied() -> None:
    claims = [{"id": "a", "path": ["email"]}, {"id": "b", "path": ["full_name"]}]
    entry = {"id": "id", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": claims, "claim_sets": [["a"], ["b"]]}
    query = Query.parse({"credentials": [entry]})
    with pytest.raises(ClaimMissing):
        check(query, {"id": [shown(claims={"vct": VCT})]})
    assert check(query, {"id": [shown()]})


def test_neg_P15_direct_post_unencrypted(
    request_to_hotel: PresentationRequest, plain_request: PresentationRequest, response_key: DecryptionKey
) -> None:
    answer = {"id_card": [b"a~b"]}
    in_clear = parse_form(response_body(answer, request=plain_request))
    encrypted = parse_form(response_body(answer, request=request_to_hotel))
    for form in (in_clear, {**in_clear, **encrypted}, {"state": "state-1"}):
        with pytest.raises(ResponseNotEncrypted):
            read_response(form, request=request_to_hotel, key=response_key)
    assert read_response(encrypted, request=request_to_hotel, key=response_key)


@pytest.mark.parametrize("state", [None, "", "state-2", "STATE-1", "state-1 ", "x" * 1_000_000, "ü"])
def test_neg_P16_state_missing_or_wrong(
    state: str | None, plain_request: PresentationRequest, request_to_hotel: PresentationRequest, response_key: DecryptionKey
) -> None:
    form = parse_form(response_body({"id_card": [b"a~b"]}, request=plain_request))
    changed = {name: value for name, value in {**form, "state": state}.items() if value is not None}
    with pytest.raises(SessionMismatch):
        read_response(changed, request=plain_request, key=None)
    with pytest.raises(SessionMismatch):
        read_response({"error": "access_denied", **({} if state is None else {"state": state})}, request=plain_request, key=None)
    inner = {"vp_token": {"id_card": ["a~b"]}, **({} if state is None else {"state": state})}
    to_verifier = recipient_key(response_key.public_jwk(), refusal=RequestInvalid)
    text = encrypt(orjson.dumps(inner), to_verifier, enc="A256GCM")
    with pytest.raises((SessionMismatch, InputTooLarge)):
        read_response({"response": text}, request=request_to_hotel, key=response_key)
    assert read_response(form, request=plain_request, key=None)


@pytest.mark.parametrize(
    "token",
    [
        "a~b",
        ["a~b"],
        5,
        True,
        None,
        {},
        {"other": ["a~b"]},
        {"id_card": ["a~b", "a~c"]},
        {"id_card": []},
        {"id_card": "a~b"},
        {"id_card": {}},
        {"id_card": [{}]},
        {"id_card": [5]},
        {"id_card": [None]},
        {"id_card": [["a~b"]]},
        {"id_card": ["ü~"]},
    ],
)
def test_neg_P17_vp_token_shapes(token: object, plain_request: PresentationRequest) -> None:
    with pytest.raises(InputMalformed):
        VpToken.parse(token, query=plain_request.query)
    with pytest.raises(InputMalformed):
        read_response({"vp_token": json.dumps(token), "state": "state-1"}, request=plain_request, key=None)
    assert VpToken.parse({"id_card": ["a~b"]}, query=plain_request.query)


@pytest.mark.parametrize("form", [{"state": "state-1"}, {"state": "state-1", "vp_token": ""}, {"state": "state-1", "vp_token": "{"}])
def test_neg_P17_vp_token_absent_or_no_json(form: dict[str, str], plain_request: PresentationRequest) -> None:
    with pytest.raises(InputMalformed):
        read_response(form, request=plain_request, key=None)


# Wallet as receiver


@pytest.mark.parametrize(
    "named", ["https://issuer.example/", "https://ISSUER.example", "https://evil.example", "https://issuer.example/tenant"]
)
def test_neg_W02_offer_issuer_mismatch(named: str) -> None:
    """Simple string comparison, no normalisation (OpenID4VCI §12.2.4)."""
    document = our_metadata().to_json()
    with pytest.raises(MetadataMismatch):
        IssuerMetadata.parse({**document, "credential_issuer": named}, issuer=ISSUER)
    with pytest.raises(MetadataMismatch):
        AuthorizationServerMetadata.parse({"issuer": named, "token_endpoint": f"{ISSUER}/token"}, issuer=ISSUER)
    assert IssuerMetadata.parse(document, issuer=ISSUER)
    assert AuthorizationServerMetadata.parse({"issuer": ISSUER, "token_endpoint": f"{ISSUER}/token"}, issuer=ISSUER)


@pytest.mark.parametrize(
    "client_id",
    [
        "hotel.example",
        "https://hotel.example",
        "unknown_prefix:hotel.example",
        "origin:https://hotel.example",
        "did:web:hotel.example",
        "Decentralized_Identifier:did:web:hotel.example",
        "decentralized_identifier:",
        "decentralized_identifier:hotel.example",
        "x509_san_dns:hotel.example",
        f"decentralized_identifier:did:web:{'h' * 2000}",
    ],
)
def test_neg_W04_request_unknown_client_prefix(client_id: str, request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    document = {**request_to_hotel.to_json(), "client_id": client_id}
    text = sign_jws(orjson.dumps(document), verifier_key, typ="oauth-authz-req+jwt")
    with pytest.raises(RequestUntrusted):
        open_request(text, client_id=client_id)
    assert open_request(sign_request(request_to_hotel, verifier_key), client_id=CLIENT_ID)


@pytest.mark.parametrize("outer", ["decentralized_identifier:did:web:evil.example", "did:web:hotel.example", "", f"{CLIENT_ID} "])
def test_neg_W04_outer_and_inner_client_id_differ(outer: str, request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    text = sign_request(request_to_hotel, verifier_key)
    with pytest.raises(RequestUntrusted):
        open_request(text, client_id=outer)
    assert open_request(text, client_id=CLIENT_ID)


def test_neg_W04_unsigned_request_of_a_client_that_must_sign() -> None:
    with pytest.raises(RequestUntrusted):
        parse_request_link(f"openid4vp://?client_id={quote(CLIENT_ID)}&response_type=vp_token")
    assert parse_request_link(f"openid4vp://?client_id={quote(CLIENT_ID)}&request_uri=https%3A%2F%2Fhotel.example%2Fr")


@pytest.mark.parametrize("destination", ["https://evil.example/cb", "https://client.example.org/cb/", "https://client.example.org/cb?x=1"])
def test_neg_W04_redirect_uri_client_with_another_address(destination: str, plain_request: PresentationRequest) -> None:
    document = {**plain_request.to_json(), "client_id": "redirect_uri:https://client.example.org/cb"}
    assert PresentationRequest.parse({**document, "response_uri": "https://client.example.org/cb"})
    with pytest.raises(RequestUntrusted):
        PresentationRequest.parse({**document, "response_uri": destination})


@pytest.mark.parametrize("nonce", [None, "", 5, ["n"], "with space", "ünïcode", "x" * 513, "a\nb", "a#b"])
def test_neg_W05_request_no_nonce(nonce: object, plain_request: PresentationRequest) -> None:
    document = plain_request.to_json()
    assert PresentationRequest.parse(document)
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse({**document, "nonce": nonce})
    del document["nonce"]
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse(document)


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt", "fragment"])
def test_neg_W07_request_redirect_and_response_uri(mode: str, request_to_hotel: PresentationRequest) -> None:
    document = {**request_to_hotel.to_json(), "response_mode": mode}
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse({**document, "redirect_uri": "https://hotel.example/cb"})
    alone = {name: value for name, value in document.items() if name != "response_uri"}
    wanted, other = ("redirect_uri", "response_uri") if mode == "fragment" else ("response_uri", "redirect_uri")
    with pytest.raises(RequestInvalid):
        PresentationRequest.parse({**alone, other: "https://hotel.example/cb"})
    assert PresentationRequest.parse({**alone, wanted: "https://hotel.example/cb"})


def entry(**members: Any) -> str:
    return base64url.encode(orjson.dumps({"type": "payment", "credential_ids": ["id_card"], **members}))


@pytest.mark.parametrize(
    "data",
    [
        [entry()],
        [entry(type="unknown")],
        [],
        "text",
        [5],
        ["%%%"],
        [base64url.encode(b"[]")],
        [entry(credential_ids=[])],
        [entry(type=None)],
    ],
)
def test_neg_W09_request_unknown_transaction_data(data: object, plain_request: PresentationRequest) -> None:
    """No type is understood yet, so any transaction data at all is refused (OpenID4VP §5.1)."""
    with pytest.raises(InvalidTransactionData):
        PresentationRequest.parse({**plain_request.to_json(), "transaction_data": data})
    assert PresentationRequest.parse(plain_request.to_json())


def test_neg_W09_request_unknown_transaction_data_twin(plain_request: PresentationRequest) -> None:
    """A type that is understood passes; one of two that is not refuses the whole request; so does a query that it does not name."""
    types = {"payment": lambda _details: None}
    document = plain_request.to_json()
    (data,) = PresentationRequest.parse({**document, "transaction_data": [entry(amount="1.00")]}, transaction_types=types).transaction_data
    assert data == TransactionData(
        entry(amount="1.00"), "payment", ("id_card",), {"type": "payment", "credential_ids": ["id_card"], "amount": "1.00"}
    )
    for refused in ([entry(), entry(type="other")], [entry(credential_ids=["other"])]):
        with pytest.raises(InvalidTransactionData):
            PresentationRequest.parse({**document, "transaction_data": refused}, transaction_types=types)


@pytest.mark.parametrize("late", [timedelta(seconds=360), timedelta(days=3650)])
def test_neg_W10_request_expired(late: timedelta, request_to_hotel: PresentationRequest, verifier_key: PrivateKey) -> None:
    """The request ends 300 s after it was made; the stated skew is 60 s."""
    text = sign_request(request_to_hotel, verifier_key)
    with pytest.raises(RequestExpired):
        read_request(text, verifier_key.public, client_id=CLIENT_ID, now=NOW + late, skew=SKEW)
    assert read_request(text, verifier_key.public, client_id=CLIENT_ID, now=NOW + timedelta(seconds=359), skew=SKEW)


OFFER_LINK = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fissuer.example%2Foffers%2F1"
REQUEST_LINK = f"openid4vp://?client_id={quote(CLIENT_ID)}&request_uri=https%3A%2F%2Fhotel.example%2Fr"
BYPASSES = [
    "prompt=none",
    "prompt=login%20none",
    "auto_approve=true",
    "autoApprove=1",
    "AUTO-CONSENT=yes",
    "consent=granted",
    "silent=1",
    "yes=",
]


@pytest.mark.parametrize("bypass", BYPASSES)
def test_neg_W16_consent_bypass(bypass: str) -> None:
    for parse, link in ((parse_offer_link, OFFER_LINK), (parse_request_link, REQUEST_LINK)):
        with pytest.raises(ApprovalRequired):
            parse(f"{link}&{bypass}")
        assert parse(link) == parse(f"{link}&utm_source=poster&prompt=login")  # the twin: other parameters mean nothing


@pytest.mark.parametrize("name", ["auto_approve", "consent", "skip_consent"])
def test_neg_W16_consent_bypass_in_the_request_itself(name: str, plain_request: PresentationRequest) -> None:
    with pytest.raises(ApprovalRequired):
        PresentationRequest.parse({**plain_request.to_json(), name: True})


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://a.example/",
        "tel:110",
        "unknown://?credential_offer=%7B%7D",
        "hello",
        "",
        " ",
        "x" * 8_000,
        "x" * 8_192,
        "://",
        "openid-credential-offer",
        "http://evil.example/?credential_offer_uri=https%3A%2F%2Fa.example",
        "https://user@wallet.example/?credential_offer_uri=https%3A%2F%2Fa.example",
        "https://",
        "\u202eopenid4vp://?client_id=x",
        "openid4vp://?\u0000",
        "java\nscript:alert(1)",
        "intent://scan/#Intent;scheme=openid4vp;end",
        f"{OFFER_LINK}&x={'y' * 8_000}",
        f"{REQUEST_LINK}&x={'y' * 8_000}",
    ],
)
def test_neg_W19_qr_foreign_scheme(text: str) -> None:
    for parse in (parse_offer_link, parse_request_link):
        with pytest.raises(UnsupportedUri):
            parse(text)
    assert parse_offer_link(f" {OFFER_LINK}\n").offer_uri
    assert parse_request_link(REQUEST_LINK.replace("openid4vp://", "https://wallet.example/present")).request_uri


# Issuer endpoints

CONFIGURATION = {"credential_configuration_id": "IdCard_ldp"}
ACCEPTED = frozenset({"jwt", "di_vp"})


def prove(document: dict[str, Any], expected: ExpectedProof) -> object:
    """What an issuer does with a credential request's proofs."""
    return check_proofs(CredentialRequest.parse({**CONFIGURATION, **document}).proofs, expected, accepted=ACCEPTED, most=1)


def good_proofs(key: PrivateKey, *, issuer: str = ISSUER, nonce: str = NONCE) -> list[dict[str, Any]]:
    """One of each type, of which the row's proof differs in one thing."""
    jwt, di_vp = (make(key, issuer=issuer, nonce=nonce, now=NOW) for make in (make_jwt_proof, make_di_vp_proof))
    return [{"jwt": [jwt]}, {"di_vp": [di_vp]}]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"proofs": {}},
        {"proofs": None},
        {"proofs": []},
        {"proofs": {"jwt": []}},
        {"proofs": {"jwt": "a.b.c"}},
        {"proofs": {"jwt": [""]}},
        {"proofs": {"jwt": ["a.b.c"], "di_vp": [{}]}},
        {"proofs": {"cwt": ["a"]}},
        {"proof": {"proof_type": "jwt", "jwt": "a.b.c"}},
        {"proofs": {"jwt": [None]}},
    ],
)
def test_neg_I07_proof_missing(document: dict[str, Any], expected: ExpectedProof, holder: PrivateKey) -> None:
    with pytest.raises(InvalidProof):
        prove(document, expected)
    for proofs in good_proofs(holder):
        assert prove({"proofs": proofs}, expected)


def test_neg_I08_proof_bad_signature(expected: ExpectedProof, holder: PrivateKey) -> None:
    other = generate_key("EdDSA").named(holder.kid)
    jwt, di_vp = good_proofs(holder)
    altered = {**di_vp["di_vp"][0], "id": "urn:uuid:3978344f-8596-4c3a-a978-8fcaba3903c5"}
    cut = jwt["jwt"][0][:-2]
    for proofs in (*good_proofs(other), {"di_vp": [altered]}, {"jwt": [cut]}, {"jwt": [cut.rsplit(".", 1)[0] + "."]}):
        with pytest.raises(InvalidProof):
            prove({"proofs": proofs}, expected)
    assert prove({"proofs": jwt}, expected)
    assert prove({"proofs": di_vp}, expected)


def test_neg_I08_proof_named_by_a_key_that_is_not_there(expected: ExpectedProof, holder: PrivateKey) -> None:
    for kid in ("did:key:zBroken#zBroken", "did:web:holder.example#1", "did:example:123#1"):
        with pytest.raises(InvalidProof):
            prove({"proofs": {"jwt": [make_jwt_proof(holder.named(kid), issuer=ISSUER, nonce=NONCE, now=NOW)]}}, expected)
    assert prove({"proofs": good_proofs(holder)[0]}, expected)


@pytest.mark.parametrize("nonce", ["never-issued", "", "C-NONCE-1", "x" * 1000])
def test_neg_I09_proof_nonce_unknown(nonce: str, expected: ExpectedProof, holder: PrivateKey) -> None:
    claims = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": nonce}
    without = {name: value for name, value in claims.items() if name != "nonce"}
    texts = [sign_jws(orjson.dumps(body), holder, typ="openid4vci-proof+jwt") for body in (claims, without, {**claims, "nonce": None})]
    for text in texts:
        with pytest.raises(InvalidNonce):
            prove({"proofs": {"jwt": [text]}}, expected)
    with pytest.raises(InvalidNonce):
        prove({"proofs": {"di_vp": [make_di_vp_proof(holder, issuer=ISSUER, nonce=nonce, now=NOW)]}}, expected)
    for proofs in good_proofs(holder):
        assert prove({"proofs": proofs}, expected)


def test_neg_I09_proof_nonce_expired(expected: ExpectedProof, holder: PrivateKey) -> None:
    for proofs in good_proofs(holder):
        with pytest.raises(InvalidNonce):
            prove({"proofs": proofs}, replace(expected, nonce_known=lambda _nonce: False))


def test_neg_I10_proof_nonce_replayed(expected: ExpectedProof, holder: PrivateKey) -> None:
    """The check names the nonce; once the issuer has spent it, the same proof is refused."""
    for proofs in good_proofs(holder):
        alive = {NONCE}
        careful = replace(expected, nonce_known=alive.__contains__)
        (proven,) = check_proofs(CredentialRequest.parse({**CONFIGURATION, "proofs": proofs}).proofs, careful, accepted=ACCEPTED, most=1)
        alive.discard(proven.nonce)
        with pytest.raises(InvalidNonce):
            prove({"proofs": proofs}, careful)


@pytest.mark.parametrize("audience", ["https://other-issuer.example", f"{ISSUER}/", "https://ISSUER.example", "did:web:issuer.example"])
def test_neg_I11_proof_aud(audience: str, expected: ExpectedProof, holder: PrivateKey) -> None:
    for proofs in good_proofs(holder, issuer=audience):
        with pytest.raises(InvalidProof):
            prove({"proofs": proofs}, expected)
    for proofs in good_proofs(holder):
        assert prove({"proofs": proofs}, expected)


@pytest.mark.parametrize("identifier", ["unknown", "idcard_ldp", "IdCard_ldp ", "__class__", "../IdCard_ldp"])
def test_neg_I12_config_unknown(identifier: str) -> None:
    with pytest.raises(UnknownCredentialConfiguration):
        our_metadata().configuration(CredentialRequest.parse({"credential_configuration_id": identifier}).configuration_id)
    assert our_metadata().configuration(CredentialRequest.parse(CONFIGURATION).configuration_id)


# SD-JWT VC


@pytest.mark.parametrize(
    "types", [frozenset({"https://tigertally.example/credentials/library-card/v1"}), frozenset[str](), frozenset({VCT.upper()})]
)
def test_neg_S14_vct_unknown(types: frozenset[str], plain_request: PresentationRequest) -> None:
    """Another type with the same claims; and a credential that extends the type asked for is accepted as one of it."""
    with pytest.raises(CredentialTypeMismatch):
        check(plain_request.query, {"id_card": [shown(types=types)]})
    assert check(plain_request.query, {"id_card": [shown(types=types | {VCT})]})


def test_every_refusal_here_has_a_code_and_a_sentence(expected: ExpectedProof) -> None:
    with pytest.raises(Refused) as refusal:
        prove({}, expected)
    assert (refusal.value.code, refusal.value.pointer) == ("invalid_proof", "/proofs")
    assert did_key_method(generate_key("EdDSA").public) not in refusal.value.detail
