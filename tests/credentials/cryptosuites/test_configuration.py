"""Proof options that are read once and filled in are the same, letter by letter, as those that are read every time."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credentials.cryptosuites import configuration
from credentials.cryptosuites.configuration import canonical_configuration
from credentials.jsonld import BUNDLED, canonicalize
from credentials.model.rules import CREDENTIALS_V2
from doors.json import JsonObject
from doors.refusals import IriNotAbsolute, Refused, TermUndefined

ID_CARD = "https://tigertally.example/contexts/id-card/v1"
CONTEXTS = ([CREDENTIALS_V2], [CREDENTIALS_V2, ID_CARD], [CREDENTIALS_V2, "https://w3id.org/security/multikey/v1", ID_CARD])
OPTIONS: JsonObject = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-11-21T09:00:00Z",
    "verificationMethod": "did:web:issuer.example#key-1",
    "proofPurpose": "assertionMethod",
}
WORDS = st.from_regex(r"[A-Za-z0-9._~:/%# \\\"<>_-]{0,24}", fullmatch=True) | st.sampled_from(
    ["_:x", "did:web:a", "id", "type", "@id", "name", "sample.domain", "sec:proof", "123", "true", "x\n", "名", "a\u2028b"]
)
METHODS = st.from_regex(r"(did|urn|https):[a-z0-9]{0,8}:[A-Za-z0-9._:%/-]{1,24}#[A-Za-z0-9._:%-]{0,12}", fullmatch=True) | WORDS
MOMENTS = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z") | st.sampled_from(
    [
        "2026-11-21T09:00:00.000+00:00",
        "2026-11-21T23:59:59.123456789012-05:00",
        "2026-02-30T00:00:00Z",
        "2026-11-21",
        "2026-11-21T24:00:00Z",
    ]
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "created": MOMENTS,
    "expires": MOMENTS,
    "verificationMethod": METHODS,
    "challenge": WORDS,
    "domain": WORDS | st.lists(WORDS, max_size=2),
    "nonce": WORDS,
    "proofPurpose": st.sampled_from(["assertionMethod", "authentication", "another"]),
    "id": WORDS,
    "colour": WORDS,
}


def said(options: JsonObject, context: list[str], *, digest: str) -> str | type[Refused]:
    try:
        return canonicalize({**options, "@context": context}, contexts=BUNDLED, digest=digest)
    except Refused as refusal:
        return type(refusal)


def said_at_once(options: JsonObject, context: list[str], *, digest: str) -> str | type[Refused]:
    try:
        return canonical_configuration(options, context, contexts=BUNDLED, digest=digest)
    except Refused as refusal:
        return type(refusal)


@settings(deadline=None, max_examples=400)
@given(changes=st.fixed_dictionaries({}, optional=VALUES), context=st.sampled_from(CONTEXTS), digest=st.sampled_from(["sha256", "sha384"]))
@example(changes={"challenge": "sample.domain", "domain": "sample.challenge"}, context=CONTEXTS[0], digest="sha256")
@example(changes={"verificationMethod": "did:web:localhost%3A8101#key-1"}, context=CONTEXTS[0], digest="sha256")
@example(changes={"verificationMethod": "did:web:a%zz#key-1"}, context=CONTEXTS[0], digest="sha256")
@example(changes={"challenge": '"'}, context=CONTEXTS[0], digest="sha256")
def test_filled_in_is_as_read(changes: JsonObject, context: list[str], digest: str) -> None:
    options = OPTIONS | changes
    assert said_at_once(options, context, digest=digest) == said(options, context, digest=digest)


def test_plain_options_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = OPTIONS | {"challenge": "n-8NnzGIlFVm", "domain": "decentralized_identifier:did:web:court.example"}
    canonical_configuration(shown, [CREDENTIALS_V2], contexts=BUNDLED)
    monkeypatch.setattr(configuration, "canonicalize", lambda *_, **__: pytest.fail("read again"))
    again = shown | {"created": "2027-01-01T00:00:00Z", "challenge": "another"}
    assert "another" in canonical_configuration(again, [CREDENTIALS_V2], contexts=BUNDLED)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"colour": "red"}, TermUndefined), ({"verificationMethod": "key-1"}, IriNotAbsolute), ({"id": "proof-1"}, IriNotAbsolute)],
)
def test_odd_options_are_refused_as_ever(change: JsonObject, code: type[Refused]) -> None:
    canonical_configuration(OPTIONS, [CREDENTIALS_V2], contexts=BUNDLED)
    with pytest.raises(code):
        canonical_configuration(OPTIONS | change, [CREDENTIALS_V2], contexts=BUNDLED)
