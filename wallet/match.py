"""Which cards answer a request, what each would reveal, and what is left when the holder refuses some of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doors.json import JsonObject, JsonValue
from doors.refusals import QueryNotSatisfied
from openid4vc.claims_path import ClaimPath, covers, select
from openid4vc.vp.dcql import Candidate, Candidates, HeldCredential, Query, match
from trust.relying_party import attribute_of
from wallet.holding import Holding


@dataclass(frozen=True, slots=True)
class Consent:
    """What the holder decided: which card answers each credential query, and which attributes are not shown, by path."""

    chosen: Mapping[str, str]
    refused: frozenset[ClaimPath] = frozenset()


def candidates(query: Query, holdings: Sequence[Holding], *, refused: frozenset[ClaimPath], now: datetime, skew: timedelta) -> Candidates:
    """The usable cards that answer ``query``; a refused attribute is treated as if it did not exist (RPA_11).

    Cards that are out of their time, or known to be revoked or suspended, are not among them.
    """
    usable = [holding.held() for holding in holdings if holding.usable_at(now, skew=skew)]
    return match(query, [_without(card, refused) for card in usable if not _shows_all(card, refused)])


def suggested(found: Candidates) -> Consent:
    """The consent that the wallet would suggest: for each credential query of the preferred options the card that reveals least.

    Nothing is ticked by this: it only fills the form. Raises ``QueryNotSatisfied``.
    """
    return Consent({query_id: _least_revealing(found.by_query[query_id]).credential.id for query_id in found.preferred()})


def chosen(found: Candidates, consent: Consent) -> Mapping[str, Candidate]:
    """The candidates that the holder chose, by credential query; raises ``QueryNotSatisfied`` where they do not answer the query."""
    by_id = {(query_id, each.credential.id): each for query_id, options in found.by_query.items() for each in options}
    picked = {query_id: by_id[query_id, card] for query_id, card in consent.chosen.items() if (query_id, card) in by_id}
    if len(picked) < len(consent.chosen) or not found.satisfied_by(tuple(picked)):
        raise QueryNotSatisfied("consent: without what was refused the request cannot be answered; nothing is sent")
    return picked


def shown_names(options: Iterable[Candidate]) -> tuple[str, ...]:
    """The attributes of the person that the chosen cards would reveal, each once, by name."""
    return tuple(dict.fromkeys(attribute_of(path) for option in options for path in option.revealed if _about_the_person(option, path)))


def _about_the_person(option: Candidate, path: ClaimPath) -> bool:
    """A whole document also shows its issuer, dates and identifiers; these are the card's, not the person's."""
    if option.credential.format != "ldp_vc":
        return True
    return path[:1] == ("credentialSubject",) and path[1:] != ("id",)


def _least_revealing(options: Sequence[Candidate]) -> Candidate:
    return min(options, key=lambda option: len(option.revealed))


def _shows_all(card: HeldCredential, refused: frozenset[ClaimPath]) -> bool:
    """Whether the card would show a refused attribute in any case, because its format shows all or nothing."""
    return card.disclosable is None and any(select(card.claims, path) for path in refused)


def _without(card: HeldCredential, refused: frozenset[ClaimPath]) -> HeldCredential:
    """The card as if the refused attributes were not on it."""
    return replace(card, claims=_pruned(card.claims, (), refused)) if refused else card


def _pruned(value: JsonObject, at: ClaimPath, refused: frozenset[ClaimPath]) -> JsonObject:
    kept: dict[str, JsonValue] = {}
    for name, inner in value.items():
        path = (*at, name)
        if any(covers(gone, path) for gone in refused):
            continue
        kept[name] = _pruned(inner, path, refused) if isinstance(inner, dict) else inner
    return kept
