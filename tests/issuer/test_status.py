"""Revoke, suspend, restore: seen at once by everybody, and a revocation for ever."""

import sqlite3

import pytest

from credentials.formats import FORMATS
from credentials.keys import generate_key
from credentials.status import parse_token_status_list, read_bitstring, verify_token_status_list
from doors.refusals import NotFound, StateConflict
from issuer.publish import StatusLists
from issuer.status import CHANGES, change
from issuer.store import credentials
from tests.issuer.test_issue import LDP, issued
from tests.issuer.world import PUBLIC_URL, World


@pytest.fixture
async def credential(world: World) -> credentials.CredentialRecord:
    await issued(world, LDP, generate_key("EdDSA"))
    (record,) = await world.database.read(lambda c: credentials.search(c, credentials.Search()))
    return record


async def ordered(world: World, record: credentials.CredentialRecord, name: str) -> credentials.CredentialRecord:
    return await world.database.write(
        lambda c: change(c, record.id, CHANGES[name], reason="holder_request", office=world.office, actor="desk", now=world.clock())
    )


async def bit(lists: StatusLists, world: World, record: credentials.CredentialRecord, purpose: str) -> int:
    wire = (await lists.current(record.place.list_number, purpose)).content
    verified = FORMATS["ldp_vc"].verify(FORMATS["ldp_vc"].parse(wire), world.office.keys.status.public)
    return read_bitstring(verified, list_url=f"{PUBLIC_URL}/status/1/{purpose}", purpose=purpose).get(record.place.index)


async def token_status(lists: StatusLists, world: World, record: credentials.CredentialRecord) -> int:
    token = parse_token_status_list((await lists.current(record.place.list_number, "token")).content.decode())
    url = f"{PUBLIC_URL}/status/1/token"
    return verify_token_status_list(token, world.office.keys.status.public, list_url=url, issuer=PUBLIC_URL).get(record.place.index)


async def test_each_change_is_in_every_list_at_once(world: World, credential: credentials.CredentialRecord) -> None:
    lists = StatusLists(world.office, world.database, world.clock)

    async def seen() -> tuple[int, int, int]:
        revoked, suspended = [await bit(lists, world, credential, purpose) for purpose in ("revocation", "suspension")]
        return revoked, suspended, await token_status(lists, world, credential)

    assert await seen() == (0, 0, 0)
    await ordered(world, credential, "suspend")
    assert await seen() == (0, 1, 2)
    await ordered(world, credential, "restore")
    assert await seen() == (0, 0, 0)
    await ordered(world, credential, "revoke")
    assert await seen() == (1, 0, 1)


@pytest.mark.parametrize("name", ["restore", "suspend", "revoke"])
async def test_a_revocation_is_never_taken_back(world: World, credential: credentials.CredentialRecord, name: str) -> None:
    await ordered(world, credential, "revoke")
    with pytest.raises(StateConflict):
        await ordered(world, credential, name)


async def test_not_even_the_database_takes_a_revocation_back(world: World, credential: credentials.CredentialRecord) -> None:
    await ordered(world, credential, "revoke")
    with pytest.raises(sqlite3.IntegrityError):
        await world.database.write(lambda c: c.execute("UPDATE credential SET status = 'valid'"))


async def test_a_valid_credential_cannot_be_restored(world: World, credential: credentials.CredentialRecord) -> None:
    with pytest.raises(StateConflict):
        await ordered(world, credential, "restore")


async def test_a_list_is_signed_again_when_it_grows_old(world: World, credential: credentials.CredentialRecord) -> None:
    lists = StatusLists(world.office, world.database, world.clock)
    first = await lists.current(1, "token")
    assert await lists.current(1, "token") is first
    world.clock.forward(minutes=6)
    assert (await lists.current(1, "token")).signed_at == world.clock()


@pytest.mark.parametrize(("number", "kind"), [(0, "token"), (2, "token"), (1, "message")])
async def test_a_list_that_is_not_there_is_not_found(world: World, number: int, kind: str) -> None:
    with pytest.raises(NotFound):
        await StatusLists(world.office, world.database, world.clock).current(number, kind)
