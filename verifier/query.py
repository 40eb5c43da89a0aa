"""Turn a policy into the question that a wallet understands (DCQL, OpenID4VP 1.0 §6), and hold an answer against it."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from credentials.credential import Credential
from credentials.wire import VerifiablePresentation
from doors.json import JsonObject
from doors.refusals import QueryNotSatisfied
from openid4vc.claims_path import SelectedClaim
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.dcql import Query, ShownCredential, check
from openid4vc.vp.request import PresentationRequest
from trust.type_names import type_names
from verifier.policy import Alternatives, AttributePath, Policy

EVERY_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


def query_of(policy: Policy) -> Query:
    """The DCQL query of a policy: one credential query an ask, one credential set a list of alternatives (OpenID4VP 1.0 §6.1, §6.2).

    A credential that stands in no alternative is required, and is then a set of its own, because naming any set makes the
    rest optional (§6.4.2).
    """
    wanted = (
        Wanted(ask.id, ask.format, ask.types, tuple((each.path, each.optional) for each in ask.attributes)) for ask in policy.credentials
    )
    return _query(tuple(wanted), policy.alternatives)


class Wanted(NamedTuple):
    """Of one ``Ask`` what a query says: each attribute's path, and whether the guest may hold it back."""

    id: str
    format: str
    types: tuple[str, ...]
    attributes: tuple[tuple[AttributePath, bool], ...]


@lru_cache(maxsize=64)
def _query(credentials: tuple[Wanted, ...], alternatives: Alternatives) -> Query:
    """Made once: every guest of a desk is asked the same."""
    asked: JsonObject = {"credentials": [_credential_query(wanted) for wanted in credentials]}
    if not alternatives:
        return Query.parse(asked)
    named = {query_id for options in alternatives for option in options for query_id in option}
    alone = [((wanted.id,),) for wanted in credentials if wanted.id not in named]
    asked["credential_sets"] = [{"options": [list(option) for option in options], "required": True} for options in (*alternatives, *alone)]
    return Query.parse(asked)


def question_of(policy: Policy, *, nonce: str, audience: str) -> PresentationRequest:
    """The policy's question for a nonce and audience of the caller's own; it is never sent, so it has nowhere to be answered."""
    return PresentationRequest(
        client_id=ClientId.parse(audience), nonce=nonce, query=query_of(policy), response_mode=policy.response_mode, destination=""
    )


def refuse_unasked(presentations: Mapping[str, Sequence[VerifiablePresentation]], *, request: PresentationRequest) -> None:
    """Refuse what nobody asked for, before any of it is looked at; raises ``QueryNotSatisfied`` (OpenID4VP 1.0 §8.1, §8.6)."""
    for query_id, several in presentations.items():
        asked = request.query.named(query_id)
        if asked is None:
            raise QueryNotSatisfied("presentation: expected only credentials that were asked for, got another")
        if not asked.multiple and sum(len(presentation.credentials) for presentation in several) > 1:
            raise QueryNotSatisfied(f"{query_id}: expected one credential, got several")
        if any(presentation.format != asked.format or not presentation.credentials for presentation in several):
            raise QueryNotSatisfied(f"{query_id}: expected a presentation in the format {asked.format}, with a credential in it")


def check_answered(
    shown: Mapping[str, Sequence[tuple[str, Credential]]], *, request: PresentationRequest
) -> Mapping[str, tuple[JsonObject, ...]]:
    """The claims asked for, by query id and credential, from verified credentials of a bound holder, given with their formats.

    Raises ``QueryNotSatisfied``, ``CredentialTypeMismatch``, ``ClaimMissing`` (OpenID4VP 1.0 §8.6).
    """
    answered = check(request.query, {query_id: [_shown(*each) for each in several] for query_id, several in shown.items()})
    return {query_id: tuple(_by_name(claims) for claims in several) for query_id, several in answered.by_query.items()}


def _shown(form: str, credential: Credential) -> ShownCredential:
    claims = credential.document if form == "ldp_vc" else credential.claims
    return ShownCredential(form, type_names(credential.types) | {EVERY_CREDENTIAL}, claims, holder_bound=True)


def _by_name(claims: Sequence[SelectedClaim]) -> JsonObject:
    return {str(claim.path[-1]): claim.value for claim in claims}


def _credential_query(wanted: Wanted) -> JsonObject:
    """All attributes where they are shown; where an optional one is kept back, the others will do (OpenID4VP 1.0 §6.4.1)."""
    query: JsonObject = {"id": wanted.id, "format": wanted.format, "meta": _META[wanted.format](wanted.types)}
    claims = [{"id": f"a{place}", "path": list(path)} for place, (path, _) in enumerate(wanted.attributes)]
    needed = [claim["id"] for claim, (_, optional) in zip(claims, wanted.attributes, strict=True) if not optional]
    if len(needed) == len(claims):
        return {**query, "claims": [{"path": claim["path"]} for claim in claims]}
    return {**query, "claims": claims, "claim_sets": [[claim["id"] for claim in claims], needed]}


def _type_values(types: tuple[str, ...]) -> JsonObject:
    """Fully expanded types, any one list of which will do (OpenID4VP 1.0 Appendix B.1.1)."""
    return {"type_values": [[EVERY_CREDENTIAL, kind] for kind in types]}


def _vct_values(types: tuple[str, ...]) -> JsonObject:
    """OpenID4VP 1.0 Appendix B.3.5."""
    return {"vct_values": list(types)}


_META: Mapping[str, Callable[[tuple[str, ...]], JsonObject]] = MappingProxyType({"ldp_vc": _type_values, "dc+sd-jwt": _vct_values})
