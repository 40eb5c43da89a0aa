"""Whether what was shown answers what was asked: the verifier never relies on the wallet for it (OpenID4VP 1.0 §8.6, §14.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doors.refusals import ClaimMissing, CredentialTypeMismatch, HolderBindingMissing, QueryNotSatisfied, Refused
from openid4vc.claims_path import SelectedClaim, select
from openid4vc.vp.dcql.credentials import ShownCredential
from openid4vc.vp.dcql.matching import satisfied, selected_claims
from openid4vc.vp.dcql.query import CredentialQuery, Query


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers that passed: for each credential query that was answered, the claims asked for, one tuple for each credential."""

    by_query: Mapping[str, tuple[tuple[SelectedClaim, ...], ...]]


def check(query: Query, presented: Mapping[str, Sequence[ShownCredential]]) -> Answered:
    """The claims that answer ``query``, from credentials that are verified already, keyed by credential query.

    Raises ``QueryNotSatisfied`` for a credential not asked for, too many, one of another format, or a value not asked for;
    ``CredentialTypeMismatch``; ``HolderBindingMissing``; ``ClaimMissing``; and ``QueryNotSatisfied`` where a required part is unanswered.
    """
    answers = {identifier: _answers(query, identifier, credentials) for identifier, credentials in presented.items()}
    if not satisfied(query, frozenset(answers)):
        raise QueryNotSatisfied("presentation: expected an answer to every required part of the query, got fewer")
    return Answered(answers)


def _answers(query: Query, identifier: str, credentials: Sequence[ShownCredential]) -> tuple[tuple[SelectedClaim, ...], ...]:
    wanted = query.named(identifier)
    if wanted is None:
        raise QueryNotSatisfied("presentation: expected only credentials that the query asks for, got another")
    if not credentials or (len(credentials) > 1 and not wanted.multiple):
        raise QueryNotSatisfied(f"{identifier}: expected {'at least one' if wanted.multiple else 'one'} credential, got {len(credentials)}")
    return tuple(_claims(wanted, credential) for credential in credentials)


def _claims(wanted: CredentialQuery, credential: ShownCredential) -> tuple[SelectedClaim, ...]:
    if credential.format != wanted.format:
        raise QueryNotSatisfied(f"{wanted.id}: expected the format {wanted.format}, got another")
    if not wanted.meta.accepts(credential.types):
        raise CredentialTypeMismatch(f"{wanted.id}: expected a credential of a type asked for, got another")
    if wanted.require_holder_binding and not credential.holder_bound:
        raise HolderBindingMissing(f"{wanted.id}: expected a proof that the presenter holds the credential")
    selections = (selected_claims(option, credential) for option in wanted.options())
    claims = next((selection for selection in selections if selection is not None), None)
    if claims is None:
        raise _unanswered(wanted, credential)
    return claims


def _unanswered(wanted: CredentialQuery, credential: ShownCredential) -> Refused:
    absent = [claim.path for claim in wanted.options()[0] if not select(credential.claims, claim.path)]
    if not absent:
        return QueryNotSatisfied(f"{wanted.id}: expected one of the values asked for, got another")
    names = ", ".join(".".join("*" if part is None else str(part) for part in path) for path in absent)
    return ClaimMissing(f"{wanted.id}: expected the claims {names}, got a presentation without")
