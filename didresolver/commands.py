"""The resolver's commands: ``didresolver resolve DID``, ``didresolver serve``, and those of ``didresolver webvh``."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from didresolver.webvh_commands import program as webvh
from doors.refusals import Refused
from runtime.command_line import run_program
from runtime.lazy import lazy

if TYPE_CHECKING:
    from didresolver import acts, result
else:
    acts, result = lazy("didresolver.acts"), lazy("didresolver.result")

program = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find the keys behind a DID (did:key, did:jwk, did:peer, did:web, did:webvh).",
)
program.add_typer(webvh, name="webvh")
CaFile = Annotated[Path | None, typer.Option(help="PEM certificates to trust beside the system's.")]


@program.command()
def resolve(
    did: Annotated[str, typer.Argument(help="The DID, such as did:web:issuer.example.")],
    *,
    version_time: Annotated[str | None, typer.Option(help="As of this moment, such as 2026-11-21T20:16:00Z (did:webvh).")] = None,
    version_id: Annotated[str | None, typer.Option(help="The version with this versionId (did:webvh).")] = None,
    version_number: Annotated[int | None, typer.Option(help="The version with this number (did:webvh).", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole DID resolution result as JSON.")] = False,
    development: Annotated[bool, typer.Option("--development", help="Allow loopback addresses and plain http to them.")] = False,
    ca_file: CaFile = None,
) -> None:
    """Print the keys of a DID and what each may do."""
    try:
        wanted = acts.wanted(version_time, version_id, version_number)
        resolution = acts.resolve(did, wanted, development=development, ca_file=ca_file)
    except Refused as refusal:
        if as_json:
            typer.echo(json.dumps(result.result_of_refusal(refusal, title=refusal.code)[0], ensure_ascii=False))
        raise
    typer.echo(json.dumps(result.result_of(resolution), ensure_ascii=False) if as_json else acts.in_words(resolution))


@program.command()
def serve(
    *,
    config: Annotated[Path | None, typer.Option(help="A TOML file with the settings.")] = None,
    public_url: Annotated[str | None, typer.Option(help="The address under which others reach this resolver.")] = None,
    host: Annotated[str | None, typer.Option(help="Listen on this address (127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Listen on this port (8501).")] = None,
    admin_port: Annotated[int | None, typer.Option(help="Health and metrics on this port (8511).")] = None,
    environment: Annotated[Literal["production", "development"] | None, typer.Option(help="development allows loopback.")] = None,
    ca_file: CaFile = None,
) -> None:
    """Answer GET /1.0/identifiers/{did} until told to stop."""
    flags = {
        "public_url": public_url,
        "host": host,
        "port": port,
        "admin_port": admin_port,
        "environment": environment,
        "ca_file": ca_file,
    }
    acts.serve_until_told(config, flags)


def main() -> None:
    """Run a command; a refusal is told in its own words and by its exit status."""
    run_program(program)
