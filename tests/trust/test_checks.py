"""Every check is kept, with the reason and the age of what it rests on."""

from datetime import timedelta

import pytest

from doors.refusals import REFUSALS, CredentialExpired, StatusStale
from tests.trust.lists import NOW
from trust.checks import Check, Ledger, Rejected


def test_a_passed_step_is_kept_with_the_age_of_its_oldest_fact() -> None:
    ledger = Ledger()
    with ledger.step("status") as findings:
        findings.rests_on(NOW - timedelta(seconds=40), NOW)
        findings.rests_on(NOW - timedelta(seconds=5), NOW)
        findings.detail = "2 entries"

    assert ledger.checks == (Check("status", "passed", detail="2 entries", age=40),)


def test_a_fact_from_later_has_age_zero() -> None:
    ledger = Ledger()
    with ledger.step("status") as findings:
        findings.rests_on(NOW + timedelta(days=1), NOW)

    assert ledger.checks[0].age == 0


def test_a_failed_step_ends_in_rejected_with_the_checks_so_far_and_the_refusals_own_code() -> None:
    ledger = Ledger()
    with ledger.step("format"):
        pass
    with pytest.raises(Rejected) as rejected, ledger.step("dates"):
        raise CredentialExpired("expected a valid one", pointer="/validUntil")

    refusal = rejected.value
    assert (refusal.code, refusal.exit_status, refusal.verdict, refusal.http_status) == ("credential_expired", 4, "invalid", 400)
    assert (refusal.detail, refusal.pointer) == ("expected a valid one", "/validUntil")
    assert isinstance(refusal.cause, CredentialExpired)
    assert [(check.name, check.outcome) for check in refusal.checks] == [("format", "passed"), ("dates", "failed")]
    assert str(refusal) == "credential_expired: expected a valid one"


def _judge_on_old_status() -> None:
    with Ledger().step("status") as findings:
        findings.rests_on(NOW - timedelta(hours=2), NOW)
        raise StatusStale("old")


def test_what_cannot_be_decided_is_undecided_and_keeps_its_age() -> None:
    with pytest.raises(Rejected) as rejected:
        _judge_on_old_status()

    assert rejected.value.checks[-1].outcome == "undecided"
    assert rejected.value.checks[-1].age == 7200
    assert (rejected.value.verdict, rejected.value.exit_status) == ("undecided", 5)


def test_the_checks_of_another_judgement_are_taken_over() -> None:
    ledger = Ledger()
    ledger.add((Check("format", "passed"),))

    assert ledger.checks[0].to_json() == {"name": "format", "outcome": "passed", "code": "", "detail": "", "age_seconds": None}


def test_a_rejection_has_no_code_of_its_own() -> None:
    assert Rejected not in REFUSALS.values()
