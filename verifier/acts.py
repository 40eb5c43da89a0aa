"""What the commands do, once the heavy parts of the program are loaded."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from credentials.keys.did_key import did_key
from didresolver import CachingResolver
from doors.json import JsonObject
from doors.refusals import SettingsInvalid
from runtime import journal
from runtime.clock import rfc3339, utc_now
from runtime.fetch import OutboundFetch
from runtime.log import configure_log
from runtime.settings import load_settings
from runtime.tokens import issue_token, revoke_token
from trust.facts import Facts
from trust.pack import make_pack
from trust.snapshot import MemoryCache
from verifier.app import run
from verifier.diagnosis import diagnose, is_well
from verifier.gathering import Online
from verifier.handlers.programs import SCOPE, qr_svg
from verifier.identity import load_identity, make_identity
from verifier.packing import collect
from verifier.policy_file import load_policy
from verifier.request import ask, request_uri, wallet_link
from verifier.session import OPEN, Flow
from verifier.settings import VerifierSettings
from verifier.store import Store
from verifier.told import Told, told_of

SETTINGS_FILE = "verifier.toml"
KEYS, STORE = "keys", "store"
TOKEN_PREFIX = "verifier"  # noqa: S105 - the visible beginning of every token
_FIRST_TOKEN_DAYS = 90

T = TypeVar("T")


def set_up(data_dir: Path, flags: Mapping[str, object], *, algorithm: str) -> JsonObject:
    """Make key, database, settings file and a first token in ``data_dir``; raises ``SettingsInvalid`` where a key is there already."""
    given = {name: value for name, value in flags.items() if value}
    settings = load_settings(VerifierSettings, None, {**given, "data_dir": str(data_dir)})
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = make_identity(data_dir / KEYS, public_url=settings.public_url, algorithm=algorithm)
    _write_private(data_dir / SETTINGS_FILE, _toml({**given, "data_dir": str(data_dir.resolve())}))
    return {
        "did": identity.did,
        "client_id": identity.client_id,
        "settings": str(data_dir / SETTINGS_FILE),
        **make_token(settings, name="first desk", days=_FIRST_TOKEN_DAYS),
    }


def settings_of(data_dir: Path | None, settings_file: Path | None, flags: Mapping[str, object]) -> VerifierSettings:
    """The settings of the file named, else of the one that ``set_up`` left in the data folder; ``flags`` come first."""
    beside = data_dir / SETTINGS_FILE if data_dir is not None else None
    file = settings_file or (beside if beside is not None and beside.exists() else None)
    return load_settings(VerifierSettings, file, {**flags, "data_dir": None if data_dir is None else str(data_dir)})


def serve(settings: VerifierSettings, *, desk_link: bool) -> None:
    configure_log(settings.log_level)
    identity = load_identity(settings.data_dir / KEYS, public_url=settings.public_url)
    token = str(make_token(settings, name="desk link", days=settings.token_days)["token"]) if desk_link else ""
    asyncio.run(run(settings, identity=identity, store_folder=settings.data_dir / STORE, clock=utc_now, desk_token=token))


def make_token(settings: VerifierSettings, *, name: str, days: int) -> JsonObject:
    now = utc_now()
    token = _with_store(
        settings,
        lambda store: store.database.write(
            lambda connection: issue_token(
                connection, prefix=TOKEN_PREFIX, name=name, scopes=[SCOPE], now=now, expires_at=now + timedelta(days=days)
            )
        ),
    )
    return {"token": token}


def end_token(settings: VerifierSettings, identifier: str) -> JsonObject:
    """Raises ``NotFound`` where there is no such token, or no more."""
    now = utc_now()
    _with_store(settings, lambda store: store.database.write(lambda connection: revoke_token(connection, identifier, now=now)))
    return {"ended": identifier}


def verify_journal(settings: VerifierSettings) -> JsonObject:
    """How far the journal goes; raises ``AuditChainBroken``."""
    head = _with_store(
        settings, lambda store: store.database.read(lambda connection: journal.verify_journal(connection, key=store.journal_key))
    )
    return {"entries": head.entry, "seal": head.seal.hex()}


def examine(settings: VerifierSettings) -> dict[str, str]:
    """Every check of ``verifier.diagnosis`` and its outcome."""

    async def examined() -> dict[str, str]:
        async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
            keys, store = settings.data_dir / KEYS, settings.data_dir / STORE
            return await diagnose(settings, keys=keys, store_folder=store, fetch=fetch, clock=utc_now)

    return asyncio.run(examined())


def all_well(found: Mapping[str, str]) -> bool:
    return all(map(is_well, found.values()))


def ask_for(settings: VerifierSettings, *, policy: str, flow: Flow, qr: Path | None) -> JsonObject:
    """Open a session in the store; a verifier that serves from the same folder takes its answer."""
    identity = load_identity(settings.data_dir / KEYS, public_url=settings.public_url)
    session = ask(load_policy(policy), identity=identity, flow=flow, now=utc_now(), random=os.urandom)
    _with_store(settings, lambda store: store.add(session))
    link = wallet_link(session.id, identity=identity)
    if qr is not None:
        qr.write_bytes(qr_svg(link))
    return {
        "id": session.id,
        "policy": session.policy_id,
        "wallet_link": link,
        "request_uri": request_uri(session.id, identity=identity),
        "expires_at": rfc3339(session.expires_at),
    }


def wait_for(settings: VerifierSettings, session_id: str, *, seconds: int, language: str) -> Told:
    """The verdict of a session's last answer, once it takes no further one, or after ``seconds``."""
    return _with_store(settings, lambda store: _waited(store, session_id, seconds=seconds, language=language))


def make_pack_file(settings: VerifierSettings, out: Path, *, hours: int, status_lists: tuple[str, ...]) -> JsonObject:
    """Write the pack for every policy of the settings, signed with the verifier's own key."""
    identity = load_identity(settings.data_dir / KEYS, public_url=settings.public_url)
    now = utc_now()
    expires_at = now + timedelta(hours=hours)
    facts = asyncio.run(_collected(settings, status_lists=status_lists, now=now))
    packed = make_pack(facts, identity.key, expires_at)
    out.write_bytes(packed)
    kinds = [kept.kind for kept in facts.snapshots.values()]
    return {
        "file": str(out),
        "bytes": len(packed),
        "signer": did_key(identity.key.public),
        "expires_at": rfc3339(expires_at),
        "holds": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "lacks": {name: missing.code for (_, name), missing in sorted(facts.missing.items())},
    }


async def _collected(settings: VerifierSettings, *, status_lists: tuple[str, ...], now: datetime) -> Facts:
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        source = Online(CachingResolver(fetch, utc_now, development=settings.development), fetch, MemoryCache())
        facts = None
        for name in settings.policies:
            policy = load_policy(name).trusting(trust_list_url=settings.trust_list_url, anchors=settings.anchors)
            facts = await collect(source, fetch=fetch, policy=policy.trust, status_lists=status_lists, now=now, known=facts)
    if facts is None:
        raise SettingsInvalid("policies: expected at least one")
    return facts


async def _waited(store: Store, session_id: str, *, seconds: int, language: str) -> Told:
    until = utc_now() + timedelta(seconds=seconds)
    session = await store.session(session_id)
    while session.status_at(utc_now()) in OPEN and utc_now() < until:
        await asyncio.sleep(0.25)
        session = await store.session(session_id)
    if session.verdict is None:
        return told_of((), word="undecided", code="session_expired", claims=None, language=language)
    return told_of(
        session.verdict.checks,
        word=session.verdict.word,
        code=session.verdict.code,
        claims=session.result.claims if session.result else None,
        language=language,
    )


def _with_store(settings: VerifierSettings, act: Callable[[Store], Awaitable[T]]) -> T:
    async def acted() -> T:
        store = Store.open(settings.data_dir / STORE)
        try:
            return await act(store)
        finally:
            store.close()

    return asyncio.run(acted())


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def _toml(members: Mapping[str, object]) -> str:
    """Texts and lists of texts; JSON's spelling of both is TOML's."""
    return "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in members.items())
