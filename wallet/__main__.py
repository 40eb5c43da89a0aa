"""The wallet on the command line: wallet init, receive, list, show, present, log, export, import, unlock, lock, serve."""

import asyncio
import getpass
import importlib
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from doors.refusals import Refused, SettingsInvalid
from runtime.no_dump import leave_no_dump
from runtime.words import safe_line

if TYPE_CHECKING:
    from runtime.crash import CrashPoints
    from wallet.settings import WalletSettings
    from wallet.store import WalletStore

program = typer.Typer(
    help="Keep your identity credentials, and show what you agree to show.", no_args_is_help=True, pretty_exceptions_enable=False
)

WalletFile = Annotated[Path | None, typer.Option("--wallet", help="The wallet's file (WALLET_FILE).")]
PassphraseFile = Annotated[Path | None, typer.Option(help="Read the passphrase from this file instead of asking.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]
Development = Annotated[bool, typer.Option("--development", help="Allow loopback addresses and plain http to them.")]
CaFile = Annotated[Path | None, typer.Option(help="PEM certificates to trust beside the system's.")]


@program.command()
def init(
    *,
    trust: Annotated[Path | None, typer.Option(help="A trust policy (TOML): whom the wallet believes.")] = None,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a new, empty wallet."""
    settings = _settings(wallet, development=False, ca_file=None)
    passphrase = _passphrase(passphrase_file, twice=True)
    _say(_commands().init(settings, passphrase, trust=trust, crash=_crash()), as_json=as_json)


@program.command()
def trust(
    policy: Annotated[Path, typer.Argument(help="A trust policy (TOML).")],
    *,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say whom the wallet believes, in place of what was said before."""
    _, store = _opened(wallet, passphrase_file)
    _say(_commands().set_trust(store, policy), as_json=as_json)


@program.command()
def receive(
    offer: Annotated[str, typer.Argument(help="The offer: openid-credential-offer://… or an https link.")],
    *,
    tx_code: Annotated[str, typer.Option(help="The transaction code that you were given separately.")] = "",
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    development: Development = False,
    ca_file: CaFile = None,
    as_json: Json = False,
) -> None:
    """Take the cards that an issuer offers; each is checked before it is kept."""
    settings, store = _opened(wallet, passphrase_file, development=development, ca_file=ca_file)
    answer = _run(_commands().receive_offer(settings, store, offer, tx_code=tx_code, crash=_crash()))
    _say(answer, as_json=as_json)
    if answer["deleted"]:
        raise typer.Exit(3)


@program.command()
def resume(
    *,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    development: Development = False,
    ca_file: CaFile = None,
    as_json: Json = False,
) -> None:
    """Fetch again what was asked for and did not arrive."""
    settings, store = _opened(wallet, passphrase_file, development=development, ca_file=ca_file)
    _say(_run(_commands().resume(settings, store, crash=_crash())), as_json=as_json)


@program.command("list")
def list_command(
    *,
    check: Annotated[bool, typer.Option("--check", help="Look anew whether each card is still good.")] = False,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    development: Development = False,
    ca_file: CaFile = None,
    as_json: Json = False,
) -> None:
    """List the cards."""
    settings, store = _opened(wallet, passphrase_file, development=development, ca_file=ca_file)
    _say(_run(_commands().list_cards(settings, store, anew=check, crash=_crash())), as_json=as_json)


@program.command()
def show(
    card: Annotated[str, typer.Argument(help="The card's id, from 'wallet list'.")],
    *,
    plain: Annotated[bool, typer.Option("--plain", help="Numbers in full.")] = False,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show one card; long numbers are masked."""
    _, store = _opened(wallet, passphrase_file)
    _say(_commands().show(store, card, plain=plain), as_json=as_json)


@program.command()
def present(
    request: Annotated[str, typer.Argument(help="The request: openid4vp://… or an https link.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Agree without being asked (the portrait excepted).")] = False,
    portrait: Annotated[bool, typer.Option("--portrait", help="Agree to show the portrait too.")] = False,
    refuse: Annotated[list[str] | None, typer.Option(help="Do not show this attribute; may be given several times.")] = None,
    card: Annotated[list[str] | None, typer.Option(help="Show this card, where several would do; ids from 'wallet list'.")] = None,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    development: Development = False,
    ca_file: CaFile = None,
    as_json: Json = False,
) -> None:
    """Show a relying party what you agree to show, after being told who asks, for what, and why."""
    settings, store = _opened(wallet, passphrase_file, development=development, ca_file=ca_file)
    rooms = _commands()
    said = rooms.Answers(yes=yes, portrait=portrait, refuse=frozenset(refuse or ()), cards=frozenset(card or ()))
    _say(_run(rooms.present_to(settings, store, request, said=said, crash=_crash())), as_json=as_json)


@program.command()
def log(*, wallet: WalletFile = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List what was received, shown, declined and refused; names of attributes, never values."""
    _, store = _opened(wallet, passphrase_file)
    _say(_commands().log(store), as_json=as_json)


@program.command()
def export(
    target: Annotated[Path, typer.Argument(help="The backup file to write.")],
    *,
    backup_passphrase_file: Annotated[Path | None, typer.Option(help="The backup's own passphrase; else it is asked for.")] = None,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write an encrypted backup under a passphrase of its own."""
    _, store = _opened(wallet, passphrase_file)
    _say(_commands().export(store, _passphrase(backup_passphrase_file, twice=True, of="backup"), target), as_json=as_json)


@program.command("import")
def import_command(
    source: Annotated[Path, typer.Argument(help="The backup file to read.")],
    *,
    backup_passphrase_file: Annotated[Path | None, typer.Option(help="The backup's passphrase; else it is asked for.")] = None,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take over from a backup what the wallet does not have."""
    _, store = _opened(wallet, passphrase_file)
    _say(_commands().import_(store, _passphrase(backup_passphrase_file, of="backup"), source), as_json=as_json)


@program.command()
def unlock(
    *,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long.")] = 5,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Keep the wallet open for some minutes, so that the next commands do not ask."""
    settings, store = _opened(wallet, passphrase_file, ask=True)
    _say(_commands().keep_open(settings, store, minutes=minutes), as_json=as_json)


@program.command()
def lock(*, wallet: WalletFile = None, as_json: Json = False) -> None:
    """Lock the wallet at once, here and in every open page."""
    _say(_commands().lock(_settings(wallet, development=False, ca_file=None)), as_json=as_json)


@program.command()
def serve(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The page's port on this machine.")] = 8301,
    trust: Annotated[Path | None, typer.Option(help="A trust policy (TOML) for a wallet that is made on the page.")] = None,
    wallet: WalletFile = None,
    development: Development = False,
    ca_file: CaFile = None,
) -> None:
    """Open the wallet's page on this machine (loopback only)."""
    settings = _settings(wallet, development=development, ca_file=ca_file)
    believed = "" if trust is None else _commands().trust_text(trust)
    _run(importlib.import_module("wallet.app").run(settings, port=port, trust=believed, crash=_crash()))


def main() -> None:
    """Run a command; a refusal is told in one line and by its exit status."""
    leave_no_dump()
    try:
        program()
    except Refused as refusal:
        typer.echo(safe_line(f"{refusal.code}: {refusal.detail}"), err=True)
        sys.exit(refusal.exit_status)


def _commands() -> Any:
    """What the commands do is loaded when one is run, so that --help answers at once."""
    return importlib.import_module("wallet.commands")


def _crash() -> "CrashPoints":
    opening = importlib.import_module("wallet.opening")
    armed: CrashPoints = importlib.import_module("runtime.crash").armed_from_environment(opening.CRASH_POINTS)
    return armed


def _settings(wallet: Path | None, *, development: bool, ca_file: Path | None) -> "WalletSettings":
    room = importlib.import_module("wallet.settings")
    settings: WalletSettings = room.settings_from(os.environ, wallet=wallet, development=development, ca_file=ca_file)
    return settings


def _opened(
    wallet: Path | None, passphrase_file: Path | None, *, development: bool = False, ca_file: Path | None = None, ask: bool = False
) -> "tuple[WalletSettings, WalletStore]":
    """Settings and open wallet: kept open by ``unlock``, or opened now with the passphrase, which ``ask`` demands in any case."""
    settings = _settings(wallet, development=development, ca_file=ca_file)
    opening, now = importlib.import_module("wallet.opening"), importlib.import_module("runtime.clock").utc_now()
    store = None if ask or passphrase_file else opening.unlocked(settings, crash=_crash(), now=now)
    if store is None:
        store = opening.unlock(settings, _passphrase(passphrase_file), crash=_crash(), now=now)
    if store.recovered:
        typer.echo("store_recovered: the last save was cut short; the state before it was opened", err=True)
    return settings, store


def _passphrase(file: Path | None, *, twice: bool = False, of: str = "wallet") -> str:
    """The passphrase, by prompt or file, never by flag."""
    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError):
            raise SettingsInvalid(f"{file}: the passphrase file cannot be read") from None
    if not sys.stdin.isatty():
        raise SettingsInvalid(f"passphrase: expected a terminal to ask on, or a file with the {of}'s passphrase")
    given = getpass.getpass(f"Passphrase of the {of} / 口令: ")
    if twice and getpass.getpass("Again / 再次输入: ") != given:
        raise SettingsInvalid("passphrase: the two do not match")
    return given


def _run(act: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(act)


def _say(value: dict[str, Any] | Sequence[dict[str, Any]], *, as_json: bool) -> None:
    _commands().say(value, as_json=as_json)


if __name__ == "__main__":
    main()
