"""Whatever comes in from outside, only documented refusals come out."""

import contextlib

from hypothesis import given, settings
from hypothesis import strategies as st

from didresolver import expand_self_certifying
from didresolver.methods.web import document_url
from doors.refusals import Refused
from tests.trust.lists import ANCHOR, NOW, trust_list
from trust.entries import host_of
from trust.pack import read_pack
from trust.policy import TrustPolicy, read_policy
from trust.status import list_signer
from trust.trust_list import TrustList, read_trust_list

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(["sequence", "iat", "exp", "issuers", "relying_parties", "types", "pinned", "trust_list", "max_age_seconds"])
WEB_DID = st.text("abz0.:%5BDFe-_[]1/#@2é", max_size=40).map("did:web:".__add__)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_bytes(content: bytes) -> None:
    for read in (
        lambda: read_trust_list(content, (ANCHOR.public,)),
        lambda: read_pack(content, (ANCHOR.public,), NOW),
        lambda: list_signer(content, "status_list"),
        lambda: list_signer(content, "BitstringStatusListEntry"),
    ):
        with contextlib.suppress(Refused):
            assert not read()


@settings(max_examples=300, deadline=None)
@given(MEMBERS, ANYTHING)
def test_members(name: str, value: object) -> None:
    for parse in (lambda: TrustList.parse(trust_list().to_json() | {name: value}), lambda: TrustPolicy.parse({name: value})):
        with contextlib.suppress(Refused):
            assert parse()


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(WEB_DID, st.text(max_size=60).map("did:key:z".__add__), st.text(max_size=60).map("did:jwk:".__add__), st.text(max_size=40))
)
def test_dids_and_hosts(text: str) -> None:
    host_of(text)
    with contextlib.suppress(Refused):
        assert expand_self_certifying(text).id == text
    with contextlib.suppress(Refused):
        assert document_url(text, development=False).startswith("https://")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_policy_files(text: str) -> None:
    with contextlib.suppress(Refused):
        assert read_policy(text)
