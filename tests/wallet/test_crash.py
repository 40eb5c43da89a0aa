"""The power goes at every named place; afterwards the wallet opens with all it had acknowledged, and fetches what did not arrive."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from doors.json import JsonObject
from runtime.crash import NEVER
from tests.wallet.conftest import PASSPHRASE, Holder
from tests.wallet.test_commands import Shell, shell
from tests.wallet.town import SD_JWT
from wallet.check import holdings
from wallet.history import history
from wallet.opening import CRASH_POINTS
from wallet.present import UNANSWERED
from wallet.receive import PENDING, resume
from wallet.store import WalletStore, open_wallet, open_with_key

__all__ = ["shell"]

SAVING = tuple(place for place in CRASH_POINTS if place.startswith("wallet.save."))
RECEIVING = tuple(place for place in CRASH_POINTS if place.startswith("wallet.receive."))
PRESENTING = tuple(place for place in CRASH_POINTS if place.startswith("wallet.present."))
in_town = pytest.mark.asyncio(loop_scope="session")


def reopened(store: WalletStore, path: Path) -> WalletStore:
    return open_with_key(path, store.vault_key, random=os.urandom, crash=NEVER)


def test_every_named_place_has_its_story() -> None:
    assert set(CRASH_POINTS) == {*SAVING, *RECEIVING, *PRESENTING}
    assert len(CRASH_POINTS) >= 9


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", SAVING)
def test_a_crash_while_saving_leaves_the_old_state_or_the_new_one(open_store: WalletStore, wallet_path: Path, place: str) -> None:
    open_store.change(put=(("credential", "c1", {"wire": "one"}),))
    arguments = [sys.executable, "-m", "tests.wallet.driver", str(wallet_path), place]
    killed = subprocess.run(arguments, input=open_store.vault_key.hex(), text=True, check=False, timeout=60)
    assert killed.returncode == -signal.SIGKILL
    after = reopened(open_store, wallet_path)
    assert [record.id for record in after.all("credential")] == (["c1", "c2"] if place == "wallet.save.swapped" else ["c1"])
    after.change(put=(("credential", "c3", {"wire": "three"}),))
    again = open_wallet(wallet_path, PASSPHRASE, random=os.urandom, crash=NEVER)
    assert [record.id for record in again.all("credential")] == [*(record.id for record in after.all("credential"))]
    assert again.get("credential", "c3") == {"wire": "three"}


@in_town
@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", RECEIVING)
async def test_a_crash_while_receiving_loses_no_card(shell: Shell, holder: Holder, wallet_path: Path, place: str) -> None:
    held = (await holder.receive(configurations=(SD_JWT,))).kept[0]
    link = (await holder.town.offer(configurations=(SD_JWT,)))["link"]
    killed = await armed(shell, place).run("receive", link)
    assert killed.status == -signal.SIGKILL, killed.err
    after = reopened(holder.store, wallet_path)
    assert holdings(after)[0] == held
    if place == "wallet.receive.kept":
        assert (len(holdings(after)), after.all(PENDING)) == (2, ())
        return
    (pending,) = after.all(PENDING)
    (fetched,) = (await resume(after, reach=holder.reach)).kept
    assert fetched.private_jwk == pending.value["key"]
    assert len(holdings(reopened(after, wallet_path))) == 2
    assert reopened(after, wallet_path).all(PENDING) == ()


@in_town
@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", PRESENTING)
async def test_a_crash_while_showing_is_on_the_log_and_answers_once_at_most(
    shell: Shell, holder: Holder, wallet_path: Path, place: str
) -> None:
    await holder.receive(configurations=(SD_JWT,))
    session = await holder.town.question()
    link = holder.town.link_to(session)
    killed = await armed(shell, place).run("present", link, "--yes", "--portrait")
    assert killed.status == -signal.SIGKILL, killed.err
    after = reopened(holder.store, wallet_path)
    entry = history(after)[0]
    assert (entry.act, entry.outcome, "full_name" in entry.attributes) == ("presented", UNANSWERED, True)
    told = await holder.town.desk.store.session(session.id)
    assert (told.status == "answered") is (place == "wallet.present.sent")
    again = await shell.run("present", link, "--yes", "--portrait")
    assert again.status == 3
    assert again.err.startswith("request_expired"), again.err


def armed(shell: Shell, place: str) -> Shell:
    environment: JsonObject = {**shell.environment, "TIGERTALLY_CRASH_AT": place}
    return Shell(shell.folder, environment)
