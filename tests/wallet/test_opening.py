"""Opening, keeping open and locking: tries that wait, sessions that end, passphrases that are long enough."""

import asyncio
import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doors.refusals import InputMalformed, LockedOut, NotFound, SettingsInvalid, StorePermissions, UnlockFailed, WalletLocked
from runtime.crash import NEVER
from tests.wallet.conftest import PASSPHRASE
from wallet import opening, tries
from wallet.settings import WalletSettings, believe, settings_from, trust_of
from wallet.sitting import QUIET, Outcome, Sitting
from wallet.store import WalletStore
from wallet.tries import FREE_TRIES

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(wallet_path: Path, open_store: WalletStore, tmp_path: Path) -> WalletSettings:
    (tmp_path / "run").mkdir(mode=0o700)
    return WalletSettings(path=wallet_path, runtime_folder=tmp_path / "run")


def test_a_wait_doubles_with_each_further_wrong_try(wallet_path: Path) -> None:
    wallet_path.parent.mkdir(exist_ok=True)
    waits = []
    for failed in range(1, 12):
        tries.count_failure(wallet_path, now=NOW)
        waits.append(tries.Tries(failed, NOW).wait().total_seconds())
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64]
    with pytest.raises(LockedOut, match=r"64 seconds|65 seconds"):
        tries.refuse_early(wallet_path, now=NOW)
    tries.refuse_early(wallet_path, now=NOW + timedelta(seconds=64))
    tries.forget(wallet_path)
    tries.refuse_early(wallet_path, now=NOW)


def test_the_longest_wait_is_an_hour() -> None:
    assert tries.Tries(1_000, NOW).wait() == timedelta(hours=1)


def test_a_damaged_count_stops_nobody_with_the_right_passphrase(settings: WalletSettings) -> None:
    settings.path.with_name("wallet.tries").write_text("{]")
    assert opening.unlock(settings, PASSPHRASE, crash=NEVER, now=NOW).wallet_id


def test_a_right_passphrase_clears_the_count(settings: WalletSettings) -> None:
    with pytest.raises(UnlockFailed):
        opening.unlock(settings, "wrong wrong wrong", crash=NEVER, now=NOW)
    assert settings.path.with_name("wallet.tries").exists()
    opening.unlock(settings, PASSPHRASE, crash=NEVER, now=NOW)
    assert not settings.path.with_name("wallet.tries").exists()


def test_a_session_keeps_the_wallet_open_for_its_minutes(settings: WalletSettings, open_store: WalletStore) -> None:
    settings.session.keep(open_store.vault_key, until=NOW + timedelta(minutes=5))
    (kept,) = settings.runtime_folder.iterdir()  # type: ignore[union-attr]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert opening.unlocked(settings, crash=NEVER, now=NOW) is not None
    assert opening.unlocked(settings, crash=NEVER, now=NOW + timedelta(minutes=5)) is None
    assert not kept.exists()


def test_wallets_in_places_alike_have_each_a_session_of_their_own(
    settings: WalletSettings, open_store: WalletStore, tmp_path: Path
) -> None:
    alike = "/a folder whose name is as long as is needed to fill the end of the path/wallet"
    first, second = (replace(settings, path=Path(f"/{who}{alike}")).session for who in ("one", "two"))
    first.keep(open_store.vault_key, until=NOW + timedelta(minutes=5))
    assert (first.key(now=NOW), second.key(now=NOW)) == (open_store.vault_key, None)


def test_locking_ends_the_session_at_once(settings: WalletSettings, open_store: WalletStore) -> None:
    settings.session.keep(open_store.vault_key, until=NOW + timedelta(minutes=5))
    settings.session.lock()
    assert opening.unlocked(settings, crash=NEVER, now=NOW) is None


def test_without_a_run_time_folder_nothing_is_kept_open(settings: WalletSettings, open_store: WalletStore) -> None:
    homeless = WalletSettings(path=settings.path)
    with pytest.raises(StorePermissions):
        homeless.session.keep(open_store.vault_key, until=NOW)
    assert opening.unlocked(homeless, crash=NEVER, now=NOW) is None


def test_a_new_wallet_wants_a_passphrase_of_ten_characters(tmp_path: Path) -> None:
    with pytest.raises(InputMalformed):
        opening.make(WalletSettings(path=tmp_path / "new"), "short", crash=NEVER)
    assert not (tmp_path / "new").exists()


def test_flags_come_before_the_environment_and_that_before_the_users_folder(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path)}
    assert settings_from(home, wallet=None, development=False, ca_file=None).path == tmp_path / ".local/share/tigertally/wallet"
    named = {**home, "WALLET_FILE": "/elsewhere", "WALLET_ENVIRONMENT": "development"}
    told = settings_from(named, wallet=None, development=False, ca_file=None)
    assert (told.path, told.development) == (Path("/elsewhere"), True)
    assert settings_from(named, wallet=Path("/here"), development=False, ca_file=None).path == Path("/here")
    with pytest.raises(SettingsInvalid):
        settings_from({"WALLET_ENVIRONMENT": "lax"}, wallet=None, development=False, ca_file=None)


def test_a_wallet_believes_nobody_until_it_is_told_whom(open_store: WalletStore) -> None:
    assert trust_of(open_store).issuers == frozenset()
    believe(open_store, 'types = ["T"]\nissuers = ["*"]\n')
    assert trust_of(open_store).issuers == {"*"}
    with pytest.raises(SettingsInvalid):
        believe(open_store, "types = 7")
    assert trust_of(open_store).issuers == {"*"}


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sitting(settings: WalletSettings, clock: Clock) -> Sitting:
    return Sitting(settings, clock, NEVER)


async def test_a_sitting_is_known_by_its_cookie_alone(sitting: Sitting) -> None:
    cookie = await sitting.unlock(PASSPHRASE)
    assert sitting.store(cookie).wallet_id
    for other in ("", cookie[:-1], "café"):
        with pytest.raises(WalletLocked):
            sitting.store(other)


async def test_a_new_sitting_ends_the_one_before(sitting: Sitting) -> None:
    before = await sitting.unlock(PASSPHRASE)
    after = await sitting.unlock(PASSPHRASE)
    assert before != after
    with pytest.raises(WalletLocked):
        sitting.store(before)


async def test_wrong_passphrases_at_the_same_time_are_counted_one_by_one(sitting: Sitting, clock: Clock) -> None:
    outcomes = await asyncio.gather(*(sitting.unlock(f"wrong number {each}") for each in range(12)), return_exceptions=True)
    assert Counter(type(outcome) for outcome in outcomes) == {UnlockFailed: FREE_TRIES, LockedOut: 12 - FREE_TRIES}
    clock.now += timedelta(seconds=2)
    assert await sitting.unlock(PASSPHRASE)


async def test_a_sitting_ends_after_five_quiet_minutes(sitting: Sitting, clock: Clock) -> None:
    cookie = await sitting.unlock(PASSPHRASE)
    for _ in range(3):
        clock.now += QUIET
        sitting.store(cookie)
    clock.now += QUIET + timedelta(seconds=1)
    with pytest.raises(WalletLocked):
        sitting.store(cookie)
    with pytest.raises(WalletLocked):
        sitting.store(cookie)


async def test_locking_on_the_command_line_closes_the_page(sitting: Sitting, settings: WalletSettings) -> None:
    cookie = await sitting.unlock(PASSPHRASE)
    settings.session.lock()
    stamp = NOW.timestamp() + 1
    os.utime(settings.path.with_name("wallet.locked"), (stamp, stamp))
    with pytest.raises(WalletLocked):
        sitting.store(cookie)


async def test_what_a_page_kept_is_found_once_and_gone_when_it_locks(sitting: Sitting) -> None:
    await sitting.unlock(PASSPHRASE)
    name = sitting.keep(Outcome("x.html", 200, {}))
    assert sitting.take(name, Outcome).template == "x.html"
    with pytest.raises(NotFound):
        sitting.find(name, Outcome)
    again = sitting.keep(Outcome("x.html", 200, {}))
    sitting.lock()
    with pytest.raises(NotFound):
        sitting.find(again, Outcome)


async def test_a_page_keeps_only_so_much(sitting: Sitting) -> None:
    first = sitting.keep(Outcome("x.html", 200, {}))
    for _ in range(64):
        sitting.keep(Outcome("y.html", 200, {}))
    with pytest.raises(NotFound):
        sitting.find(first, Outcome)
