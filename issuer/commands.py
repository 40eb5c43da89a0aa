"""The office's commands; answers go to standard output, talk to standard error, refusals to the exit status."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from issuer.scopes import Scope
from runtime.command_line import answer, run_program
from runtime.lazy import lazy

if TYPE_CHECKING:
    from issuer import acts
else:
    acts = lazy("issuer.acts")

program = typer.Typer(help="Issue identity credentials.", no_args_is_help=True, pretty_exceptions_enable=False)
journal_program = typer.Typer(help="The tamper-evident journal.", no_args_is_help=True)
program.add_typer(journal_program, name="journal")

DataDir = Annotated[Path | None, typer.Option(help="Folder with keys, database and issuer.toml.")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file (TOML); else issuer.toml in the data folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]


class Environment(StrEnum):
    """development alone allows loopback addresses and plain http."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


@program.command()
def init(
    *,
    data_dir: Annotated[Path, typer.Option(help="New or empty folder for keys and database.")],
    public_url: Annotated[str, typer.Option(help="The address under which everybody will reach the issuer.")],
    name_en: Annotated[str, typer.Option(help="The office's name in English.")] = "",
    name_zh: Annotated[str, typer.Option(help="The office's name in Chinese.")] = "",
    environment: Annotated[Environment, typer.Option(help="development allows loopback addresses and http.")] = Environment.PRODUCTION,
    as_json: Json = False,
) -> None:
    """Make keys, database and a first token; print the issuer's DID."""
    flags = {"public_url": public_url, "name_en": name_en, "name_zh": name_zh, "environment": environment.value}
    answer(acts.set_up(data_dir, flags), as_json=as_json)


@program.command()
def serve(
    *,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    public_url: Annotated[str | None, typer.Option(help="The address under which everybody reaches the issuer.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Public port.")] = None,
    admin_port: Annotated[int | None, typer.Option(help="Port of the admin API, on loopback unless set otherwise.")] = None,
) -> None:
    """Serve wallets and verifiers on one port, the office's own people on another."""
    flags = {"public_url": public_url, "host": host, "port": port, "admin_port": admin_port}
    acts.serve(acts.settings_of(data_dir, settings_file, flags))


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
    answer(acts.make_token(acts.settings_of(data_dir, settings_file, {}), name=name, scopes=tuple(scope), days=days), as_json=as_json)


@program.command()
def end_token(
    token_id: Annotated[str, typer.Argument(help="The token's id: the part between its two underscores.")],
    *,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """End an API token at once, before its time."""
    answer(acts.end_token(acts.settings_of(data_dir, settings_file, {}), token_id), as_json=as_json)


@journal_program.command()
def verify(
    *,
    witnessed: Annotated[str, typer.Option(help="A head noted earlier, as ENTRY:SEAL; shows a cut-off end too.")] = "",
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """Check that every entry of the journal is the one that was written, in its place."""
    answer(acts.verify_journal(acts.settings_of(data_dir, settings_file, {}), witnessed=witnessed), as_json=as_json)


@program.command()
def doctor(data_dir: DataDir = None, settings_file: SettingsFile = None, as_json: Json = False) -> None:
    """Look for what is wrong: file permissions, clock, journal, and the public address of a running issuer."""
    found = acts.examine(acts.settings_of(data_dir, settings_file, {}))
    answer(found, as_json=as_json)
    if any(outcome != "ok" for outcome in found.values()):
        raise typer.Exit(1)


def main() -> None:
    """Run a command; a refusal is told in one line and by its exit status."""
    run_program(program)
