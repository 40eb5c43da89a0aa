"""Revoke, suspend and restore what was handed out; a revocation is never taken back."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from doors.refusals import StateConflict
from issuer import crash_points
from issuer.office import Office
from issuer.store import credentials
from runtime import journal

REASONS = (
    "holder_request",
    "key_compromised",
    "attributes_changed",
    "issued_in_error",
    "document_lost",
    "fraud",
    "deceased",
    "superseded",
    "investigation",
    "cleared",
)
"""Why a status is changed: words from this list, so that the journal holds no personal data."""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One kind of change: its name in the journal, the status it leads to, and those it may start from."""

    act: str
    leads_to: str
    starts_from: frozenset[str]


REVOKE = StatusChange("credential.revoke", "revoked", frozenset({"valid", "suspended"}))
SUSPEND = StatusChange("credential.suspend", "suspended", frozenset({"valid"}))
RESTORE = StatusChange("credential.restore", "valid", frozenset({"suspended"}))
CHANGES = MappingProxyType({"revoke": REVOKE, "suspend": SUSPEND, "restore": RESTORE})


def change(
    connection: sqlite3.Connection, credential_id: str, kind: StatusChange, *, reason: str, office: Office, actor: str, now: datetime
) -> credentials.CredentialRecord:
    """Record the change; once this is committed, every list served shows it.

    Raises ``NotFound``, and ``StateConflict`` where the present status does not allow it: a revoked credential allows nothing.
    """
    found = credentials.find(connection, credential_id)
    if found.status not in kind.starts_from:
        raise StateConflict(f"credential: expected one that is {' or '.join(sorted(kind.starts_from))}, got one that is {found.status}")
    credentials.set_status(connection, credential_id, status=kind.leads_to, reason=reason, now=now)
    journal.append(connection, key=office.journal_key, actor=actor, act=kind.act, object_id=credential_id, reason=reason, now=now)
    office.reached(crash_points.STATUS_IN_TRANSACTION)
    return credentials.find(connection, credential_id)
