"""The wallet's commands, as programs of their own: exit codes, one JSON document, and no secret in any argument."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.wallet.conftest import PASSPHRASE, Holder
from tests.wallet.town import LDP, SD_JWT, Town
from wallet.store import WalletStore

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Told:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """A terminal in front of one wallet."""

    folder: Path
    environment: dict[str, str]

    async def run(self, *arguments: str, passphrase: bool = True) -> Told:
        given = ("--passphrase-file", str(self.folder / "passphrase")) if passphrase else ()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "wallet", *arguments, *given),
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Told(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
def shell(wallet_path: Path, tmp_path: Path) -> Shell:
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "run").mkdir(mode=0o700)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WALLET_")},
        "WALLET_FILE": str(wallet_path),
        "WALLET_ENVIRONMENT": "development",
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }
    return Shell(tmp_path, environment)


async def test_from_a_new_wallet_to_a_card_shown(shell: Shell, town: Town) -> None:
    town.publish()
    policy = shell.folder / "trust.toml"
    policy.write_text(town.trust_policy)
    made = await shell.run("init", "--trust", str(policy), "--json")
    assert (made.status, made.json["believes"]) == (0, str(policy))
    assert (await shell.run("unlock", "--json")).status == 0
    received = await shell.run("receive", (await town.offer(configurations=(SD_JWT,)))["link"], "--json", passphrase=False)
    assert (received.status, received.json["deleted"]) == (0, [])
    (card,) = received.json["received"]
    session = await town.question()
    shown = await shell.run("present", town.link_to(session), "--yes", "--refuse", "portrait", "--json", passphrase=False)
    assert (shown.status, set(shown.json["presented"])) == (0, {"full_name", "citizen_number", "age_over_18"})
    assert "Tiger Hotel / 虎符酒店" in shown.err
    assert (await town.desk.store.session(session.id)).status == "answered"
    log = await shell.run("log", "--json", passphrase=False)
    assert [entry["act"] for entry in log.json] == ["presented", "received"]
    masked = await shell.run("show", card["id"], "--json", passphrase=False)
    assert "***********" in masked.json["claims"]["citizen_number"]
    assert (await shell.run("lock", "--json", passphrase=False)).json == {"locked": True}
    assert (await shell.run("list", passphrase=False)).status == 2


async def test_a_wrong_passphrase_exits_as_locked_and_is_not_repeated(shell: Shell, open_store: WalletStore) -> None:
    (shell.folder / "passphrase").write_text("not the passphrase")
    told = await shell.run("list")
    assert told.status == 6
    assert told.err.startswith("unlock_failed: ")
    assert "not the passphrase" not in told.out + told.err


async def test_a_strangers_offer_exits_as_refused(shell: Shell, open_store: WalletStore, town: Town) -> None:
    told = await shell.run("receive", (await town.offer(configurations=(LDP,)))["link"], "--json")
    assert (told.status, told.out) == (3, "")
    assert told.err.startswith("issuer_untrusted: ")


async def test_nothing_is_shown_without_the_holders_yes_and_the_portrait_needs_its_own(shell: Shell, holder: Holder) -> None:
    await holder.receive(configurations=(LDP,))
    silent = await shell.run("present", await holder.town.link("court"))
    assert (silent.status, "approval_required: consent" in silent.err) == (6, True)
    short = await shell.run("present", await holder.town.link("court"), "--yes")
    assert (short.status, "approval_required: portrait" in short.err) == (6, True)
    shown = await shell.run("present", await holder.town.link("court"), "--yes", "--portrait", "--json")
    assert (shown.status, "portrait" in shown.json["presented"]) == (0, True)


async def test_what_a_stranger_wrote_does_not_steer_the_terminal(shell: Shell, open_store: WalletStore) -> None:
    named = quote("decentralized_identifier:did:web:x\x1b[2J\n\u202eall is well")
    refused = await shell.run("present", f"openid4vp://?client_id={named}&request_uri=https%3A%2F%2F127.0.0.1%2Fr")
    told = await shell.run("log")
    assert "all is well" in told.out
    assert len(told.out.splitlines()) == 1
    assert not set("\x1b\u202e") & set(told.out + told.err + refused.out + refused.err)


async def test_a_backup_goes_out_and_comes_back(shell: Shell, open_store: WalletStore) -> None:
    open_store.change(put=(("log", "log_1", {"act": "received"}),))
    own = shell.folder / "own"
    own.write_text("a passphrase of its own")
    given = ("--backup-passphrase-file", str(own), "--json")
    target = shell.folder / "backup"
    assert (await shell.run("export", str(target), *given)).json["backup"] == str(target)
    assert target.stat().st_mode & 0o777 == 0o600
    open_store.change(remove=("log_1",))
    assert (await shell.run("import", str(target), *given)).json == {"imported": 1}


async def test_without_a_wallet_the_first_line_says_what_to_do(shell: Shell) -> None:
    told = await shell.run("lock", passphrase=False)
    assert told.status != 0
    assert told.err.startswith("not_found: wallet: there is none at")


async def test_a_usage_mistake_exits_with_two(shell: Shell) -> None:
    assert (await shell.run("recieve", "x", passphrase=False)).status == 2
