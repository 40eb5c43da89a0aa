"""The IETF status list, written and read, and its published vectors."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from credentials.jws import parse_jws, sign_jws
from credentials.status import parse_token_status_list, status_bits, verify_token_status_list
from credentials.status.token_list import read_status_list, status_list_object
from doors.refusals import StatusInvalid, StatusStale
from tests.credentials.cards import ISSUER, LIST_URL, NOW, SKEW
from tests.credentials.status.lists import ISSUER_URL, REVOKED, SUSPENDED_ONE, token
from tests.shared import SHARED, needs_shared

FOLDER = SHARED / "vectors" / "ietf-token-status-list"


def test_valid_invalid_and_suspended_are_told_apart() -> None:
    read = verify_token_status_list(parse_token_status_list(token()), ISSUER.public, list_url=LIST_URL, issuer=ISSUER_URL)
    assert [read.get(index) for index in (0, REVOKED, SUSPENDED_ONE)] == [0, 1, 2]
    assert (read.issued_at, read.expires_at, read.ttl) == (NOW, NOW + timedelta(hours=12), timedelta(minutes=5))


def test_what_is_needed_to_find_the_key_is_there_before_verification() -> None:
    unverified = parse_token_status_list(token())
    assert unverified.unverified_list_url == LIST_URL
    assert unverified.unverified_issuer == ISSUER_URL
    assert unverified.unverified_key_id == ISSUER.kid


@needs_shared
@pytest.mark.parametrize("name", ["encoding-1bit.json", "encoding-2bit.json"])
def test_the_published_million_is_read_as_published(name: str) -> None:
    vector = json.loads((FOLDER / name).read_text())
    bits = read_status_list(vector["json"])
    nonzero = {25460: 1, **{int(index): status for index, status in vector["nonzero"].items()}}
    # the draft's own table has 25460 for both widths (Appendix "Test vectors"); the 2-bit file's table has lost it
    assert len(bits) == vector["entries"]
    assert bits == status_bits(nonzero, entries=vector["entries"], width=vector["bits"])
    assert all(bits.get(index) == status for index, status in nonzero.items())


@needs_shared
@pytest.mark.parametrize(
    ("name", "octets"), [("status_list_encoding_json.txt", b"\xb9\xa3"), ("status_list_encoding2_json.txt", b"\xc9\x44\xf9")]
)
def test_the_drafts_small_lists_are_read_and_written_alike(name: str, octets: bytes) -> None:
    published = json.loads((FOLDER / "small" / name).read_text().split("encoded:")[1])
    bits = read_status_list(published)
    assert bits.octets == octets
    assert status_list_object(bits) == published


@needs_shared
def test_the_drafts_token_is_well_formed_and_lists_what_it_lists() -> None:
    raw = re.sub(r"\s", "", (FOLDER / "small" / "status_list_jwt_raw.txt").read_text())
    unverified = parse_token_status_list(raw)
    assert unverified.unverified_list_url == "https://example.com/statuslists/1"
    assert [read_status_list(json.loads(unverified.jws.payload)["status_list"]).get(index) for index in range(8)] == [
        1,
        0,
        0,
        1,
        1,
        1,
        0,
        1,
    ]


def test_a_list_past_its_exp_or_from_the_future_is_stale() -> None:
    read = verify_token_status_list(parse_token_status_list(token()), ISSUER.public, list_url=LIST_URL, issuer=ISSUER_URL)
    read.fresh_at(NOW, SKEW)
    for moment in (NOW + timedelta(hours=12, seconds=60), NOW - timedelta(seconds=61), datetime(2036, 1, 1, tzinfo=UTC)):
        with pytest.raises(StatusStale):
            read.fresh_at(moment, SKEW)


@pytest.mark.parametrize(
    "change",
    [
        {"iat": None},
        {"iat": True},
        {"iat": 10**19},
        {"exp": "soon"},
        {"ttl": 0},
        {"ttl": -1},
        {"status_list": None},
        {"status_list": {"bits": 3, "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": True, "lst": "eNrbuRgAAhcBXQ"}},
        {"status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ="}},
        {"status_list": {"bits": 1, "lst": "eNrbuRgAAhcB"}},
        {"status_list": {"bits": 1}},
    ],
)
def test_a_signed_list_of_another_shape_is_refused(change: dict[str, object]) -> None:
    claims = {**json.loads(parse_jws(token(), typ="statuslist+jwt").payload), **change}
    spoiled = sign_jws(
        json.dumps({name: value for name, value in claims.items() if value is not None}).encode(), ISSUER, typ="statuslist+jwt"
    )
    with pytest.raises(StatusInvalid):
        verify_token_status_list(parse_token_status_list(spoiled), ISSUER.public, list_url=LIST_URL, issuer=ISSUER_URL)
