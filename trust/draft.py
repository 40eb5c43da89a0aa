"""The folder in which an operator keeps a trust list: the signing key, the list as it is being written, and its last edition."""

import json
import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from credentials.jws import ALGORITHMS
from credentials.keys import PrivateKey, generate_key, private_key_from_jwk
from credentials.keys.did_key import did_key, did_key_method
from doors.json import parse_object
from doors.refusals import AlgNotAllowed, NotFound, SettingsInvalid, StateConflict
from trust.entries import Granted, IssuerEntry, RelyingPartyEntry
from trust.trust_list import TrustList, sign_trust_list

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DraftFolder:
    """``key.jwk`` (secret, 0600), ``draft.json`` (unsigned) and ``trust-list.jwt`` (the last signed edition)."""

    path: Path

    @property
    def published(self) -> Path:
        return self.path / "trust-list.jwt"

    def init(self, algorithm: str) -> str:
        """Make the folder with a new key and an empty list; answers the anchor, a did:key, that policies name.

        Raises ``AlgNotAllowed`` for an algorithm that trust lists are not read by, ``StateConflict`` where there is one already.
        """
        if algorithm not in ALGORITHMS:
            raise AlgNotAllowed(f"algorithm: expected one of {', '.join(sorted(ALGORITHMS))}")
        if (self.path / "key.jwk").exists():
            raise StateConflict(f"{self.path}: expected a new folder, there is a trust list in it already")
        self.path.mkdir(parents=True, exist_ok=True)
        key = generate_key(algorithm)
        secret = os.open(self.path / "key.jwk", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(secret, "w") as file:
            json.dump(key.private_jwk(), file)
        self.write(TrustList(0, EPOCH, EPOCH))
        return did_key(key.public)

    def key(self) -> PrivateKey:
        """The signing key, named by its did:key; raises ``SettingsInvalid`` where the folder has none."""
        key = private_key_from_jwk(parse_object(self._text("key.jwk")))
        return key.named(did_key_method(key.public))

    def read(self) -> TrustList:
        return TrustList.parse(parse_object(self._text("draft.json")))

    def write(self, trust_list: TrustList) -> None:
        """Put the list in the place of the old one, whole or not at all."""
        _replace(self.path / "draft.json", json.dumps(trust_list.to_json(), ensure_ascii=False, indent=2) + "\n")

    def sign(self, *, now: datetime, lasting: timedelta) -> TrustList:
        """Publish the next edition in ``trust-list.jwt``: one number higher, good from ``now`` for ``lasting``."""
        draft = self.read()
        edition = replace(draft, sequence=draft.sequence + 1, issued_at=now, expires_at=now + lasting)
        signed = sign_trust_list(edition, self.key())
        self.write(edition)
        _replace(self.published, signed)
        return edition

    def _text(self, name: str) -> str:
        try:
            return (self.path / name).read_text("utf-8")
        except OSError:
            raise SettingsInvalid(f"{self.path / name}: cannot be read; run 'init' first, or name the right folder") from None


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def with_issuer_ended(trust_list: TrustList, identifier: str, *, until: datetime) -> TrustList:
    """The list in which the grant of this issuer ends at ``until``; its history stays. Raises ``NotFound``."""
    entry = trust_list.issuer(identifier)
    if entry is None:
        raise NotFound("issuer: there is none with this identifier on the list")
    return trust_list.with_issuer(replace(entry, granted=_ended(entry.granted, until)))


def with_relying_party_ended(trust_list: TrustList, client_id: str, *, until: datetime) -> TrustList:
    """Likewise for a relying party."""
    entry = trust_list.relying_party(client_id)
    if entry is None:
        raise NotFound("relying party: there is none with this client_id on the list")
    return trust_list.with_relying_party(replace(entry, granted=_ended(entry.granted, until)))


def _ended(granted: tuple[Granted, ...], until: datetime) -> tuple[Granted, ...]:
    """Open periods end at ``until``; what would begin only later falls away; what has ended stays as it was."""
    begun = (period for period in granted if period.since < until)
    return tuple(replace(period, until=until) if period.until is None or period.until > until else period for period in begun)


def with_issuer_granted(trust_list: TrustList, entry: IssuerEntry) -> TrustList:
    """The list with ``entry``, keeping the grants that an entry with one of its identifiers already has."""
    known = next((old for old in trust_list.issuers if set(old.identifiers) & set(entry.identifiers)), None)
    return trust_list.with_issuer(replace(entry, granted=_joined(known.granted if known else (), entry.granted)))


def with_relying_party_granted(trust_list: TrustList, entry: RelyingPartyEntry) -> TrustList:
    known = trust_list.relying_party(entry.client_id)
    return trust_list.with_relying_party(replace(entry, granted=_joined(known.granted if known else (), entry.granted)))


def _joined(old: tuple[Granted, ...], new: tuple[Granted, ...]) -> tuple[Granted, ...]:
    """Ended periods are history and stay; a period that is still open already covers what is added."""
    if any(period.until is None for period in old):
        return old
    return (*old, *new)
