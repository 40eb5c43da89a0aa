"""Everything a verifier saw in one file, kept so that the same verdict can be made again years later, without a network."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from credentials.formats import FORMATS
from credentials.keys import public_key_from_multikey
from credentials.wire import VerifiablePresentation
from doors import base64url
from doors.json import JsonLimits, JsonObject, JsonValue, parse_object
from doors.refusals import InputMalformed, StoreCorrupt
from openid4vc.vp.request import PresentationRequest
from runtime.clock import rfc3339
from trust.checks import Check, Rejected
from trust.facts import Facts, facts_of
from trust.instants import read_instant
from trust.members import each, only_members, text_in, texts_in
from trust.snapshot import SNAPSHOT_KINDS, Missing, Snapshot, SnapshotKind
from verifier.policy import Policy
from verifier.policy_file import parse_policy
from verifier.receipt import digest_of
from verifier.verify import Presentations, verify

KIND = "tigertally-case-file"
CASE_FILE_SIZE = 64 * 1024 * 1024
_LIMITS = JsonLimits(size=CASE_FILE_SIZE, members=100_000, string=CASE_FILE_SIZE)
_MEMBERS = frozenset({"kind", "version", "request", "presentations", "facts", "policy", "verdict", "sha256"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a presentation was judged: ``word`` valid, invalid or undecided; the refusal's code; every check."""

    word: str
    code: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Request, presentations, facts, policy, the moment of judgement, and the verdict's word and code.

    What it proves, to anyone who has it: that this verdict follows from these bytes at this moment. What it does not prove: that
    the file was made then. Its ``sha256`` stands in the verifier's journal; it carries no time-stamp of a third party.
    """

    request: PresentationRequest
    presentations: Presentations
    facts: Facts
    policy: Policy
    verified_at: datetime
    word: str
    code: str

    def to_json(self) -> JsonObject:
        members: JsonObject = {
            "kind": KIND,
            "version": 1,
            "request": self.request.to_json(),
            "presentations": {query_id: [_written(shown) for shown in several] for query_id, several in self.presentations.items()},
            "facts": _facts_written(self.facts),
            "policy": _policy_written(self.policy),
            "verdict": {"word": self.word, "code": self.code, "verified_at": rfc3339(self.verified_at)},
        }
        return {**members, "sha256": digest_of(members)}

    def to_bytes(self) -> bytes:
        return json.dumps(self.to_json(), ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Reopened:
    """A case file judged anew: the verdict that follows today from what it holds, and whether it is the one recorded."""

    case_file: CaseFile
    outcome: Outcome

    @property
    def agrees(self) -> bool:
        return (self.outcome.word, self.outcome.code) == (self.case_file.word, self.case_file.code)


def read_case_file(content: bytes) -> CaseFile:
    """The case file in ``content``.

    Raises ``StoreCorrupt`` where its hash is not that of its content or a snapshot is not the one it is named by, and
    ``InputMalformed`` or ``InputTooLarge`` where it is no case file.
    """
    table = only_members(parse_object(content, _LIMITS), _MEMBERS, pointer="")
    if table.get("kind") != KIND or table.get("version") != 1:
        raise InputMalformed(f"case file: expected a {KIND} of version 1")
    if digest_of({name: value for name, value in table.items() if name != "sha256"}) != table.get("sha256"):
        raise StoreCorrupt("case file: expected the content that its sha256 was made of")
    verdict = only_members(table.get("verdict"), frozenset({"word", "code", "verified_at"}), pointer="/verdict")
    return CaseFile(
        request=PresentationRequest.parse(_object(table.get("request"))),
        presentations=_presentations_read(table.get("presentations")),
        facts=_facts_read(table.get("facts")),
        policy=_policy_read(table.get("policy")),
        verified_at=read_instant(verdict.get("verified_at"), pointer="/verdict/verified_at"),
        word=text_in(verdict, "word", pointer="/verdict"),
        code=str(verdict.get("code", "")),
    )


def reopen(content: bytes) -> Reopened:
    """Judge a case file anew, as of the moment recorded in it, from nothing but its own bytes. Raises as ``read_case_file`` does."""
    case_file = read_case_file(content)
    return Reopened(case_file, judge_case(case_file))


def judge_case(case_file: CaseFile) -> Outcome:
    """The verdict on a case file's presentation at its own moment; a refusal is an outcome here, not an exception."""
    try:
        verified = verify(
            case_file.presentations,
            request=case_file.request,
            facts=case_file.facts,
            policy=case_file.policy,
            now=case_file.verified_at,
        )
    except Rejected as rejected:
        return Outcome(rejected.verdict, rejected.code, rejected.checks)
    return Outcome("valid", "", verified.checks)


def _object(value: JsonValue) -> JsonObject:
    if not isinstance(value, dict):
        raise InputMalformed("request: expected an object", pointer="/request")
    return value


def _written(shown: VerifiablePresentation) -> JsonObject:
    return {"format": shown.format, "wire": base64url.encode(shown.wire)}


def _presentations_read(value: JsonValue) -> Presentations:
    table = value if isinstance(value, dict) else {}
    presentations: Mapping[str, tuple[VerifiablePresentation, ...]] = {
        query_id: each(table, query_id, _presentation_read, pointer="/presentations") for query_id in table
    }
    return MappingProxyType(dict(presentations))


def _presentation_read(value: JsonValue, pointer: str) -> VerifiablePresentation:
    table = only_members(value, frozenset({"format", "wire"}), pointer=pointer)
    form = FORMATS.get(text_in(table, "format", pointer=pointer))
    if form is None:
        raise InputMalformed("format: expected one that is read here", pointer=pointer)
    return form.parse_presentation(base64url.decode(text_in(table, "wire", pointer=pointer)))


def _facts_written(facts: Facts) -> JsonObject:
    return {
        "gathered_at": rfc3339(facts.gathered_at),
        "snapshots": [
            {"kind": kept.kind, "name": kept.name, "fetched_at": rfc3339(kept.fetched_at), "sha256": kept.sha256}
            | {"content": base64url.encode(kept.content)}
            for kept in facts.snapshots.values()
        ],
        "missing": [
            {"kind": absent.kind, "name": absent.name, "code": absent.code, "detail": absent.detail, "tried_at": rfc3339(absent.tried_at)}
            for absent in facts.missing.values()
        ],
    }


def _facts_read(value: JsonValue) -> Facts:
    table = only_members(value, frozenset({"gathered_at", "snapshots", "missing"}), pointer="/facts")
    return facts_of(
        each(table, "snapshots", _snapshot_read, pointer="/facts"),
        gathered_at=read_instant(table.get("gathered_at"), pointer="/facts/gathered_at"),
        missing=each(table, "missing", _missing_read, pointer="/facts"),
    )


def _snapshot_read(value: JsonValue, pointer: str) -> Snapshot:
    table = only_members(value, frozenset({"kind", "name", "fetched_at", "sha256", "content"}), pointer=pointer)
    content = base64url.decode(text_in(table, "content", pointer=pointer))
    if hashlib.sha256(content).hexdigest() != table.get("sha256"):
        raise StoreCorrupt("case file: expected each snapshot to have the hash that names it", pointer=pointer)
    return Snapshot(
        _kind(table, pointer),
        text_in(table, "name", pointer=pointer),
        content,
        text_in(table, "sha256", pointer=pointer),
        read_instant(table.get("fetched_at"), pointer=f"{pointer}/fetched_at"),
    )


def _missing_read(value: JsonValue, pointer: str) -> Missing:
    table = only_members(value, frozenset({"kind", "name", "code", "detail", "tried_at"}), pointer=pointer)
    return Missing(
        _kind(table, pointer),
        text_in(table, "name", pointer=pointer),
        text_in(table, "code", pointer=pointer),
        str(table.get("detail", "")),
        read_instant(table.get("tried_at"), pointer=f"{pointer}/tried_at"),
    )


def _kind(table: JsonObject, pointer: str) -> SnapshotKind:
    kind = next((known for known in SNAPSHOT_KINDS if known == table.get("kind")), None)
    if kind is None:
        raise InputMalformed("kind: expected a known kind of snapshot", pointer=f"{pointer}/kind")
    return kind


def _policy_written(policy: Policy) -> JsonObject:
    anchors = [anchor.multikey() for anchor in policy.trust.anchors]
    return {"text": policy.text, "trust_list_url": policy.trust.trust_list_url, "anchors": anchors}


def _policy_read(value: JsonValue) -> Policy:
    table = only_members(value, frozenset({"text", "trust_list_url", "anchors"}), pointer="/policy")
    anchors = tuple(public_key_from_multikey(text) for text in texts_in(table, "anchors", pointer="/policy"))
    policy = parse_policy(text_in(table, "text", pointer="/policy"))
    return policy.trusting(trust_list_url=str(table.get("trust_list_url", "")), anchors=anchors)
