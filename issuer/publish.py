"""The status lists as everybody may fetch them: signed anew whenever a status has changed or the copy has grown old."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from credentials.formats import FORMATS
from credentials.status import INVALID, SUSPENDED, bitstring_credential, status_bits, token_status_list
from doors.refusals import NotFound
from issuer.id_card import list_url
from issuer.keys import Keyring
from issuer.office import Office, Terms
from issuer.permutation import LIST_SIZE
from issuer.store import credentials
from runtime.clock import Clock
from runtime.database import Database


@dataclass(frozen=True, slots=True)
class Ended:
    """The indices on one list whose credentials do not stand at present."""

    revoked: tuple[int, ...] = ()
    suspended: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """One list as served: its bytes, their media type, and the revision of the statuses in it."""

    content: bytes
    content_type: str
    revision: int
    signed_at: datetime


@dataclass(slots=True)
class StatusLists:
    """The lists of one office, each kept in memory until a status changes or it is older than the office's terms say."""

    office: Office
    database: Database
    clock: Clock
    _kept: dict[tuple[int, str], Published] = field(default_factory=dict)

    async def current(self, list_number: int, kind: str) -> Published:
        """The list with every change that was acknowledged before this call; raises ``NotFound``."""
        if kind not in LISTS:
            raise NotFound("status list: expected revocation, suspension or token")
        return await self.database.read(lambda connection: self._current(connection, list_number, kind))

    def _current(self, connection: sqlite3.Connection, list_number: int, kind: str) -> Published:
        now, kept = self.clock(), self._kept.get((list_number, kind))
        if kept is not None and kept.revision == credentials.revision(connection) and self._is_young(kept, now):
            return kept
        made = publish(connection, list_number, kind, office=self.office, now=now)
        self._kept[list_number, kind] = made
        return made

    def _is_young(self, kept: Published, now: datetime) -> bool:
        return kept.signed_at <= now < kept.signed_at + self.office.terms.status_refresh


def publish(connection: sqlite3.Connection, list_number: int, kind: str, *, office: Office, now: datetime) -> Published:
    """The list, signed now by the office's status key; raises ``NotFound`` for one that has no places yet."""
    if not 1 <= list_number <= lists_begun(connection):
        raise NotFound("status list: expected the number of one that has been begun")
    ended = Ended(
        revoked=credentials.indices_with(connection, list_number=list_number, status="revoked"),
        suspended=credentials.indices_with(connection, list_number=list_number, status="suspended"),
    )
    content, content_type = LISTS[kind](list_number, ended, office.keys, office.terms, now)
    return Published(content, content_type, credentials.revision(connection), now)


def lists_begun(connection: sqlite3.Connection) -> int:
    """How many lists there are; the first is there from the beginning."""
    return 1 + max(0, credentials.places_given(connection) - 1) // LIST_SIZE


def _bitstring(
    list_number: int, ended: Ended, keys: Keyring, terms: Terms, now: datetime, *, purpose: Literal["revocation", "suspension"]
) -> tuple[bytes, str]:
    """Bitstring Status List 1.0 §2.2."""
    marked = ended.revoked if purpose == "revocation" else ended.suspended
    listed = bitstring_credential(
        f"{list_url(keys.public_url, list_number)}/{purpose}",
        issuer=keys.issuer,
        purpose=purpose,
        bits=status_bits(dict.fromkeys(marked, 1), entries=LIST_SIZE),
        valid_from=now,
        valid_until=now + terms.status_life,
    )
    return FORMATS["ldp_vc"].secure(listed, keys.status, now=now).wire, "application/vc"


def _revocation(list_number: int, ended: Ended, keys: Keyring, terms: Terms, now: datetime) -> tuple[bytes, str]:
    return _bitstring(list_number, ended, keys, terms, now, purpose="revocation")


def _suspension(list_number: int, ended: Ended, keys: Keyring, terms: Terms, now: datetime) -> tuple[bytes, str]:
    return _bitstring(list_number, ended, keys, terms, now, purpose="suspension")


def _token(list_number: int, ended: Ended, keys: Keyring, terms: Terms, now: datetime) -> tuple[bytes, str]:
    """Token Status List, draft-ietf-oauth-status-list-21 §5.1."""
    statuses = {**dict.fromkeys(ended.suspended, SUSPENDED), **dict.fromkeys(ended.revoked, INVALID)}
    token = token_status_list(
        f"{list_url(keys.public_url, list_number)}/token",
        status_bits(statuses, entries=LIST_SIZE, width=2),
        keys.status,
        issuer=keys.public_url,
        now=now,
        expires_at=now + terms.status_life,
        ttl=terms.status_refresh,
    )
    return token.encode("ascii"), "application/statuslist+jwt"


_Maker = Callable[[int, Ended, Keyring, Terms, datetime], tuple[bytes, str]]
LISTS: Mapping[str, _Maker] = MappingProxyType({"revocation": _revocation, "suspension": _suspension, "token": _token})
"""The last part of a list's address, and what makes it: signed bytes and their media type."""
