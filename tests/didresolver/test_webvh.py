"""did:webvh through the resolver: the newest document, the one of an earlier time, and what must have witnessed it."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from credentials.did_document import DidDocument
from credentials.keys import PrivateKey
from didresolver import CachingResolver
from didresolver.methods.webvh_proofs import sign
from didresolver.methods.webvh_writing import approve_log, deactivate_log, update_log
from doors.json import parse_object
from doors.refusals import (
    DidDeactivated,
    DidInvalid,
    DidLogInvalid,
    DidNotFound,
    FetchFailed,
    FetchTimeout,
    InputTooLarge,
    KeyNotAllowed,
    Refused,
    UrlBlocked,
)
from tests.didresolver.histories import (
    LOG_URL,
    NEXT,
    NIGHT,
    OTHER_WITNESS,
    OWNER,
    PLACE,
    THIEF,
    WITNESS,
    WITNESS_URL,
    did_of,
    entries,
    forged,
    hours,
    new_log,
    on_the_web,
    rule,
)
from tests.didresolver.worlds import MORNING, Answers, HandClock


def with_key(did: str, key: PrivateKey, **members: object) -> dict[str, Any]:
    method = f"{did}#key-1"
    multikey = {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": key.public.multikey()}
    return {"id": did, "verificationMethod": [multikey], "assertionMethod": [method], **members}


def rotated(**wishes: Any) -> bytes:
    """A DID whose signing key at midnight is WITNESS's, and from one o'clock on NEXT's."""
    log = new_log(document=with_key(f"did:webvh:{{SCID}}:{PLACE}", WITNESS), **wishes)
    return update_log(log, OWNER, now=NIGHT + hours(1), document=with_key(did_of(log), NEXT))


def resolver(log: bytes, witness_file: bytes | int = 404) -> CachingResolver:
    return CachingResolver(on_the_web(log, witness_file), HandClock())


async def test_the_newest_document_is_given_with_its_history_in_the_metadata() -> None:
    log = rotated(parameters={"ttl": 60, "watchers": ["https://watcher.example"]})

    resolution = await resolver(log).resolve(did_of(log))

    assert resolution.document.key("#key-1", purpose="assertionMethod") == NEXT.public
    assert orjson.loads(resolution.content) == resolution.document.document == entries(log)[-1]["state"]
    assert resolution.metadata == {
        "versionId": entries(log)[-1]["versionId"],
        "versionTime": "2026-11-21T01:00:00Z",
        "created": "2026-11-21T00:00:00Z",
        "updated": "2026-11-21T01:00:00Z",
        "scid": did_of(log).split(":")[2],
        "portable": False,
        "deactivated": False,
        "ttl": "60",
        "witness": {},
        "watchers": ["https://watcher.example"],
    }


async def test_the_content_is_a_document_that_stands_for_itself() -> None:
    log = rotated()

    content = (await resolver(log).resolve(did_of(log))).content

    kept = DidDocument.parse(parse_object(content), did=did_of(log))
    assert kept.key(f"{did_of(log)}#key-1", purpose="assertionMethod") == NEXT.public


@pytest.mark.parametrize(("minutes", "key"), [(0, WITNESS), (59.99, WITNESS), (60, NEXT), (300, NEXT)])
async def test_a_key_is_the_one_that_was_good_at_that_time(minutes: float, key: PrivateKey) -> None:
    log = rotated()

    resolution = await resolver(log).resolve(did_of(log), version_time=NIGHT + timedelta(minutes=minutes))

    assert resolution.document.key("#key-1", purpose="assertionMethod") == key.public


async def test_before_it_was_made_there_was_no_such_did() -> None:
    log = rotated()
    with pytest.raises(DidNotFound):
        await resolver(log).resolve(did_of(log), version_time=NIGHT - timedelta(seconds=1))


@pytest.mark.parametrize("wish", [{"version_id": "1-Qm"}, {"version_number": 3}, {"version_number": 1, "version_time": NIGHT + hours(2)}])
async def test_a_version_that_is_not_there_is_not_found(wish: dict[str, Any]) -> None:
    log = rotated()
    with pytest.raises(DidNotFound):
        await resolver(log).resolve(did_of(log), **wish)


async def test_versions_are_found_by_number_and_by_id() -> None:
    log = rotated()
    first = entries(log)[0]

    by_number = await resolver(log).resolve(did_of(log), version_number=1)
    by_id = await resolver(log).resolve(did_of(log), version_id=first["versionId"])

    assert by_number.content == by_id.content == orjson.dumps(first["state"])


async def test_a_broken_end_spoils_the_present_but_not_the_versions_before_it() -> None:
    log = forged(update_log(rotated(), OWNER, now=NIGHT + hours(2)), lambda entry: None, key=THIEF)
    did = did_of(log)

    with pytest.raises(DidLogInvalid):
        await resolver(log).resolve(did)
    with pytest.raises(DidLogInvalid):
        await resolver(log).resolve(did, version_time=NIGHT + hours(1))
    with pytest.raises(DidLogInvalid):
        await resolver(log).resolve(did, version_number=3)
    assert (await resolver(log).resolve(did, version_number=2)).metadata["updated"] == "2026-11-21T01:00:00Z"
    assert (await resolver(log).resolve(did, version_time=NIGHT)).document.key("#key-1", purpose="assertionMethod") == WITNESS.public


async def test_a_deactivated_did_gives_only_its_past() -> None:
    log = deactivate_log(rotated(), OWNER, now=NIGHT + hours(2))
    did = did_of(log)

    for wish in ({}, {"version_time": NIGHT + hours(2)}, {"version_number": 3}):
        with pytest.raises(DidDeactivated):
            await resolver(log).resolve(did, **wish)
    before = await resolver(log).resolve(did, version_time=NIGHT + hours(1))
    assert before.metadata["deactivated"] is True
    assert before.document.key("#key-1", purpose="assertionMethod") == NEXT.public


async def test_the_history_of_another_did_is_refused() -> None:
    did = did_of(new_log(key=THIEF))
    with pytest.raises(DidLogInvalid):
        await resolver(new_log()).resolve(did)


async def test_a_moved_did_is_found_under_both_names() -> None:
    old = did_of(new_log(parameters={"portable": True}))
    new = old.replace(PLACE, "office.example:dids")
    document = {"id": new, "alsoKnownAs": [old]}
    log = update_log(new_log(parameters={"portable": True}), OWNER, now=NIGHT + hours(1), document=document)
    web = on_the_web(log)
    web.table["https://office.example/dids/did.jsonl"] = log

    assert (await CachingResolver(web, HandClock()).resolve(new)).document.id == new
    assert (await CachingResolver(web, HandClock()).resolve(old)).document.id == new
    assert (await CachingResolver(web, HandClock()).resolve(old, version_time=NIGHT)).document.id == old


WITNESSED = {"witness": rule(2, WITNESS, OTHER_WITNESS)}


def approved(log: bytes, *witnesses: PrivateKey, file: bytes = b"[]") -> bytes:
    for witness in witnesses:
        file = approve_log(log, file, witness, now=MORNING)
    return file


async def test_enough_witnesses_make_a_version_good() -> None:
    log = new_log(parameters=WITNESSED)

    resolution = await resolver(log, approved(log, WITNESS, OTHER_WITNESS)).resolve(did_of(log))

    assert resolution.metadata["witness"] == {**rule(2, WITNESS, OTHER_WITNESS), "threshold": "2"}


@pytest.mark.parametrize("witnesses", [(), (WITNESS,), (WITNESS, WITNESS), (WITNESS, THIEF), (OWNER, THIEF)])
async def test_too_few_witnesses_are_not_enough(witnesses: tuple[PrivateKey, ...]) -> None:
    log = new_log(parameters=WITNESSED)
    with pytest.raises(DidLogInvalid):
        await resolver(log, approved(log, *witnesses)).resolve(did_of(log))


async def test_without_a_file_nobody_has_witnessed_anything() -> None:
    log = new_log(parameters=WITNESSED)
    with pytest.raises(DidLogInvalid):
        await resolver(log).resolve(did_of(log))


@pytest.mark.parametrize("file", [b"", b"{}", b"[7]", b'[{"versionId":1,"proof":[]}]', b'[{"versionId":"1-a","proof":{}}]'])
async def test_a_file_of_witnesses_that_is_none_is_refused(file: bytes) -> None:
    log = new_log(parameters=WITNESSED)
    with pytest.raises(DidLogInvalid):
        await resolver(log, file).resolve(did_of(log))


async def test_a_later_approval_counts_for_the_versions_before_it() -> None:
    log = update_log(new_log(parameters=WITNESSED), OWNER, now=NIGHT + hours(1))

    assert await resolver(log, approved(log, WITNESS, OTHER_WITNESS)).resolve(did_of(log))


async def test_an_approval_of_an_earlier_version_says_nothing_about_a_later_one() -> None:
    first = new_log(parameters=WITNESSED)
    log = update_log(first, OWNER, now=NIGHT + hours(1))
    file = approved(first, WITNESS, OTHER_WITNESS)

    with pytest.raises(DidLogInvalid):
        await resolver(log, file).resolve(did_of(log))
    assert (await resolver(log, file).resolve(did_of(log), version_number=1)).metadata["updated"] == "2026-11-21T00:00:00Z"


async def test_an_approval_of_a_version_that_is_not_published_counts_for_nothing() -> None:
    log = new_log(parameters=WITNESSED)
    ahead = update_log(log, OWNER, now=NIGHT + hours(1))
    with pytest.raises(DidLogInvalid):
        await resolver(log, approved(ahead, WITNESS, OTHER_WITNESS)).resolve(did_of(log))


async def test_an_approval_of_another_did_is_no_approval() -> None:
    other = new_log(parameters=WITNESSED, now=NIGHT - hours(1))
    log = new_log(parameters=WITNESSED)
    with pytest.raises(DidLogInvalid):
        await resolver(log, approved(other, WITNESS, OTHER_WITNESS)).resolve(did_of(log))


async def test_unsound_approvals_beside_enough_sound_ones_do_no_harm() -> None:
    log = new_log(parameters=WITNESSED)
    version = entries(log)[0]["versionId"]
    unsound = [
        7,
        {},
        {**sign({"versionId": version}, WITNESS, now=NIGHT), "proofValue": "z1"},
        sign({"versionId": "x"}, WITNESS, now=NIGHT),
    ]
    file = orjson.loads(approved(log, WITNESS, OTHER_WITNESS))
    file[0]["proof"][:0] = unsound

    assert await resolver(log, orjson.dumps(file)).resolve(did_of(log))


async def test_the_old_witnesses_approve_the_change_to_new_ones() -> None:
    log = update_log(new_log(parameters={"witness": rule(1, WITNESS)}), OWNER, now=NIGHT + hours(1), parameters={"witness": rule(1, THIEF)})

    assert await resolver(log, approved(log, WITNESS)).resolve(did_of(log))
    with pytest.raises(DidLogInvalid):
        await resolver(log, approved(log, THIEF)).resolve(did_of(log))


async def test_the_first_witnesses_of_a_did_approve_already_their_own_entry() -> None:
    log = update_log(new_log(), OWNER, now=NIGHT + hours(1), parameters={"witness": rule(1, WITNESS)})

    assert await resolver(log, approved(log, WITNESS)).resolve(did_of(log))
    with pytest.raises(DidLogInvalid):
        await resolver(log).resolve(did_of(log))


async def test_the_end_of_witnessing_must_be_witnessed_and_then_nobody_is_asked() -> None:
    ended = update_log(new_log(parameters={"witness": rule(1, WITNESS)}), OWNER, now=NIGHT + hours(1), parameters={"witness": {}})
    log = update_log(ended, OWNER, now=NIGHT + hours(2))

    assert await resolver(log, approved(ended, WITNESS)).resolve(did_of(log))
    with pytest.raises(DidLogInvalid):
        await resolver(log, approved(new_log(parameters={"witness": rule(1, WITNESS)}), WITNESS)).resolve(did_of(log))


async def test_the_file_of_witnesses_is_fetched_only_where_there_are_some() -> None:
    log = new_log()
    web = on_the_web(log)
    await CachingResolver(web, HandClock()).resolve(did_of(log))

    assert web.asked == [LOG_URL]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [(404, DidNotFound), (410, DidNotFound), (500, FetchFailed), (301, FetchFailed), (InputTooLarge("large"), InputTooLarge)],
)
async def test_a_server_that_gives_no_history(answer: int | Refused, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        await CachingResolver(Answers({LOG_URL: answer}), HandClock()).resolve(did_of(new_log()))


async def test_a_server_that_hides_the_witnesses_is_a_network_refusal() -> None:
    log = new_log(parameters=WITNESSED)
    web = on_the_web(log)
    web.table[WITNESS_URL] = FetchTimeout("slow")
    with pytest.raises(FetchTimeout):
        await CachingResolver(web, HandClock()).resolve(did_of(log))


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ("127%2E0%2E0%2E1", UrlBlocked),
        ("localhost", UrlBlocked),
        ("localhost%3A8101", UrlBlocked),
        ("127.0.0.1%3a8080", UrlBlocked),
        ("a", DidInvalid),
    ],
)
async def test_nobody_is_asked_for_a_did_on_an_address(place: str, refusal: type[Refused]) -> None:
    web = Answers({})
    with pytest.raises(refusal):
        await CachingResolver(web, HandClock()).resolve(did_of(new_log()).replace(PLACE, place))
    assert web.asked == []


async def test_in_development_a_did_may_lie_on_this_machine() -> None:
    log = new_log()
    local = did_of(log).replace(PLACE, "localhost%3A8101")
    web = Answers({"http://localhost:8101/.well-known/did.jsonl": log})
    with pytest.raises(DidLogInvalid):
        await CachingResolver(web, HandClock(), development=True).resolve(local)
    assert web.asked


async def test_the_owner_says_how_long_a_document_may_be_kept() -> None:
    for ttl, asked in ((60, 2), (3600, 1), (0, 2)):
        log = new_log(parameters={"ttl": ttl})
        web, clock = on_the_web(log), HandClock()
        kept = CachingResolver(web, clock)
        await kept.resolve(did_of(log))
        clock.passes(minutes=2 if ttl else 0)
        await kept.resolve(did_of(log))
        assert len(web.asked) == asked


async def test_a_key_without_a_controller_is_data_but_nobodys_key() -> None:
    method = {"id": "#key-1", "type": "Multikey", "publicKeyMultibase": NEXT.public.multikey()}
    log = new_log(document={"verificationMethod": [method], "assertionMethod": ["#key-1"]})

    resolution = await resolver(log).resolve(did_of(log))

    assert resolution.document.document["verificationMethod"] == [method]
    assert not resolution.document.methods


async def test_a_document_with_a_private_key_is_refused() -> None:
    method = {"id": "#key-1", "type": "JsonWebKey", "controller": "did:web:x", "publicKeyJwk": NEXT.private_jwk()}
    log = new_log(document={"verificationMethod": [method]})
    with pytest.raises(KeyNotAllowed):
        await resolver(log).resolve(did_of(log))
