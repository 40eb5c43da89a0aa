"""One offer, one code, one wallet."""

import asyncio

import pytest

from doors.refusals import InvalidGrant, InvalidRequest, NotFound, Refused, StateConflict, UnknownCredentialConfiguration
from issuer.offer import Access, Offer, OfferOrder, find_open, make, redeem
from issuer.store import applications, offers
from tests.issuer.test_enrol import recorded
from tests.issuer.world import World

BOTH = ("id-card-ldp", "id-card-sd-jwt")


async def offered(world: World, *, with_tx_code: bool = False, configurations: tuple[str, ...] = BOTH) -> Offer:
    application = await recorded(world)
    order = OfferOrder(application.id, configurations, with_tx_code)
    return await world.database.write(lambda c: make(c, order, office=world.office, actor="desk", now=world.clock()))


async def redeemed(world: World, code: str, tx_code: str = "") -> Access:
    answer = await world.database.write(lambda c: redeem(c, code=code, tx_code=tx_code, office=world.office, now=world.clock()))
    if isinstance(answer, Refused):
        raise answer
    return answer


async def test_a_code_gives_access_once(world: World) -> None:
    offer = await offered(world)
    access = await redeemed(world, offer.code)
    assert access.configurations == BOTH
    with pytest.raises(InvalidGrant):
        await redeemed(world, offer.code)


async def test_an_unknown_code_gives_nothing(world: World) -> None:
    with pytest.raises(InvalidGrant):
        await redeemed(world, "unknown")


async def test_an_old_code_gives_nothing(world: World) -> None:
    offer = await offered(world)
    world.clock.now = offer.record.expires_at
    with pytest.raises(InvalidGrant):
        await redeemed(world, offer.code)


async def test_of_fifty_at_once_one_gets_access(world: World) -> None:
    offer = await offered(world)
    answers = await asyncio.gather(*(redeemed(world, offer.code) for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(answer, Access) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidGrant) for answer in answers) == 49


async def test_a_wrong_transaction_code_leaves_the_offer_open(world: World) -> None:
    offer = await offered(world, with_tx_code=True)
    for _ in range(world.office.terms.tx_code_tries - 1):
        with pytest.raises(InvalidGrant):
            await redeemed(world, offer.code, "wrong")
    assert (await redeemed(world, offer.code, offer.tx_code)).token


async def test_too_many_wrong_transaction_codes_void_the_offer(world: World) -> None:
    offer = await offered(world, with_tx_code=True)
    tries = [redeemed(world, offer.code, f"wrong{number}") for number in range(3 * world.office.terms.tx_code_tries)]
    assert all(isinstance(answer, InvalidGrant) for answer in await asyncio.gather(*tries, return_exceptions=True))
    with pytest.raises(InvalidGrant):
        await redeemed(world, offer.code, offer.tx_code)
    assert (await world.database.read(lambda c: offers.find(c, offer.record.id))).state == "void"


async def test_a_transaction_code_too_many_or_too_few_is_an_invalid_request(world: World) -> None:
    with pytest.raises(InvalidRequest):
        await redeemed(world, (await offered(world, with_tx_code=True)).code)
    with pytest.raises(InvalidRequest):
        await redeemed(world, (await offered(world)).code, "123456")


async def test_the_reference_leads_to_the_offer_while_it_is_open(world: World) -> None:
    offer = await offered(world)
    found = await world.database.read(lambda c: find_open(c, offer.reference, office=world.office, now=world.clock()))
    assert found.code == offer.code
    await redeemed(world, offer.code)
    with pytest.raises(NotFound):
        await world.database.read(lambda c: find_open(c, offer.reference, office=world.office, now=world.clock()))


async def test_codes_are_not_in_the_files(world: World, tmp_path) -> None:
    offer = await offered(world, with_tx_code=True)
    access = await redeemed(world, offer.code, offer.tx_code)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (offer.code, offer.reference, access.token):
        assert secret.encode() not in content


async def test_an_unknown_kind_of_credential_is_not_offered(world: World) -> None:
    with pytest.raises(UnknownCredentialConfiguration):
        await offered(world, configurations=("driving-licence",))


async def test_an_erased_person_is_offered_nothing(world: World) -> None:
    application = await recorded(world)
    await world.database.write(lambda c: applications.erase_past(c, application.erase_at))
    order = OfferOrder(application.id, BOTH, with_tx_code=False)
    with pytest.raises(StateConflict):
        await world.database.write(lambda c: make(c, order, office=world.office, actor="desk", now=world.clock()))
