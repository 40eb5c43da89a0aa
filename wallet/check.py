"""Look whether the cards are still good, and remember it, so that a revoked card is never offered for showing."""

from collections.abc import Sequence
from dataclasses import replace

from doors.refusals import Refused
from trust.gather import gather
from trust.judge import judge
from wallet.holding import KIND, Holding, Standing, holding_of
from wallet.reach import Reach
from wallet.store import WalletStore


def holdings(store: WalletStore) -> tuple[Holding, ...]:
    """The cards in the wallet, in the order in which they came."""
    return tuple(holding_of(record.id, record.value) for record in store.all(KIND))


async def fresh(store: WalletStore, *, reach: Reach) -> Sequence[Holding]:
    """The cards, looked at anew where what is known of one is older than the policy lets a status be: before one is shown to anybody."""
    cards = holdings(store)
    oldest = reach.clock() - reach.policy.max_age.status
    return await check(store, reach=reach) if any(card.standing.checked_at < oldest for card in cards) else cards


async def check(store: WalletStore, *, reach: Reach) -> Sequence[Holding]:
    """Judge every card anew and keep what was found; the issuers' lists are fetched whole, so that nobody learns which card is meant."""
    cards = holdings(store)
    wired = tuple(card.wired() for card in cards)
    facts = await gather(wired, policy=reach.policy, resolver=reach.resolver, fetch=reach.fetch, now=reach.clock(), cache=reach.cache)
    checked = []
    for card, vc in zip(cards, wired, strict=True):
        try:
            judge(vc, facts=facts, policy=reach.policy, now=reach.clock())
            code = ""
        except Refused as refusal:
            code = refusal.code
        checked.append(replace(card, standing=Standing(code, reach.clock())))
    store.change(put=tuple((KIND, card.id, card.to_json()) for card in checked))
    return checked
