"""What the commands do, once the heavy parts of the program are loaded."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from didresolver import CachingResolver
from doors.json import JsonLimits, JsonObject, parse_object
from doors.refusals import REFUSALS, Refused, SettingsInvalid
from doors.words import sentences
from runtime import journal
from runtime.clock import rfc3339, utc_now
from runtime.fetch import OutboundFetch
from runtime.log import configure_log
from runtime.settings import load_settings
from runtime.tokens import issue_token
from trust.checks import Check, Rejected
from trust.facts import Facts
from trust.pack import make_pack
from trust.snapshot import MemoryCache
from verifier.app import from_pack, run
from verifier.casefile import CASE_FILE_SIZE, KIND, reopen
from verifier.explain import Verdict, explain
from verifier.gathering import FactsSource, Online
from verifier.handlers.programs import SCOPE, qr_svg
from verifier.identity import Identity, load_identity, make_identity
from verifier.library import key_of
from verifier.opening import open_content
from verifier.packing import collect
from verifier.policy import Policy
from verifier.policy_file import load_policy
from verifier.request import ask, request_uri, wallet_link
from verifier.session import OPEN, Flow
from verifier.settings import VerifierSettings
from verifier.stateless import verify_shown
from verifier.store import Store, checks_from_json
from verifier.told import Told
from verifier.verify import VerifiedCopy

SETTINGS_FILE = "verifier.toml"
KEYS, STORE = "keys", "store"
TOKEN_PREFIX = "verifier"  # noqa: S105 - the visible beginning of every token
_FIRST_TOKEN_DAYS = 90
_STATUS_UNDECIDED = 5
_LIMITS = JsonLimits(size=CASE_FILE_SIZE, members=100_000, string=CASE_FILE_SIZE)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a judgement is made: settings, and the verifier's identity where one was set up."""

    settings: VerifierSettings
    identity: Identity | None


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


def place_of(data_dir: Path | None, settings_file: Path | None, flags: Mapping[str, object]) -> Place:
    """A verifier that was set up, or, where no data folder is named, one without an identity that only judges."""
    if data_dir is None and settings_file is None:
        nowhere = {"public_url": "https://verifier.invalid", "data_dir": os.devnull}
        return Place(load_settings(VerifierSettings, None, {**nowhere, **flags}), None)
    settings = settings_of(data_dir, settings_file, flags)
    return Place(settings, load_identity(settings.data_dir / KEYS, public_url=settings.public_url))


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


def verify_journal(settings: VerifierSettings) -> JsonObject:
    """How far the journal goes; raises ``AuditChainBroken``."""
    head = _with_store(
        settings, lambda store: store.database.read(lambda connection: journal.verify_journal(connection, key=store.journal_key))
    )
    return {"entries": head.entry, "seal": head.seal.hex()}


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


def verify_content(place: Place, content: bytes, *, policy: str, nonce: str, audience: str, language: str) -> Told:
    """The verdict on a credential, presentation or case file."""
    if _is_case_file(content):
        return reopen_content(content, language=language)
    return asyncio.run(_verified(place, content, policy=policy, nonce=nonce, audience=audience, language=language))


def reopen_content(content: bytes, *, language: str) -> Told:
    """The verdict that follows from a case file today. One that differs from the recorded verdict is invalid, whatever it says."""
    reopened = reopen(content)
    told = _told(reopened.outcome.checks, word=reopened.outcome.word, code=reopened.outcome.code, claims=None, language=language)
    recorded = {"word": reopened.case_file.word, "code": reopened.case_file.code, "at": rfc3339(reopened.case_file.verified_at)}
    members = {**told.members, "recorded": recorded, "agrees": reopened.agrees}
    at = f"as of {recorded['at']}: the recorded verdict {'follows' if reopened.agrees else 'DOES NOT FOLLOW'} from the file"
    return Told(f"{told.text}\n{at}", members, told.exit_status if reopened.agrees else 3)


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
        "expires_at": rfc3339(expires_at),
        "holds": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
    }


def explain_what(what: str, *, language: str) -> Told:
    """A code in words, or a verdict that was written to a file; raises ``SettingsInvalid`` for neither."""
    if what in REFUSALS:
        sentence = sentences(language)[what]
        return Told(f"{sentence.title}\n→ {sentence.next}", {"code": what, "title": sentence.title, "next": sentence.next})
    try:
        content = Path(what).read_bytes()
    except OSError:
        raise SettingsInvalid("explain: expected a code that exists, or a file that can be read") from None
    if _is_case_file(content):
        return reopen_content(content, language=language)
    members = parse_object(content, _LIMITS)
    checks = checks_from_json([{"code": "", "detail": "", "age_seconds": None, **check} for check in members.get("checks", [])])
    return _told(checks, word=str(members.get("verdict", "")), code=str(members.get("code", "")), claims=None, language=language)


async def _verified(place: Place, content: bytes, *, policy: str, nonce: str, audience: str, language: str) -> Told:
    settings = place.settings
    chosen = load_policy(policy).trusting(trust_list_url=settings.trust_list_url, anchors=settings.anchors)
    expected = audience or (place.identity.client_id if place.identity and nonce else "")
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        try:
            chosen, source = _source(place, chosen, fetch)
            shown = open_content(content, policy=chosen)
            verified = await verify_shown(shown, policy=chosen, source=source, nonce=nonce, audience=expected, now=utc_now())
        except SettingsInvalid:
            raise
        except Refused as refusal:
            return _refused(refusal, language=language)
    claims = {"credential": verified.credential.claims} if isinstance(verified, VerifiedCopy) else dict(verified.claims)
    return _told(verified.checks, word="valid", code="", claims=claims, language=language)


def _source(place: Place, policy: Policy, fetch: OutboundFetch) -> tuple[Policy, FactsSource]:
    """The network, or the pack; a pack says itself which trust list it holds where the settings do not."""
    settings = place.settings
    if not settings.offline:
        return policy, Online(CachingResolver(fetch, utc_now, development=settings.development), fetch, MemoryCache())
    if settings.pack is None:
        raise SettingsInvalid("pack: expected a pack to work from offline")
    signers = tuple(key_of(text) for text in settings.pack_signers) + ((place.identity.key.public,) if place.identity else ())
    source = from_pack(settings.pack, signers)
    facts = source.read(utc_now())
    url = policy.trust.trust_list_url or next((name for kind, name in facts.snapshots if kind == "trust-list"), "")
    return policy.trusting(trust_list_url=url, anchors=settings.anchors), source


async def _collected(settings: VerifierSettings, *, status_lists: tuple[str, ...], now: datetime) -> Facts:
    async with OutboundFetch(development=settings.development, ca_file=settings.ca_file) as fetch:
        source = Online(CachingResolver(fetch, utc_now, development=settings.development), fetch, MemoryCache())
        facts = None
        for name in settings.policies:
            policy = load_policy(name).trusting(trust_list_url=settings.trust_list_url, anchors=settings.anchors)
            facts = await collect(source, policy=policy.trust, status_lists=status_lists, now=now, known=facts)
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
        return _refused(REFUSALS["session_expired"]("session: nobody answered"), language=language)
    return _told(
        session.verdict.checks,
        word=session.verdict.word,
        code=session.verdict.code,
        claims=session.result.claims if session.result else None,
        language=language,
    )


def _refused(refusal: Refused, *, language: str) -> Told:
    outcome = "undecided" if refusal.verdict == "undecided" else "invalid"
    checks = refusal.checks if isinstance(refusal, Rejected) else (_check(refusal),)
    return _told(checks, word=outcome, code=refusal.code, claims=None, language=language)


def _check(refusal: Refused) -> Check:
    return Check("answer", "undecided" if refusal.verdict == "undecided" else "failed", refusal.code, refusal.detail)


def _told(checks: tuple[Check, ...], *, word: str, code: str, claims: JsonObject | None, language: str) -> Told:
    verdict = _VERDICTS[word]
    told = explain(checks, verdict=verdict, code=code, language=language)
    members = {
        "verdict": verdict,
        "code": code,
        "checks": [check.to_json() for check in checks],
        "data_age_seconds": max((check.age for check in checks if check.age is not None), default=0),
        "claims": claims,
        "explanation": told.to_json(),
    }
    return Told(str(told), members, _exit_status(verdict, code))


_VERDICTS: Mapping[str, Verdict] = {"valid": "valid", "invalid": "invalid", "undecided": "undecided"}


def _exit_status(verdict: Verdict, code: str) -> int:
    """0 valid, 3 invalid, 4 lapsed, 5 cannot decide, for whatever reason."""
    if verdict == "undecided":
        return _STATUS_UNDECIDED
    return 0 if verdict == "valid" else REFUSALS[code].exit_status if code in REFUSALS else 3


def _is_case_file(content: bytes) -> bool:
    return KIND.encode() in content[:200]


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
