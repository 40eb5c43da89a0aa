"""The page for operators says what the programs say: every setting with its default, and every command as it is spelt."""

import importlib
import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup

from didresolver.settings import ResolverSettings
from issuer.settings import IssuerSettings
from runtime.settings import Settings
from verifier.settings import VerifierSettings

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "operating.md").read_text("utf-8")
SECTIONS = {"All services": Settings, "Issuer": IssuerSettings, "Verifier": VerifierSettings, "Resolver": ResolverSettings}
PROGRAMS = {
    "issuer": ("issuer.commands", "program"),
    "verifier": ("verifier.commands", "program"),
    "wallet": ("wallet.commands", "program"),
    "didresolver": ("didresolver.commands", "program"),
    "python -m trust": ("trust.__main__", "app"),
}
OF_EACH_SERVICE = {"port", "admin_port"}


def written(section: str) -> dict[str, str]:
    """The keys and defaults in the table of one section."""
    table = re.search(rf"^### {section}\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert table, section
    return dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", table[1], re.MULTILINE))


def spelt(default: object) -> str:
    if default is PydanticUndefined:
        return "required"
    if default is None:
        return "none"
    value = list(default) if isinstance(default, tuple) else str(default) if isinstance(default, Path) else default
    return f"`{json.dumps(value)}`"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_setting_is_listed_with_its_default(section: str) -> None:
    kind = SECTIONS[section]
    everywhere = {name: spelt(field.default) for name, field in Settings.model_fields.items()}
    own = {name: spelt(field.default) for name, field in kind.model_fields.items()}
    expected = (
        {name: default for name, default in own.items() if everywhere.get(name) != default}
        if kind is not Settings
        else {name: default for name, default in own.items() if name not in OF_EACH_SERVICE}
    )
    assert written(section) == expected


def commands() -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith(tuple(PROGRAMS))]


@pytest.mark.parametrize("line", commands())
def test_every_command_is_one(line: str) -> None:
    """The words are parsed by the program itself, and nothing is run."""
    name = next(name for name in PROGRAMS if line.startswith(f"{name} "))
    module, program = PROGRAMS[name]
    command = typer.main.get_command(getattr(importlib.import_module(module), program))
    words = shlex.split(line.removeprefix(name))
    while isinstance(command, TyperGroup):
        command = command.commands[words.pop(0)]
    assert command.make_context(line, words).command is command


def test_there_are_commands_for_each_program() -> None:
    assert {name for name in PROGRAMS for line in commands() if line.startswith(f"{name} ")} == set(PROGRAMS)


def test_every_exit_status_is_listed() -> None:
    assert re.findall(r"^\| (\d) \| ", PAGE, re.MULTILINE) == [str(status) for status in range(8)]
