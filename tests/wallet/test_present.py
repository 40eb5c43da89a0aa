"""A card is shown: who asks is known, only what was agreed to leaves, and every outcome is on the log."""

from dataclasses import replace
from datetime import timedelta

import pytest

from doors.refusals import AnswerRejected, ApprovalRequired, FetchFailed, QueryNotSatisfied
from openid4vc.vp.client_id import ClientId
from tests.wallet.conftest import Holder
from tests.wallet.town import LDP, SD_JWT
from wallet import receive
from wallet.check import check, fresh, holdings
from wallet.history import history
from wallet.holding import KIND
from wallet.match import Consent, candidates, kept_back, picked_by
from wallet.present import UNANSWERED, decline
from wallet.reach import Reach

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOTEL = {"full_name", "citizen_number", "portrait", "age_over_18"}


async def test_the_wallet_knows_who_asks_for_what_and_why(holder: Holder) -> None:
    asked = await holder.open(await holder.town.link())
    assert (asked.party.name.en, asked.party.name.zh) == ("Tiger Hotel", "虎符酒店")
    assert {path[-1] for path in asked.attributes} == HOTEL
    assert asked.request.purpose is not None
    assert asked.request.purpose.retention_days == 1
    assert set(asked.request.purpose.purpose) == {"en", "zh-CN"}


async def test_what_was_agreed_to_is_shown_and_nothing_else(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    session = await holder.town.question()
    asked = await holder.open(holder.town.link_to(session))
    presented = await holder.present(asked, holder.agreed(asked))
    assert set(presented.attributes) == HOTEL
    answered = await holder.town.desk.store.session(session.id)
    assert answered.status == "answered"
    assert answered.result is not None
    assert set(answered.result.claims["guest"]) | {"portrait"} == HOTEL
    entry = history(holder.store)[0]
    assert (entry.act, entry.name.zh, set(entry.attributes), entry.outcome) == ("presented", "虎符酒店", HOTEL, "")


async def test_a_court_gets_the_whole_card_and_the_names_are_told_before(holder: Holder) -> None:
    await holder.receive()
    asked = await holder.open(await holder.town.link("court"))
    presented = await holder.present(asked, holder.agreed(asked))
    assert {"portrait", "citizen_number", "nationality"} <= set(presented.attributes)


async def test_a_wallet_that_keeps_a_card_under_a_p256_key_shows_it_with_that_key(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receive, "_KEY_OF_FORMAT", {"ldp_vc": "ES256"})
    await holder.receive(configurations=(LDP,))
    assert [card.key().algorithm for card in holdings(holder.store)] == ["ES256"]
    session = await holder.town.question("court")
    asked = await holder.open(holder.town.link_to(session))
    await holder.present(asked, holder.agreed(asked))
    assert (await holder.town.desk.store.session(session.id)).status == "answered"


async def test_a_whole_card_with_a_portrait_is_not_shown_without_the_portraits_own_consent(holder: Holder) -> None:
    await holder.receive(configurations=(LDP,))
    asked = await holder.open(await holder.town.link("court"))
    with pytest.raises(ApprovalRequired):
        await holder.present(asked, holder.agreed(asked, portrait=False))
    assert not any("/oid4vp/response" in url for url in holder.network.asked)


@pytest.mark.parametrize("name", sorted(HOTEL - {"portrait"}))
async def test_each_needed_attribute_can_be_refused_and_then_nothing_is_sent(holder: Holder, name: str) -> None:
    await holder.receive(configurations=(SD_JWT,))
    asked = await holder.open(await holder.town.link())
    whole = holder.agreed(asked)
    with pytest.raises(QueryNotSatisfied):
        await holder.present(asked, replace(whole, refused=frozenset({(name,)})))
    assert not any("/oid4vp/response" in url for url in holder.network.asked)


async def test_an_attribute_that_is_not_needed_can_be_left_out(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    session = await holder.town.question()
    asked = await holder.open(holder.town.link_to(session))
    presented = await holder.present(asked, holder.agreed(asked, "portrait", portrait=False))
    assert set(presented.attributes) == HOTEL - {"portrait"}
    answered = await holder.town.desk.store.session(session.id)
    assert answered.result is not None
    assert set(answered.result.claims["guest"]) == HOTEL - {"portrait"}


async def test_the_holder_chooses_where_several_cards_would_do(holder: Holder) -> None:
    first = (await holder.receive(configurations=(SD_JWT,))).kept[0]
    await holder.receive(configurations=(SD_JWT,))
    asked = await holder.open(await holder.town.link())
    found = candidates(asked.request.query, holdings(holder.store), refused=frozenset(), now=holder.reach.clock(), skew=timedelta(0))
    with pytest.raises(ApprovalRequired):
        picked_by(found, ())
    presented = await holder.present(asked, Consent(picked_by(found, {first.id}), portrait=True))
    assert set(presented.attributes) == HOTEL


@pytest.mark.parametrize("change", ["revoke", "suspend"])
async def test_a_card_known_to_be_revoked_or_suspended_is_never_picked(holder: Holder, change: str) -> None:
    await holder.receive(configurations=(SD_JWT,))
    await holder.town.change_status(change)
    (checked,) = await check(holder.store, reach=_later(holder, seconds=61))
    assert checked.standing.code == {"revoke": "status_revoked", "suspend": "status_suspended"}[change]
    asked = await holder.open(await holder.town.link())
    with pytest.raises(QueryNotSatisfied):
        holder.agreed(asked)
    assert kept_back(asked.request.query, holdings(holder.store), now=holder.reach.clock(), skew=timedelta(0))


async def test_a_suspended_card_is_good_again_once_it_is_restored(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    await holder.town.change_status("suspend")
    await check(holder.store, reach=_later(holder, seconds=61))
    await holder.town.change_status("restore")
    (checked,) = await check(holder.store, reach=_later(holder, seconds=122))
    assert checked.standing.code == ""
    assert checked.usable_at(holder.reach.clock(), skew=timedelta(0))


async def test_an_expired_card_is_never_picked(holder: Holder) -> None:
    (card,) = (await holder.receive(configurations=(SD_JWT,))).kept
    valid_until = card.credential.valid_until
    assert valid_until is not None
    assert card.usable_at(valid_until, skew=timedelta(seconds=60))
    assert not card.usable_at(valid_until + timedelta(seconds=61), skew=timedelta(seconds=60))


@pytest.mark.parametrize("code", ["issuer_untrusted", "sig_invalid", "kid_unknown", "status_invalid"])
async def test_a_card_that_was_found_bad_is_never_picked(holder: Holder, code: str) -> None:
    (card,) = (await holder.receive(configurations=(SD_JWT,))).kept
    bad = replace(card, standing=replace(card.standing, code=code))
    assert not bad.usable_at(holder.reach.clock(), skew=timedelta(0))


async def test_a_card_that_could_not_be_checked_can_still_be_shown(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    holder.network.down = True
    (card,) = await check(holder.store, reach=replace(holder.reach, cache=type(holder.reach.cache)()))
    assert card.standing.code
    assert card.usable_at(holder.reach.clock(), skew=timedelta(0))


async def test_the_cards_are_looked_at_anew_before_showing_where_what_is_known_is_old(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    asked_before = len(holder.network.asked)
    await fresh(holder.store, reach=holder.reach)
    assert len(holder.network.asked) == asked_before
    await holder.town.change_status("revoke")
    (card,) = await fresh(holder.store, reach=_later(holder, hours=2))
    assert card.standing.code == "status_revoked"


async def test_checking_tells_nobody_which_card_is_meant(holder: Holder) -> None:
    received = await holder.receive()
    holder.network.asked.clear()
    await check(holder.store, reach=replace(holder.reach, cache=type(holder.reach.cache)()))
    assert len(received.kept) == 2
    assert not any(card.id.removeprefix("card_") in url for url in holder.network.asked for card in received.kept)
    assert {url.rpartition("/")[2] for url in holder.network.asked if "/status/" in url} == {"revocation", "suspension", "token"}


async def test_the_verifier_learns_of_a_refusal_and_nothing_else(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    session = await holder.town.question()
    await decline(await holder.open(holder.town.link_to(session)), store=holder.store, reach=holder.reach)
    told = await holder.town.desk.store.session(session.id)
    assert told.status != "answered"
    assert (history(holder.store)[0].act, history(holder.store)[0].attributes) == ("declined", ())


async def test_a_no_of_the_verifier_is_on_the_log(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    await holder.town.change_status("revoke")
    asked = await holder.open(await holder.town.link())
    with pytest.raises(AnswerRejected) as refused:
        await holder.present(asked, holder.agreed(asked))
    assert "status_revoked" in refused.value.detail
    assert history(holder.store)[0].outcome == "answer_rejected"


async def test_an_answer_that_was_lost_on_its_way_is_on_the_log(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    asked = await holder.open(await holder.town.link())
    consent = holder.agreed(asked)
    holder.network.down = True
    with pytest.raises(FetchFailed):
        await holder.present(asked, consent)
    assert history(holder.store)[0].outcome == "fetch_failed"


async def test_the_log_has_its_line_before_anything_is_sent(holder: Holder) -> None:
    await holder.receive(configurations=(SD_JWT,))
    asked = await holder.open(await holder.town.link())
    seen = []

    def at(place: str) -> None:
        seen.append((place, history(holder.store)[0].outcome))

    reach = replace(holder.reach, crash=at)  # type: ignore[arg-type]
    await Holder(holder.town, holder.store, reach, holder.network).present(asked, holder.agreed(asked))
    assert seen == [("wallet.present.ready", UNANSWERED), ("wallet.present.sent", UNANSWERED)]
    assert history(holder.store)[0].outcome == ""


async def test_the_log_holds_names_and_never_values(holder: Holder) -> None:
    (card,) = (await holder.receive(configurations=(SD_JWT,))).kept
    asked = await holder.open(await holder.town.link())
    await holder.present(asked, holder.agreed(asked))
    told = repr([record.value for record in holder.store.all("log")])
    values = [value for value in card.claims.values() if isinstance(value, str) and len(value) > 3]
    assert values != []
    assert not any(value in told for value in values)


async def test_no_two_cards_share_a_key(holder: Holder) -> None:
    await holder.receive()
    await holder.receive()
    keys = [record.value["key"]["x"] for record in holder.store.all(KIND)]
    assert len(set(keys)) == 4


async def test_one_time_copies_are_not_handed_out_yet(holder: Holder) -> None:
    """W18 waits for them: until then a card may be shown again, to another question."""
    await holder.receive(configurations=(SD_JWT,))
    for _ in range(2):
        asked = await holder.open(await holder.town.link())
        assert asked.request.client_id == ClientId.parse(holder.town.desk.identity.client_id)
        await holder.present(asked, holder.agreed(asked))


def _later(holder: Holder, **by: float) -> Reach:
    now = holder.reach.clock
    return replace(holder.reach, clock=lambda: now() + timedelta(**by))
