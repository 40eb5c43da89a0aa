"""The wallet's commands; answers go to standard output, talk to standard error, refusals to the exit status."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.command_line import answer, run_program
from runtime.lazy import lazy
from runtime.no_dump import leave_no_dump
from wallet.terminal import passphrase

if TYPE_CHECKING:
    from wallet import acts
else:
    acts = lazy("wallet.acts")

program = typer.Typer(
    help="Keep your identity credentials, and show what you agree to show.", no_args_is_help=True, pretty_exceptions_enable=False
)

WalletFile = Annotated[Path | None, typer.Option("--wallet", help="The wallet's file (WALLET_FILE).")]
PassphraseFile = Annotated[Path | None, typer.Option(help="Read the passphrase from this file instead of asking.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
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
    answer(acts.init(acts.settings_of(wallet), passphrase(passphrase_file, twice=True), trust=trust), as_json=as_json)


@program.command()
def trust(
    policy: Annotated[Path, typer.Argument(help="A trust policy (TOML).")],
    *,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say whom the wallet believes, in place of what was said before."""
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.set_trust(store, policy), as_json=as_json)


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
    settings = acts.settings_of(wallet, development=development, ca_file=ca_file)
    store = acts.opened(settings, passphrase_file)
    received = asyncio.run(acts.receive_offer(settings, store, offer, tx_code=tx_code))
    answer(received, as_json=as_json)
    if received["deleted"]:
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
    settings = acts.settings_of(wallet, development=development, ca_file=ca_file)
    store = acts.opened(settings, passphrase_file)
    answer(asyncio.run(acts.resume(settings, store)), as_json=as_json)


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
    settings = acts.settings_of(wallet, development=development, ca_file=ca_file)
    store = acts.opened(settings, passphrase_file)
    answer(asyncio.run(acts.list_cards(settings, store, anew=check)), as_json=as_json)


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
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.show(store, card, plain=plain), as_json=as_json)


@program.command()
def delete(
    card: Annotated[str, typer.Argument(help="The card's id, from 'wallet list'.")],
    *,
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Throw a card away, with its key, for good."""
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.delete(store, card, yes=yes, dry_run=dry_run), as_json=as_json)


@program.command()
def clear_log(*, yes: Yes = False, wallet: WalletFile = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """Forget the list of what was received and shown."""
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.clear_log(store, yes=yes), as_json=as_json)


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
    settings = acts.settings_of(wallet, development=development, ca_file=ca_file)
    store = acts.opened(settings, passphrase_file)
    said = acts.Answers(yes=yes, portrait=portrait, refuse=frozenset(refuse or ()), cards=frozenset(card or ()))
    answer(asyncio.run(acts.present_to(settings, store, request, said=said)), as_json=as_json)


@program.command()
def log(*, wallet: WalletFile = None, passphrase_file: PassphraseFile = None, as_json: Json = False) -> None:
    """List what was received, shown, declined and refused; names of attributes, never values."""
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.log(store), as_json=as_json)


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
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.export(store, passphrase(backup_passphrase_file, twice=True, of="backup"), target), as_json=as_json)


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
    store = acts.opened(acts.settings_of(wallet), passphrase_file)
    answer(acts.import_(store, passphrase(backup_passphrase_file, of="backup"), source), as_json=as_json)


@program.command()
def unlock(
    *,
    minutes: Annotated[int, typer.Option(min=1, max=60, help="How long.")] = 5,
    wallet: WalletFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Keep the wallet open for some minutes, so that the next commands do not ask."""
    settings = acts.settings_of(wallet)
    answer(acts.keep_open(settings, acts.opened(settings, passphrase_file, ask=True), minutes=minutes), as_json=as_json)


@program.command()
def lock(*, wallet: WalletFile = None, as_json: Json = False) -> None:
    """Lock the wallet at once, here and in every open page."""
    answer(acts.lock(acts.settings_of(wallet)), as_json=as_json)


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
    asyncio.run(acts.serve(acts.settings_of(wallet, development=development, ca_file=ca_file), port=port, trust=trust))


def main() -> None:
    """Run a command; a refusal is told in two lines and by its exit status."""
    leave_no_dump()
    run_program(program)
