"""Find the keys behind a DID: ``didresolver resolve DID``, ``didresolver serve``."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from doors.refusals import Refused
from runtime.command_line import run_program

if TYPE_CHECKING:
    from didresolver.resolver import Resolution
    from didresolver.settings import ResolverSettings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help="Find the keys behind a DID (did:key, did:jwk, did:web).")
CaFile = Annotated[Path | None, typer.Option(help="PEM certificates to trust beside the system's.")]


@app.command()
def resolve(
    did: Annotated[str, typer.Argument(help="The DID, such as did:web:issuer.example.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The whole DID resolution result as JSON.")] = False,
    development: Annotated[bool, typer.Option("--development", help="Allow loopback addresses and plain http to them.")] = False,
    ca_file: CaFile = None,
) -> None:
    """Print the keys of a DID and what each may do."""
    from didresolver.result import result_of, result_of_refusal  # noqa: PLC0415 - heavy imports wait until a command needs them

    try:
        resolution = asyncio.run(_resolved(did, development=development, ca_file=ca_file))
    except Refused as refusal:
        if as_json:
            typer.echo(json.dumps(result_of_refusal(refusal, title=refusal.code)[0], ensure_ascii=False))
        raise
    typer.echo(json.dumps(result_of(resolution), ensure_ascii=False) if as_json else _in_words(resolution))


@app.command()
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
    from didresolver.settings import ResolverSettings  # noqa: PLC0415 - heavy imports wait until a command needs them
    from runtime.settings import load_settings  # noqa: PLC0415

    flags = {
        "public_url": public_url,
        "host": host,
        "port": port,
        "admin_port": admin_port,
        "environment": environment,
        "ca_file": ca_file,
    }
    asyncio.run(_serve(load_settings(ResolverSettings, config, flags)))


async def _serve(settings: "ResolverSettings") -> None:
    from didresolver.app import admin_app, own_page, public_app  # noqa: PLC0415 - heavy imports wait until a command needs them
    from runtime.clock import utc_now  # noqa: PLC0415
    from runtime.fetch import OutboundFetch  # noqa: PLC0415
    from runtime.log import configure_log  # noqa: PLC0415
    from runtime.self_check import tell_what_is_seen  # noqa: PLC0415
    from runtime.serve import Listener, serve  # noqa: PLC0415
    from runtime.web import Metrics  # noqa: PLC0415

    configure_log(settings.log_level)
    metrics = Metrics()
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        public = public_app(settings, fetch=fetch, clock=utc_now, metrics=metrics)
        admin = admin_app(settings, clock=utc_now, metrics=metrics)
        listeners = (
            Listener(public, settings.host, settings.port),
            Listener(admin, settings.admin_host, settings.admin_port, purpose="admin"),
        )
        seen = [own_page(settings.public_url)]
        await serve(listeners, name="didresolver", once=lambda: tell_what_is_seen(settings.public_url, seen, fetch=fetch))


async def _resolved(did: str, *, development: bool, ca_file: Path | None) -> "Resolution":
    from didresolver.resolver import CachingResolver  # noqa: PLC0415 - heavy imports wait until a command needs them
    from runtime.clock import utc_now  # noqa: PLC0415
    from runtime.fetch import OutboundFetch  # noqa: PLC0415

    async with OutboundFetch(development=development, ca_file=ca_file) as fetch:
        return await CachingResolver(fetch, utc_now, development=development).resolve(did)


def _in_words(resolution: "Resolution") -> str:
    document = resolution.document
    lines = [document.id]
    for method in document.methods.values():
        purposes = [purpose for purpose, members in document.relationships.items() if method.id in members]
        lines.append(f"  {method.id}  {method.key.algorithm}  {', '.join(purposes) or 'no purpose'}")
    return "\n".join(lines)


def main() -> None:
    run_program(app)


if __name__ == "__main__":
    main()
