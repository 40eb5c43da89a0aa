"""Once a minute: erase what is past its time, and void what was recorded and never signed."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer import crash_points
from issuer.office import Office
from issuer.store import applications, credentials, offers
from runtime import journal
from runtime.spend import forget_lapsed

_REMEMBERED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: the applications erased and the drafts voided, by id."""

    erased: tuple[str, ...]
    voided: tuple[str, ...]


def sweep(connection: sqlite3.Connection, *, office: Office, now: datetime) -> Swept:
    """Erase applications and delivered credentials past their time; each erasure and each voided draft has its journal entry."""
    voided = credentials.settle_past(connection, now - office.terms.delivery_window)
    erased = applications.erase_past(connection, now)
    for act, ids in (("credential.void", voided), ("application.erase", erased)):
        for one in ids:
            journal.append(connection, key=office.journal_key, actor="sweep", act=act, object_id=one, reason="", now=now)
    offers.forget_access(connection, now)
    forget_lapsed(connection, before=now - _REMEMBERED)
    office.reached(crash_points.SWEEP_IN_TRANSACTION)
    return Swept(erased, voided)
