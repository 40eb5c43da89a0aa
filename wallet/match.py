"""Which cards answer a request, what each would reveal, and what is left when the holder refuses some of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from doors.json import JsonObject, JsonValue
from doors.refusals import ApprovalRequired, QueryNotSatisfied
from openid4vc.claims_path import ClaimPath, covers, select
from openid4vc.vp.dcql import Candidate, Candidates, HeldCredential, Query, match
from trust.relying_party import attribute_of
from wallet.holding import Holding

PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the holder decided: which card answers each credential query, and which attributes are not shown, by path.

    ``portrait``: whether the holder agreed, apart from the rest, that a picture of them is shown (RPA_07c).
    """

    chosen: Mapping[str, str]
    refused: frozenset[ClaimPath] = frozenset()
    portrait: bool = False


def candidates(query: Query, holdings: Sequence[Holding], *, refused: frozenset[ClaimPath], now: datetime, skew: timedelta) -> Candidates:
    """The usable cards that answer ``query``; a refused attribute is treated as if it did not exist (RPA_11).

    Cards that are out of their time, or known to be revoked or suspended, are not among them.
    """
    usable = [holding.held() for holding in holdings if holding.usable_at(now, skew=skew)]
    return match(query, [_without(card, refused) for card in usable if not _shows_all(card, refused)])


def kept_back(query: Query, holdings: Sequence[Holding], *, now: datetime, skew: timedelta) -> bool:
    """Whether there is a card that would answer, were it not out of its time, revoked or suspended."""
    lapsed = [holding.held() for holding in holdings if not holding.usable_at(now, skew=skew)]
    return any(match(query, lapsed).by_query.values())


def picked_by(found: Candidates, cards: Collection[str]) -> Mapping[str, str]:
    """One card for each credential query of the preferred options: the only one there is, or the one that the holder named in ``cards``.

    Raises ``QueryNotSatisfied`` where nothing answers, ``ApprovalRequired`` where several would and the holder has not said which.
    """
    return {query_id: _picked(found.by_query[query_id], cards) for query_id in found.preferred()}


def _picked(options: Sequence[Candidate], cards: Collection[str]) -> str:
    ids = [option.credential.id for option in options]
    named = ids if len(ids) == 1 else [each for each in ids if each in cards]
    if len(named) != 1:
        raise ApprovalRequired(f"card: several would do, and you choose: {', '.join(ids)}")
    return named[0]


def chosen(found: Candidates, consent: Consent) -> Mapping[str, Candidate]:
    """The candidates that the holder chose, by credential query; raises ``QueryNotSatisfied`` where they do not answer the query,
    ``ApprovalRequired`` where they would show a portrait that the holder has not agreed to show.
    """
    by_id = {(query_id, each.credential.id): each for query_id, options in found.by_query.items() for each in options}
    picked = {query_id: by_id[query_id, card] for query_id, card in consent.chosen.items() if (query_id, card) in by_id}
    if len(picked) < len(consent.chosen) or not found.satisfied_by(tuple(picked)):
        raise QueryNotSatisfied("consent: without what was refused the request cannot be answered; nothing is sent")
    if PORTRAIT in shown_names(picked.values()) and not consent.portrait:
        raise ApprovalRequired("portrait: it is biometric data and needs your own consent; nothing is sent")
    return picked


def shown_names(options: Iterable[Candidate]) -> tuple[str, ...]:
    """The attributes of the person that the chosen cards would reveal, each once, by name."""
    return tuple(dict.fromkeys(attribute_of(path) for option in options for path in option.revealed if _about_the_person(option, path)))


def _about_the_person(option: Candidate, path: ClaimPath) -> bool:
    """A whole document also shows its issuer, dates and identifiers; these are the card's, not the person's."""
    if option.credential.format != "ldp_vc":
        return True
    return path[:1] == ("credentialSubject",) and path[1:] != ("id",)


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
