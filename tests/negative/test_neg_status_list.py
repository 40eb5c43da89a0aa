"""Status rows of the list of inputs that must be refused, as far as a list itself can tell: T01, T02, T03, T04, T06, T07, T08."""

import gzip
import json
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.jws import sign_jws
from credentials.keys import PublicKey, generate_key
from credentials.status import (
    MINIMUM_ENTRIES,
    BitstringStatusList,
    TokenStatusList,
    parse_token_status_list,
    read_bitstring,
    status_bits,
    verify_token_status_list,
)
from credentials.status.bits import COMPRESSED_LIMIT, EXPANDED_LIMIT, from_gzip, from_zlib
from credentials.status.token_list import read_status_list
from doors import base64url
from doors.refusals import (
    AlgNotAllowed,
    InputMalformed,
    InputTooLarge,
    StatusIndexInvalid,
    StatusInvalid,
    StatusIssuerMismatch,
    StatusStale,
    TypMismatch,
)
from tests.credentials.cards import ISSUER, LIST_URL, NOW, SKEW
from tests.credentials.status.lists import BITSTRING_URL, ISSUER_URL, REVOKED, bitstring, token
from tests.credentials.tampering import sd_jwt


def read_token(text: str, key: PublicKey = ISSUER.public, *, list_url: str = LIST_URL, issuer: str = ISSUER_URL) -> TokenStatusList:
    return verify_token_status_list(parse_token_status_list(text), key, list_url=list_url, issuer=issuer)


def read_bits(credential: Credential, *, list_url: str = BITSTRING_URL) -> BitstringStatusList:
    return read_bitstring(credential, list_url=list_url, purpose="revocation")


def with_list(encoded: str) -> Credential:
    document = bitstring().document
    return Credential({**document, "credentialSubject": {**document["credentialSubject"], "encodedList": encoded}})


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_neg_T01_unsigned_by_another_key(algorithm: str) -> None:
    with pytest.raises(StatusInvalid):
        read_token(token(key=generate_key(algorithm)))
    assert read_token(token()).get(REVOKED) == 1


def test_neg_T01_unsigned_and_altered() -> None:
    head, payload, signature = token().split(".")
    claims = json.loads(base64url.decode(payload))
    altered = base64url.encode(json.dumps({**claims, "exp": claims["exp"] + 1}).encode())
    for spoiled in (f"{head}.{altered}.{signature}", f"{head}.{payload}.{base64url.encode(bytes(64))}", f"{head}.{payload}."):
        with pytest.raises(StatusInvalid):
            read_token(spoiled)


def test_neg_T01_unsigned_alg_none() -> None:
    head = base64url.encode(json.dumps({"alg": "none", "typ": "statuslist+jwt"}).encode())
    with pytest.raises(AlgNotAllowed):
        parse_token_status_list(f"{head}.{token().split('.')[1]}.")


def test_neg_T01_unsigned_plain_json() -> None:
    with pytest.raises(InputMalformed):
        parse_token_status_list('{"bits":1,"lst":"eNrbuRgAAhcBXQ"}')


@pytest.mark.parametrize("typ", ["JWT", "", "kb+jwt", "dc+sd-jwt", "statuslist+cwt"])
def test_neg_J14_status_token_of_another_type(typ: str) -> None:
    with pytest.raises(TypMismatch):
        parse_token_status_list(sign_jws(b"{}", ISSUER, typ=typ))
    assert parse_token_status_list(sign_jws(b"{}", ISSUER, typ="statuslist+jwt")).unverified_list_url == ""


def test_neg_T02_other_issuer() -> None:
    """Which keys are whose is trust's to find out; a token that names another issuer itself is refused here."""
    with pytest.raises(StatusIssuerMismatch):
        read_token(token(), issuer="https://other.example")
    assert read_token(token()).issuer == ISSUER_URL
    assert read_bits(bitstring()).issuer == "did:web:issuer.example"


@pytest.mark.parametrize("index", [MINIMUM_ENTRIES, 2**31, -1, -MINIMUM_ENTRIES])
def test_neg_T03_index_out_of_range(index: int) -> None:
    for status_list in (read_token(token()), read_bits(bitstring())):
        with pytest.raises(StatusIndexInvalid):
            status_list.get(index)
        assert status_list.get(MINIMUM_ENTRIES - 1) == 0


@pytest.mark.parametrize("index", [-1, 2**31, 2**63, "1", 1.0, True, None])
def test_neg_T03_index_in_a_credential(index: Any) -> None:
    wire = sd_jwt({"status": {"status_list": {"idx": index, "uri": LIST_URL}}}).wire
    with pytest.raises(StatusIndexInvalid):
        DcSdJwt().parse(wire)
    twin = sd_jwt({"status": {"status_list": {"idx": 2**31 - 1, "uri": LIST_URL}}}).wire
    assert DcSdJwt().parse(twin).unverified_status[0].index == 2**31 - 1


@pytest.mark.parametrize("hours", [13, 24 * 365])
def test_neg_T04_expired(hours: int) -> None:
    for status_list in (read_token(token()), read_bits(bitstring())):
        status_list.fresh_at(NOW + timedelta(hours=11), SKEW)
        with pytest.raises(StatusStale):
            status_list.fresh_at(NOW + timedelta(hours=hours), SKEW)


BOMB = 64 * 1024 * 1024


def test_neg_T06_bomb() -> None:
    packed, squeezed = gzip.compress(bytes(BOMB)), zlib.compress(bytes(BOMB))
    tracemalloc.start()
    with pytest.raises(InputTooLarge):
        read_bits(with_list("u" + base64url.encode(packed)))
    with pytest.raises(InputTooLarge):
        read_status_list({"bits": 1, "lst": base64url.encode(squeezed)})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < BOMB


@pytest.mark.parametrize(("expand", "pack"), [(from_gzip, gzip.compress), (from_zlib, zlib.compress)])
def test_neg_T06_bomb_at_the_limit_and_one_beyond(expand: Any, pack: Any) -> None:
    assert len(expand(pack(bytes(EXPANDED_LIMIT)))) == EXPANDED_LIMIT
    with pytest.raises(InputTooLarge):
        expand(pack(bytes(EXPANDED_LIMIT + 1)))
    with pytest.raises(InputTooLarge):
        expand(bytes(COMPRESSED_LIMIT + 1))


@pytest.mark.parametrize("octets", [0, 1, MINIMUM_ENTRIES // 8 - 1])
def test_neg_T07_too_short(octets: int) -> None:
    with pytest.raises(StatusInvalid):
        read_bits(with_list("u" + base64url.encode(gzip.compress(bytes(octets)))))
    assert len(read_bits(with_list("u" + base64url.encode(gzip.compress(bytes(MINIMUM_ENTRIES // 8))))).bits) == MINIMUM_ENTRIES


def test_neg_T07_twin_a_short_ietf_list_is_read() -> None:
    assert len(read_token(token(status_bits({3: 1}, entries=8, width=1))).bits) == 8


@pytest.mark.parametrize("url", [LIST_URL + "/", LIST_URL.upper(), "https://other.example/status/1/token", ""])
def test_neg_T08_url_mismatch(url: str) -> None:
    with pytest.raises(StatusInvalid):
        read_token(token(), list_url=url)
    with pytest.raises(StatusInvalid):
        read_bits(bitstring(), list_url=url)
    assert read_token(token()).list_url == LIST_URL


def test_neg_T08_url_mismatch_of_a_list_without_id() -> None:
    document = {name: value for name, value in bitstring().document.items() if name != "id"}
    with pytest.raises(StatusInvalid):
        read_bits(Credential(document), list_url="")
