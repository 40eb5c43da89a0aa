"""The commands around did:webvh: ``didresolver webvh create|update|deactivate|approve|verify FILE``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.command_line import answer
from runtime.lazy import lazy

if TYPE_CHECKING:
    from didresolver import webvh_acts
    from runtime import clock
else:
    webvh_acts, clock = lazy("didresolver.webvh_acts"), lazy("runtime.clock")

program = typer.Typer(no_args_is_help=True, help="Make, change, give up and check the history of a did:webvh (a file did.jsonl).")

File = Annotated[Path, typer.Argument(help="The history, as it is published: did.jsonl.")]
Key = Annotated[Path, typer.Option(help="The private JWK (Ed25519) that may change the DID; create makes it where it is absent.")]
Document = Annotated[Path | None, typer.Option(help="The DID document as JSON; {SCID} stands for the SCID when creating.")]
NextKey = Annotated[Path | None, typer.Option(help="The private JWK that alone may make the next change; made where it is absent.")]
Ttl = Annotated[int | None, typer.Option(help="Seconds for which resolvers may keep the document (3600).", min=0, max=2**31)]
Witness = Annotated[list[str] | None, typer.Option(help="A did:key (Ed25519) that must approve changes; may be repeated.")]
Threshold = Annotated[int | None, typer.Option(help="How many of the witnesses are enough (all).", min=1)]
Watcher = Annotated[list[str] | None, typer.Option(help="The address of somebody who watches the DID; may be repeated.")]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]


@program.command()
def create(
    file: File,
    place: Annotated[str, typer.Option(help="Domain and path as in the DID: issuer.example, issuer.example%3A8443:dids:office.")],
    key: Key,
    *,
    document: Document = None,
    next_key: NextKey = None,
    portable: Annotated[bool, typer.Option("--portable", help="The DID may move to another domain later.")] = False,
    ttl: Ttl = None,
    witness: Witness = None,
    threshold: Threshold = None,
    watcher: Watcher = None,
    as_json: AsJson = False,
) -> None:
    """Begin the history of a new DID, and print the DID."""
    moving = {"portable": True} if portable else {}
    wishes = webvh_acts.Wishes(document, next_key, parameters={**moving, **_parameters(ttl, witness, threshold, watcher)})
    answer(webvh_acts.create(file, place, key, wishes, now=clock.utc_now()), as_json=as_json)


@program.command()
def update(
    file: File,
    key: Key,
    *,
    document: Document = None,
    rotate_to: Annotated[Path | None, typer.Option(help="The private JWK that changes the DID from then on; made where absent.")] = None,
    next_key: NextKey = None,
    ttl: Ttl = None,
    witness: Witness = None,
    threshold: Threshold = None,
    no_witnesses: Annotated[bool, typer.Option("--no-witnesses", help="From then on nobody need approve.")] = False,
    watcher: Watcher = None,
    as_json: AsJson = False,
) -> None:
    """Add a change: another document, other keys, other rules. What is not given stays."""
    ended: dict[str, object] = {"witness": {}} if no_witnesses else {}
    wishes = webvh_acts.Wishes(document, next_key, rotate_to, {**_parameters(ttl, witness, threshold, watcher), **ended})
    answer(webvh_acts.update(file, key, wishes, now=clock.utc_now()), as_json=as_json)


@program.command()
def deactivate(file: File, key: Key, *, as_json: AsJson = False) -> None:
    """Give the DID up; nothing can follow."""
    answer(webvh_acts.deactivate(file, key, now=clock.utc_now()), as_json=as_json)


@program.command()
def approve(
    file: File,
    key: Annotated[Path, typer.Option(help="The witness's private JWK (Ed25519); made where it is absent.")],
    witness_file: Annotated[Path, typer.Option(help="The proofs of all witnesses, to be published first: did-witness.json.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Sign, as a witness, that the newest version was seen and approved."""
    answer(webvh_acts.approve(file, key, witness_file, now=clock.utc_now()), as_json=as_json)


@program.command()
def verify(
    file: File,
    *,
    witness_file: Annotated[Path | None, typer.Option(help="The witnesses' proofs: did-witness.json.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check a history as a resolver does, and print its versions."""
    answer(webvh_acts.verify(file, witness_file, now=clock.utc_now()), as_json=as_json)


def _parameters(ttl: int | None, witness: list[str] | None, threshold: int | None, watcher: list[str] | None) -> dict[str, object]:
    rule = {"threshold": threshold or len(witness), "witnesses": [{"id": name} for name in witness]} if witness else None
    stated = {"ttl": ttl, "witness": rule, "watchers": watcher}
    return {name: value for name, value in stated.items() if value is not None}
