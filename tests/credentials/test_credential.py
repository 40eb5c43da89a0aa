"""A credential's own data: who says what about whom, and when it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.keys.did_key import did_key
from credentials.model.rules import check_presentation, holder_of
from credentials.timestamps import format_timestamp, parse_timestamp
from credentials.wire import StatusEntry
from doors.refusals import CredentialExpired, DataModelMismatch, InputMalformed, IriNotAbsolute, Refused, StatusIndexInvalid
from tests.credentials.documents import HOLDER, ISSUER, NOW, SKEW, claims, document

SECOND = timedelta(seconds=1)
FROM, UNTIL = NOW, datetime(2027, 11, 21, 9, 0, tzinfo=UTC)


def test_a_credential_says_who_what_about_whom_and_until_when() -> None:
    credential = Credential.parse(document(id="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"))
    assert credential.id == "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33"
    assert credential.types == ("VerifiableCredential", "IdCardCredential")
    assert (credential.issuer, credential.holder) == (did_key(ISSUER.public), did_key(HOLDER.public))
    assert credential.claims == claims()
    assert (credential.valid_from, credential.valid_until) == (FROM, UNTIL)
    assert (credential.status, credential.evidence) == ((), ())


def test_an_issuer_may_be_an_object_with_a_name() -> None:
    assert Credential.parse(document(issuer={"id": "did:web:a.example", "name": "A"})).issuer == "did:web:a.example"


def test_one_type_may_stand_alone() -> None:
    assert Credential.parse(document(type="VerifiableCredential")).types == ("VerifiableCredential",)


def test_a_credential_about_two_persons_has_no_one_holder() -> None:
    both = Credential.parse(document(credentialSubject=[{"id": "did:web:a.example"}, {"id": "did:web:b.example"}]))
    assert (both.holder, len(both.subjects)) == ("", 2)
    with pytest.raises(DataModelMismatch):
        _ = both.claims


@pytest.mark.parametrize("moment", [FROM, FROM - SKEW, UNTIL, UNTIL + SKEW, FROM + timedelta(days=100)])
def test_it_holds_within_its_period_and_the_skew(moment: datetime) -> None:
    assert Credential.parse(document()).valid_at(moment, SKEW) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    "moment", [FROM - SKEW - SECOND, UNTIL + SKEW + SECOND, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_it_does_not_hold_a_second_before_or_after(moment: datetime) -> None:
    with pytest.raises(CredentialExpired):
        Credential.parse(document()).valid_at(moment, SKEW)


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), NOW, datetime.max.replace(tzinfo=UTC)])
def test_a_credential_without_dates_always_holds(moment: datetime) -> None:
    assert Credential.parse(document(validFrom=None, validUntil=None)).valid_at(moment, SKEW) is None  # type: ignore[func-returns-value]


def test_a_period_may_be_one_moment_but_not_end_before_it_begins() -> None:
    Credential.parse(document(validUntil=document()["validFrom"]))
    with pytest.raises(DataModelMismatch):
        Credential.parse(document(validUntil="2026-11-21T08:59:59Z"))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21T09:00:00Z", NOW),
        ("2026-11-21T17:00:00+08:00", NOW),
        ("2026-11-21T09:00:00.000Z", NOW),
        ("2026-11-21T09:00:00.123456789Z", NOW + timedelta(microseconds=123456)),
        ("2026-11-20T19:00:00-14:00", NOW),
    ],
)
def test_a_moment_is_read_whatever_its_zone(text: str, moment: datetime) -> None:
    assert parse_timestamp(text, pointer="") == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21T09:00:00",
        "2026-11-21 09:00:00Z",
        "2026-11-21T09:00Z",
        "2026-11-21T09:00:00z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T09:00:60Z",
        "2026-11-21T09:00:00+14:01",
        "2026-11-21T09:00:00.Z",
        "0000-11-21T09:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "٢٠٢٦-11-21T09:00:00Z",
        " 2026-11-21T09:00:00Z",
        "2026-11-21T09:00:00Z\n",
    ],
)
def test_a_moment_written_otherwise_is_refused(text: str) -> None:
    with pytest.raises(InputMalformed):
        parse_timestamp(text, pointer="")


def test_a_moment_is_written_in_universal_time_to_the_second() -> None:
    assert format_timestamp(datetime.fromisoformat("2026-11-21T17:00:00.9+08:00")) == "2026-11-21T09:00:00Z"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"type": []}, DataModelMismatch),
        ({"type": ["VerifiableCredential", "VerifiableCredential"]}, DataModelMismatch),
        ({"type": {"VerifiableCredential": 1}}, DataModelMismatch),
        ({"type": "IdCardCredential"}, DataModelMismatch),
        ({"issuer": None}, DataModelMismatch),
        ({"issuer": {"name": "A"}}, IriNotAbsolute),
        ({"issuer": ["did:web:a.example"]}, IriNotAbsolute),
        ({"credentialSubject": None}, DataModelMismatch),
        ({"credentialSubject": []}, DataModelMismatch),
        ({"credentialSubject": "did:web:a.example"}, DataModelMismatch),
        ({"evidence": []}, DataModelMismatch),
        ({"evidence": "x"}, DataModelMismatch),
        ({"proof": {"type": "DataIntegrityProof"}}, DataModelMismatch),
        ({"relatedResource": {"id": "https://a.example/x"}}, DataModelMismatch),
        ({"relatedResource": [{"id": "https://a.example/x", "digestSRI": "sha256-x"}] * 2}, DataModelMismatch),
        ({"name": {"@value": "x", "@direction": "up"}}, InputMalformed),
        ({"name": 7}, DataModelMismatch),
    ],
    ids=str,
)
def test_a_document_that_breaks_a_rule_is_refused(changes: dict[str, Any], kind: type[Refused]) -> None:
    with pytest.raises(Refused) as refusal:
        Credential.parse(document(**changes))
    assert type(refusal.value) is kind


BITSTRING = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "suspension",
    "statusListIndex": "7",
    "statusListCredential": "https://a.example/1",
}


def test_each_status_entry_is_read_and_one_of_another_kind_is_not_passed_over() -> None:
    other = {"type": "OtherStatus2030", "id": "https://a.example/status/1"}
    assert Credential.parse(document(credentialStatus=[BITSTRING, other])).status == (
        StatusEntry("BitstringStatusListEntry", "suspension", 7, "https://a.example/1"),
        StatusEntry("OtherStatus2030", "", 0, "https://a.example/status/1"),
    )


@pytest.mark.parametrize("index", ["-1", "1.0", "", "x", 7, None, "99999999999", "4294967296", "٧", "+7", " 7"])
def test_an_index_that_is_none_is_refused(index: Any) -> None:
    with pytest.raises(StatusIndexInvalid):
        Credential.parse(document(credentialStatus={**BITSTRING, "statusListIndex": index}))


def test_a_presentation_names_its_holder_plainly_or_in_an_object_or_not_at_all() -> None:
    vp = {"@context": document()["@context"], "type": "VerifiablePresentation"}
    assert check_presentation(vp) == ()
    assert [holder_of({**vp, "holder": holder}) for holder in ("did:web:a.example", {"id": "did:web:a.example"})] == [
        "did:web:a.example"
    ] * 2
    assert holder_of(vp) == ""
    nameless: tuple[object, ...] = ("", None, "x", {}, ["did:web:a.example"])
    for holder in nameless:
        with pytest.raises(IriNotAbsolute):
            check_presentation({**vp, "holder": holder})
