"""Judge what a file holds, for the command line: a credential or a presentation from the network or a pack, a case file from itself."""

import asyncio
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from credentials.keys.did_key import did_key
from didresolver import CachingResolver
from doors.json import JsonLimits, parse_object
from doors.refusals import REFUSALS, InputMalformed, Refused, SettingsInvalid, TrustListInvalid
from doors.words import sentences
from runtime.clock import rfc3339, utc_now
from runtime.fetch import OutboundFetch
from runtime.settings import load_settings
from trust.snapshot import MemoryCache
from verifier.acts import KEYS, settings_of
from verifier.app import from_pack
from verifier.casefile import CASE_FILE_SIZE, KIND, reopen
from verifier.gathering import FactsSource, Online
from verifier.identity import Identity, load_identity
from verifier.library import key_of
from verifier.opening import open_content
from verifier.policy import Policy
from verifier.policy_file import load_policy
from verifier.settings import VerifierSettings
from verifier.stateless import verify_shown
from verifier.store import checks_from_json
from verifier.told import VERDICTS, Told, told_of, told_of_refusal
from verifier.verify import VerifiedCopy

_LIMITS = JsonLimits(size=CASE_FILE_SIZE, members=100_000, string=CASE_FILE_SIZE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a judgement is made: settings, and the verifier's identity where one was set up."""

    settings: VerifierSettings
    identity: Identity | None


def place_of(data_dir: Path | None, settings_file: Path | None, flags: Mapping[str, object]) -> Place:
    """A verifier that was set up, or, where no data folder is named, one without an identity that only judges."""
    if data_dir is None and settings_file is None:
        nowhere = {"public_url": "https://verifier.invalid", "data_dir": os.devnull}
        return Place(load_settings(VerifierSettings, None, {**nowhere, **flags}), None)
    settings = settings_of(data_dir, settings_file, flags)
    return Place(settings, load_identity(settings.data_dir / KEYS, public_url=settings.public_url))


def verify_content(place: Place, content: bytes, *, policy: str, nonce: str, audience: str, language: str) -> Told:
    """The verdict on a credential or presentation.

    Raises ``InputMalformed`` for a case file: it brings its own policy, question and trust list, whatever the caller has stated.
    """
    if _is_case_file(content):
        raise InputMalformed("file: expected a credential or presentation, got a case file; `verifier casefile reopen` judges those")
    return asyncio.run(_verified(place, content, policy=policy, nonce=nonce, audience=audience, language=language))


def reopen_content(content: bytes, *, anchors: Collection[str] = (), language: str) -> Told:
    """The verdict that follows from a case file today. One that differs from the recorded verdict is invalid, whatever it says.

    The verdict rests on the word of whom the file itself names, and says who that is. With ``anchors`` (did:keys) only those may be
    among them: raises ``TrustListInvalid`` otherwise.
    """
    reopened = reopen(content)
    trust = reopened.case_file.policy.trust
    if anchors and (trust.pinned or not set(trust.anchors) <= {key_of(text) for text in anchors}):
        raise TrustListInvalid("case file: expected it to rest on the stated anchors alone, got one that rests on the word of others")
    word_of = [did_key(anchor) for anchor in trust.anchors] + [name for entry in trust.pinned for name in entry.identifiers]
    told = told_of(reopened.outcome.checks, word=reopened.outcome.word, code=reopened.outcome.code, claims=None, language=language)
    recorded = {"word": reopened.case_file.word, "code": reopened.case_file.code, "at": rfc3339(reopened.case_file.verified_at)}
    members = {**told.members, "recorded": recorded, "agrees": reopened.agrees, "on_the_word_of": word_of}
    at = f"as of {recorded['at']}: the recorded verdict {'follows' if reopened.agrees else 'DOES NOT FOLLOW'} from the file"
    return Told(f"{told.text}\n{at}, on the word of {', '.join(word_of) or 'nobody'}", members, told.exit_status if reopened.agrees else 3)


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
    if members.get("verdict") not in VERDICTS:
        raise SettingsInvalid("explain: expected a file with a verdict in it")
    return told_of(checks, word=str(members["verdict"]), code=str(members.get("code", "")), claims=None, language=language)


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
            return told_of_refusal(refusal, language=language)
    claims = {"credential": verified.credential.claims} if isinstance(verified, VerifiedCopy) else dict(verified.claims)
    return told_of(verified.checks, word="valid", code="", claims=claims, language=language)


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


def _is_case_file(content: bytes) -> bool:
    return KIND.encode() in content[:200]
