"""Look the verifier over: each thing that can be wrong, and what is wrong with it."""

import stat
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from didresolver import CachingResolver
from doors.refusals import Refused, SettingsInvalid, StorePermissions
from runtime.clock import Clock, rfc3339
from runtime.fetch import Fetch
from runtime.journal import check_clock, verify_journal
from runtime.self_check import see_ourselves
from trust.instants import age_of
from trust.snapshot import MemoryCache
from trust.standing import current_trust_list
from verifier.app import facts_source, load_policies
from verifier.explain import age_in_words
from verifier.gathering import FactsSource, FromPack, Online
from verifier.identity import Identity, load_identity
from verifier.own_pages import own_pages
from verifier.settings import VerifierSettings
from verifier.store import Store

OK = "ok"


async def diagnose(settings: VerifierSettings, *, keys: Path, store_folder: Path, fetch: Fetch, clock: Clock) -> dict[str, str]:
    """The outcome of every check by name: "ok", with a note after a colon where there is one, or the refusal in one line."""
    try:
        identity, store = load_identity(keys, public_url=settings.public_url), Store.open(store_folder)
    except Refused as refusal:
        return {"data_dir": str(refusal)}
    looking = _Looking(settings, identity, store, fetch, clock)
    try:
        named: Mapping[str, Callable[[], Awaitable[str]]] = {
            "permissions": looking.permissions,
            "clock": looking.clock_and_journal_agree,
            "journal": looking.journal,
            "policies": looking.policies,
            "pack" if settings.offline else "trust_list": looking.pack if settings.offline else looking.trust_list,
            "public_url": looking.public_url,
        }
        return {name: await _outcome(check) for name, check in named.items()}
    finally:
        store.close()


def is_well(outcome: str) -> bool:
    return outcome == OK or outcome.startswith(f"{OK}: ")


class _Looking:
    """One look at one verifier; each method is a check, and answers its note."""

    def __init__(self, settings: VerifierSettings, identity: Identity, store: Store, fetch: Fetch, clock: Clock) -> None:
        self._settings, self._identity, self._store, self._fetch, self._clock = settings, identity, store, fetch, clock

    async def permissions(self) -> str:
        """Key files are looked at where they are read; here the folder that holds the database too."""
        mode = stat.S_IMODE(self._settings.data_dir.stat().st_mode)
        if mode & 0o077:
            raise StorePermissions(f"data_dir: expected a folder of mode 0700, got {mode:04o}")
        return ""

    async def clock_and_journal_agree(self) -> str:
        await self._store.database.read(lambda connection: check_clock(connection, now=self._clock()))
        return ""

    async def journal(self) -> str:
        head = await self._store.database.read(lambda connection: verify_journal(connection, key=self._store.journal_key))
        return f"{head.entry} entries"

    async def policies(self) -> str:
        return ", ".join(load_policies(self._settings))

    async def trust_list(self) -> str:
        """As it lies on the network now, signed by an anchor and young enough for each policy; nothing from the cache."""
        source = Online(CachingResolver(self._fetch, self._clock, development=self._settings.development), self._fetch, MemoryCache())
        return await self._listed(source)

    async def pack(self) -> str:
        """The pack is signed and good still, and the trust list in it young enough for each policy."""
        source = facts_source(self._settings, identity=self._identity, store=self._store, fetch=self._fetch, clock=self._clock)
        if not isinstance(source, FromPack):
            raise SettingsInvalid("pack: expected a pack to work from offline")
        age = age_of(source.read(self._clock()).gathered_at, self._clock())
        return f"gathered {age_in_words(int(age.total_seconds()), language='en')} ago; {await self._listed(source)}"

    async def _listed(self, source: FactsSource) -> str:
        """The edition that all policies share, since the settings name one trust list."""
        note = ""
        for policy in load_policies(self._settings).values():
            facts = await source.facts([], policy=policy.trust, now=self._clock())
            listed, kept = current_trust_list(facts=facts, policy=policy.trust, now=self._clock())
            age = age_in_words(int(age_of(kept.fetched_at, self._clock()).total_seconds()), language="en")
            note = f"edition {listed.sequence}, signed {rfc3339(listed.issued_at)}, good until {rfc3339(listed.expires_at)}, {age} old here"
        return note

    async def public_url(self) -> str:
        """The DID document as a wallet would fetch it; the wrong public address is the commonest mistake of all."""
        await see_ourselves(own_pages(self._identity), fetch=self._fetch)
        return ""


async def _outcome(check: Callable[[], Awaitable[str]]) -> str:
    try:
        note = await check()
    except Refused as refusal:
        return str(refusal)
    return f"{OK}: {note}" if note else OK
