"""Witnesses of a did:webvh: others who have seen each change and signed that they did (did:webvh 1.0, "DID Witnesses")."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from didresolver.methods.webvh_history import History, LogVersion
from didresolver.methods.webvh_proofs import verify
from doors.json import JsonLimits, JsonValue, parse_json
from doors.refusals import DidLogInvalid, DidLogProofInvalid, Refused

LARGEST_FILE = 256 * 1024
_LIMITS = JsonLimits(size=LARGEST_FILE)
Proofs = Mapping[str, list[JsonValue]]


def needs_witnesses(history: History) -> bool:
    return any(version.witness for version in history.versions)


def witnessed(history: History, file: bytes, *, now: datetime) -> History:
    """``history`` up to the first version that too few have witnessed; ``file`` is ``did-witness.json``.

    A proof counts for its own version and all before it, and only if its version is one of this history. Raises ``DidLogInvalid``
    where not even the first version is witnessed.
    """
    latest = _latest_approvals(history, parse_proofs(file), now=now)
    for index, version in enumerate(history.versions):
        if not _is_approved(version, latest):
            fault = DidLogInvalid(f"did:webvh: expected version {version.number} to be witnessed by more")
            if index == 0:
                raise fault
            return replace(history, versions=history.versions[:index], fault=fault)
    return history


def parse_proofs(file: bytes) -> Proofs:
    """The proofs of a ``did-witness.json`` by the version they are for; raises ``DidLogInvalid``."""
    try:
        entries = parse_json(file, _LIMITS)
    except Refused as refusal:
        raise DidLogInvalid(f"did-witness.json: {refusal.detail}") from refusal
    if not isinstance(entries, list):
        raise DidLogInvalid("did-witness.json: expected a list")
    proofs: dict[str, list[JsonValue]] = {}
    for entry in entries:
        version, stated = (entry.get("versionId"), entry.get("proof", [])) if isinstance(entry, dict) else (None, None)
        if not isinstance(version, str) or not isinstance(stated, list):
            raise DidLogInvalid("did-witness.json: expected versionId and proof in each entry")
        proofs.setdefault(version, []).extend(stated)
    return proofs


def _latest_approvals(history: History, proofs: Proofs, *, now: datetime) -> Mapping[str, int]:
    """The highest version that each witness has approved; from the newest on, so that no more is verified than needed."""
    known = {witness for version in history.versions if version.witness for witness in version.witness.witnesses}
    latest: dict[str, int] = {}
    for version in reversed(history.versions):
        for proof in proofs.get(version.id, []):
            witness = _claimed_witness(proof)
            if witness in known and witness not in latest and _is_sound(version.id, proof, now=now):
                latest[witness] = version.number
    return latest


def _claimed_witness(proof: JsonValue) -> str:
    return str(proof.get("verificationMethod")).partition("#")[0] if isinstance(proof, dict) else ""


def _is_sound(version_id: str, proof: JsonValue, *, now: datetime) -> bool:
    """A proof that fails is as good as none ("Verifying Witness Proofs During Resolution")."""
    try:
        verify({"versionId": version_id}, proof, now=now)
    except DidLogProofInvalid:
        return False
    return True


def _is_approved(version: LogVersion, latest: Mapping[str, int]) -> bool:
    if version.witness is None:
        return True
    approving = [witness for witness in version.witness.witnesses if latest.get(witness, 0) >= version.number]
    return len(approving) >= version.witness.threshold
