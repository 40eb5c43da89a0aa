"""Before anything is recorded or signed: would a verifier believe it? Tried with keys that are thrown away."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from credentials.formats import FORMATS
from credentials.id_card import ID_CARD_TYPE, ID_CARD_VCT
from credentials.jsonld.referee import second_opinion
from issuer.configurations import CONFIGURATIONS
from issuer.id_card import list_url
from issuer.issue import Draft, LintedDraft
from issuer.keys import Keyring, throw_away_keys
from issuer.metadata import did_document, jwt_vc_issuer
from issuer.office import Office, Terms
from issuer.permutation import LIST_SIZE, StatusPlace
from issuer.publish import LISTS, Ended
from trust.entries import Bilingual, Granted, IssuerEntry
from trust.facts import Facts, facts_of
from trust.judge import judge
from trust.policy import TrustPolicy
from trust.snapshot import snapshot

_LAST_PLACE = StatusPlace(1, LIST_SIZE - 1)
_FACTS_KEPT = timedelta(minutes=30)
_EVER = datetime.fromisoformat("2020-01-01T00:00:00Z")


@dataclass(slots=True)
class LintBench:
    """Throw-away keys under the office's own names, and everything a verifier would have gathered about an issuer that has them."""

    keys: Keyring
    terms: Terms
    policy: TrustPolicy
    _facts: Facts | None = field(default=None)

    def facts_at(self, now: datetime) -> Facts:
        """DID document, issuer keys and empty status lists, made anew every half hour."""
        facts = self._facts
        if facts is None or not facts.gathered_at <= now < facts.gathered_at + _FACTS_KEPT:
            facts = self._facts = _facts_of(self.keys, self.terms, now)
        return facts


def lint_bench(office: Office) -> LintBench:
    names = office.keys
    entry = IssuerEntry(
        identifiers=(names.issuer, names.public_url),
        name=Bilingual("Lint", "检查"),
        types=frozenset({ID_CARD_TYPE, ID_CARD_VCT}),
        granted=(Granted(_EVER),),
    )
    policy = TrustPolicy(types=entry.types, pinned=(entry,), skew=office.terms.skew)
    return LintBench(throw_away_keys(issuer=names.issuer, public_url=names.public_url), office.terms, policy)


def lint(draft: Draft, *, bench: LintBench, now: datetime) -> LintedDraft:
    """The draft, once the verifier's own judgement has passed on it as signed by throw-away keys.

    Raises ``trust.checks.Rejected`` with the code of the check that failed, and what the data model and the schema refuse.
    """
    kind = CONFIGURATIONS[draft.configuration]
    card = draft.placed(_LAST_PLACE, bench.keys)
    if kind.format == "ldp_vc":
        second_opinion(card.document)
    secured = FORMATS[kind.format].secure(card, bench.keys.for_credentials(kind.algorithm), now=draft.issued_at)
    judge(FORMATS[kind.format].parse(secured.wire), facts=bench.facts_at(now), policy=bench.policy, now=now)
    return LintedDraft(draft)


def _facts_of(keys: Keyring, terms: Terms, now: datetime) -> Facts:
    lists = [
        snapshot("status-list", f"{list_url(keys.public_url, 1)}/{kind}", make(1, Ended(), keys, terms, now)[0], fetched_at=now)
        for kind, make in LISTS.items()
    ]
    documents = [
        snapshot("did-document", keys.issuer, orjson.dumps(did_document(keys)), fetched_at=now),
        snapshot("issuer-keys", keys.public_url, orjson.dumps(jwt_vc_issuer(keys)), fetched_at=now),
    ]
    return facts_of((*documents, *lists), gathered_at=now)
