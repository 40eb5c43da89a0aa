"""How sessions, verdicts and policies are shown to programs and pages: as models, never with more than the caller may see."""

from datetime import datetime
from typing import Any

from doors.json import JsonObject
from runtime.clock import rfc3339
from trust.checks import Check
from verifier.answer import Desk
from verifier.explain import Verdict, explain
from verifier.handlers.models import (
    AttributeModel,
    CheckModel,
    ExplanationModel,
    Links,
    PolicyModel,
    SessionModel,
    VerdictModel,
)
from verifier.policy import LANGUAGES, Policy
from verifier.request import request_uri, wallet_link
from verifier.session import Session


def session_model(session: Session, desk: Desk, now: datetime) -> SessionModel:
    """A session as it stands at ``now``."""
    verdict, result = session.verdict, session.result
    return SessionModel(
        id=session.id,
        policy=session.policy_id,
        flow=session.flow,
        status=session.status_at(now),
        created_at=rfc3339(session.created_at),
        expires_at=rfc3339(session.expires_at),
        answered_at=None if session.answered_at is None else rfc3339(session.answered_at),
        attempts=session.attempts,
        offline=desk.source.offline,
        request_uri=request_uri(session.id, identity=desk.identity),
        wallet_link=wallet_link(session.id, identity=desk.identity),
        links=_links(session.id),
        verdict=verdict.word if verdict else None,
        code=verdict.code if verdict else None,
        checks=check_models(verdict.checks) if verdict else [],
        data_age_seconds=data_age(verdict.checks) if verdict else None,
        explanations=_explanations(verdict.checks, verdict.word, verdict.code) if verdict else None,
        claims=_claims(result.claims, desk.glimpses.of(session.id, now=now)) if result else None,
        receipt=result.receipt if result else None,
    )


def verdict_model(checks: tuple[Check, ...], *, verdict: Verdict, code: str, claims: JsonObject | None) -> VerdictModel:
    return VerdictModel(
        verdict=verdict,
        code=code,
        checks=check_models(checks),
        data_age_seconds=data_age(checks),
        explanations=_explanations(checks, verdict, code),
        claims=claims,
    )


def policy_model(policy: Policy) -> PolicyModel:
    named = {attribute.name: attribute for ask in policy.credentials for attribute in ask.attributes}
    return PolicyModel(
        id=policy.id,
        version=policy.version,
        sha256=policy.sha256,
        name=dict(policy.name),
        purpose=dict(policy.purpose),
        legal_basis=dict(policy.legal_basis),
        retention_seconds=policy.retention.seconds,
        retention=dict(policy.retention.words),
        attributes=[AttributeModel(name=name, why=dict(attribute.why)) for name, attribute in named.items()],
    )


def check_models(checks: tuple[Check, ...]) -> list[CheckModel]:
    return [CheckModel(**check.to_json()) for check in checks]


def data_age(checks: tuple[Check, ...]) -> int:
    """The age in seconds of the oldest fact that a check rests on."""
    return max((check.age for check in checks if check.age is not None), default=0)


def _explanations(checks: tuple[Check, ...], verdict: Verdict, code: str) -> dict[str, ExplanationModel]:
    told: dict[str, Any] = {language: explain(checks, verdict=verdict, code=code, language=language).to_json() for language in LANGUAGES}
    return {language: ExplanationModel(**members) for language, members in told.items()}


def _claims(kept: JsonObject, passing: JsonObject) -> JsonObject:
    return {query_id: {**said, **passing.get(query_id, {})} for query_id, said in kept.items()}


def _links(session_id: str) -> Links:
    here = f"/v1/verification-sessions/{session_id}"
    return Links(self=here, events=f"{here}/events", qr=f"{here}/qr", cancel=f"{here}/cancel", case_file=f"{here}/case-file")
