"""The history of a did:webvh, read entry by entry: each must follow from the one before (did:webvh 1.0, "Read (Resolve)")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credentials.jcs import canonical_json
from credentials.timestamps import parse_timestamp
from didresolver.methods.web import folder_url
from didresolver.methods.webvh_parameters import Parameters, WitnessRule, first_parameters, next_parameters
from didresolver.methods.webvh_proofs import SKEW, multihash, verify
from didresolver.syntax import parse_did
from doors.json import JsonLimits, JsonObject, parse_json, parse_object
from doors.refusals import DidInvalid, DidLogInvalid, DidLogParametersInvalid, DidLogProofInvalid, Refused, UrlBlocked

LARGEST_LOG = 1024 * 1024
MOST_ENTRIES = 512
MOST_PROOFS = 4
PLACE = "{SCID}"
"""What stands for the SCID in the text that the SCID is the hash of."""
_LIMITS = JsonLimits(size=64 * 1024)
_MEMBERS = {"versionId", "versionTime", "parameters", "state", "proof"}
_VERSION_ID = re.compile(r"([1-9][0-9]{0,8})-(Qm[1-9A-HJ-NP-Za-km-z]{44})", re.ASCII)
_SCID = re.compile(r"Qm[1-9A-HJ-NP-Za-km-z]{44}", re.ASCII)


@dataclass(frozen=True, slots=True)
class LogVersion:
    """One verified entry: its document, what is in force after it, and who must have witnessed it."""

    id: str
    number: int
    time: datetime
    written_time: str
    state: JsonObject
    parameters: Parameters
    witness: WitnessRule | None


@dataclass(frozen=True, slots=True)
class History:
    """The verified entries, oldest first, at least one; ``fault`` is why the entries after them are not believed, if there are any."""

    versions: tuple[LogVersion, ...]
    fault: DidLogInvalid | None = None

    @property
    def newest(self) -> LogVersion:
        return self.versions[-1]

    @property
    def names(self) -> frozenset[str]:
        """Every DID that this history was published under."""
        return frozenset(version.state["id"] for version in self.versions)


def read_history(log: bytes, *, now: datetime) -> History:
    """Every entry up to the first that fails (Read, steps 1 to 8 and 10); witnesses are looked at by ``witnessed``.

    Raises ``DidLogInvalid`` (or one of its kinds) where not even the first entry holds.
    """
    versions: list[LogVersion] = []
    for line in _lines(log):
        try:
            versions.append(_next_version(line, versions, now=now))
        except Refused as refusal:
            fault = refusal if isinstance(refusal, DidLogInvalid) else DidLogInvalid(f"did:webvh: {refusal.detail}")
            if not versions:
                raise fault from refusal
            return History(tuple(versions), fault)
    return History(tuple(versions))


def split_did(did: str) -> tuple[str, str]:
    """SCID and place of a did:webvh; raises ``DidInvalid``, and ``UrlBlocked`` for an address as host.

    The host comes first: an address is refused as one also under a malformed SCID. Domain names need two labels ("Method-Specific
    Identifier"), but for ``localhost``, which only development reaches.
    """
    parsed = parse_did(did)
    scid, _, place = parsed.identifier.partition(":")
    if parsed.method != "webvh" or not place:
        raise DidInvalid("did:webvh: expected did:webvh:SCID:DOMAIN")
    url = folder_url(place, development=True)
    if url.startswith("http://127."):
        raise UrlBlocked("did:webvh: expected a domain name, got an address")
    if url.startswith("https:") and "." not in url.split("/")[2].rstrip("."):
        raise DidInvalid("did:webvh: expected a domain name of at least two labels")
    if not _SCID.fullmatch(scid):
        raise DidInvalid("did:webvh: expected an SCID, a SHA-256 multihash in base58btc")
    return scid, place


def scid_of(entry: JsonObject, *, scid: str) -> str:
    """The SCID that follows from a first entry in which ``scid`` stands for it ("Verify SCID", steps 4 to 7)."""
    text = canonical_json({**unsigned(entry), "versionId": scid}).decode().replace(scid, PLACE)
    return multihash(canonical_json(parse_json(text, _LIMITS)))


def entry_hash(entry: JsonObject, *, after: str) -> str:
    """The hash of an entry that follows the version ``after``, or the SCID ("Generate Entry Hash")."""
    return multihash(canonical_json({**unsigned(entry), "versionId": after}))


def unsigned(entry: JsonObject) -> JsonObject:
    return {name: value for name, value in entry.items() if name != "proof"}


def _lines(log: bytes) -> list[bytes]:
    lines = log.removesuffix(b"\n").split(b"\n")
    if len(log) > LARGEST_LOG or len(lines) > MOST_ENTRIES:
        raise DidLogInvalid(f"did:webvh: expected a log of at most {LARGEST_LOG} bytes and {MOST_ENTRIES} entries")
    return lines


def _next_version(line: bytes, before: Sequence[LogVersion], *, now: datetime) -> LogVersion:
    entry = parse_object(line, _LIMITS)
    _check_shape(entry)
    previous = before[-1] if before else None
    if previous is not None and previous.parameters.deactivated:
        raise DidLogInvalid("did:webvh: expected no entry after the deactivation")
    parameters = next_parameters(previous.parameters, entry["parameters"]) if previous else first_parameters(entry["parameters"])
    _check_version_id(entry, previous.id if previous else parameters.scid, number=len(before) + 1)
    _check_keys(entry, parameters, previous.parameters if previous else None, now=now)
    time = _time(entry["versionTime"], previous, now=now)
    if previous is None and scid_of(entry, scid=parameters.scid) != parameters.scid:
        raise DidLogInvalid("did:webvh: expected the SCID to be the hash of the first entry", pointer="/parameters/scid")
    _check_name(entry["state"], parameters, previous)
    # A first rule, and one that follows on none, holds at once; a changed one only after this entry ("Witness Lists").
    witness = (previous.parameters.witness if previous else None) or parameters.witness
    return LogVersion(entry["versionId"], len(before) + 1, time, entry["versionTime"], entry["state"], parameters, witness)


def _check_shape(entry: JsonObject) -> None:
    if entry.keys() != _MEMBERS or not isinstance(entry["parameters"], dict) or not isinstance(entry["state"], dict):
        raise DidLogInvalid("did:webvh: expected versionId, versionTime, parameters, state and proof in an entry")
    if not isinstance(entry["proof"], list) or not 1 <= len(entry["proof"]) <= MOST_PROOFS:
        raise DidLogProofInvalid(f"did:webvh: expected 1 to {MOST_PROOFS} proofs", pointer="/proof")


def _check_version_id(entry: JsonObject, after: str, *, number: int) -> None:
    match = _VERSION_ID.fullmatch(entry["versionId"]) if isinstance(entry["versionId"], str) else None
    if match is None or int(match[1]) != number:
        raise DidLogInvalid(f"did:webvh: expected version {number}, '-' and a SHA-256 multihash", pointer="/versionId")
    if match[2] != entry_hash(entry, after=after):
        raise DidLogInvalid("did:webvh: expected the hash of the entry and of the version before it", pointer="/versionId")


def _check_keys(entry: JsonObject, parameters: Parameters, before: Parameters | None, *, now: datetime) -> None:
    """Committed keys sign their own entry, others only the next one ("Authorized Keys"); every proof must hold."""
    if before is not None and before.pre_rotation:
        _check_committed(parameters, before)
    allowed = parameters if before is None or before.pre_rotation else before
    document = unsigned(entry)
    for proof in entry["proof"]:
        if verify(document, proof, now=now) not in allowed.update_keys:
            raise DidLogProofInvalid("did:webvh: expected a proof by one of the active updateKeys", pointer="/proof")


def _check_committed(parameters: Parameters, before: Parameters) -> None:
    if not all(multihash(key.encode()) in before.next_key_hashes for key in parameters.update_keys):
        raise DidLogParametersInvalid("did:webvh: expected only keys that were committed to", pointer="/parameters/updateKeys")


def _time(text: object, previous: LogVersion | None, *, now: datetime) -> datetime:
    if not isinstance(text, str) or not text.endswith(("Z", "+00:00")):
        raise DidLogInvalid("did:webvh: expected a time in UTC", pointer="/versionTime")
    time = parse_timestamp(text, pointer="/versionTime")
    if previous is not None and time <= previous.time:
        raise DidLogInvalid("did:webvh: expected each entry to be later than the one before", pointer="/versionTime")
    if time - now > SKEW:
        raise DidLogInvalid("did:webvh: expected no entry from the future", pointer="/versionTime")
    return time


def _check_name(state: JsonObject, parameters: Parameters, previous: LogVersion | None) -> None:
    """The SCID never changes, the place only where the DID is portable and says where it was ("DID Portability")."""
    did, known_as = state.get("id"), state.get("alsoKnownAs", [])
    try:
        scid = split_did(did)[0] if isinstance(did, str) else ""
    except (DidInvalid, UrlBlocked) as refusal:
        raise DidLogInvalid(f"did:webvh: {refusal.detail}", pointer="/state/id") from refusal
    if scid != parameters.scid:
        raise DidLogInvalid("did:webvh: expected the document's id to have the SCID of the history", pointer="/state/id")
    if previous is None or did == previous.state["id"]:
        return
    if not parameters.portable:
        raise DidLogInvalid("did:webvh: expected the DID to stay, since it is not portable", pointer="/state/id")
    if not isinstance(known_as, list) or previous.state["id"] not in known_as:
        raise DidLogInvalid("did:webvh: expected a moved DID to name the old one in alsoKnownAs", pointer="/state/alsoKnownAs")
