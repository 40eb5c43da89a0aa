"""What is past its time is gone; what was never signed is void."""

from credentials.keys import generate_key
from issuer.store import applications, credentials
from issuer.sweep import Swept, sweep
from tests.issuer.test_issue import LDP, draft_for, issued, nonce_of, recorded_for, redeemed_offer
from tests.issuer.world import World


async def swept(world: World) -> Swept:
    return await world.database.write(lambda c: sweep(c, office=world.office, now=world.clock()))


async def test_before_its_time_nothing_is_erased(world: World) -> None:
    await issued(world, LDP, generate_key("EdDSA"))
    world.clock.forward(minutes=9)
    assert await swept(world) == Swept((), ())


async def test_after_the_delivery_window_nothing_is_left_of_what_a_credential_says(world: World) -> None:
    await issued(world, LDP, generate_key("EdDSA"))
    world.clock.forward(minutes=10)
    assert len((await swept(world)).erased) == 1
    (record,) = await world.database.read(lambda c: credentials.search(c, credentials.Search()))
    assert (record.state, record.status, record.draft_sealed, record.wire_sealed) == ("secured", "valid", None, None)
    application = await world.database.read(lambda c: applications.find(c, record.application_id))
    assert (application.state, application.claims_sealed) == ("erased", None)


async def test_an_unsigned_draft_is_void_and_its_place_is_burnt(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    one = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, generate_key("EdDSA")))
    world.clock.forward(minutes=10)
    assert (await swept(world)).voided == (one.id,)
    record = await world.database.read(lambda c: credentials.find(c, one.id))
    assert (record.state, record.status) == ("void", "revoked")
    assert await world.database.read(credentials.places_given) == 1
