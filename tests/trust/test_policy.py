"""A trust policy as a file."""

from datetime import timedelta

import pytest

from credentials.keys.did_key import did_key
from doors.refusals import SettingsInvalid
from tests.trust.lists import ANCHOR
from trust.policy import MaxAges, read_policy

FILE = f"""
types = ["https://tigertally.example/credentials/id-card/v1"]
issuers = ["*"]
skew_seconds = 30
refetch_status_after_seconds = 5

[trust_list]
url = "https://trust.example/trust-list.jwt"
anchors = ["{did_key(ANCHOR.public)}"]

[max_age_seconds]
status = 600

[offline_max_age_seconds]
status = 86400

[[pinned]]
identifiers = ["did:web:issuer.example"]
types = ["IdCardCredential"]
name = {{ en = "Registry office", zh-CN = "户籍处" }}
granted = [{{ from = "2026-01-01T00:00:00Z" }}]
"""


def test_a_policy_file_is_read() -> None:
    policy = read_policy(FILE)

    assert policy.anchors == (ANCHOR.public,)
    assert policy.issuers == {"*"}
    assert policy.max_age == MaxAges(status=timedelta(seconds=600))
    assert (policy.skew, policy.refetch_status_after) == (timedelta(seconds=30), timedelta(seconds=5))
    assert policy.pinned[0].identifiers == ("did:web:issuer.example",)


def test_a_grace_counts_only_where_it_is_stated() -> None:
    with_grace, without = read_policy(FILE), read_policy(FILE.replace("[offline_max_age_seconds]\nstatus = 86400", ""))

    assert with_grace.stale_limit("status") == timedelta(days=1)
    assert without.stale_limit("status") == timedelta(seconds=600)
    assert with_grace.stale_limit("did_document") == without.stale_limit("did_document") == timedelta(hours=24)


def test_an_empty_file_trusts_nobody() -> None:
    policy = read_policy("")

    assert not policy.types
    assert not policy.issuers
    assert not policy.anchors
    assert not policy.pinned


def test_all_mistakes_are_told_at_once() -> None:
    text = 'types = "all"\nskew_seconds = -1\nissuer = []\n[trust_list]\nanchors = ["did:key:zzz"]\n[max_age_seconds]\nstatus = 1.5\n'

    with pytest.raises(SettingsInvalid) as told:
        read_policy(text)

    for place in ("/types", "/skew_seconds", "issuers", "/trust_list/anchors", "/max_age_seconds/status"):
        assert place in told.value.detail


@pytest.mark.parametrize("text", ["types = [", "[[pinned]]\nidentifiers = []"])
def test_a_broken_file_is_refused(text: str) -> None:
    with pytest.raises(SettingsInvalid):
        read_policy(text)
