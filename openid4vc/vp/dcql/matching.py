"""Which of the wallet's credentials answer a query, and exactly what each would reveal (OpenID4VP 1.0 §6.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doors.refusals import QueryNotSatisfied
from openid4vc.claims_path import ClaimPath, SelectedClaim, covers, leaves, select
from openid4vc.vp.dcql.credentials import HeldCredential, Shown
from openid4vc.vp.dcql.query import ClaimsQuery, CredentialQuery, CredentialSetQuery, Query


@dataclass(frozen=True, slots=True)
class Candidate:
    """A held credential that answers one credential query.

    ``requested`` are the concrete paths of the claims asked for, in the query's order; ``disclose`` the disclosable claims to open for
    them; ``revealed`` the paths of every value that the verifier would see, also those that cannot be kept back.
    """

    credential: HeldCredential
    requested: tuple[ClaimPath, ...]
    disclose: frozenset[ClaimPath]
    revealed: tuple[ClaimPath, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """For each credential query, the held credentials that answer it, in the order they were given."""

    query: Query
    by_query: Mapping[str, tuple[Candidate, ...]]

    def answerable(self, option: Sequence[str]) -> bool:
        """Whether every credential query named in ``option`` has a candidate."""
        return all(self.by_query[identifier] for identifier in option)

    def options(self, wanted: CredentialSetQuery) -> tuple[tuple[str, ...], ...]:
        """The options of a credential set that can be answered, most preferred first."""
        return tuple(option for option in wanted.options if self.answerable(option))

    def missing(self) -> tuple[CredentialSetQuery, ...]:
        """The required sets that cannot be answered; () where the query can be answered."""
        return tuple(wanted for wanted in self.query.required_sets() if not self.options(wanted))

    def preferred(self) -> tuple[str, ...]:
        """The credential queries to answer: the first answerable option of each required set, in the query's order.

        Raises ``QueryNotSatisfied`` where a required set has none: then no credential may be returned at all (§6.4.2).
        """
        if self.missing():
            raise QueryNotSatisfied("dcql_query: expected credentials that answer every required part, the wallet lacks some")
        chosen = {identifier for wanted in self.query.required_sets() for identifier in self.options(wanted)[0]}
        return tuple(entry.id for entry in self.query.credentials if entry.id in chosen)

    def satisfied_by(self, chosen: Sequence[str]) -> bool:
        """Whether answering exactly the credential queries ``chosen`` satisfies the query."""
        return self.answerable(chosen) and satisfied(self.query, frozenset(chosen))


def match(query: Query, held: Sequence[HeldCredential]) -> Candidates:
    """Hold ``query`` against the wallet's credentials; pure, and without choosing for the holder."""
    found = {wanted.id: tuple(filter(None, (_candidate(wanted, credential) for credential in held))) for wanted in query.credentials}
    return Candidates(query, found)


def satisfied(query: Query, answered: frozenset[str]) -> bool:
    """Whether answers to the credential queries ``answered`` satisfy every required set (§6.4.2)."""
    return all(any(answered.issuperset(option) for option in wanted.options) for wanted in query.required_sets())


def selected_claims(option: Sequence[ClaimsQuery], credential: Shown) -> tuple[SelectedClaim, ...] | None:
    """The claims that answer every part of ``option``, or None where one is absent or has none of the values asked for (§6.4.1)."""
    found: dict[ClaimPath, SelectedClaim] = {}
    for wanted in option:
        allowed = [claim for claim in select(credential.claims, wanted.path) if wanted.allows(claim.value)]
        if not allowed:
            return None
        found.update((claim.path, claim) for claim in allowed)
    return tuple(found.values())


def _candidate(wanted: CredentialQuery, credential: HeldCredential) -> Candidate | None:
    if credential.format != wanted.format or not wanted.meta.accepts(credential.types):
        return None
    if (wanted.require_holder_binding and not credential.holder_bound) or not _has_authority(wanted, credential):
        return None
    selections = (selected_claims(option, credential) for option in wanted.options())
    claims = next((selection for selection in selections if selection is not None), None)
    return None if claims is None else _revealing(credential, tuple(claim.path for claim in claims))


def _has_authority(wanted: CredentialQuery, credential: HeldCredential) -> bool:
    accepted = {(entry.type, value) for entry in wanted.trusted_authorities for value in entry.values}
    return not accepted or not accepted.isdisjoint(credential.authorities)


def _revealing(credential: HeldCredential, requested: tuple[ClaimPath, ...]) -> Candidate:
    """§6.4.1: of the claims that can be kept back, only those selected are sent; the others are seen in any case."""
    disclosable = credential.disclosable or ()
    opened = frozenset(claim for claim in disclosable if any(covers(claim, path) or covers(path, claim) for path in requested))
    closed = [claim for claim in disclosable if claim not in opened]
    paths = (leaf.path for leaf in leaves(credential.claims))
    return Candidate(credential, requested, opened, tuple(path for path in paths if not any(covers(claim, path) for claim in closed)))
