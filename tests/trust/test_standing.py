"""Who has standing, for what, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from credentials.id_card.names import ID_CARD_TYPE, ID_CARD_VCT
from doors.refusals import CredentialTypeMismatch, FactsMissing, FetchTimeout, IssuerUntrusted, Refused, TrustListInvalid, TrustListStale
from tests.trust.lists import DID, LIST_URL, NOW, SITE, facts_with, issuer_entry, trust_list, trust_policy
from trust.entries import Granted
from trust.facts import Facts, facts_of
from trust.policy import MaxAges, TrustPolicy
from trust.snapshot import Missing
from trust.standing import Standing, issuer_standing

TYPES = ("VerifiableCredential", ID_CARD_TYPE)
YEARS = {year: datetime(year, 1, 1, tzinfo=UTC) for year in range(2020, 2031)}


def standing(
    issuer: str = DID, types: tuple[str, ...] = TYPES, *, facts: Facts | None = None, policy: TrustPolicy | None = None, now: datetime = NOW
) -> Standing:
    return issuer_standing(issuer, types, facts=facts or facts_with(trust_list()), policy=policy or trust_policy(), now=now)


@pytest.mark.parametrize("issuer", [DID, SITE])
@pytest.mark.parametrize("types", [TYPES, (ID_CARD_VCT,)])
def test_a_listed_issuer_has_standing_under_each_name_of_it_and_of_the_type(issuer: str, types: tuple[str, ...]) -> None:
    assert standing(issuer, types).entry == issuer_entry()


def test_a_stranger_has_none() -> None:
    with pytest.raises(IssuerUntrusted):
        standing("did:web:mallory.example")


@pytest.mark.parametrize("changes", [{"issuers": frozenset()}, {"anchors": ()}, {"issuers": frozenset({"did:web:other.example"})}])
def test_an_empty_or_other_allow_list_refuses(changes: dict[str, object]) -> None:
    with pytest.raises(IssuerUntrusted):
        standing(policy=trust_policy(**changes))


def test_a_policy_may_name_single_issuers_of_the_list() -> None:
    assert standing(policy=trust_policy(issuers=frozenset({SITE})))


def test_a_type_that_the_policy_does_not_name_is_refused() -> None:
    with pytest.raises(CredentialTypeMismatch):
        standing(types=("VerifiableCredential", "DrivingLicence"))
    with pytest.raises(CredentialTypeMismatch):
        standing(policy=trust_policy(types=frozenset()))
    with pytest.raises(CredentialTypeMismatch):
        standing(types=("VerifiableCredential",), policy=trust_policy(types=frozenset({"VerifiableCredential"})))


def test_an_issuer_of_other_types_is_not_trusted_for_this_one() -> None:
    with pytest.raises(IssuerUntrusted):
        standing(facts=facts_with(trust_list(issuers=(issuer_entry(types=frozenset({"LibraryCard"})),))))


def test_a_further_type_beside_the_trusted_one_needs_trust_as_well() -> None:
    with pytest.raises(IssuerUntrusted):
        standing(types=(*TYPES, "https://example.com/RoyalWarrant"))


@pytest.mark.parametrize(
    ("year", "trusted"), [(2020, False), (2021, True), (2022, True), (2023, False), (2024, False), (2025, True), (2030, True)]
)
def test_the_history_of_grants_answers_for_its_own_time(year: int, trusted: bool) -> None:
    granted = (Granted(YEARS[2021], YEARS[2023]), Granted(YEARS[2025]))
    edition = trust_list(issuers=(issuer_entry(granted=granted),), expires_at=datetime(2031, 1, 1, tzinfo=UTC))
    facts = facts_with(edition, fetched_at=YEARS[2030])

    if trusted:
        assert standing(facts=facts, now=YEARS[year]).entry.granted == granted
        return
    with pytest.raises(IssuerUntrusted):
        standing(facts=facts, now=YEARS[year])


def test_an_expired_list_is_stale() -> None:
    facts = facts_with(trust_list(expires_at=NOW - timedelta(seconds=60)))

    with pytest.raises(TrustListStale):
        standing(facts=facts)
    assert standing(facts=facts_with(trust_list(expires_at=NOW - timedelta(seconds=59))))


def test_a_list_older_than_the_policy_allows_is_stale_unless_a_grace_is_stated() -> None:
    facts = facts_with(trust_list(), fetched_at=NOW - timedelta(hours=25))

    with pytest.raises(TrustListStale):
        standing(facts=facts)
    assert standing(facts=facts, policy=trust_policy(offline=MaxAges(trust_list=timedelta(hours=48))))


def test_a_list_that_ends_before_it_begins_is_invalid() -> None:
    with pytest.raises(TrustListInvalid):
        standing(facts=facts_with(trust_list(issued_at=NOW + timedelta(days=30))))


def test_without_a_list_the_reason_is_told() -> None:
    missing = Missing("trust-list", LIST_URL, "fetch_timeout", "trust.example: expected an answer", NOW)
    expected: tuple[tuple[Facts, type[Refused]], ...] = (
        (facts_of([], gathered_at=NOW), FactsMissing),
        (facts_of([], gathered_at=NOW, missing=[missing]), FetchTimeout),
    )
    for facts, refusal in expected:
        with pytest.raises(refusal):
            standing(facts=facts)


def test_a_pinned_issuer_needs_no_list() -> None:
    policy = TrustPolicy(types=frozenset({ID_CARD_VCT}), pinned=(issuer_entry(),))

    assert standing(facts=facts_of([], gathered_at=NOW), policy=policy).source is None
    with pytest.raises(IssuerUntrusted):
        standing(facts=facts_of([], gathered_at=NOW), policy=policy, now=YEARS[2020])
