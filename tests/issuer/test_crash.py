"""The power goes at every named place; afterwards nothing is lost, nothing is doubled, and everything is on record."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from credentials.formats import FORMATS
from credentials.keys import generate_key
from credentials.status import read_bitstring
from issuer import crash_points as at
from issuer.app import DATABASE
from issuer.crash_points import CRASH_POINTS
from openid4vc.embedding import to_wire
from runtime.journal import verify_journal
from tests.issuer import driver
from tests.issuer.outside import FORKS, Lost, Running, Site, environment_of, started

HELD_BY_DRIVER = (at.ENROL_BEFORE_RECORD, at.ENROL_IN_TRANSACTION, at.ENROL_AFTER_RECORD, at.SWEEP_IN_TRANSACTION)
OFFERING = (at.OFFER_IN_TRANSACTION, at.OFFER_AFTER_RECORD)
REDEEMING = (at.TOKEN_IN_TRANSACTION, at.TOKEN_AFTER_SPEND)
NOT_COMMITTED = (at.CREDENTIAL_BEFORE_RECORD, at.CREDENTIAL_AFTER_NONCE, at.CREDENTIAL_AFTER_INDEX, at.CREDENTIAL_AFTER_JOURNAL)
COMMITTED = (at.CREDENTIAL_AFTER_RECORD, at.CREDENTIAL_AFTER_SIGN, at.CREDENTIAL_AFTER_KEEP)
CHANGING = (at.STATUS_IN_TRANSACTION, at.STATUS_AFTER_RECORD)
RESTART_SECONDS = 5.0


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    made = Site(tmp_path)
    await made.set_up()
    yield made
    check_invariants(made)


def check_invariants(site: Site) -> None:
    """I2, I3 and I6 of whatever the office left behind; I1, I4 and I5 are in each story."""
    with sqlite3.connect(site.folder / DATABASE) as connection:
        places = connection.execute("SELECT list_number, list_index FROM credential").fetchall()
        assert len(set(places)) == len(places)
        assert connection.execute("SELECT next FROM status_counter").fetchone()[0] == len(places)
        per_offer = "SELECT count(*) FROM credential GROUP BY offer_id, configuration"
        assert all(count == 1 for (count,) in connection.execute(per_offer))
        assert all(count == 1 for (count,) in connection.execute("SELECT count(*) FROM access GROUP BY offer_id"))
        verify_journal(connection, key=site.office.journal_key)
        recorded = connection.execute("SELECT count(*) FROM journal WHERE act = 'credential.record'").fetchone()[0]
        assert recorded == len(places)


async def whole_way(running: Running) -> tuple[str, dict]:
    """From a new offer to the card; the access token and the card."""
    status, answer = await running.redeem(await running.code())
    assert status == 200, answer
    access = answer["access_token"]
    status, answer = await running.credential(access, await running.proof(generate_key("EdDSA")))
    assert status == 200, answer
    return access, answer["credentials"][0]["credential"]


async def on_record(running: Running, card: dict) -> dict:
    """I1: what is outside has its record, and the record its place."""
    status, record = await running.admin("GET", f"/v1/credentials/{card['id']}")
    assert status == 200
    assert record["state"] == "secured"
    assert {entry["statusListIndex"] for entry in card["credentialStatus"]} == {str(record["status_index"])}
    wire = to_wire(card, format_name="ldp_vc")
    FORMATS["ldp_vc"].verify(FORMATS["ldp_vc"].parse(wire), running.site.office.keys.credential_ed25519.public)
    return record


def test_every_named_place_has_its_story() -> None:
    assert len(CRASH_POINTS) >= 10
    told = {*HELD_BY_DRIVER, *OFFERING, *REDEEMING, *NOT_COMMITTED, *COMMITTED, *CHANGING}
    assert told == set(CRASH_POINTS)


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", OFFERING)
async def test_a_crash_while_offering_leaves_the_person_ready_for_another_offer(site: Site, place: str) -> None:
    async with started(site, crash_at=place) as running:
        with pytest.raises(Lost):
            await running.code()
        assert await running.fate() == -signal.SIGKILL
    async with started(site) as running:
        await on_record(running, (await whole_way(running))[1])


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", REDEEMING)
async def test_a_crash_while_redeeming_spends_the_code_once_or_not_at_all(site: Site, place: str) -> None:
    async with started(site, crash_at=place) as running:
        code = await running.code()
        with pytest.raises(Lost):
            await running.redeem(code)
        assert await running.fate() == -signal.SIGKILL
    async with started(site) as running:
        status, answer = await running.redeem(code)
        assert (status, answer.get("error")) == ((200, None) if place == at.TOKEN_IN_TRANSACTION else (400, "invalid_grant"))
        assert (await running.redeem(code))[0] == 400
        await on_record(running, (await whole_way(running))[1])


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", NOT_COMMITTED)
async def test_a_crash_before_the_record_has_spent_nothing(site: Site, place: str) -> None:
    key = generate_key("EdDSA")
    async with started(site, crash_at=place) as running:
        access = (await running.redeem(await running.code()))[1]["access_token"]
        proof = await running.proof(key)
        with pytest.raises(Lost):
            await running.credential(access, proof)
        assert await running.fate() == -signal.SIGKILL
    async with started(site) as running:
        status, answer = await running.credential(access, proof)
        assert status == 200, answer
        await on_record(running, answer["credentials"][0]["credential"])
        assert (await running.credential(access, proof))[1]["error"] == "invalid_nonce"


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", COMMITTED)
async def test_a_crash_after_the_record_lets_the_same_key_and_no_other_fetch_it_again(site: Site, place: str) -> None:
    key = generate_key("EdDSA")
    async with started(site, crash_at=place) as running:
        access = (await running.redeem(await running.code()))[1]["access_token"]
        proof = await running.proof(key)
        with pytest.raises(Lost):
            await running.credential(access, proof)
        assert await running.fate() == -signal.SIGKILL
    async with started(site) as running:
        assert (await running.credential(access, proof))[1]["error"] == "invalid_nonce"
        assert (await running.credential(access, await running.proof(generate_key("EdDSA"))))[0] == 403
        first = await running.credential(access, await running.proof(key))
        assert first[0] == 200, first
        assert await running.credential(access, await running.proof(key)) == first
        await on_record(running, first[1]["credentials"][0]["credential"])


async def test_a_killed_office_is_ready_again_within_five_seconds(site: Site) -> None:
    """I8, by the command itself; counted in the time the process was given, for others share this machine."""
    async with started(site) as running:
        await running.code()
        running.process.kill()
        assert await running.fate() == -signal.SIGKILL
    office = subprocess.Popen(
        [sys.executable, "-m", "issuer", "serve"], env={**os.environ, **environment_of(site)}, stderr=subprocess.PIPE, text=True
    )
    try:
        assert office.stderr is not None
        assert "ready" in json.loads(office.stderr.readline())
        fields = Path(f"/proc/{office.pid}/stat").read_text().rpartition(")")[2].split()
        assert (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") <= RESTART_SECONDS
    finally:
        office.terminate()
        office.wait()


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", CHANGING)
async def test_a_crash_while_revoking_leaves_it_revoked_or_as_it_was(site: Site, place: str) -> None:
    async with started(site, crash_at=place) as running:
        card = (await whole_way(running))[1]
        with pytest.raises(Lost):
            await running.change(card["id"], "revoke")
        assert await running.fate() == -signal.SIGKILL
    async with started(site) as running:
        expected = place == at.STATUS_AFTER_RECORD
        assert await revoked_in_the_list(running, card) is expected
        status, answer = await running.change(card["id"], "revoke")
        assert status == (409 if expected else 200), answer
        assert await revoked_in_the_list(running, card)


async def revoked_in_the_list(running: Running, card: dict) -> bool:
    """I5: what was acknowledged stands in the list that is served."""
    entry = next(entry for entry in card["credentialStatus"] if entry["statusPurpose"] == "revocation")
    _, listed = await running.ask("GET", entry["statusListCredential"])
    verified = FORMATS["ldp_vc"].verify(
        FORMATS["ldp_vc"].parse(to_wire(listed, format_name="ldp_vc")), running.site.office.keys.status.public
    )
    found = read_bitstring(verified, list_url=entry["statusListCredential"], purpose="revocation").get(int(entry["statusListIndex"]))
    return found == 1


@pytest.mark.often(commit=2, nightly=10)
@pytest.mark.parametrize("place", HELD_BY_DRIVER)
async def test_a_crash_while_enrolling_or_sweeping_leaves_a_whole_record_or_none(site: Site, place: str, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "grey").save(picture, "PNG")
    (tmp_path / "picture.png").write_bytes(picture.getvalue())
    killed = FORKS.Process(target=driver.run, args=(tmp_path, site.port, place))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    with sqlite3.connect(site.folder / DATABASE) as connection:
        states = [state for (state,) in connection.execute("SELECT state FROM application")]
        acts = [act for (act,) in connection.execute("SELECT act FROM journal")]
    assert states == (["proven", "proven"] if place == at.ENROL_AFTER_RECORD else ["proven"])
    assert acts.count("application.prove") == len(states)
    async with started(site) as running:
        await on_record(running, (await whole_way(running))[1])
