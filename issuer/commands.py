"""The office's commands; answers go to standard output, talk to standard error, refusals to the exit status."""

import asyncio
import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Annotated, Literal, TypeVar

import typer

from credentials.keys import PublicKey
from doors.refusals import Refused
from issuer.app import KEYS, VAULT, open_database, open_office, run
from issuer.crash_points import CRASH_POINTS
from issuer.diagnosis import diagnose
from issuer.handlers.admin import SCOPES
from issuer.keys import make_keys
from issuer.naming import did_web
from issuer.office import Office
from issuer.private_files import write_private
from issuer.settings import IssuerSettings
from runtime import journal
from runtime.clock import utc_now
from runtime.crash import NEVER, armed_from_environment
from runtime.log import configure_log
from runtime.secret_file import secret_file
from runtime.settings import load_settings
from runtime.tokens import issue_token

SETTINGS_FILE = "issuer.toml"
TOKEN_PREFIX = "issuer"  # noqa: S105 - the visible beginning of every token
_FIRST_TOKEN_DAYS = 90

T = TypeVar("T")

program = typer.Typer(help="Issue identity credentials.", no_args_is_help=True, pretty_exceptions_enable=False)
journal_program = typer.Typer(help="The tamper-evident journal.", no_args_is_help=True)
program.add_typer(journal_program, name="journal")

DataDir = Annotated[Path | None, typer.Option(help="Folder with keys, database and issuer.toml.")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file (TOML); else issuer.toml in the data folder.")]
PublicUrl = Annotated[str | None, typer.Option(help="The address under which everybody reaches the issuer.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
Scope = Literal["issue", "read", "revoke", "audit:read"]


@program.command()
def init(
    *,
    data_dir: Annotated[Path, typer.Option(help="New or empty folder for keys and database.")],
    public_url: Annotated[str, typer.Option(help="The address under which everybody will reach the issuer.")],
    name_en: Annotated[str, typer.Option(help="The office's name in English.")] = "",
    name_zh: Annotated[str, typer.Option(help="The office's name in Chinese.")] = "",
    environment: Annotated[Literal["production", "development"], typer.Option(help="development allows loopback and http.")] = "production",
    as_json: Json = False,
) -> None:
    """Make keys, database and a first token; print the issuer's DID."""
    flags = {"data_dir": str(data_dir), "public_url": public_url, "name_en": name_en, "name_zh": name_zh, "environment": environment}
    settings = load_settings(IssuerSettings, None, flags)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_keys(data_dir / KEYS)
    secret_file(data_dir / VAULT)
    _write_settings(data_dir / SETTINGS_FILE, flags)
    office = open_office(settings, reached=NEVER)
    token = asyncio.run(_issue_token(settings, office, name="first administrator", scopes=SCOPES, days=_FIRST_TOKEN_DAYS))
    fingerprints = {key.kid: _fingerprint(key.public) for key in office.keys.all()}
    _say(as_json, {"did": did_web(settings.public_url), "keys": fingerprints, "token": token, "settings": str(data_dir / SETTINGS_FILE)})


@program.command("serve")
def serve_command(
    *,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    public_url: PublicUrl = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Public port.")] = None,
    admin_port: Annotated[int | None, typer.Option(help="Port of the admin API, on loopback unless set otherwise.")] = None,
) -> None:
    """Serve wallets and verifiers on one port, the office's own people on another."""
    flags = {"public_url": public_url, "host": host, "port": port, "admin_port": admin_port}
    settings = _settings(data_dir, settings_file, flags)
    configure_log(settings.log_level)
    asyncio.run(run(settings, clock=utc_now, reached=armed_from_environment(CRASH_POINTS)))


@program.command()
def token(
    *,
    name: Annotated[str, typer.Option(help="What the token is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it allows; may be given several times.")],
    days: Annotated[int, typer.Option(min=1, max=3660, help="How long it is good for.")] = 90,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """Make an API token; it is shown once."""
    settings = _settings(data_dir, settings_file, {})
    office = open_office(settings, reached=NEVER)
    text = asyncio.run(_issue_token(settings, office, name=name, scopes=tuple(scope), days=days))
    _say(as_json, {"token": text})


@journal_program.command()
def verify(data_dir: DataDir = None, settings_file: SettingsFile = None, as_json: Json = False) -> None:
    """Check that every entry of the journal is the one that was written, in its place."""
    settings = _settings(data_dir, settings_file, {})
    key = open_office(settings, reached=NEVER).journal_key
    head = asyncio.run(_read(settings, lambda connection: journal.verify_journal(connection, key=key)))
    _say(as_json, {"entries": head.entry, "seal": head.seal.hex()})


@program.command()
def doctor(data_dir: DataDir = None, settings_file: SettingsFile = None, as_json: Json = False) -> None:
    """Look for what is wrong: file permissions, clock, journal, register, and the public address."""
    found = asyncio.run(diagnose(_settings(data_dir, settings_file, {}), clock=utc_now))
    _say(as_json, found)
    if any(outcome != "ok" for outcome in found.values()):
        raise typer.Exit(1)


def main() -> None:
    """Run a command; a refusal is told in one line and by its exit status."""
    try:
        program()
    except Refused as refusal:
        typer.echo(f"{refusal.code}: {refusal.detail}", err=True)
        sys.exit(refusal.exit_status)


def _settings(data_dir: Path | None, settings_file: Path | None, flags: Mapping[str, object]) -> IssuerSettings:
    beside = data_dir / SETTINGS_FILE if data_dir is not None else None
    file = settings_file or (beside if beside is not None and beside.exists() else None)
    return load_settings(IssuerSettings, file, {**flags, "data_dir": None if data_dir is None else str(data_dir)})


def _write_settings(path: Path, flags: dict[str, str]) -> None:
    """The settings that were given, as TOML; JSON's strings are TOML's basic strings."""
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in flags.items() if value]
    if not path.exists():
        write_private(path, "".join(lines).encode())


async def _issue_token(settings: IssuerSettings, office: Office, *, name: str, scopes: tuple[str, ...], days: int) -> str:
    now = utc_now()
    with open_database(settings) as database:

        def act(connection: Connection) -> str:
            text = issue_token(connection, prefix=TOKEN_PREFIX, name=name, scopes=scopes, now=now, expires_at=now + timedelta(days=days))
            identifier = text.split("_")[1]
            reason = " ".join(sorted(scopes))
            journal.append(
                connection, key=office.journal_key, actor="command line", act="token.issue", object_id=identifier, reason=reason, now=now
            )
            return text

        return await database.write(act)


async def _read(settings: IssuerSettings, act: Callable[[Connection], T]) -> T:
    with open_database(settings) as database:
        return await database.read(act)


def _fingerprint(key: PublicKey) -> str:
    return hashlib.sha256(key.raw).hexdigest()


def _say(as_json: bool, answer: dict[str, object]) -> None:
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for name, value in answer.items():
        typer.echo(f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value}")
