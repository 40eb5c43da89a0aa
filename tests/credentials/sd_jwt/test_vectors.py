"""Every case of the reference implementation, through our own concealing, choosing and processing."""

import secrets

import pytest

from credentials.sd_jwt.concealing import conceal
from credentials.sd_jwt.processing import process
from credentials.sd_jwt.selecting import chosen_disclosures
from tests.credentials.sd_jwt.specification import CASES, marked, plain, shown, specification
from tests.shared import needs_shared

pytestmark = needs_shared


def test_the_cases_are_there() -> None:
    assert len(CASES) == 9


@pytest.mark.parametrize("name", CASES)
def test_what_the_holder_shows_is_what_the_verifier_reads(name: str) -> None:
    case = specification(name)
    hidden = conceal(plain(case["user_claims"]), marked(case["user_claims"]), salts=secrets.token_bytes)
    whole = process(hidden.payload, hidden.disclosures)

    chosen = chosen_disclosures(whole, shown(case["holder_disclosed_claims"]))

    read = process(hidden.payload, [text for text in hidden.disclosures if text in chosen])
    assert read.claims == case["expect_verified_user_claims"]


@pytest.mark.parametrize("name", CASES)
def test_everything_shown_gives_back_everything(name: str) -> None:
    claims = specification(name)["user_claims"]
    hidden = conceal(plain(claims), marked(claims), salts=secrets.token_bytes)

    whole = process(hidden.payload, hidden.disclosures)

    assert whole.claims == plain(claims)
    assert {placed.path for placed in whole.placed} == marked(claims)
