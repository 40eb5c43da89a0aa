"""Judge what a guest shows: by arithmetic alone, on facts gathered before, with the same verdict today and in ten years."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from credentials.credential import Credential
from credentials.formats import FORMATS
from credentials.keys import PublicKey
from credentials.wire import VerifiableCredential, VerifiablePresentation
from doors.json import JsonObject
from doors.refusals import HolderBindingInvalid, HolderBindingMissing
from openid4vc.vp.request import PresentationRequest
from trust.checks import Check, Ledger, Rejected
from trust.entries import IssuerEntry
from trust.facts import Facts
from trust.judge import Judged, judge
from verifier.policy import Policy
from verifier.query import check_answered, refuse_unasked

Presentations = Mapping[str, tuple[VerifiablePresentation, ...]]
"""What came, by the id of the credential query that each presentation answers (OpenID4VP 1.0 §8.1)."""
JudgedAnswers = tuple[tuple[str, VerifiablePresentation, tuple[Judged, ...]], ...]


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential that holds, and the attributes that the policy asked of it, read from the verified bytes."""

    query_id: str
    format: str
    credential: Credential
    issuer: IssuerEntry
    claims: JsonObject


@dataclass(frozen=True, slots=True)
class VerifiedPresentation:
    """The proof that everything asked for was shown by its holder, for this request, and holds; made by ``verify`` alone."""

    credentials: tuple[VerifiedCredential, ...]
    checks: tuple[Check, ...]
    verified_at: datetime

    @property
    def claims(self) -> Mapping[str, JsonObject]:
        """The attributes asked for, by query id; the first credential's where a query took several."""
        return MappingProxyType({shown.query_id: shown.claims for shown in reversed(self.credentials)})

    @property
    def age(self) -> int:
        """The age in seconds of the oldest fact that the verdict rests on."""
        return max((check.age for check in self.checks if check.age is not None), default=0)


@dataclass(frozen=True, slots=True)
class VerifiedCopy:
    """A credential that holds, whoever carries it; made by ``verify_credential`` alone."""

    credential: VerifiedCredential
    checks: tuple[Check, ...]
    verified_at: datetime


def verify(
    presentations: Presentations, *, request: PresentationRequest, facts: Facts, policy: Policy, now: datetime
) -> VerifiedPresentation:
    """The verified presentation, or ``Rejected`` with every check made so far and the code of the one that failed.

    ``request`` is the question as it was sent: its nonce, its client identifier (the audience) and its query. ``facts`` come from
    ``trust.gather`` or from a pack. Order: what was asked for; then for each credential issuer, signature, dates and status
    (``trust.judge``); then its holder's binding to this request; then that every attribute asked for is there
    (OpenID4VP 1.0 §8.6, §14.1.2).
    """
    ledger = Ledger()
    # 1. Only what was asked for has come.
    with ledger.step("answer"):
        refuse_unasked(presentations, request=request)
    # 2. Each credential holds. (Issuer, key, signature, data, dates, status: the numbered steps of trust.judge.)
    judged = _judged_all(presentations, ledger, facts=facts, policy=policy, now=now)
    # 3. Whoever shows them holds them, and shows them to this verifier for this request.
    for query_id, presentation, credentials in judged:
        with ledger.step(f"{query_id}/holder_binding"):
            _check_holder(presentation, credentials, request=request, policy=policy, now=now)
    # 4. Every attribute asked for is among what was verified.
    with ledger.step("disclosure"):
        claims = check_answered(_by_query(judged), request=request)
    return VerifiedPresentation(tuple(_verified(judged, claims)), ledger.checks, now)


def verify_credential(vc: VerifiableCredential, *, facts: Facts, policy: Policy, now: datetime) -> VerifiedCopy:
    """A credential on its own, without a holder: issuer, type, signature, dates, status. Says nothing about who carries it.

    Raises ``Rejected``.
    """
    ledger = Ledger()
    judged = _judged("credential", vc, ledger, facts=facts, policy=policy, now=now)
    credential = VerifiedCredential("credential", vc.format, judged.credential, judged.issuer, judged.credential.claims)
    return VerifiedCopy(credential, ledger.checks, now)


def _judged_all(presentations: Presentations, ledger: Ledger, *, facts: Facts, policy: Policy, now: datetime) -> JudgedAnswers:
    return tuple(
        (
            query_id,
            presentation,
            tuple(_judged(query_id, vc, ledger, facts=facts, policy=policy, now=now) for vc in presentation.credentials),
        )
        for query_id, several in presentations.items()
        for presentation in several
    )


def _judged(query_id: str, vc: VerifiableCredential, ledger: Ledger, *, facts: Facts, policy: Policy, now: datetime) -> Judged:
    """One credential by ``trust.judge``, its checks taken over under the query's name."""
    try:
        judged = judge(vc, facts=facts, policy=policy.trust, now=now)
    except Rejected as rejected:
        ledger.add(_under(query_id, rejected.checks))
        raise Rejected(ledger.checks, rejected.cause) from rejected
    ledger.add(_under(query_id, judged.checks))
    return judged


def _under(query_id: str, checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(Check(f"{query_id}/{check.name}", check.outcome, check.code, check.detail, check.age) for check in checks)


def _check_holder(
    presentation: VerifiablePresentation, judged: tuple[Judged, ...], *, request: PresentationRequest, policy: Policy, now: datetime
) -> None:
    """The presentation is signed by the one holder to whom every credential in it was issued, for this nonce and verifier."""
    keys = {_holder_key(each, presentation) for each in judged}
    if len(keys) != 1:
        raise HolderBindingInvalid("presentation: expected credentials of one holder, got those of several")
    FORMATS[presentation.format].verify_presentation(
        presentation, keys.pop(), nonce=request.nonce, audience=request.client_id.text, now=now, skew=policy.trust.skew
    )


def _holder_key(judged: Judged, presentation: VerifiablePresentation) -> PublicKey:
    """The key that the issuer bound the credential to; the presentation may not name another holder (VCDM 2.0 §4.13)."""
    if judged.holder_key is None:
        raise HolderBindingMissing("credential: expected one that is bound to a holder, got one that anybody could show")
    if presentation.unverified_holder not in {"", judged.credential.holder}:
        raise HolderBindingInvalid("presentation: expected the holder to whom the credential was issued, got another")
    return judged.holder_key


def _by_query(judged: JudgedAnswers) -> dict[str, list[tuple[str, Credential]]]:
    shown: dict[str, list[tuple[str, Credential]]] = {}
    for query_id, presentation, credentials in judged:
        shown.setdefault(query_id, []).extend((presentation.format, each.credential) for each in credentials)
    return shown


def _verified(judged: JudgedAnswers, claims: Mapping[str, tuple[JsonObject, ...]]) -> Iterator[VerifiedCredential]:
    remaining = {query_id: iter(several) for query_id, several in claims.items()}
    for query_id, presentation, credentials in judged:
        for each in credentials:
            yield VerifiedCredential(query_id, presentation.format, each.credential, each.issuer, next(remaining[query_id]))
