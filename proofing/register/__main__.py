"""Run the demo register: ``python -m proofing.register seed|token|serve``."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from random import Random

import typer

from proofing.register import RegisterEntry, store
from proofing.register.app import LOOK_UP_SCOPE, admin_app, register_app
from proofing.register.people import Person, people
from proofing.register.settings import RegisterSettings
from runtime.clock import utc_now
from runtime.command_line import run_program
from runtime.database import Database
from runtime.log import configure_log
from runtime.serve import Listener, serve
from runtime.settings import load_settings
from runtime.tokens import issue_token

DATABASE = "register.sqlite"
TOKEN_DAYS = 365

cli = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="A demo population register of invented people."
)

_SETTINGS = typer.Option(None, "--settings", help="TOML file")
_DATA_OR_SETTING = typer.Option(None, "--data", help="folder of the register's database")
_DATA = typer.Option(..., "--data", help="folder of the register's database")


@cli.command("seed")
def seed(data: Path = _DATA, count: int = 200, random_seed: int = 20261121) -> None:
    """Enter COUNT invented people; the same RANDOM_SEED invents the same ones. Prints them as JSON lines."""
    invented = tuple(people(count, Random(random_seed)))  # noqa: S311 - invented people need repeatability, not secrecy
    with _opened(data) as database:
        asyncio.run(database.write(lambda connection: store.enter(connection, map(entry_of, invented))))
    for person in invented:
        typer.echo(json.dumps(_printed(person), ensure_ascii=False))


@cli.command("token")
def token(data: Path = _DATA, name: str = typer.Option(..., help="which office the token is for")) -> None:
    """Print a new API token for an office; it is shown only now."""
    now = utc_now()
    with _opened(data) as database:
        text = asyncio.run(
            database.write(
                lambda connection: issue_token(
                    connection, prefix="reg", name=name, scopes=[LOOK_UP_SCOPE], now=now, expires_at=now + timedelta(days=TOKEN_DAYS)
                )
            )
        )
    typer.echo(text)


@cli.command("serve")
def serve_register(
    *,
    data: Path | None = _DATA_OR_SETTING,
    settings_file: Path | None = _SETTINGS,
    environment: str | None = None,
    host: str | None = None,
    port: int | None = None,
    admin_port: int | None = None,
    public_url: str | None = None,
) -> None:
    """Answer look-ups until stopped. Flags go before REGISTER_… variables, those before the settings file."""
    flags = {
        "data_dir": data,
        "environment": environment,
        "host": host,
        "port": port,
        "admin_port": admin_port,
        "public_url": public_url,
    }
    settings = load_settings(RegisterSettings, settings_file, flags)
    configure_log(settings.log_level)
    with _opened(settings.data_dir) as database:
        asyncio.run(_serve(database, settings))


async def _serve(database: Database, settings: RegisterSettings) -> None:
    public = register_app(database, settings=settings, clock=utc_now)
    admin = admin_app(database, settings=settings, clock=utc_now)
    await serve(
        [
            Listener(public, settings.host, settings.port),
            Listener(admin, settings.admin_host, settings.admin_port, purpose="admin"),
        ],
        name="register",
    )


def entry_of(person: Person) -> RegisterEntry:
    return RegisterEntry(person.citizen_number, person.full_name, person.birth_date, person.validity)


def _printed(person: Person) -> dict[str, object]:
    return {
        "citizen_number": person.citizen_number,
        "full_name": person.full_name,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "ethnicity": person.ethnicity,
        "resident_address": person.resident_address,
        "validity": person.validity.value,
    }


def _opened(data: Path) -> Database:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Database.open(data / DATABASE, store.MIGRATIONS)


def main() -> None:
    run_program(cli)


if __name__ == "__main__":
    main()
