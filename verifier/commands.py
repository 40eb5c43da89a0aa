"""The verifier's commands; answers go to standard output, talk to standard error, verdicts to the exit status."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.command_line import answer, run_program
from runtime.lazy import lazy
from verifier.told import Told

if TYPE_CHECKING:
    from verifier import acts, judging
else:
    acts, judging = lazy("verifier.acts"), lazy("verifier.judging")

program = typer.Typer(
    help="Ask for identity credentials and judge them, online or offline.", no_args_is_help=True, pretty_exceptions_enable=False
)
casefile_program = typer.Typer(help="Case files: a verdict that can be made again years later.", no_args_is_help=True)
program.add_typer(casefile_program, name="casefile")
journal_program = typer.Typer(help="The tamper-evident journal.", no_args_is_help=True)
program.add_typer(journal_program, name="journal")

DataDir = Annotated[Path | None, typer.Option(help="Folder with key, database and verifier.toml.")]
SettingsFile = Annotated[Path | None, typer.Option("--settings", help="Settings file (TOML); else verifier.toml in the data folder.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
TrustList = Annotated[str | None, typer.Option(help="Address of the trust list.")]
Anchor = Annotated[list[str] | None, typer.Option(help="The did:key of a signer of the trust list; give each one.")]
PackFile = Annotated[Path | None, typer.Option(help="Work from this offline pack alone.")]
PackSigner = Annotated[list[str] | None, typer.Option(help="The did:key of a signer of the pack; give each one.")]


class Environment(StrEnum):
    """development alone allows loopback addresses and plain http."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


class Algorithm(StrEnum):
    """What the key that signs requests is for."""

    ES256 = "ES256"
    EDDSA = "EdDSA"


class Language(StrEnum):
    """The language of what people read."""

    EN = "en"
    ZH = "zh-CN"


Lang = Annotated[Language, typer.Option("--lang", help="Language of the explanation.")]


@program.command()
def init(
    *,
    data_dir: Annotated[Path, typer.Option(help="New or empty folder for key and database.")],
    public_url: Annotated[str, typer.Option(help="The address under which wallets will reach the verifier.")],
    trust_list: TrustList = None,
    anchor: Anchor = None,
    algorithm: Annotated[Algorithm, typer.Option(help="Of the key that signs requests.")] = Algorithm.ES256,
    environment: Annotated[Environment, typer.Option(help="development allows loopback addresses and http.")] = Environment.PRODUCTION,
    as_json: Json = False,
) -> None:
    """Make key, database, settings file and a first token; print the verifier's DID and client identifier."""
    flags = {
        "public_url": public_url,
        "environment": environment.value,
        "trust_list_url": trust_list,
        "trust_list_anchors": anchor or None,
    }
    answer(acts.set_up(data_dir, flags, algorithm=algorithm.value), as_json=as_json)


@program.command()
def serve(
    *,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port for wallets.")] = None,
    admin_port: Annotated[int | None, typer.Option(help="Port for programs and the desk page, on loopback unless set otherwise.")] = None,
    pack: PackFile = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody; work from the pack.")] = False,
    desk_link: Annotated[bool, typer.Option("--desk-link", help="Print a link, with a token in it, that opens the desk page.")] = False,
) -> None:
    """Serve wallets on one port, the relying party's own programs and clerks on another."""
    flags = {"host": host, "port": port, "admin_port": admin_port, "pack": pack, "offline": offline or None}
    acts.serve(acts.settings_of(data_dir, settings_file, flags), desk_link=desk_link)


@program.command()
def request(
    *,
    policy: Annotated[str, typer.Option(help="By which policy: court, hotel, or another of the settings.")],
    same_device: Annotated[bool, typer.Option("--same-device", help="The guest answers on this device and comes back to it.")] = False,
    wait: Annotated[int, typer.Option(min=0, max=3600, help="Wait so many seconds for the answer, and end with its verdict.")] = 0,
    qr: Annotated[Path | None, typer.Option(help="Write the QR code to this SVG file.")] = None,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    language: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Ask somebody for a presentation: prints the link for their wallet. A running verifier on the same data folder takes the answer."""
    settings = acts.settings_of(data_dir, settings_file, {})
    asked = acts.ask_for(settings, policy=policy, flow="same_device" if same_device else "cross_device", qr=qr)
    answer(asked, as_json=as_json)
    if wait:
        typer.echo("waiting for the answer", err=True)
        _end(acts.wait_for(settings, str(asked["id"]), seconds=wait, language=language.value), as_json)


@program.command()
def verify(
    file: Annotated[str, typer.Argument(help="A credential or presentation; - reads standard input.")],
    *,
    policy: Annotated[str, typer.Option(help="By which policy: court, hotel, or a .toml file.")] = "court",
    pack: PackFile = None,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody; work from the pack.")] = False,
    nonce: Annotated[str, typer.Option(help="The nonce that a presentation must be made for.")] = "",
    audience: Annotated[str, typer.Option(help="The client identifier that it must be made for; this verifier's if absent.")] = "",
    trust_list: TrustList = None,
    anchor: Anchor = None,
    pack_signer: PackSigner = None,
    environment: Annotated[Environment | None, typer.Option(help="development allows loopback addresses and http.")] = None,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    language: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Judge what a file holds. Exit status: 0 valid, 3 invalid, 4 expired, revoked or suspended, 5 cannot decide."""
    flags = {
        "trust_list_url": trust_list,
        "trust_list_anchors": anchor or None,
        "pack": pack,
        "offline": True if offline or pack else None,
        "pack_signers": pack_signer or None,
        "environment": environment.value if environment else None,
    }
    place = judging.place_of(data_dir, settings_file, flags)
    _end(judging.verify_content(place, _read(file), policy=policy, nonce=nonce, audience=audience, language=language.value), as_json)


@program.command()
def pack(
    *,
    out: Annotated[Path, typer.Option(help="The pack to write.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 30, help="How long it is good for.")] = 24,
    status_list: Annotated[
        list[str] | None, typer.Option(help="A status list of an issuer that does not publish where its lists lie; give each one.")
    ] = None,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """Put everything that verdicts need into one signed file that expires: trust list, keys, status lists, contexts."""
    settings = acts.settings_of(data_dir, settings_file, {})
    answer(acts.make_pack_file(settings, out, hours=hours, status_lists=tuple(status_list or ())), as_json=as_json)


@program.command()
def explain(
    what: Annotated[str, typer.Argument(help="A code such as status_revoked, or a file that `verify --json` or a session left.")],
    *,
    language: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Say in plain words what a code or a verdict means, and what to do next."""
    told = judging.explain_what(what, language=language.value)
    typer.echo(json.dumps(told.members, ensure_ascii=False) if as_json else told.text)


@casefile_program.command()
def reopen(
    file: Annotated[str, typer.Argument(help="A case file; - reads standard input.")],
    *,
    anchor: Anchor = None,
    language: Lang = Language.EN,
    as_json: Json = False,
) -> None:
    """Make the verdict again from nothing but the file, as of its own moment, and hold it against the one recorded.

    The file says itself whose trust list it rests on; state the anchors that you believe, or look at those that it names.
    """
    _end(judging.reopen_content(_read(file), anchors=anchor or (), language=language.value), as_json)


@journal_program.command("verify")
def verify_journal(data_dir: DataDir = None, settings_file: SettingsFile = None, as_json: Json = False) -> None:
    """Check that every entry of the journal is the one that was written, in its place."""
    answer(acts.verify_journal(acts.settings_of(data_dir, settings_file, {})), as_json=as_json)


@program.command()
def doctor(data_dir: DataDir = None, settings_file: SettingsFile = None, as_json: Json = False) -> None:
    """Look for what is wrong: permissions, clock, journal, policies, trust list or pack, and the public address of a running verifier."""
    found = acts.examine(acts.settings_of(data_dir, settings_file, {}))
    answer(found, as_json=as_json)
    if not acts.all_well(found):
        raise typer.Exit(1)


@program.command()
def token(
    *,
    name: Annotated[str, typer.Option(help="What the token is for.")],
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good for.")] = 90,
    data_dir: DataDir = None,
    settings_file: SettingsFile = None,
    as_json: Json = False,
) -> None:
    """Make a token for a program or a desk; it is shown once."""
    answer(acts.make_token(acts.settings_of(data_dir, settings_file, {}), name=name, days=days), as_json=as_json)


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


def main() -> None:
    """Run a command; a refusal is told in one line and by its exit status."""
    run_program(program)


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{file}: cannot be read ({type(error).__name__})") from None


def _end(told: Told, as_json: bool) -> None:
    typer.echo(json.dumps(told.members, ensure_ascii=False) if as_json else told.text)
    if told.exit_status:
        raise typer.Exit(told.exit_status)
