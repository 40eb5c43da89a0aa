"""Whatever the claims are: what is hidden comes back, what is not chosen stays hidden, and no input does more than be refused."""

import secrets
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.sd_jwt.concealing import conceal
from credentials.sd_jwt.disclosure import parse_disclosure
from credentials.sd_jwt.processing import process
from credentials.sd_jwt.selecting import chosen_disclosures
from credentials.wire import ClaimPath
from doors import base64url
from doors.json import parse_json
from doors.refusals import Refused
from tests.credentials.cards import AUDIENCE, HOLDER, ISSUER, NONCE, NOW, card, issued

FORMAT = DcSdJwt()
PRESENTED = FORMAT.present(
    FORMAT.disclose(issued(card()), frozenset({("family_name",)})), HOLDER, nonce=NONCE, audience=AUDIENCE, now=NOW
).wire
NAMES = st.text(min_size=1, max_size=5).filter(lambda name: name not in ("_sd", "...", "_sd_alg"))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12)
CLAIMS = st.dictionaries(NAMES, VALUES, max_size=4)


def places(value: Any, path: ClaimPath = ()) -> list[ClaimPath]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inner for place in ((*path, key), *places(item, (*path, key)))]


@given(claims=CLAIMS, data=st.data())
def test_what_is_hidden_comes_back_whole(claims: dict[str, Any], data: st.DataObject) -> None:
    chosen = data.draw(st.frozensets(st.sampled_from(places(claims)))) if places(claims) else frozenset()
    hidden = conceal(claims, chosen, salts=secrets.token_bytes)
    whole = process(hidden.payload, hidden.disclosures)
    assert whole.claims == claims
    assert {placed.path for placed in whole.placed} == chosen


@given(claims=CLAIMS, data=st.data())
def test_a_chosen_path_opens_what_leads_to_it_and_no_more(claims: dict[str, Any], data: st.DataObject) -> None:
    every = places(claims)
    if not every:
        return
    hidden = conceal(claims, frozenset(every), salts=secrets.token_bytes)
    path = data.draw(st.sampled_from(every))
    chosen = chosen_disclosures(process(hidden.payload, hidden.disclosures), frozenset({path}))
    shown = process(hidden.payload, [text for text in hidden.disclosures if text in chosen])
    assert len(shown.placed) == len(path)


@given(content=st.binary(max_size=60) | VALUES.map(lambda value: repr(value).replace("'", '"').encode("utf-8", "replace")))
def test_the_quick_reading_of_a_disclosure_never_accepts_more_than_the_strict_one(content: bytes) -> None:
    try:
        read = parse_disclosure(base64url.encode(content))
    except Refused:
        return
    parts = parse_json(content)
    assert (read.name, read.value) == ((None, parts[1]) if len(parts) == 2 else (parts[1], parts[2]))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(place=st.integers(0, len(PRESENTED) - 1), octet=st.integers(0, 255), cut=st.integers(0, 3))
def test_a_spoiled_presentation_is_refused_and_nothing_else_happens(place: int, octet: int, cut: int) -> None:
    spoiled = PRESENTED[:place] + bytes([octet]) + PRESENTED[place + 1 + cut :]
    if spoiled == PRESENTED:
        return
    try:
        presentation = FORMAT.parse_presentation(spoiled)
        credential = FORMAT.verify(presentation.credentials[0], ISSUER.public)
        assert credential.holder_key is not None
        FORMAT.verify_presentation(presentation, credential.holder_key, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=timedelta(seconds=60))
    except Refused:
        return
    raise AssertionError("a spoiled presentation was accepted")


@given(wire=st.binary(max_size=200) | st.text(alphabet="abcdefghijklmnop~.-_=", max_size=200).map(str.encode))
def test_any_bytes_are_refused_and_nothing_else_happens(wire: bytes) -> None:
    try:
        FORMAT.parse_presentation(wire)
    except Refused:
        return
    raise AssertionError("noise was read as a presentation")
