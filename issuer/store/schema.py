"""The tables of the office's database."""

from sqlite_utils import Database as SqliteDatabase

from runtime.database import Migration
from runtime.journal import journal_tables
from runtime.spend import spend_tables
from runtime.tokens import token_tables
from runtime.web.idempotency import idempotency_tables

_TABLES = (
    """
    CREATE TABLE application (
      id TEXT PRIMARY KEY,
      state TEXT NOT NULL CHECK (state IN ('proven', 'erased')),
      citizen_tag BLOB NOT NULL,
      claims_sealed BLOB,
      evidence TEXT NOT NULL,
      evidence_seal BLOB NOT NULL,
      consent TEXT NOT NULL,
      recorded_at INTEGER NOT NULL,
      erase_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX application_by_citizen ON application (citizen_tag)
    """,
    """
    CREATE INDEX application_by_end ON application (erase_at) WHERE state = 'proven'
    """,
    """
    CREATE TABLE offer (
      id TEXT PRIMARY KEY,
      application_id TEXT NOT NULL REFERENCES application (id),
      state TEXT NOT NULL CHECK (state IN ('open', 'redeemed', 'void')),
      reference_tag BLOB NOT NULL UNIQUE,
      code_tag BLOB NOT NULL UNIQUE,
      tx_code_tag BLOB,
      configurations TEXT NOT NULL,
      recorded_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE INDEX offer_by_application ON offer (application_id)
    """,
    """
    CREATE TABLE access (
      token_tag BLOB PRIMARY KEY,
      offer_id TEXT NOT NULL REFERENCES offer (id),
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE status_counter (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      next INTEGER NOT NULL,
      revision INTEGER NOT NULL
    ) STRICT
    """,
    """
    INSERT INTO status_counter VALUES (1, 0, 0)
    """,
    """
    CREATE TABLE credential (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      application_id TEXT NOT NULL REFERENCES application (id),
      offer_id TEXT NOT NULL REFERENCES offer (id),
      configuration TEXT NOT NULL,
      holder_tag BLOB NOT NULL,
      citizen_tag BLOB NOT NULL,
      list_number INTEGER NOT NULL,
      list_index INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('recorded', 'secured', 'void')),
      status TEXT NOT NULL DEFAULT 'valid' CHECK (status IN ('valid', 'suspended', 'revoked')),
      status_reason TEXT NOT NULL DEFAULT '',
      status_at INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      valid_until INTEGER NOT NULL,
      draft_sealed BLOB,
      wire_sealed BLOB,
      UNIQUE (list_number, list_index)
    ) STRICT
    """,
    """
    CREATE INDEX credential_by_citizen ON credential (citizen_tag)
    """,
    """
    CREATE INDEX credential_by_application ON credential (application_id, configuration, holder_tag)
    """,
    """
    CREATE INDEX credential_unsettled ON credential (recorded_at) WHERE draft_sealed IS NOT NULL
    """,
    """
    CREATE INDEX credential_not_valid ON credential (list_number, list_index, status) WHERE status <> 'valid'
    """,
    """
    CREATE TRIGGER revoked_for_ever BEFORE UPDATE OF status ON credential
    WHEN OLD.status = 'revoked' AND NEW.status <> 'revoked'
    BEGIN SELECT RAISE (ABORT, 'a revocation is never reversed'); END
    """,
)


def issuer_tables(database: SqliteDatabase) -> None:
    for statement in _TABLES:
        database.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (spend_tables, journal_tables, token_tables, idempotency_tables, issuer_tables)
"""Each place in the tuple is a version of the schema: append, never change."""
