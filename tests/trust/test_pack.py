"""Everything needed to judge without a network, in one signed file."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest

from credentials.jsonld import PINS, context_bytes
from credentials.jws import sign_jws
from credentials.keys import generate_key
from doors.refusals import PackExpired, PackInvalid
from tests.trust.lists import NOW, trust_policy
from tests.trust.worlds import CARDS, World
from trust.facts import facts_of
from trust.judge import judge
from trust.pack import MANIFEST, PACK_TYP, make_pack, read_pack
from trust.policy import MaxAges
from trust.snapshot import snapshot

PACKER = generate_key("EdDSA", kid="packer")
SIGNERS = (PACKER.public,)
WEEK = timedelta(days=7)


def packed() -> bytes:
    return make_pack(World().facts(), PACKER, NOW + WEEK)


def repacked(change: Callable[[dict[str, bytes]], None], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return changed.getvalue()


def test_facts_come_out_of_a_pack_as_they_went_in() -> None:
    facts = World().facts()

    assert read_pack(make_pack(facts, PACKER, NOW + WEEK), SIGNERS, NOW) == facts


def test_the_same_facts_make_the_same_file() -> None:
    facts = World().facts()

    assert make_pack(facts, PACKER, NOW + WEEK) == make_pack(facts, PACKER, NOW + WEEK)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_judged_from_a_pack_with_the_age_of_its_facts(name: str) -> None:
    later = NOW + timedelta(hours=20)
    grace = trust_policy(offline=MaxAges(status=timedelta(hours=24)))

    verdict = judge(CARDS[name](), facts=read_pack(packed(), SIGNERS, later), policy=grace, now=later)

    assert max(check.age or 0 for check in verdict.checks) == 20 * 3600


def test_a_pack_is_good_until_its_end_and_the_skew() -> None:
    assert read_pack(packed(), SIGNERS, NOW + WEEK + timedelta(seconds=59))
    with pytest.raises(PackExpired):
        read_pack(packed(), SIGNERS, NOW + WEEK + timedelta(seconds=60))


@pytest.mark.parametrize("signers", [(), (generate_key("EdDSA").public,), (generate_key("ES256").public,)])
def test_a_pack_of_another_signer_is_refused(signers: tuple[object, ...]) -> None:
    with pytest.raises(PackInvalid):
        read_pack(packed(), signers, NOW)  # type: ignore[arg-type]


def _swap_contents(members: dict[str, bytes]) -> None:
    first, second = [name for name in members if name != MANIFEST][:2]
    members[first], members[second] = members[second], members[first]


def _change_a_byte(members: dict[str, bytes]) -> None:
    name = next(name for name in members if name != MANIFEST)
    members[name] += b" "


def _lose_a_snapshot(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name != MANIFEST)]


def _lose_the_manifest(members: dict[str, bytes]) -> None:
    del members[MANIFEST]


def _another_token(members: dict[str, bytes]) -> None:
    members[MANIFEST] = sign_jws(b"{}", PACKER, typ="vc+jwt").encode()


def _no_manifest_members(members: dict[str, bytes]) -> None:
    members[MANIFEST] = sign_jws(b"{}", PACKER, typ=PACK_TYP).encode()


def _foreign_kind(members: dict[str, bytes]) -> None:
    item = {"kind": "rumour", "name": "x", "sha256": "00", "fetched_at": "2026-01-01T00:00:00Z"}
    manifest = {"gathered_at": "2026-01-01T00:00:00Z", "expires_at": "2036-01-01T00:00:00Z", "snapshots": [item]}
    members[MANIFEST] = sign_jws(json.dumps(manifest).encode(), PACKER, typ=PACK_TYP).encode()


@pytest.mark.parametrize(
    "change",
    [_swap_contents, _change_a_byte, _lose_a_snapshot, _lose_the_manifest, _another_token, _no_manifest_members, _foreign_kind],
)
def test_a_pack_that_was_changed_is_refused(change: Callable[[dict[str, bytes]], None]) -> None:
    with pytest.raises(PackInvalid):
        read_pack(repacked(change), SIGNERS, NOW)


def test_a_pack_with_compressed_members_is_refused() -> None:
    with pytest.raises(PackInvalid):
        read_pack(repacked(lambda _: None, compression=zipfile.ZIP_DEFLATED), SIGNERS, NOW)
    assert read_pack(repacked(lambda _: None), SIGNERS, NOW), "the twin: the same members, stored"


def test_a_pack_cut_anywhere_is_refused() -> None:
    whole = packed()
    for length in range(0, len(whole), 512):
        with pytest.raises(PackInvalid):
            read_pack(whole[:length], SIGNERS, NOW)


def test_a_flipped_bit_never_changes_what_a_pack_says() -> None:
    whole, facts = packed(), World().facts()
    for place in range(0, len(whole), 97):
        changed = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        try:
            assert read_pack(changed, SIGNERS, NOW).snapshots.keys() == facts.snapshots.keys()
        except PackInvalid:
            continue


def test_a_pack_names_its_context_documents_and_is_refused_where_others_are_bundled() -> None:
    address = next(iter(PINS))

    def pack_with(content: bytes) -> bytes:
        facts = facts_of([snapshot("context", address, content, fetched_at=NOW)], gathered_at=NOW)
        return make_pack(facts, PACKER, NOW + WEEK)

    assert read_pack(pack_with(context_bytes(address)), SIGNERS, NOW)
    with pytest.raises(PackInvalid):
        read_pack(pack_with(b"{}"), SIGNERS, NOW)
