"""The lines of a trust list: which issuers may issue what and since when, and which relying parties may ask for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from doors.json import JsonObject, JsonValue
from doors.refusals import InputMalformed
from runtime.clock import rfc3339
from trust.instants import read_instant
from trust.members import each, only_members, text_in, texts, texts_in


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One sentence or name in both languages."""

    en: str
    zh: str

    @classmethod
    def parse(cls, value: JsonValue, pointer: str) -> "Bilingual":
        table = only_members(value, frozenset({"en", "zh-CN"}), pointer=pointer)
        return cls(text_in(table, "en", pointer=pointer), text_in(table, "zh-CN", pointer=pointer))

    def to_json(self) -> JsonObject:
        return {"en": self.en, "zh-CN": self.zh}

    def in_language(self, language: str) -> str:
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Granted:
    """A time during which an entry holds: from ``since`` up to but without ``until`` (None: no end is set)."""

    since: datetime
    until: datetime | None = None

    @classmethod
    def parse(cls, value: JsonValue, pointer: str) -> "Granted":
        table = only_members(value, frozenset({"from", "until"}), pointer=pointer)
        until = table.get("until")
        period = cls(
            read_instant(table.get("from"), pointer=f"{pointer}/from"),
            None if until is None else read_instant(until, pointer=f"{pointer}/until"),
        )
        if period.until is not None and period.until <= period.since:
            raise InputMalformed("granted: expected an end after the beginning", pointer=pointer)
        return period

    def to_json(self) -> JsonObject:
        return {"from": rfc3339(self.since)} | ({} if self.until is None else {"until": rfc3339(self.until)})

    def holds_at(self, now: datetime) -> bool:
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class IssuerEntry:
    """One issuer: all the identifiers it is known by (DIDs and https addresses), what it may issue, and when it might.

    ``hosts`` are further hosts (with port, where not 443) that serve its status lists, beside those of its identifiers.
    """

    identifiers: tuple[str, ...]
    name: Bilingual
    types: frozenset[str]
    granted: tuple[Granted, ...]
    hosts: tuple[str, ...] = ()

    @classmethod
    def parse(cls, value: JsonValue, pointer: str) -> "IssuerEntry":
        table = only_members(value, frozenset({"identifiers", "name", "types", "granted", "hosts"}), pointer=pointer)
        entry = cls(
            identifiers=texts_in(table, "identifiers", pointer=pointer),
            name=Bilingual.parse(table.get("name"), f"{pointer}/name"),
            types=frozenset(texts_in(table, "types", pointer=pointer)),
            granted=each(table, "granted", Granted.parse, pointer=pointer),
            hosts=texts_in(table, "hosts", pointer=pointer),
        )
        if not entry.identifiers:
            raise InputMalformed("identifiers: expected at least one", pointer=f"{pointer}/identifiers")
        return entry

    def to_json(self) -> JsonObject:
        return {
            "identifiers": list(self.identifiers),
            "name": self.name.to_json(),
            "types": sorted(self.types),
            "granted": [period.to_json() for period in self.granted],
        } | ({"hosts": list(self.hosts)} if self.hosts else {})

    def is_granted_at(self, now: datetime) -> bool:
        return any(period.holds_at(now) for period in self.granted)

    def serves(self, url: str) -> bool:
        """Whether ``url`` lies on one of this issuer's own hosts."""
        host = host_of(url)
        return bool(host) and host in {*self.hosts, *(host_of(identifier) for identifier in self.identifiers)}


@dataclass(frozen=True, slots=True)
class RelyingPartyEntry:
    """One relying party: who it is, where its answers may go, and which attributes of which credential types it may ask for, and why."""

    client_id: str
    name: Bilingual
    hosts: tuple[str, ...]
    attributes: Mapping[str, frozenset[str]]
    purpose: Bilingual
    granted: tuple[Granted, ...]
    privacy_url: str = ""

    @classmethod
    def parse(cls, value: JsonValue, pointer: str) -> "RelyingPartyEntry":
        members = frozenset({"client_id", "name", "hosts", "attributes", "purpose", "granted", "privacy_url"})
        table = only_members(value, members, pointer=pointer)
        return cls(
            client_id=text_in(table, "client_id", pointer=pointer),
            name=Bilingual.parse(table.get("name"), f"{pointer}/name"),
            hosts=texts_in(table, "hosts", pointer=pointer),
            attributes=_attributes(table.get("attributes"), f"{pointer}/attributes"),
            purpose=Bilingual.parse(table.get("purpose"), f"{pointer}/purpose"),
            granted=each(table, "granted", Granted.parse, pointer=pointer),
            privacy_url=text_in(table, "privacy_url", pointer=pointer) if "privacy_url" in table else "",
        )

    def to_json(self) -> JsonObject:
        return {
            "client_id": self.client_id,
            "name": self.name.to_json(),
            "hosts": list(self.hosts),
            "attributes": {kind: sorted(names) for kind, names in sorted(self.attributes.items())},
            "purpose": self.purpose.to_json(),
            "granted": [period.to_json() for period in self.granted],
        } | ({"privacy_url": self.privacy_url} if self.privacy_url else {})

    def is_granted_at(self, now: datetime) -> bool:
        return any(period.holds_at(now) for period in self.granted)


def _attributes(value: JsonValue, pointer: str) -> Mapping[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise InputMalformed("attributes: expected an object of lists", pointer=pointer)
    return MappingProxyType({kind: frozenset(texts(names, pointer=f"{pointer}/{kind}")) for kind, names in value.items()})


def host_of(identifier: str) -> str:
    """The host, with its port where one is named, of an http(s) address, a did:web or a did:webvh; else empty."""
    if identifier.startswith("did:"):
        return _host_in_did(identifier.split("#", 1)[0].split(":"))
    try:
        parts = urlsplit(identifier)
    except ValueError:
        return ""
    if parts.scheme not in {"https", "http"} or "@" in parts.netloc:
        return ""
    return parts.netloc.lower().removesuffix(":443" if parts.scheme == "https" else ":80")


def _host_in_did(parts: list[str]) -> str:
    """``did:web:HOST[:path]``; ``did:webvh:SCID:HOST[:path]``; other methods name no host."""
    place = {"web": 2, "webvh": 3}.get(parts[1], len(parts))
    return unquote(parts[place]).lower() if place < len(parts) else ""
