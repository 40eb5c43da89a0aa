"""The wallet knows neither of its neighbours, and its words are there in both languages."""

import json
import subprocess
import sys
from importlib.resources import files

import typer

from wallet.commands import program
from wallet.opening import CRASH_POINTS

LOADED = "import sys, wallet.__main__, wallet.acts, wallet.app; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def test_the_wallet_loads_neither_issuer_nor_verifier() -> None:
    told = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True, timeout=60)
    loaded = set(told.stdout.split())
    assert "wallet" in loaded
    assert not loaded & {"issuer", "verifier", "examples", "tests"}


def test_every_sentence_is_there_in_both_languages() -> None:
    english, chinese = (json.loads(files("wallet").joinpath(f"words/{name}.json").read_text("utf-8")) for name in ("en", "zh-CN"))
    assert list(english) == list(chinese)
    assert all(english.values())
    assert all(chinese.values())


def test_every_crash_point_is_named_once() -> None:
    assert len(set(CRASH_POINTS)) == len(CRASH_POINTS)


def test_no_flag_takes_a_secret() -> None:
    commands = typer.main.get_command(program).commands  # type: ignore[attr-defined]
    options = {option for command in commands.values() for parameter in command.params for option in parameter.opts}
    assert {"--passphrase-file", "--backup-passphrase-file"} <= options
    assert not {option for option in options if "passphrase" in option and not option.endswith("-file")}
    assert not {option for option in options if "key" in option or "secret" in option}
