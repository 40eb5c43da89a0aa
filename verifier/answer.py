"""Take a wallet's answer: open it, gather the facts, judge it, and let it count once."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from credentials.formats import FORMATS
from doors import base64url
from doors.json import JsonObject
from doors.refusals import PresentationDeclined, Refused, SessionConsumed, SessionExpired, SessionMismatch
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.response import ErrorResponse, read_response
from openid4vc.vp.vp_token import VpToken
from runtime.clock import Clock
from trust.checks import Check, Rejected
from trust.facts import Facts
from verifier.casefile import CaseFile
from verifier.gathering import FactsSource
from verifier.glimpse import Glimpses, kept_claims, passing_claims
from verifier.identity import Identity
from verifier.policy import Policy
from verifier.policy_file import parse_policy
from verifier.receipt import make_receipt
from verifier.request import Random, request_of, response_key_of
from verifier.session import OPEN, Result, Session, Verdict
from verifier.store import Store
from verifier.verify import Presentations, VerifiedPresentation, verify


@dataclass(frozen=True, slots=True)
class Desk:
    """A relying party at work: who it is, its policies, its memory, where its facts come from, and its clock and randomness."""

    identity: Identity
    policies: Mapping[str, Policy]
    store: Store
    source: FactsSource
    clock: Clock
    random: Random
    glimpses: Glimpses = field(default_factory=Glimpses)

    def policy_of(self, session: Session) -> Policy:
        """The policy as it stood when the session was opened, on the trust list that the desk believes now."""
        current = self.policies.get(session.policy_id)
        policy = parse_policy(session.policy_text)
        return policy if current is None else policy.trusting(trust_list_url=current.trust.trust_list_url, anchors=current.trust.anchors)


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that was accepted: the verified presentation, its receipt, and where the wallet sends the person's browser now."""

    verified: VerifiedPresentation
    receipt: JsonObject
    redirect_uri: str


async def take(desk: Desk, session: Session, form: Mapping[str, str]) -> Taken:
    """Judge the form that a wallet posted in answer to ``session``, and spend the session if it holds (OpenID4VP 1.0 §8.2, §8.6).

    Raises ``SessionConsumed`` and ``SessionExpired`` before anything is read; ``SessionMismatch``, ``ResponseNotEncrypted`` and what
    ``read_response`` raises, which leave no trace; and ``Rejected``, whose verdict the desk sees while the session stays open.
    """
    now = desk.clock()
    refuse_closed(session, now)
    request = request_of(session)
    answer = read_response(form, request=request, key=response_key_of(session))
    try:
        if isinstance(answer, ErrorResponse):
            raise PresentationDeclined("answer: expected a presentation, got the wallet's refusal")
        return await _judged(desk, session, answer, request=request, now=now)
    except (SessionConsumed, SessionExpired):
        raise
    except Refused as refusal:
        await desk.store.refuse(session, verdict=_verdict(refusal), now=now)
        raise


def refuse_closed(session: Session, now: datetime) -> None:
    """Raises ``SessionExpired`` or ``SessionConsumed`` where the session takes no answer any more."""
    if session.status_at(now) == "expired":
        raise SessionExpired("session: expected an answer within its life")
    if session.status not in OPEN:
        raise SessionConsumed("session: expected one that is open, got one that was answered, cancelled or closed")


def presentations_of(token: VpToken, *, request: PresentationRequest) -> Presentations:
    """The presentations in a vp_token, each read in the format its query asks for; raises what the format's reader raises."""
    read = {}
    for query_id, wires in token.presentations.items():
        asked = request.query.named(query_id)
        if asked is not None:
            read[query_id] = tuple(FORMATS[asked.format].parse_presentation(wire) for wire in wires)
    return MappingProxyType(read)


async def _judged(desk: Desk, session: Session, token: VpToken, *, request: PresentationRequest, now: datetime) -> Taken:
    policy = desk.policy_of(session)
    presentations = presentations_of(token, request=request)
    credentials = [vc for several in presentations.values() for shown in several for vc in shown.credentials]
    facts = await desk.source.facts(credentials, policy=policy.trust, now=now)
    verified = verify(presentations, request=request, facts=facts, policy=policy, now=now)
    code = base64url.encode(desk.random(32)) if session.flow == "same_device" else ""
    result = _result(session, verified, presentations, request=request, facts=facts, policy=policy)
    await desk.store.answer(
        session,
        verdict=Verdict("valid", "", verified.checks),
        result=result,
        purge_at=now + timedelta(seconds=policy.retention.seconds),
        code_hash=hash_of_code(code),
        now=now,
    )
    desk.glimpses.note(session.id, passing_claims(dict(verified.claims), policy), now=now)
    return Taken(verified, result.receipt, _redirect(desk, session, code))


def refuse_foreign_browser(session: Session, response_code: str) -> None:
    """In the same-device flow only the browser that the wallet sent back may see the result; raises ``SessionMismatch`` (§13.3, §14.2)."""
    if session.flow != "same_device" or not session.response_code_hash:
        return
    if not hmac.compare_digest(hash_of_code(response_code), session.response_code_hash):
        raise SessionMismatch("response_code: expected the one that the wallet was given, got another or none")


def hash_of_code(code: str) -> str:
    """What is kept of a response code, "" for none."""
    return hashlib.sha256(code.encode()).hexdigest() if code else ""


def _result(
    session: Session,
    verified: VerifiedPresentation,
    presentations: Presentations,
    *,
    request: PresentationRequest,
    facts: Facts,
    policy: Policy,
) -> Result:
    kept = CaseFile(request, presentations, facts, policy, verified.verified_at, "valid", "").to_json() if policy.case_file else None
    receipt = make_receipt(
        session_id=session.id,
        policy=policy,
        verdict="valid",
        request=session.request,
        presentations=presentations,
        case_file_sha256=str(kept["sha256"]) if kept else "",
        verified_at=verified.verified_at,
    )
    return Result(claims=kept_claims(dict(verified.claims), policy), receipt=receipt, case_file=kept)


def _redirect(desk: Desk, session: Session, code: str) -> str:
    """OpenID4VP 1.0 §13.3: only who is sent back by the wallet that answered knows the response code."""
    return f"{desk.identity.public_url}/oid4vp/result/{session.id}?response_code={code}" if code else ""


def _verdict(refusal: Refused) -> Verdict:
    checks = refusal.checks if isinstance(refusal, Rejected) else (_check(refusal),)
    return Verdict("undecided" if refusal.verdict == "undecided" else "invalid", refusal.code, checks)


def _check(refusal: Refused) -> Check:
    return Check("answer", "undecided" if refusal.verdict == "undecided" else "failed", refusal.code, refusal.detail)
