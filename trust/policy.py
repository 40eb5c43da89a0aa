"""What somebody decides before they believe anything: which issuers, which credential types, and how old what is known may be."""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from credentials.keys import PublicKey, public_key_from_multikey
from doors.json import JsonObject, JsonValue
from doors.refusals import InputMalformed, Refused, SettingsInvalid
from trust.entries import IssuerEntry
from trust.members import each, only_members, texts_in, whole_number

ANY_LISTED = "*"
"""Stands in ``TrustPolicy.issuers`` for every issuer of the trust list."""


@dataclass(frozen=True, slots=True)
class MaxAges:
    """How old each kind of fact may be when it is used."""

    did_document: timedelta = timedelta(hours=24)
    status: timedelta = timedelta(hours=1)
    trust_list: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Whom to believe, for which credential types, on facts of which age. Whatever is empty refuses.

    ``issuers``: identifiers that may be believed, ``*`` for all of the trust list. ``anchors``: keys that sign the trust list.
    ``pinned``: issuers believed without any list. ``offline``: the ages that are still accepted when nothing newer can be had
    (None: no grace). ``skew``: how far clocks may differ. ``refetch_status_after``: a status list of this age is asked for anew, so
    that a revocation is seen soon; it is then still used up to its greatest age while nobody answers.
    """

    types: frozenset[str]
    issuers: frozenset[str] = frozenset()
    anchors: tuple[PublicKey, ...] = ()
    trust_list_url: str = ""
    pinned: tuple[IssuerEntry, ...] = ()
    max_age: MaxAges = field(default_factory=MaxAges)
    offline: MaxAges | None = None
    skew: timedelta = timedelta(seconds=60)
    refetch_status_after: timedelta = timedelta(seconds=60)

    @classmethod
    def parse(cls, table: JsonValue) -> "TrustPolicy":
        """The policy of a table as TOML or JSON has it; raises ``SettingsInvalid`` that names every mistake at once."""
        mistakes: list[str] = []
        policy = _parse(table if isinstance(table, dict) else {}, mistakes)
        if mistakes or not isinstance(table, dict):
            raise SettingsInvalid("trust policy: " + ("; ".join(mistakes) or "expected a table"))
        return policy

    def stale_limit(self, kind: str) -> timedelta:
        """The greatest age at which a fact of ``kind`` (a field of ``MaxAges``) is still used, grace included."""
        online: timedelta = getattr(self.max_age, kind)
        return online if self.offline is None else max(online, getattr(self.offline, kind))


def read_policy(text: str) -> TrustPolicy:
    """The policy of a TOML file; raises ``SettingsInvalid``."""
    try:
        return TrustPolicy.parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"trust policy: not TOML ({error})") from None


_MEMBERS = frozenset(
    {
        "types",
        "issuers",
        "skew_seconds",
        "refetch_status_after_seconds",
        "trust_list",
        "max_age_seconds",
        "offline_max_age_seconds",
        "pinned",
    }
)


def _parse(table: JsonObject, mistakes: list[str]) -> TrustPolicy:
    parts: JsonObject = {}
    with _noting(mistakes):
        only_members(table, _MEMBERS, pointer="")
    with _noting(mistakes):
        parts["types"] = frozenset(texts_in(table, "types", pointer=""))
    with _noting(mistakes):
        parts["issuers"] = frozenset(texts_in(table, "issuers", pointer=""))
    with _noting(mistakes):
        parts["pinned"] = each(table, "pinned", IssuerEntry.parse, pointer="")
    with _noting(mistakes):
        parts["skew"] = _seconds(table, "skew_seconds", 60)
    with _noting(mistakes):
        parts["refetch_status_after"] = _seconds(table, "refetch_status_after_seconds", 60)
    with _noting(mistakes):
        parts["max_age"] = _max_ages(table.get("max_age_seconds", {}), MaxAges(), "/max_age_seconds")
    with _noting(mistakes):
        if "offline_max_age_seconds" in table:
            parts["offline"] = _max_ages(table["offline_max_age_seconds"], parts.get("max_age", MaxAges()), "/offline_max_age_seconds")
    with _noting(mistakes):
        listed = only_members(table.get("trust_list", {}), frozenset({"url", "anchors"}), pointer="/trust_list")
        parts["trust_list_url"] = str(listed.get("url", ""))
        parts["anchors"] = tuple(_anchor(text) for text in texts_in(listed, "anchors", pointer="/trust_list"))
    return TrustPolicy(**{"types": frozenset(), **parts})


@contextmanager
def _noting(mistakes: list[str]) -> Iterator[None]:
    """Keep the sentence of a refusal, and go on, so that all mistakes are told at once."""
    try:
        yield
    except Refused as refusal:
        mistakes.append(f"{refusal.pointer}: {refusal.detail}" if refusal.pointer else refusal.detail)


def _seconds(table: JsonObject, name: str, otherwise: int) -> timedelta:
    return timedelta(seconds=whole_number(table.get(name, otherwise), pointer=f"/{name}"))


def _max_ages(value: JsonValue, otherwise: MaxAges, pointer: str) -> MaxAges:
    table = only_members(value, frozenset({"did_document", "status", "trust_list"}), pointer=pointer)
    seconds = {name: whole_number(number, pointer=f"{pointer}/{name}") for name, number in table.items()}
    ages = {name: timedelta(seconds=number) for name, number in seconds.items()}
    return MaxAges(
        did_document=ages.get("did_document", otherwise.did_document),
        status=ages.get("status", otherwise.status),
        trust_list=ages.get("trust_list", otherwise.trust_list),
    )


def _anchor(text: str) -> PublicKey:
    """An anchor key, as a did:key or a bare Multikey."""
    try:
        return public_key_from_multikey(text.removeprefix("did:key:"))
    except Refused as refusal:
        raise InputMalformed(f"anchor: {refusal.detail}", pointer="/trust_list/anchors") from None
