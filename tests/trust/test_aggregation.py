"""An issuer says where all its status lists lie, and is believed for its own host alone."""

from typing import Any

import orjson
import pytest

from credentials.wire import StatusEntry
from doors.refusals import FetchFailed, InputMalformed, MetadataInvalid, MetadataMismatch, Refused, UrlBlocked
from tests.didresolver.worlds import Answers
from tests.trust.lists import SITE, issuer_entry
from tests.trust.worlds import REVOCATION, SUSPENSION, TOKEN
from trust.aggregation import MOST_LISTS, aggregated_lists

SERVER, LISTS = f"{SITE}/.well-known/oauth-authorization-server", f"{SITE}/lists"
FOREIGN = "https://mallory.example/list"


def published(*, metadata: Any = None, aggregation: Any = None) -> Answers:
    named = {"status_lists": [TOKEN], "bitstring_status_lists": [REVOCATION, SUSPENSION]}
    return Answers(
        {
            SERVER: orjson.dumps({"issuer": SITE, "status_list_aggregation_endpoint": LISTS} if metadata is None else metadata),
            LISTS: orjson.dumps(named if aggregation is None else aggregation),
        }
    )


async def test_lists_of_both_kinds_are_named() -> None:
    assert await aggregated_lists(SITE, issuer_entry(), fetch=published()) == (
        StatusEntry("status_list", "", 0, TOKEN),
        StatusEntry("BitstringStatusListEntry", "", 0, REVOCATION),
        StatusEntry("BitstringStatusListEntry", "", 0, SUSPENSION),
    )


async def test_an_issuer_that_keeps_to_the_standard_alone_is_read() -> None:
    found = await aggregated_lists(SITE, issuer_entry(), fetch=published(aggregation={"status_lists": [TOKEN], "other": 1}))
    assert [entry.list_url for entry in found] == [TOKEN]


async def test_an_issuer_with_a_path_has_its_metadata_before_the_path() -> None:
    fetch = published()
    with pytest.raises(FetchFailed):
        await aggregated_lists(f"{SITE}/tenant", issuer_entry(), fetch=fetch)
    assert fetch.asked == [f"{SERVER}/tenant"]


@pytest.mark.parametrize(
    ("answers", "refusal"),
    [
        ({"metadata": {"issuer": SITE}}, MetadataInvalid),
        ({"metadata": {"issuer": SITE, "status_list_aggregation_endpoint": 7}}, MetadataInvalid),
        ({"metadata": {"issuer": "https://mallory.example", "status_list_aggregation_endpoint": LISTS}}, MetadataMismatch),
        ({"metadata": {"issuer": SITE, "status_list_aggregation_endpoint": FOREIGN}}, UrlBlocked),
        ({"aggregation": {"status_lists": [TOKEN, FOREIGN]}}, UrlBlocked),
        ({"aggregation": {"status_lists": [], "bitstring_status_lists": [FOREIGN]}}, UrlBlocked),
        ({"aggregation": {"status_lists": "text"}}, MetadataInvalid),
        ({"aggregation": {"status_lists": [TOKEN, None]}}, MetadataInvalid),
        ({"aggregation": {"status_lists": {"a": 1}}}, MetadataInvalid),
        ({"aggregation": {"status_lists": [TOKEN] * (MOST_LISTS + 1)}}, MetadataInvalid),
        ({"aggregation": [TOKEN]}, InputMalformed),
    ],
)
async def test_what_is_not_an_aggregation_of_its_own_lists_is_refused(answers: dict[str, Any], refusal: type[Refused]) -> None:
    fetch = published(**answers)
    with pytest.raises(refusal):
        await aggregated_lists(SITE, issuer_entry(), fetch=fetch)
    assert FOREIGN not in fetch.asked
