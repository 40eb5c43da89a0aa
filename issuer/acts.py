"""What the commands do, once the heavy parts of the program are loaded."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from didresolver.own_document import fingerprint
from doors.refusals import InputMalformed
from issuer.app import KEYS, open_database, open_office, open_vault, run
from issuer.crash_points import CRASH_POINTS
from issuer.diagnosis import diagnose
from issuer.keys import make_keys
from issuer.naming import did_web
from issuer.office import Office
from issuer.private_files import write_private
from issuer.scopes import Scope
from issuer.settings import IssuerSettings
from runtime import journal
from runtime.clock import utc_now
from runtime.crash import NEVER, armed_from_environment
from runtime.log import configure_log
from runtime.settings import load_settings
from runtime.tokens import issue_token, revoke_token

SETTINGS_FILE = "issuer.toml"
TOKEN_PREFIX = "issuer"  # noqa: S105 - the visible beginning of every token
_FIRST_TOKEN_DAYS = 90

T = TypeVar("T")


def set_up(data_dir: Path, flags: Mapping[str, str]) -> dict[str, object]:
    """Make keys, database, settings file and a first token in ``data_dir``; what is there already stays."""
    given = {name: value for name, value in flags.items() if value}
    settings = load_settings(IssuerSettings, None, {**given, "data_dir": str(data_dir)})
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_keys(data_dir / KEYS)
    open_vault(data_dir)
    if not (data_dir / SETTINGS_FILE).exists():
        write_private(data_dir / SETTINGS_FILE, _toml({**given, "data_dir": str(data_dir.resolve())}))
    office = open_office(settings, reached=NEVER)
    return {
        "did": did_web(settings.public_url),
        "keys": {key.kid: fingerprint(key.public) for key in office.keys.all()},
        "settings": str(data_dir / SETTINGS_FILE),
        "token": asyncio.run(_issue_token(settings, office, name="first administrator", scopes=tuple(Scope), days=_FIRST_TOKEN_DAYS)),
    }


def serve(settings: IssuerSettings) -> None:
    configure_log(settings.log_level)
    asyncio.run(run(settings, clock=utc_now, reached=armed_from_environment(CRASH_POINTS)))


def make_token(settings: IssuerSettings, *, name: str, scopes: tuple[Scope, ...], days: int) -> dict[str, object]:
    office = open_office(settings, reached=NEVER)
    return {"token": asyncio.run(_issue_token(settings, office, name=name, scopes=scopes, days=days))}


def end_token(settings: IssuerSettings, identifier: str) -> dict[str, object]:
    """Raises ``NotFound`` where there is no such token, or no more."""
    office, now = open_office(settings, reached=NEVER), utc_now()

    def act(connection: Connection) -> None:
        revoke_token(connection, identifier, now=now)
        _note(connection, office, act="token.end", identifier=identifier, reason="", now=now)

    asyncio.run(_write(settings, act))
    return {"ended": identifier}


def verify_journal(settings: IssuerSettings, *, witnessed: str) -> dict[str, object]:
    """How far the journal goes; ``witnessed`` is a head noted earlier as ENTRY:SEAL, or "". Raises ``AuditChainBroken``."""
    key, noted = open_office(settings, reached=NEVER).journal_key, _head(witnessed)
    head = asyncio.run(_read(settings, lambda connection: journal.verify_journal(connection, key=key, witnessed=noted)))
    return {"entries": head.entry, "seal": head.seal.hex()}


def examine(settings: IssuerSettings) -> dict[str, object]:
    return asyncio.run(diagnose(settings, clock=utc_now))


def settings_of(data_dir: Path | None, settings_file: Path | None, flags: Mapping[str, object]) -> IssuerSettings:
    """The settings of the file named, else of the one that ``set_up`` left in the data folder; ``flags`` come first."""
    beside = data_dir / SETTINGS_FILE if data_dir is not None else None
    file = settings_file or (beside if beside is not None and beside.exists() else None)
    return load_settings(IssuerSettings, file, {**flags, "data_dir": None if data_dir is None else str(data_dir)})


def _head(text: str) -> journal.Head | None:
    entry, _, seal = text.partition(":")
    try:
        return journal.Head(int(entry), bytes.fromhex(seal)) if text else None
    except ValueError:
        raise InputMalformed("witnessed head: expected ENTRY:SEAL as an earlier check printed them") from None


def _toml(values: Mapping[str, str]) -> bytes:
    """JSON's strings are TOML's basic strings."""
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()).encode()


async def _issue_token(settings: IssuerSettings, office: Office, *, name: str, scopes: tuple[Scope, ...], days: int) -> str:
    now = utc_now()

    def act(connection: Connection) -> str:
        text = issue_token(connection, prefix=TOKEN_PREFIX, name=name, scopes=scopes, now=now, expires_at=now + timedelta(days=days))
        _note(connection, office, act="token.issue", identifier=text.split("_")[1], reason=" ".join(sorted(scopes)), now=now)
        return text

    return await _write(settings, act)


def _note(connection: Connection, office: Office, *, act: str, identifier: str, reason: str, now: datetime) -> None:
    journal.append(connection, key=office.journal_key, actor="command line", act=act, object_id=identifier, reason=reason, now=now)


async def _write(settings: IssuerSettings, act: Callable[[Connection], T]) -> T:
    with open_database(settings) as database:
        return await database.write(act)


async def _read(settings: IssuerSettings, act: Callable[[Connection], T]) -> T:
    with open_database(settings) as database:
        return await database.read(act)
