"""Record, then sign, then send."""

from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.formats import FORMATS
from credentials.keys import PrivateKey, generate_key
from credentials.keys.did_key import did_key
from credentials.wire import VerifiableCredential
from doors import base64url
from doors.refusals import CredentialRequestDenied, InvalidNonce, Refused, SchemaMismatch
from issuer.enrol import open_subject, withdraw
from issuer.issue import NONCE, Draft, IssueOrder, LintedDraft, RecordedDraft, draft, keep, record, secure
from issuer.lint import lint, lint_bench
from issuer.store import applications, credentials
from runtime.spend import add_spendable
from tests.issuer.test_offer import offered, redeemed
from tests.issuer.world import ISSUER, PUBLIC_URL, START, World

LDP, SD_JWT = "id-card-ldp", "id-card-sd-jwt"


async def nonce_of(world: World) -> str:
    nonce = base64url.encode(world.office.random_bytes(16))
    expires_at = world.clock() + world.office.terms.nonce_life
    await world.database.write(lambda c: add_spendable(c, NONCE, nonce, expires_at=expires_at))
    return nonce


async def draft_for(world: World, application_id: str, configuration: str, holder: PrivateKey) -> Draft:
    subject = open_subject(await world.database.read(lambda c: applications.find(c, application_id)), office=world.office)
    return draft(subject, configuration, holder.public, office=world.office, now=world.clock())


async def recorded_for(world: World, offer_id: str, nonce: str, made: Draft) -> RecordedDraft:
    order = IssueOrder(offer_id, frozenset({nonce}), (lint(made, bench=lint_bench(world.office), now=world.clock()),))
    (one,) = await world.database.write(lambda c: record(c, order, office=world.office, now=world.clock()))
    return one


async def redeemed_offer(world: World) -> tuple[str, str]:
    offer = await offered(world)
    await redeemed(world, offer.code)
    return offer.record.id, offer.record.application_id


async def issued(world: World, configuration: str, holder: PrivateKey) -> VerifiableCredential:
    offer_id, application_id = await redeemed_offer(world)
    one = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, configuration, holder))
    signed = secure(one, office=world.office)
    wire = await world.database.write(lambda c: keep(c, one, signed, office=world.office))
    assert wire == signed.wire
    return signed


async def test_an_id_card_with_a_data_integrity_proof_holds(world: World) -> None:
    holder = generate_key("EdDSA")
    signed = await issued(world, LDP, holder)
    verified = FORMATS["ldp_vc"].verify(FORMATS["ldp_vc"].parse(signed.wire), world.office.keys.credential_ed25519.public)
    assert verified.issuer == ISSUER
    assert verified.holder == did_key(holder.public)
    assert verified.claims["age_over_18"] is True
    assert {(entry.purpose, entry.list_url) for entry in verified.status} == {
        (purpose, f"{PUBLIC_URL}/status/1/{purpose}") for purpose in ("revocation", "suspension")
    }
    assert len(verified.evidence) == 3


async def test_an_id_card_as_sd_jwt_vc_holds(world: World) -> None:
    holder = generate_key("ES256")
    signed = await issued(world, SD_JWT, holder)
    verified = FORMATS["dc+sd-jwt"].verify(FORMATS["dc+sd-jwt"].parse(signed.wire), world.office.keys.credential_p256.public)
    assert verified.issuer == PUBLIC_URL
    assert verified.holder_key == holder.public
    assert verified.claims["full_name"] == "李小梅"
    assert [(entry.kind, entry.list_url) for entry in signed.unverified_status] == [("status_list", f"{PUBLIC_URL}/status/1/token")]


async def test_the_same_key_gets_the_same_bytes_again(world: World) -> None:
    holder = generate_key("EdDSA")
    offer_id, application_id = await redeemed_offer(world)
    first = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, SD_JWT, holder))
    signed = secure(first, office=world.office)
    await world.database.write(lambda c: keep(c, first, signed, office=world.office))
    world.clock.forward(minutes=4)
    again = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, SD_JWT, holder))
    assert again.id == first.id
    assert secure(again, office=world.office).wire == signed.wire
    assert await world.database.read(credentials.places_given) == 1


async def test_an_unsigned_record_is_signed_for_the_same_key_as_of_its_own_time(world: World) -> None:
    holder = generate_key("EdDSA")
    offer_id, application_id = await redeemed_offer(world)
    first = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, holder))
    world.clock.forward(minutes=4)
    again = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, holder))
    assert secure(again, office=world.office).wire == secure(first, office=world.office).wire


async def test_another_key_gets_nothing_from_a_used_offer(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, generate_key("EdDSA")))
    nonce = await nonce_of(world)
    with pytest.raises(CredentialRequestDenied):
        await recorded_for(world, offer_id, nonce, await draft_for(world, application_id, LDP, generate_key("EdDSA")))
    assert await world.database.read(credentials.places_given) == 1


async def test_a_refusal_spends_nothing(world: World) -> None:
    holder = generate_key("EdDSA")
    offer_id, application_id = await redeemed_offer(world)
    with pytest.raises(InvalidNonce):
        await recorded_for(world, offer_id, "unknown", await draft_for(world, application_id, LDP, holder))
    assert await world.database.read(credentials.places_given) == 0
    await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, holder))


async def test_what_a_verifier_would_refuse_is_never_recorded(world: World) -> None:
    _, application_id = await redeemed_offer(world)
    made = await draft_for(world, application_id, LDP, generate_key("EdDSA"))
    broken = replace(made, subject=replace(made.subject, claims={**made.subject.claims, "court_access_level": "high"}))
    with pytest.raises(SchemaMismatch):
        lint(broken, bench=lint_bench(world.office), now=START)


async def test_what_has_lapsed_before_it_is_issued_is_never_recorded(world: World) -> None:
    """The claims hold; only the verifier's own judgement sees it."""
    _, application_id = await redeemed_offer(world)
    made = await draft_for(world, application_id, LDP, generate_key("EdDSA"))
    lapsed = replace(made, issued_at=START - timedelta(days=2), valid_until=START - timedelta(days=1))
    with pytest.raises(Refused) as caught:
        lint(lapsed, bench=lint_bench(world.office), now=START)
    assert caught.value.code == "credential_expired"
    assert lint(made, bench=lint_bench(world.office), now=START).draft is made


async def test_of_two_signatures_at_once_the_first_kept_is_the_one(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    one = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, SD_JWT, generate_key("ES256")))
    first, second = secure(one, office=world.office), secure(one, office=world.office)
    assert first.wire != second.wire

    async def sent(signed: VerifiableCredential) -> bytes:
        return await world.database.write(lambda c: keep(c, one, signed, office=world.office))

    assert [await sent(first), await sent(second)] == [first.wire, first.wire]


async def test_who_withdraws_between_draft_and_record_is_not_recorded(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    made, nonce = await draft_for(world, application_id, LDP, generate_key("EdDSA")), await nonce_of(world)
    await world.database.write(lambda c: withdraw(c, application_id, office=world.office, actor="desk", now=START))
    with pytest.raises(CredentialRequestDenied):
        await recorded_for(world, offer_id, nonce, made)
    assert await world.database.read(credentials.places_given) == 0


async def test_who_withdraws_between_record_and_signature_gets_nothing(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    one = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, generate_key("EdDSA")))
    signed = secure(one, office=world.office)
    await world.database.write(lambda c: withdraw(c, application_id, office=world.office, actor="desk", now=START))
    with pytest.raises(CredentialRequestDenied):
        await world.database.write(lambda c: keep(c, one, signed, office=world.office))
    assert (await world.database.read(lambda c: credentials.find(c, one.id))).status == "revoked"


async def test_only_a_recorded_draft_can_be_signed(world: World) -> None:
    offer_id, application_id = await redeemed_offer(world)
    one = await recorded_for(world, offer_id, await nonce_of(world), await draft_for(world, application_id, LDP, generate_key("EdDSA")))
    with pytest.raises(TypeError):
        RecordedDraft(one.id, one.configuration, one.credential, one.issued_at, None, object())
    assert LintedDraft.__slots__ == ("draft",)


async def test_drafts_and_signed_bytes_are_sealed_in_the_files(world: World, tmp_path) -> None:
    signed = await issued(world, LDP, generate_key("EdDSA"))
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for told in ("李小梅", "Xiaomei", "D00000001"):
        assert told.encode() not in content
    assert signed.wire not in content
