"""The slip that both sides keep: which request was answered, how it was judged, and by what rules. Hashes only, no attribute."""

import hashlib
from datetime import datetime

import rfc8785

from doors.json import JsonObject, JsonValue
from runtime.clock import rfc3339
from verifier.policy import Policy
from verifier.verify import Presentations


def digest_of(value: JsonValue) -> str:
    """The SHA-256 of a JSON value in its one canonical form (JCS, RFC 8785), in hexadecimal."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def make_receipt(
    *,
    session_id: str,
    policy: Policy,
    verdict: str,
    request: JsonObject,
    presentations: Presentations,
    case_file_sha256: str,
    verified_at: datetime,
) -> JsonObject:
    """A receipt; its ``sha256`` is over all its other members, and is what the journal's chain holds."""
    members: JsonObject = {
        "receipt": 1,
        "session": session_id,
        "policy": policy.id,
        "policy_sha256": policy.sha256,
        "verdict": verdict,
        "verified_at": rfc3339(verified_at),
        "request_sha256": digest_of(request),
        "presentation_sha256": digest_of(_shown(presentations)),
    }
    if case_file_sha256:
        members["case_file_sha256"] = case_file_sha256
    return {**members, "sha256": digest_of(members)}


def is_whole(receipt: JsonObject) -> bool:
    """Whether a receipt's ``sha256`` is that of its other members; that it was given out, the journal alone can say."""
    return receipt.get("sha256") == digest_of({name: value for name, value in receipt.items() if name != "sha256"})


def _shown(presentations: Presentations) -> JsonObject:
    """Each presentation as the digest of the bytes that came."""
    return {query_id: [hashlib.sha256(each.wire).hexdigest() for each in several] for query_id, several in presentations.items()}
