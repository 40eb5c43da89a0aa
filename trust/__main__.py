"""Make and publish a trust list: ``python -m trust init|add-issuer|add-relying-party|end|sign|serve|show``."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from credentials.keys import PublicKey, public_key_from_multikey
from doors.json import JsonObject
from doors.refusals import SettingsInvalid
from runtime.clock import rfc3339, utc_now
from runtime.command_line import run_program
from runtime.lazy import lazy
from trust.draft import DraftFolder, with_issuer_ended, with_issuer_granted, with_relying_party_ended, with_relying_party_granted
from trust.entries import Bilingual, Granted, IssuerEntry, RelyingPartyEntry, host_of
from trust.instants import read_instant
from trust.relying_party import DID_PREFIX
from trust.trust_list import TrustList, read_trust_list

if TYPE_CHECKING:
    from trust import publish
else:
    publish = lazy("trust.publish")  # a web server, which no other command needs

app = typer.Typer(add_completion=True, no_args_is_help=True, pretty_exceptions_enable=False, help="Make and publish a trust list.")
Folder = Annotated[Path, typer.Argument(help="The folder of the trust list.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")]
NameEn = Annotated[str, typer.Option("--name-en", help="The name in English.")]
NameZh = Annotated[str, typer.Option("--name-zh", help="The name in Chinese.")]
Since = Annotated[str, typer.Option("--from", help="When the grant begins, RFC 3339; now if absent.")]


@app.command()
def init(folder: Folder, algorithm: Annotated[str, typer.Option(help="EdDSA or ES256.")] = "EdDSA", as_json: Json = False) -> None:
    """Make the folder: a signing key and an empty list. Prints the anchor that policies name."""
    anchor = DraftFolder(folder).init(algorithm)
    _say({"anchor": anchor}, f"anchor: {anchor}", as_json)


@app.command("add-issuer")
def add_issuer(
    folder: Folder,
    *,
    identifier: Annotated[list[str], typer.Option(help="A DID or https address of the issuer; give each one.")],
    kind: Annotated[list[str], typer.Option("--type", help="A credential type it may issue; give each one.")],
    name_en: NameEn,
    name_zh: NameZh,
    host: Annotated[list[str] | None, typer.Option(help="A further host that serves its status lists.")] = None,
    since: Since = "",
) -> None:
    """Add an issuer to the draft, or grant it again; earlier grants stay as history."""
    entry = IssuerEntry(
        tuple(identifier), Bilingual(name_en, name_zh), frozenset(kind), (Granted(_moment(since)),), hosts=tuple(host or ())
    )
    draft = DraftFolder(folder)
    draft.write(with_issuer_granted(draft.read(), entry))


@app.command("add-relying-party")
def add_relying_party(
    folder: Folder,
    *,
    client_id: Annotated[str, typer.Option(help="Its client_id, such as decentralized_identifier:did:web:desk.example.")],
    attribute: Annotated[list[str], typer.Option(help="TYPE#NAME, an attribute it may ask for; give each one.")],
    name_en: NameEn,
    name_zh: NameZh,
    purpose_en: Annotated[str, typer.Option(help="Why it asks, in English.")],
    purpose_zh: Annotated[str, typer.Option(help="Why it asks, in Chinese.")],
    host: Annotated[list[str] | None, typer.Option(help="A host its answers may go to; that of its did:web if absent.")] = None,
    privacy_url: Annotated[str, typer.Option(help="Its privacy notice.")] = "",
    since: Since = "",
) -> None:
    """Register a relying party in the draft: who it is, what it may ask for, and why."""
    hosts = tuple(host or [host_of(client_id.removeprefix(DID_PREFIX))])
    entry = RelyingPartyEntry(
        client_id,
        Bilingual(name_en, name_zh),
        hosts,
        _attributes(attribute),
        Bilingual(purpose_en, purpose_zh),
        (Granted(_moment(since)),),
        privacy_url,
    )
    draft = DraftFolder(folder)
    draft.write(with_relying_party_granted(draft.read(), entry))


@app.command()
def end(
    folder: Folder,
    identifier: Annotated[str, typer.Argument(help="An identifier of the issuer, or the client_id of the relying party.")],
    until: Annotated[str, typer.Option(help="When the grant ends, RFC 3339; now if absent.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """End a grant in the draft. What was granted before stays on the list as history."""
    if not yes:
        typer.confirm(f"End the grant of {identifier}?", abort=True, err=True)
    draft = DraftFolder(folder)
    trust_list = draft.read()
    ended = with_relying_party_ended if trust_list.relying_party(identifier) else with_issuer_ended
    draft.write(ended(trust_list, identifier, until=_moment(until)))


@app.command()
def sign(
    folder: Folder, days: Annotated[int, typer.Option(min=1, max=366, help="How long the edition is good.")] = 7, as_json: Json = False
) -> None:
    """Sign the draft as the next edition, into trust-list.jwt."""
    draft = DraftFolder(folder)
    edition = draft.sign(now=utc_now(), lasting=timedelta(days=days))
    until = rfc3339(edition.expires_at)
    _say(
        {"sequence": edition.sequence, "expires_at": until, "file": str(draft.published)},
        f"{draft.published}: edition {edition.sequence}, good until {until}",
        as_json,
    )


@app.command()
def serve(
    folder: Folder,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8601,
    public_url: Annotated[str, typer.Option(help="The address under which everybody reaches it, where that is another one.")] = "",
) -> None:
    """Publish the last signed edition at /trust-list.jwt, until stopped. Any web server that serves the file does as well."""
    asyncio.run(publish.publish(DraftFolder(folder), host=host, port=port, public_url=public_url, clock=utc_now))


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="A signed trust list.")],
    anchor: Annotated[list[str], typer.Option(help="The did:key of the signer; give each one that is accepted.")],
    as_json: Json = False,
) -> None:
    """Check a signed trust list against its anchor and show what it says."""
    anchors = tuple(_anchor(text) for text in anchor)
    try:
        content = file.read_bytes()
    except OSError:
        raise SettingsInvalid(f"{file}: cannot be read") from None
    trust_list = read_trust_list(content.strip(), anchors)
    _say(trust_list.to_json(), _in_words(trust_list), as_json)


def _anchor(text: str) -> PublicKey:
    return public_key_from_multikey(text.removeprefix("did:key:"))


def _moment(text: str) -> datetime:
    return read_instant(text, pointer="") if text else utc_now()


def _attributes(pairs: list[str]) -> dict[str, frozenset[str]]:
    grouped: dict[str, frozenset[str]] = {}
    for pair in pairs:
        kind, mark, name = pair.rpartition("#")
        if not mark or not kind or not name:
            raise SettingsInvalid("attribute: expected TYPE#NAME, such as IdCardCredential#full_name")
        grouped[kind] = grouped.get(kind, frozenset()) | {name}
    return grouped


def _in_words(trust_list: TrustList) -> str:
    issuers = [f"  issuer {entry.name.en} / {entry.name.zh}: {', '.join(entry.identifiers)}" for entry in trust_list.issuers]
    parties = [f"  relying party {entry.name.en} / {entry.name.zh}: {entry.client_id}" for entry in trust_list.relying_parties]
    head = f"edition {trust_list.sequence}, {rfc3339(trust_list.issued_at)} to {rfc3339(trust_list.expires_at)}"
    return "\n".join([head, *issuers, *parties])


def _say(answer: JsonObject, text: str, as_json: bool) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False) if as_json else text)


def main() -> None:
    run_program(app)


if __name__ == "__main__":
    main()
