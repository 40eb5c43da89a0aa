"""A card comes into the wallet: looked at, asked for, checked, and only then kept."""

import pytest

from doors.refusals import FetchFailed, InvalidTxCode, IssuerUntrusted
from runtime.fetch import Fetched
from tests.wallet.conftest import Holder
from tests.wallet.town import LDP, SD_JWT, with_members
from wallet.check import holdings
from wallet.history import history
from wallet.receive import PENDING, Offered, accept, look, resume

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_offer_is_looked_at_before_anything_is_taken(holder: Holder) -> None:
    offered = await look((await holder.town.offer())["link"], reach=holder.reach)
    assert (offered.issuer.name.en, offered.issuer.name.zh) == ("Registry office", "户籍处")
    assert [title.zh for title in offered.titles()] != []
    assert not any("/token" in url or "/credential" in url.rpartition("/")[2] for url in holder.network.asked if "well-known" not in url)
    assert holdings(holder.store) == ()


async def test_both_forms_of_the_card_come_each_with_a_key_of_its_own(holder: Holder) -> None:
    received = await holder.receive()
    assert [card.format for card in received.kept] == ["ldp_vc", "dc+sd-jwt"]
    assert received.deleted == ()
    assert len({card.key().public for card in received.kept}) == 2
    assert [card.claims["full_name"] for card in holdings(holder.store)] == ["李小梅", "李小梅"]
    assert holder.store.all(PENDING) == ()
    assert [(entry.act, entry.outcome) for entry in history(holder.store)] == [("received", "")] * 2


async def test_an_offer_by_reference_is_fetched(holder: Holder) -> None:
    received = await holder.accept((await holder.town.offer(configurations=(LDP,)))["reference_link"])
    assert len(received.kept) == 1


async def test_a_transaction_code_is_needed_where_the_offer_says_so(holder: Holder) -> None:
    offer = await holder.town.offer(tx_code=True, configurations=(SD_JWT,))
    assert (await look(offer["link"], reach=holder.reach)).wants_tx_code
    with pytest.raises(InvalidTxCode):
        await holder.accept(offer["link"], tx_code="000000" if offer["tx_code"] != "000000" else "111111")
    assert holdings(holder.store) == ()
    assert len((await holder.accept(offer["link"], tx_code=offer["tx_code"])).kept) == 1


async def test_a_card_that_did_not_arrive_is_fetched_again_with_the_same_key(holder: Holder) -> None:
    offered = await look((await holder.town.offer(configurations=(LDP,)))["link"], reach=holder.reach)
    holder.network.changes["/credential"] = _cut
    with pytest.raises(FetchFailed):
        await _accept(holder, offered)
    (pending,) = holder.store.all(PENDING)
    holder.network.changes.clear()
    (card,) = (await resume(holder.store, reach=holder.reach)).kept
    assert card.private_jwk == pending.value["key"]
    assert holder.store.all(PENDING) == ()
    assert (await resume(holder.store, reach=holder.reach)).kept == ()


async def test_one_card_that_cannot_be_fetched_does_not_hold_up_the_others(holder: Holder) -> None:
    offered = await look((await holder.town.offer(configurations=(LDP,)))["link"], reach=holder.reach)
    holder.network.changes["/credential"] = _cut
    with pytest.raises(FetchFailed):
        await _accept(holder, offered)
    (pending,) = holder.store.all(PENDING)
    lost = {**pending.value, "id": "elsewhere", "issuer": "http://127.0.0.1:9"}
    holder.store.change(put=((PENDING, "pending_elsewhere", lost), (PENDING, pending.id, pending.value)))
    holder.network.changes.clear()
    received = await resume(holder.store, reach=holder.reach)
    assert len(received.kept) == 1
    assert [gone.refusal.code for gone in received.deleted] == [IssuerUntrusted.code]
    assert holder.store.all(PENDING) == ()


async def test_what_the_issuer_no_longer_hands_out_is_given_up_and_told(holder: Holder) -> None:
    offered = await look((await holder.town.offer(configurations=(LDP,)))["link"], reach=holder.reach)
    holder.network.changes["/credential"] = _cut
    with pytest.raises(FetchFailed):
        await _accept(holder, offered)
    holder.network.changes.clear()
    (pending,) = holder.store.all(PENDING)
    holder.store.change(put=((PENDING, pending.id, {**pending.value, "access_token": "expired"}),))
    (gone,) = (await resume(holder.store, reach=holder.reach)).deleted
    assert gone.refusal.code == "invalid_token"
    assert history(holder.store)[0].outcome == "invalid_token"


async def test_the_issuer_is_told_what_became_of_the_card_and_need_not_listen(holder: Holder) -> None:
    holder.network.changes["openid-credential-issuer"] = with_members(notification_endpoint=f"{holder.town.office.url}/notification")
    holder.network.changes["/credential"] = with_members(notification_id="n1")
    received = await holder.receive(configurations=(LDP,))
    assert holder.network.asked[-1].endswith("/notification")
    assert len(received.kept) == 1


def _cut(_answer: Fetched) -> Fetched:
    raise FetchFailed("the answer was lost on its way")


async def _accept(holder: Holder, offered: Offered) -> None:
    await accept(offered, tx_code="", store=holder.store, reach=holder.reach)
