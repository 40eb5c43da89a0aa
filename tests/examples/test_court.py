"""Filing a case: who files, what was handed in, and the number at the end."""

import hashlib

import pytest

from doors.refusals import Refused
from tests.examples.conftest import Front
from tests.verifier.world import SUBJECT_CLAIMS

CLAIM, EVIDENCE = "起诉状".encode(), "证据清单".encode()


async def begun(front: Front) -> str:
    status, filing = await front.post("/v1/filings")
    assert (status, filing["state"], filing["missing"]) == (201, "open", ["identity", "statement_of_claim", "evidence_list"])
    return str(filing["id"])


async def hand_in(front: Front, filing: str, kind: str, content: bytes) -> tuple[int, dict[str, str]]:
    return await front.post(f"/v1/filings/{filing}/documents", params={"kind": kind, "name": f"{kind}.txt"}, data=content)


async def complete(front: Front) -> str:
    filing = await begun(front)
    await front.shown_to_court(filing)
    await hand_in(front, filing, "statement_of_claim", CLAIM)
    await hand_in(front, filing, "evidence_list", EVIDENCE)
    return filing


async def test_a_complete_filing_gets_its_number(court_front: Front) -> None:
    filing = await complete(court_front)
    status, accepted = await court_front.post(f"/v1/filings/{filing}/submit")
    assert (status, accepted["state"], accepted["number"]) == (200, "accepted", "（2026）虎0101民初1号")
    assert accepted["party"] == SUBJECT_CLAIMS["full_name"]
    assert [document["sha256"] for document in accepted["documents"]] == [hashlib.sha256(each).hexdigest() for each in (CLAIM, EVIDENCE)]


async def test_submitting_twice_gives_one_number_and_the_next_filing_the_next(court_front: Front) -> None:
    first = await complete(court_front)
    numbers = [(await court_front.post(f"/v1/filings/{first}/submit"))[1]["number"] for _ in range(2)]
    second = await complete(court_front)
    _, next_one = await court_front.post(f"/v1/filings/{second}/submit")
    assert (*numbers, next_one["number"]) == ("（2026）虎0101民初1号", "（2026）虎0101民初1号", "（2026）虎0101民初2号")


async def test_an_incomplete_filing_is_told_what_is_missing(court_front: Front) -> None:
    filing = await begun(court_front)
    await hand_in(court_front, filing, "statement_of_claim", CLAIM)
    status, problem = await court_front.post(f"/v1/filings/{filing}/submit")
    assert (status, problem["code"]) == (409, "state_conflict")
    assert problem["detail"].endswith("missing: identity, evidence_list")


async def test_a_revoked_card_does_not_identify_a_party(court_front: Front) -> None:
    filing = await begun(court_front)
    court_front.world.revoked.add(7)
    court_front.world.publish()
    with pytest.raises(Refused, match="status_revoked"):
        await court_front.shown_to_court(filing)
    _, seen = await court_front.get(f"/v1/filings/{filing}")
    assert (seen["identity"], seen["code"], "party" in seen) == ("invalid", "status_revoked", False)


async def test_nothing_is_added_to_an_accepted_filing(court_front: Front) -> None:
    filing = await complete(court_front)
    await court_front.post(f"/v1/filings/{filing}/submit")
    status, problem = await hand_in(court_front, filing, "evidence", b"late")
    assert (status, problem["code"]) == (409, "state_conflict")


async def test_a_document_of_an_unknown_kind_or_filing_is_refused(court_front: Front) -> None:
    filing = await begun(court_front)
    assert (await hand_in(court_front, filing, "bribe", b"money"))[0] == 400
    assert (await hand_in(court_front, "vs_nobody", "evidence", b"x"))[0] == 404


@pytest.mark.parametrize(("language", "word"), [("en", "Court filing"), ("zh-CN", "法院立案")])
async def test_the_page_names_purpose_and_law(court_front: Front, language: str, word: str) -> None:
    page = await (await court_front.client.get(f"/?lang={language}")).text()
    policy = court_front.desk.policies["court"]
    assert word in page
    assert policy.purpose[language] in page
    assert policy.legal_basis[language] in page
