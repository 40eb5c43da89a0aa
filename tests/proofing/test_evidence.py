"""Evidence serves only the application and the claims it was sealed for."""

import json
from importlib import resources
from typing import Any

import pytest

from doors.json import JsonObject
from doors.refusals import EvidenceMismatch, EvidenceMissing
from proofing.evidence import Evidence, check_evidence, evidence_entries, seal_evidence
from proofing.face_check import FaceCheck
from tests.proofing.conftest import KEY, NOW

CHECK = FaceCheck(engine="engine", model_sha256="00", threshold=0.45, band="strong", portrait=b"portrait bytes")
CLAIMS: JsonObject = {"full_name": "王丽", "birth_date": "1990-01-01"}


def sealed(application_id: str = "a-1", claims: JsonObject = CLAIMS, key: bytes = KEY) -> Evidence:
    return seal_evidence(key, application_id=application_id, entries=evidence_entries(CHECK, register="demo", now=NOW), claims=claims)


def test_evidence_of_this_application_and_person_is_accepted_also_after_the_record() -> None:
    evidence = sealed()
    read = Evidence.from_record(json.loads(json.dumps(evidence.to_json())), evidence.seal)
    assert check_evidence(read, key=KEY, application_id="a-1", claims=CLAIMS) == evidence


def test_evidence_holds_method_engine_model_band_liveness_and_time_and_no_picture() -> None:
    entry = sealed().entries[0]
    assert entry["type"] == ["FaceCheckEvidence"]
    assert entry["score_band"] == "strong"
    assert entry["threshold"] == "0.45"
    assert entry["liveness"] == "not evaluated"
    assert entry["checked_at"] == "2026-11-21T09:00:00Z"
    assert "portrait bytes" not in repr(CHECK)


@pytest.mark.parametrize(
    "record", [{}, {"application_id": "a-1"}, {"application_id": 1, "entries": []}, {"application_id": "a-1", "entries": ["x"]}]
)
def test_a_record_that_is_no_evidence_is_missing_evidence(record: JsonObject) -> None:
    with pytest.raises(EvidenceMissing):
        Evidence.from_record(record, b"")


@pytest.mark.parametrize("member", ["score_band", "model_sha256", "checked_at", "liveness", "engine"])
def test_an_altered_entry_breaks_the_seal(member: str) -> None:
    evidence = sealed()
    altered = ({**evidence.entries[0], member: "other"}, *evidence.entries[1:])
    with pytest.raises(EvidenceMismatch):
        check_evidence(Evidence("a-1", altered, evidence.seal), key=KEY, application_id="a-1", claims=CLAIMS)


def test_another_offices_seal_is_refused() -> None:
    with pytest.raises(EvidenceMismatch):
        check_evidence(sealed(key=bytes(32)), key=KEY, application_id="a-1", claims=CLAIMS)


def test_a_short_key_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="at least 32 bytes"):
        sealed(key=b"short")


def test_the_entries_use_only_members_that_the_cards_context_defines() -> None:
    context: Any = json.loads(resources.files("credentials.id_card").joinpath("context.json").read_text("utf-8"))["@context"]
    for entry in sealed().entries:
        assert entry.keys() - {"type"} <= context[entry["type"][0]]["@context"].keys()
