"""How the person was proved, sealed so that it serves only this application and these claims."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from credentials.id_card.names import DOCUMENT_CHECK, FACE_CHECK, REGISTER_CHECK
from doors.json import JsonObject
from doors.refusals import EvidenceMismatch, EvidenceMissing
from proofing.face_check import FaceCheck

_NEEDED = frozenset({FACE_CHECK, DOCUMENT_CHECK, REGISTER_CHECK})
LIVENESS_NOT_EVALUATED = "not evaluated"

_PURPOSE = b"tigertally evidence 1\0"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stays of a proofing: the ``evidence`` entries of the credential (VCDM 2.0 §5.6), bound to one application.

    ``seal``: HMAC-SHA256 over application id, entries and the person's claims, by the office's own key. No picture, no template, no
    distance.
    """

    application_id: str
    entries: tuple[JsonObject, ...]
    seal: bytes

    def to_json(self) -> JsonObject:
        """Everything but the seal, as it goes on record."""
        return {"application_id": self.application_id, "entries": list(self.entries)}

    @classmethod
    def from_record(cls, record: JsonObject, seal: bytes) -> "Evidence":
        """The evidence that ``to_json`` wrote; raises ``EvidenceMissing`` for anything else."""
        entries, application_id = record.get("entries"), record.get("application_id")
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not isinstance(application_id, str):
            raise EvidenceMissing("evidence: expected the record of a proofing")
        return cls(application_id=application_id, entries=tuple(entries), seal=seal)


def seal_evidence(key: bytes, *, application_id: str, entries: tuple[JsonObject, ...], claims: JsonObject) -> Evidence:
    """The evidence for ``application_id``, sealed with ``key`` (32 bytes or more) over exactly these ``claims``."""
    return Evidence(application_id, entries, _seal(key, application_id, entries, claims))


def check_evidence(evidence: Evidence | None, *, key: bytes, application_id: str, claims: JsonObject) -> Evidence:
    """``evidence`` where it proves the person of ``claims`` in this application.

    Raises ``EvidenceMissing`` where there is none or a step is lacking, ``EvidenceMismatch`` where it was made for another application
    or person, or
    was altered.
    """
    if evidence is None or not _steps(evidence) >= _NEEDED:
        raise EvidenceMissing("evidence: expected a face, a document and a register check on record")
    if not hmac.compare_digest(evidence.application_id.encode(), application_id.encode()):
        raise EvidenceMismatch("evidence: expected that of this application, got another's")
    if not hmac.compare_digest(evidence.seal, _seal(key, application_id, evidence.entries, claims)):
        raise EvidenceMismatch("evidence: expected the seal over this person's claims, got another")
    return evidence


def evidence_entries(face: FaceCheck, *, register: str, now: datetime) -> tuple[JsonObject, ...]:
    """The three entries for a person who passed every step at ``now``. Texts only, numbers as decimal texts, so that every syntax
    carries them alike."""
    checked_at = now.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    return (
        {
            "type": [FACE_CHECK],
            "method": "selfie compared with the document's portrait; copies of the portrait refused",
            "engine": face.engine,
            "model_sha256": face.model_sha256,
            "threshold": f"{face.threshold:.2f}",
            "score_band": face.band,
            "liveness": LIVENESS_NOT_EVALUATED,
            "checked_at": checked_at,
        },
        {
            "type": [DOCUMENT_CHECK],
            "method": "fields typed at the desk, check digit and dates verified",
            "document_type": "resident identity card",
            "level": "typed",
            "checked_at": checked_at,
        },
        {
            "type": [REGISTER_CHECK],
            "method": "number, name and birth date looked up",
            "register": register,
            "register_answer": "valid",
            "level": "register_confirmed",
            "checked_at": checked_at,
        },
    )


def _steps(evidence: Evidence) -> frozenset[str]:
    return frozenset(step for entry in evidence.entries for step in entry.get("type", ()))


def _seal(key: bytes, application_id: str, entries: tuple[JsonObject, ...], claims: JsonObject) -> bytes:
    if len(key) < 32:
        raise ValueError("evidence key: expected at least 32 bytes")
    sealed = json.dumps([application_id, entries, claims], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.digest(key, _PURPOSE + sealed.encode(), hashlib.sha256)
