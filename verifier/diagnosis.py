"""Look the verifier over: each thing that can be wrong, and what is wrong with it."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from didresolver import CachingResolver
from doors.json import parse_object
from doors.refusals import FetchFailed, MetadataMismatch, Refused
from runtime.clock import Clock
from runtime.fetch import Fetch
from runtime.journal import check_clock, verify_journal
from trust.snapshot import MemoryCache
from trust.standing import current_trust_list
from verifier.app import facts_source, load_policies
from verifier.gathering import Online
from verifier.identity import Identity, load_identity
from verifier.settings import VerifierSettings
from verifier.store import Store


async def diagnose(settings: VerifierSettings, *, keys: Path, store_folder: Path, fetch: Fetch, clock: Clock) -> dict[str, str]:
    """The outcome of every check by name: "ok", or the refusal in one line."""
    try:
        identity, store = load_identity(keys, public_url=settings.public_url), Store.open(store_folder)
    except Refused as refusal:
        return {"data_dir": str(refusal)}
    try:
        named: Mapping[str, Callable[[], Awaitable[None]]] = {
            "clock": lambda: store.database.read(lambda connection: check_clock(connection, now=clock())),
            "journal": lambda: _journal(store),
            "policies": lambda: _policies(settings),
            "facts": lambda: _facts(settings, identity, store, fetch=fetch, clock=clock),
            "public_url": lambda: _public_url(settings, identity, fetch),
        }
        return {name: await _outcome(check) for name, check in named.items()}
    finally:
        store.close()


async def _journal(store: Store) -> None:
    await store.database.read(lambda connection: verify_journal(connection, key=store.journal_key))


async def _policies(settings: VerifierSettings) -> None:
    load_policies(settings)


async def _facts(settings: VerifierSettings, identity: Identity, store: Store, *, fetch: Fetch, clock: Clock) -> None:
    """The pack where the desk is offline; else the trust list of each policy, as it lies on the network now."""
    source = facts_source(settings, identity=identity, store=store, fetch=fetch, clock=clock)
    if isinstance(source, Online):
        source = Online(CachingResolver(fetch, clock, development=settings.development), fetch, MemoryCache())
    for policy in load_policies(settings).values():
        facts = await source.facts([], policy=policy.trust, now=clock())
        current_trust_list(facts=facts, policy=policy.trust, now=clock())


async def _public_url(settings: VerifierSettings, identity: Identity, fetch: Fetch) -> None:
    """The DID document as a wallet would fetch it; the wrong public address is the commonest mistake of all."""
    answer = await fetch(f"{settings.public_url}/.well-known/did.json", accept="application/json")
    if answer.status != 200:
        raise FetchFailed(f"public_url: expected the verifier's DID document there, got status {answer.status}; is it running?")
    if parse_object(answer.content) != identity.did_document():
        raise MetadataMismatch("public_url: expected this verifier's DID document there, got another's")


async def _outcome(check: Callable[[], Awaitable[None]]) -> str:
    try:
        await check()
    except Refused as refusal:
        return str(refusal)
    return "ok"
