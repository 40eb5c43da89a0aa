"""How every command ends: data on standard output, talk on standard error, a refusal in its own words and by its exit status."""

import json
import os
import sys
from collections.abc import Mapping, Sequence

import typer

from doors.refusals import Refused
from doors.words import sentences
from runtime.words import negotiate, safe_line

Answer = Mapping[str, object]


def run_program(program: typer.Typer) -> None:
    """Run the command that was asked for.

    A refusal is told in two lines (code and detail, then what to do next, in the user's language) and ends with its exit status:
    3 invalid, 4 expired, revoked or suspended, 5 cannot decide, 6 not authorised or locked, 7 network, 2 usage, 1 unexpected.
    """
    try:
        program()
    except Refused as refusal:
        typer.echo(safe_line(str(refusal)), err=True)
        typer.echo(next_step(refusal), err=True)
        sys.exit(refusal.exit_status)


def next_step(refusal: Refused) -> str:
    """What the person can do about it, in the language of ``LC_ALL``, ``LC_MESSAGES`` or ``LANG``."""
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    words = sentences(negotiate(("en", "zh-CN"), asked=locale.partition(".")[0].replace("_", "-")))
    return words[refusal.code].next if refusal.code in words else ""


def answer(value: Answer | Sequence[Answer], *, as_json: bool) -> None:
    """Data on standard output: one JSON document, or a line for each member; for several rows, a line for each row."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
        return
    if isinstance(value, Mapping):
        for name, member in value.items():
            typer.echo(f"{name}: {_plain(member)}")
        return
    for row in value:
        typer.echo("  ".join(f"{name}: {_plain(member)}" for name, member in row.items()))


def _plain(value: object) -> str:
    return safe_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
