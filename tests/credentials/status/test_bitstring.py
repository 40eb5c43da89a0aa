"""The W3C status list, written and read."""

from datetime import timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.status import MINIMUM_ENTRIES, read_bitstring, status_bits
from doors.refusals import StatusInvalid, StatusStale
from tests.credentials.cards import NOW, SKEW
from tests.credentials.status.lists import BITSTRING_URL, REVOKED, bitstring

SPECIFICATION_EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""Bitstring Status List 1.0 §2.2, example 3: 131,072 entries, none set."""


def changed(**subject: Any) -> Credential:
    document = bitstring().document
    return Credential({**document, "credentialSubject": {**document["credentialSubject"], **subject}})


def test_a_revoked_card_is_told_from_its_neighbours() -> None:
    read = read_bitstring(bitstring(), list_url=BITSTRING_URL, purpose="revocation")
    assert [read.get(index) for index in (REVOKED - 1, REVOKED, REVOKED + 1)] == [0, 1, 0]
    assert (read.issuer, read.purpose) == ("did:web:issuer.example", "revocation")


def test_the_specifications_example_is_read() -> None:
    read = read_bitstring(changed(encodedList=SPECIFICATION_EXAMPLE), list_url=BITSTRING_URL, purpose="revocation")
    assert len(read.bits) == MINIMUM_ENTRIES
    assert not any(read.bits.octets)


def test_index_nought_is_the_left_most_bit() -> None:
    first = bitstring(status_bits({0: 1}, entries=MINIMUM_ENTRIES))
    assert read_bitstring(first, list_url=BITSTRING_URL, purpose="revocation").bits.get(0) == 1
    assert first.document["credentialSubject"]["encodedList"] != bitstring().document["credentialSubject"]["encodedList"]


def test_a_list_for_several_purposes_serves_each() -> None:
    both = changed(statusPurpose=["suspension", "revocation"])
    assert read_bitstring(both, list_url=BITSTRING_URL, purpose="suspension").purpose == "suspension"


@pytest.mark.parametrize(
    "subject",
    [
        {"type": "Person"},
        {"statusPurpose": "suspension"},
        {"statusPurpose": 1},
        {"statusSize": 2},
        {"encodedList": 7},
        {"encodedList": SPECIFICATION_EXAMPLE[1:]},
        {"encodedList": SPECIFICATION_EXAMPLE + "="},
        {"encodedList": "uAAAA"},
    ],
)
def test_a_list_that_is_not_what_it_should_be_is_refused(subject: dict[str, Any]) -> None:
    with pytest.raises(StatusInvalid):
        read_bitstring(changed(**subject), list_url=BITSTRING_URL, purpose="revocation")


def test_another_credential_is_no_list() -> None:
    with pytest.raises(StatusInvalid, match="BitstringStatusListCredential"):
        read_bitstring(Credential({**bitstring().document, "type": ["VerifiableCredential"]}), list_url=BITSTRING_URL, purpose="revocation")


def test_a_list_is_fresh_in_its_own_period_only() -> None:
    read = read_bitstring(bitstring(), list_url=BITSTRING_URL, purpose="revocation")
    read.fresh_at(NOW + timedelta(hours=11), SKEW)
    with pytest.raises(StatusStale):
        read.fresh_at(NOW + timedelta(hours=13), SKEW)


def test_a_list_of_too_few_entries_is_never_written() -> None:
    with pytest.raises(StatusInvalid):
        bitstring(status_bits({}, entries=MINIMUM_ENTRIES - 8))
    with pytest.raises(StatusInvalid):
        bitstring(status_bits({}, entries=MINIMUM_ENTRIES, width=2))
