"""Presentation rows P01-P12, P14-P17, and rows S and J where a presentation carries them: each through the verifier's whole way."""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from credentials.cryptosuites import CRYPTOSUITES
from credentials.data_integrity import add_proof
from credentials.formats import FORMATS
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.formats.ldp_vc import LdpVc
from credentials.keys import generate_key
from credentials.wire import VerifiableCredential, VerifiablePresentation
from doors import base64url
from doors.refusals import (
    AudMismatch,
    ClaimMissing,
    ClaimsNotFromProof,
    CredentialExpired,
    HolderBindingInvalid,
    InputMalformed,
    InputTooLarge,
    NonceMismatch,
    QueryNotSatisfied,
    Refused,
    ResponseNotEncrypted,
    SessionConsumed,
    SessionExpired,
    SessionMismatch,
    SigInvalid,
    StatusRevoked,
    StatusSuspended,
)
from openid4vc.vp.dcql import Query
from openid4vc.vp.request import PresentationRequest
from tests.verifier.forging import bound, parts, raw_jws, reheaded, split
from tests.verifier.world import HOTEL_CLAIMS, World, desk_of, form_of, plain
from verifier.answer import Desk, refuse_foreign_browser, take
from verifier.opening import ShownCredential, open_content
from verifier.policy import Policy
from verifier.query import question_of
from verifier.request import ask, request_of
from verifier.session import Flow, Session
from verifier.verify import Presentations, VerifiedPresentation, verify

ME = "decentralized_identifier:did:web:desk.example"
OTHER = "decentralized_identifier:did:web:other.example"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Desk]:
    made = desk_of(world, tmp_path)
    yield made
    made.store.close()


def question(policy: Policy, nonce: str = "bm9uY2U", audience: str = ME) -> PresentationRequest:
    return question_of(policy, nonce=nonce, audience=audience)


async def judged(
    world: World, policy: Policy, presentations: Presentations, request: PresentationRequest | None = None
) -> VerifiedPresentation:
    credentials = [vc for several in presentations.values() for shown in several for vc in shown.credentials]
    facts = await world.online().facts(credentials, policy=policy.trust, now=world.now)
    return verify(presentations, request=request or question(policy), facts=facts, policy=policy, now=world.now)


async def refused(
    world: World, policy: Policy, presentations: Presentations, kind: type[Refused], request: PresentationRequest | None = None
) -> None:
    """The presentation is refused with the code of ``kind``."""
    with pytest.raises(Refused) as refusal:
        await judged(world, policy, presentations, request)
    assert refusal.value.code == kind.code


def at_hotel(wire: bytes | VerifiablePresentation) -> Presentations:
    shown = FORMATS["dc+sd-jwt"].parse_presentation(wire) if isinstance(wire, bytes) else wire
    return {"guest": (shown,)}


async def opened(desk: Desk, *, policy: Policy | None = None, flow: Flow = "cross_device") -> Session:
    session = ask(policy or desk.policies["hotel"], identity=desk.identity, flow=flow, now=desk.clock(), random=desk.random)
    await desk.store.add(session)
    return session


def good_form(world: World, session: Session) -> dict[str, str]:
    return form_of(session, {"guest": world.hotel_answer(request_of(session))})


async def sent(desk: Desk, session: Session, form: dict[str, str]) -> None:
    await take(desk, await desk.store.session(session.id), form)


# --- P: a presentation to a verifier ---------------------------------------------------------------------------------


async def test_neg_P01_nonce_replayed(desk: Desk, world: World) -> None:
    session = await opened(desk)
    await sent(desk, session, good_form(world, session))
    with pytest.raises(SessionConsumed):
        await sent(desk, session, good_form(world, session))


@pytest.mark.parametrize("nonce", ["never-issued", "", "BM9UY2U"])
async def test_neg_P02_nonce_unknown(desk: Desk, world: World, nonce: str) -> None:
    session = await opened(desk)
    request = request_of(session)
    shown = world.hotel_answer(replace(request, nonce=nonce))
    with pytest.raises(Refused) as refusal:
        await sent(desk, session, form_of(session, {"guest": shown}))
    assert refusal.value.code == NonceMismatch.code
    await sent(desk, session, good_form(world, session))


async def test_neg_P03_session_expired(desk: Desk, world: World) -> None:
    session, twin = await opened(desk), await opened(desk)
    form, in_time = good_form(world, session), good_form(world, twin)
    world.now = session.expires_at - timedelta(seconds=1)
    await sent(desk, twin, in_time)
    world.now = session.expires_at + timedelta(seconds=1)
    with pytest.raises(SessionExpired):
        await sent(desk, session, form)


@pytest.mark.parametrize("audience", [OTHER, "did:web:desk.example", "https://desk.example", ME + "/", ME.upper()])
async def test_neg_P04_aud_other_rp(world: World, audience: str) -> None:
    hotel, court = world.policy("hotel"), world.policy("court")
    made_for = question(hotel)
    selective = bound(_shown(world), world.alice.plain, nonce=made_for.nonce, audience=audience, iat=_now(world))
    await refused(world, hotel, at_hotel(selective), AudMismatch)
    whole = LdpVc().present(world.whole_card(), world.alice.did_key, nonce=made_for.nonce, audience=audience, now=world.now)
    await refused(world, court, {"identity": (whole,)}, AudMismatch)
    await judged(world, hotel, at_hotel(world.hotel_answer(made_for)))
    await judged(world, court, {"identity": (world.court_answer(made_for),)})


async def test_neg_P05_vp_not_requested(world: World) -> None:
    court = world.policy("court")
    request = question(court)
    two = LdpVc().present_all(
        (world.whole_card(), world.whole_card(index=8)), world.alice.did_key, nonce=request.nonce, audience=ME, now=world.now
    )
    await refused(world, court, {"identity": (two,)}, QueryNotSatisfied)
    none = LdpVc().present_all((), world.alice.did_key, nonce=request.nonce, audience=ME, now=world.now)
    await refused(world, court, {"identity": (none,)}, QueryNotSatisfied)
    await refused(world, court, {"another": (world.court_answer(request),)}, QueryNotSatisfied)
    await refused(world, court, {"identity": (world.hotel_answer(request),)}, QueryNotSatisfied)
    await refused(world, court, {}, QueryNotSatisfied)
    await judged(world, court, {"identity": (world.court_answer(request),)})


@pytest.mark.parametrize("absent", [name for name in HOTEL_CLAIMS if name != "portrait"])
async def test_neg_P06_vp_missing_claim(world: World, absent: str) -> None:
    hotel = world.policy("hotel")
    shown = world.hotel_answer(question(hotel), names=[name for name in HOTEL_CLAIMS if name != absent])
    await refused(world, hotel, at_hotel(shown), ClaimMissing)
    await judged(world, hotel, at_hotel(world.hotel_answer(question(hotel))))


@pytest.mark.parametrize("bad", [0, 1, 2])
async def test_neg_P07_vc_in_vp_bad(world: World, bad: int) -> None:
    court = world.policy("court")
    cards = [world.whole_card(index=index) for index in (1, 2, 3)]
    asked = replace(question(court), query=_several(question(court).query))
    good = LdpVc().present_all(cards, world.alice.did_key, nonce=asked.nonce, audience=ME, now=world.now)
    await judged(world, court, {"identity": (good,)}, asked)
    cards[bad] = _altered(cards[bad])
    shown = LdpVc().present_all(cards, world.alice.did_key, nonce=asked.nonce, audience=ME, now=world.now)
    await refused(world, court, {"identity": (shown,)}, SigInvalid, asked)


async def test_neg_P08_holder_not_subject(world: World) -> None:
    court, hotel = world.policy("court"), world.policy("hotel")
    request = question(court)
    stolen = json.loads(world.whole_card().wire)
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [stolen],
    }
    for holder in (world.mallory.did, world.alice.did, None):
        shown = _presented_by(world, {**document, **({"holder": holder} if holder else {})}, request)
        await refused(world, court, {"identity": (shown,)}, HolderBindingInvalid)
    selective = bound(_shown(world), world.mallory.plain, nonce=request.nonce, audience=ME, iat=_now(world))
    await refused(world, hotel, at_hotel(selective), HolderBindingInvalid)
    await judged(world, court, {"identity": (world.court_answer(request),)})


@pytest.mark.parametrize("added", ["credentialSubject", "proof", "issuer", "full_name"])
def test_neg_P09_verify_object_not_proof(world: World, added: str) -> None:
    hotel = world.policy("hotel")
    envelope = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["EnvelopedVerifiableCredential"],
        "id": f"data:application/dc+sd-jwt,{world.selective_card().wire.decode()}",
    }
    assert isinstance(open_content(json.dumps(envelope).encode(), policy=hotel), ShownCredential)
    with pytest.raises(ClaimsNotFromProof):
        open_content(json.dumps({**envelope, added: {"full_name": "another"}}).encode(), policy=hotel)


async def test_neg_P09_claims_come_from_the_verified_bytes(world: World) -> None:
    court = world.policy("court")
    shown = world.court_answer(question(court))
    (card,) = shown.credentials
    other = world.whole_card(index=9)
    await refused(world, court, {"identity": (replace(shown, credentials=(other,)),)}, ClaimsNotFromProof)
    await refused(world, court, {"identity": (replace(shown, credentials=(replace(card, unverified_status=()),)),)}, ClaimsNotFromProof)
    await judged(world, court, {"identity": (shown,)})


async def test_neg_P10_expired_vc(world: World) -> None:
    hotel, court = world.policy("hotel"), world.policy("court")
    skew = timedelta(seconds=60)
    for late, accepted in ((skew, True), (skew + timedelta(seconds=1), False)):
        dates: dict[str, Any] = {"valid_until": world.now - late}
        shown = {"guest": (world.hotel_answer(question(hotel), **dates),)}
        whole = {"identity": (world.court_answer(question(court), **dates),)}
        if accepted:
            await judged(world, hotel, shown)
            await judged(world, court, whole)
        else:
            await refused(world, hotel, shown, CredentialExpired)
            await refused(world, court, whole, CredentialExpired)


async def test_neg_P10_not_yet_valid_vc(world: World) -> None:
    court = world.policy("court")
    early = {"identity": (world.court_answer(question(court), valid_from=world.now + timedelta(seconds=61)),)}
    await refused(world, court, early, CredentialExpired)
    await judged(world, court, {"identity": (world.court_answer(question(court), valid_from=world.now + timedelta(seconds=60)),)})


@pytest.mark.parametrize(
    ("mark", "kind"), [("revoked", StatusRevoked), ("suspended", StatusSuspended)], ids=["P11_revoked", "P12_suspended"]
)
async def test_neg_P11_P12_status(world: World, mark: str, kind: type[Refused]) -> None:
    getattr(world, mark).add(7)
    world.publish()
    hotel, court = world.policy("hotel"), world.policy("court")
    await refused(world, hotel, at_hotel(world.hotel_answer(question(hotel))), kind)
    await refused(world, court, {"identity": (world.court_answer(question(court)),)}, kind)
    await judged(world, hotel, at_hotel(world.hotel_answer(question(hotel), index=8)))
    await judged(world, court, {"identity": (world.court_answer(question(court), index=8),)})


async def test_neg_P11_revoked(world: World) -> None:
    """A list that was published again after the revocation refuses; the one before did not."""
    court = world.policy("court")
    await judged(world, court, {"identity": (world.court_answer(question(court)),)})
    world.now += timedelta(hours=1)
    world.revoked.add(7)
    world.publish()
    await refused(world, court, {"identity": (world.court_answer(question(court)),)}, StatusRevoked)


async def test_neg_P12_suspended(world: World) -> None:
    """A suspension that was lifted no longer refuses."""
    hotel = world.policy("hotel")
    world.suspended.add(7)
    world.publish()
    await refused(world, hotel, at_hotel(world.hotel_answer(question(hotel))), StatusSuspended)
    world.now += timedelta(hours=1)
    world.suspended.clear()
    world.publish()
    await judged(world, hotel, at_hotel(world.hotel_answer(question(hotel))))


async def test_neg_P14_response_code_missing(desk: Desk, world: World) -> None:
    mine, other = await opened(desk, flow="same_device"), await opened(desk, flow="same_device")
    codes = []
    for session in (mine, other):
        taken = await take(desk, session, good_form(world, session))
        codes.append(taken.redirect_uri.rpartition("response_code=")[2])
    kept = await desk.store.session(mine.id)
    for code in ("", codes[1], codes[0][:-1], codes[0] + "A"):
        with pytest.raises(SessionMismatch):
            refuse_foreign_browser(kept, code)
    refuse_foreign_browser(kept, codes[0])


async def test_neg_P15_direct_post_unencrypted(desk: Desk, world: World) -> None:
    session = await opened(desk)
    request = request_of(session)
    token = json.dumps({"guest": [world.hotel_answer(request).wire.decode()]})
    for form in ({"vp_token": token, "state": request.state}, {**good_form(world, session), "vp_token": token}):
        with pytest.raises(ResponseNotEncrypted):
            await sent(desk, session, form)
    assert await desk.store.session(session.id) == session
    await sent(desk, session, good_form(world, session))


@pytest.mark.parametrize("state", [None, "", "another", "x" * 1_000_000, "状态"])
async def test_neg_P16_state_missing_or_wrong(desk: Desk, world: World, state: str | None) -> None:
    session = await opened(desk, policy=plain(desk.policies["hotel"]))
    form = good_form(world, session)
    wrong = {name: value for name, value in form.items() if name != "state"} | ({} if state is None else {"state": state})
    with pytest.raises(SessionMismatch):
        await sent(desk, session, wrong)
    assert await desk.store.session(session.id) == session
    await sent(desk, session, form)


async def test_neg_P16_state_of_another_session(desk: Desk, world: World) -> None:
    mine, other = await opened(desk, policy=plain(desk.policies["hotel"])), await opened(desk, policy=plain(desk.policies["hotel"]))
    with pytest.raises(SessionMismatch):
        await sent(desk, mine, {**good_form(world, mine), "state": other.state})
    encrypted = await opened(desk)
    request = request_of(encrypted)
    shown = world.hotel_answer(request)
    foreign = form_of(replace(encrypted, request={**encrypted.request, "state": other.state}), {"guest": shown})
    with pytest.raises(SessionMismatch):
        await sent(desk, encrypted, foreign)


@pytest.mark.parametrize(
    "shape",
    [
        '"a~b~c"',
        "[]",
        "7",
        "null",
        "{}",
        '{"unknown": ["%s"]}',
        '{"guest": ["%s", "%s"]}',
        '{"guest": "%s"}',
        '{"guest": []}',
        '{"guest": {"0": "%s"}}',
        '{"guest": [7]}',
        '{"guest": [{}]}',
        '{"guest": [["%s"]]}',
        "{",
        "%s",
    ],
)
async def test_neg_P17_vp_token_shapes(desk: Desk, world: World, shape: str) -> None:
    session = await opened(desk, policy=plain(desk.policies["hotel"]))
    form = good_form(world, session)
    wire = json.loads(form["vp_token"])["guest"][0]
    with pytest.raises(Refused) as refusal:
        await sent(desk, session, {**form, "vp_token": shape.replace("%s", wire)})
    assert refusal.value.code == InputMalformed.code
    await sent(desk, session, form)


# --- S: SD-JWT VC with key binding -----------------------------------------------------------------------------------


async def test_neg_S01_kb_stripped(world: World) -> None:
    await _refused_at_hotel(world, _shown(world).encode(), "holder_binding_missing")


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
async def test_neg_S02_kb_wrong_key(world: World, algorithm: str) -> None:
    await _refused_at_hotel(world, _bound(world, key=generate_key(algorithm)), "holder_binding_invalid")


@pytest.mark.parametrize("nonce", ["b2xk", "", None])
async def test_neg_S03_kb_wrong_nonce(world: World, nonce: str | None) -> None:
    await _refused_at_hotel(world, _bound(world, nonce=nonce), "nonce_mismatch")


@pytest.mark.parametrize("audience", [OTHER, "", None, [ME, OTHER], [ME]])
async def test_neg_S04_kb_wrong_aud(world: World, audience: Any) -> None:
    await _refused_at_hotel(world, _bound(world, audience=audience), "aud_mismatch")


async def test_neg_S05_kb_sd_hash(world: World) -> None:
    shown = _shown(world)
    more = DcSdJwt().disclose(world.selective_card(), frozenset((name,) for name in (*HOTEL_CLAIMS, "sex"))).wire.decode()
    one, two = (bound(text, world.alice.plain, nonce="bm9uY2U", audience=ME, iat=_now(world)) for text in (shown, more))
    jwt, disclosures, binding = split(one)
    added = two.decode().split("~")[-2]
    dropped = "~".join(disclosures.split("~")[:-2]) + "~"
    for forged in (
        f"{jwt}{disclosures}{added}~{binding}",
        f"{jwt}{dropped}{binding}",
        f"{jwt}{disclosures}{split(two)[2]}",
        shown + split(_bound(world, sd_hash="A" * 43))[2],
        shown + split(_bound(world, sd_hash=None))[2],
    ):
        wire = forged.encode()
        code = await _code(world, wire)
        assert code in {"holder_binding_invalid"} | ({"disclosure_invalid"} if added in forged else set()), forged[-40:]
    await judged(world, world.policy("hotel"), at_hotel(one))


@pytest.mark.parametrize("offset", [-365 * 86_400, 600, None, -86_400])
async def test_neg_S06_kb_iat(world: World, offset: int | None) -> None:
    await _refused_at_hotel(world, _bound(world, iat=None if offset is None else _now(world) + offset), "proof_expired")


@pytest.mark.parametrize("typ", [None, "JWT", "dc+sd-jwt", "kb+jwt2", 7])
async def test_neg_S07_kb_typ(world: World, typ: object) -> None:
    header = {"alg": "ES256"} | ({} if typ is None else {"typ": typ})
    await _refused_at_hotel(world, _bound(world, header=header), "typ_mismatch")


# --- J: what any token may carry, here in the credential and in the key binding ---------------------------------------


Forgery = Callable[[World, str], str]


def _on_credential(world: World, forge: Forgery) -> bytes:
    """A presentation whose credential was forged, with a key binding that fits it."""
    jwt, _, disclosures = _shown(world).partition("~")
    return bound(f"{forge(world, jwt)}~{disclosures}", world.alice.plain, nonce="bm9uY2U", audience=ME, iat=_now(world))


def _on_binding(world: World, forge: Forgery) -> bytes:
    jwt, disclosures, binding = split(_bound(world))
    return f"{jwt}{disclosures}{forge(world, binding)}".encode()


PLACES = pytest.mark.parametrize("place", [_on_credential, _on_binding], ids=["credential", "key_binding"])


@PLACES
@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", ""])
async def test_neg_J01_alg_none(world: World, place: Callable[[World, Forgery], bytes], name: str) -> None:
    await _refused_at_hotel(world, place(world, lambda _world, token: reheaded(token, None, alg=name)), "alg_not_allowed")


@PLACES
async def test_neg_J02_hs256_pem_of_public_key(world: World, place: Callable[[World, Forgery], bytes]) -> None:
    await _refused_at_hotel(world, place(world, lambda _world, token: _by_hmac(token, world)), "alg_not_allowed")


@PLACES
@pytest.mark.parametrize("name", ["RS256", "ES512", "ES384", "PS256"])
async def test_neg_J03_alg_not_in_profile(world: World, place: Callable[[World, Forgery], bytes], name: str) -> None:
    await _refused_at_hotel(world, place(world, lambda _world, token: _SIGNED_BY[name](token)), "alg_not_allowed")


async def test_neg_J04_alg_differs_from_key(world: World) -> None:
    wire = _on_credential(world, lambda where, token: reheaded(token, where.issuer_sd, alg="EdDSA"))
    await _refused_at_hotel(world, wire, "alg_key_mismatch")


@PLACES
async def test_neg_J05_embedded_jwk(world: World, place: Callable[[World, Forgery], bytes]) -> None:
    attacker = generate_key("ES256")
    forged = place(world, lambda _world, token: reheaded(token, attacker, jwk=attacker.public.jwk()))
    await _refused_at_hotel(world, forged, "key_source_forbidden")


@PLACES
@pytest.mark.parametrize("member", ["jku", "x5u"])
async def test_neg_J06_jku_x5u(world: World, place: Callable[[World, Forgery], bytes], member: str) -> None:
    attacker = generate_key("ES256")
    forged = place(world, lambda _world, token: reheaded(token, attacker, **{member: "https://attacker.example/keys"}))
    await _code(world, forged)
    assert not any("attacker" in url for url in world.web.asked)
    await _refused_at_hotel(world, forged, "key_source_forbidden")


@pytest.mark.parametrize("kid", ["did:web:issuer.example#absent", "other", None])
async def test_neg_J07_kid_unknown(world: World, kid: str | None) -> None:
    await _refused_at_hotel(world, _on_credential(world, lambda where, token: reheaded(token, where.issuer_sd, kid=kid)), "kid_unknown")


@PLACES
@pytest.mark.parametrize("kid", ["../../etc/passwd", "' OR 1=1--", "a\0b", "k" * 4096, 7, ["a"]])
async def test_neg_J08_kid_path_injection(world: World, place: Callable[[World, Forgery], bytes], kid: object) -> None:
    forged = place(world, lambda where, token: reheaded(token, _signer(where, token), kid=kid))
    await _refused_at_hotel(world, forged, "input_malformed")


@PLACES
@pytest.mark.parametrize("crit", [["exp"], ["b64"], [], "exp"])
async def test_neg_J09_crit_unknown(world: World, place: Callable[[World, Forgery], bytes], crit: object) -> None:
    forged = place(world, lambda where, token: reheaded(token, _signer(where, token), crit=crit))
    await _refused_at_hotel(world, forged, "crit_unsupported")


@PLACES
async def test_neg_J10_duplicate_header_member(world: World, place: Callable[[World, Forgery], bytes]) -> None:
    def forge(where: World, token: str) -> str:
        header, payload, _ = parts(token)
        twice = json.dumps(header).encode().replace(b"{", b'{"alg":"none",', 1)
        return raw_jws(twice, payload, _signer(where, token))

    await _refused_at_hotel(world, place(world, forge), "duplicate_member")


@PLACES
@pytest.mark.parametrize("spoil", ["{}=", "{} ", "\t{}", "{}\r\n"])
@pytest.mark.parametrize("segment", [0, 1, 2])
async def test_neg_J11_base64_padding(world: World, place: Callable[[World, Forgery], bytes], spoil: str, segment: int) -> None:
    def forge(_world: World, token: str) -> str:
        segments = token.split(".")
        segments[segment] = spoil.format(segments[segment])
        return ".".join(segments)

    await _refused_at_hotel(world, place(world, forge), "input_malformed")


@pytest.mark.parametrize("change", ["cut", "longer", "96", "leading_zero", "der"])
async def test_neg_J12_signature_length(world: World, change: str) -> None:
    def forge(_world: World, token: str) -> str:
        head, payload, signature = token.split(".")
        raw = base64url.decode(signature)
        der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        forged = {"cut": raw[:63], "longer": raw + b"\0", "96": raw + raw[:32], "leading_zero": b"\0" + raw, "der": der}[change]
        return f"{head}.{payload}.{base64url.encode(forged)}"

    await _refused_at_hotel(world, _on_credential(world, forge), "sig_invalid")
    await _refused_at_hotel(world, _on_binding(world, forge), "holder_binding_invalid")


async def test_neg_J14_typ_confusion(world: World) -> None:
    jwt, disclosures, binding = split(_bound(world))
    await _refused_at_hotel(world, f"{binding}{disclosures}{binding}".encode(), "typ_mismatch")
    await _refused_at_hotel(world, f"{jwt}{disclosures}{jwt}".encode(), "typ_mismatch")
    status_token = world.web.pages["https://issuer.example/status/1/token"].decode()
    await _refused_at_hotel(world, f"{status_token}{disclosures}{binding}".encode(), "typ_mismatch")
    for typ in (None, "JWT", "kb+jwt"):
        forged = _on_credential(world, lambda where, token, typ=typ: reheaded(token, where.issuer_sd, typ=typ))  # type: ignore[misc]
        await _refused_at_hotel(world, forged, "typ_mismatch")


async def test_neg_J15_jwe_zip_bomb(desk: Desk, world: World) -> None:
    session = await opened(desk)
    good = good_form(world, session)
    head, *rest = good["response"].split(".")
    zipped = base64url.encode(json.dumps({**json.loads(base64url.decode(head)), "zip": "DEF"}).encode())
    with pytest.raises(InputTooLarge):
        await sent(desk, session, {"response": ".".join([zipped, *rest])})
    with pytest.raises(InputTooLarge):
        await sent(desk, session, {"response": good["response"] + "A" * 1_000_000})
    await sent(desk, session, good)


@pytest.mark.parametrize("alg", ["PBES2-HS256+A128KW", "dir", "RSA1_5", "ECDH-ES+A256KW"])
async def test_neg_J16_pbes2_iterations(desk: Desk, world: World, alg: str) -> None:
    session = await opened(desk)
    good = good_form(world, session)
    head, *rest = good["response"].split(".")
    header = {**json.loads(base64url.decode(head)), "alg": alg, "p2c": 2**31 - 1, "p2s": "AAAA"}
    with pytest.raises(Refused) as refusal:
        await sent(desk, session, {"response": ".".join([base64url.encode(json.dumps(header).encode()), *rest])})
    assert refusal.value.code == "alg_not_allowed"
    await sent(desk, session, good)


# --- what the rows above are made with --------------------------------------------------------------------------------


def _now(world: World) -> int:
    return int(world.now.timestamp())


def _shown(world: World) -> str:
    """The hotel's claims from Alice's card, without a key binding."""
    return DcSdJwt().disclose(world.selective_card(), frozenset((name,) for name in HOTEL_CLAIMS)).wire.decode()


def _bound(world: World, **changes: Any) -> bytes:
    said: dict[str, Any] = {"nonce": "bm9uY2U", "audience": ME, "iat": _now(world), "key": world.alice.plain, **changes}
    return bound(_shown(world), said.pop("key"), **said)


async def _code(world: World, wire: bytes) -> str:
    """The code that this presentation at the hotel ends with, wherever it is refused; empty where it is accepted."""
    policy = world.policy("hotel")
    try:
        token = {"guest": (FORMATS["dc+sd-jwt"].parse_presentation(wire),)}
        await judged(world, policy, token)
    except Refused as refusal:
        return refusal.code
    return ""


async def _refused_at_hotel(world: World, wire: bytes, code: str) -> None:
    """Refused with this code; and the twin, made the same way with nothing wrong, is accepted."""
    assert await _code(world, wire) == code
    assert await _code(world, _bound(world)) == ""


def _signer(world: World, token: str) -> Any:
    return world.alice.plain if parts(token)[0].get("typ") == "kb+jwt" else world.issuer_sd


def _several(query: Query) -> Query:
    return replace(query, credentials=tuple(replace(asked, multiple=True) for asked in query.credentials))


def _altered(card: VerifiableCredential) -> VerifiableCredential:
    """The card with one claim changed after it was signed."""
    document = json.loads(card.wire)
    document["credentialSubject"]["resident_address"] = "elsewhere"
    return LdpVc().parse(json.dumps(document).encode())


def _presented_by(world: World, document: dict[str, Any], request: PresentationRequest) -> VerifiablePresentation:
    """A presentation signed by Mallory over whatever ``document`` says."""
    signed = add_proof(
        document,
        world.mallory.did_key,
        suite=CRYPTOSUITES["eddsa-rdfc-2022"],
        purpose="authentication",
        now=world.now,
        also={"challenge": request.nonce, "domain": ME},
    )
    return LdpVc().parse_presentation(json.dumps(signed).encode())


def _by_hmac(token: str, world: World) -> str:
    """HS256 with the PEM of the issuer's public key as the secret."""
    jwk = world.issuer_sd.public.jwk()
    point = ec.EllipticCurvePublicNumbers(
        int.from_bytes(base64url.decode(jwk["x"]), "big"), int.from_bytes(base64url.decode(jwk["y"]), "big"), ec.SECP256R1()
    )
    pem = point.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    unsigned = reheaded(token, None, alg="HS256").rpartition(".")[0]
    return f"{unsigned}.{base64url.encode(hmac.digest(pem, unsigned.encode(), 'sha256'))}"


def _by_rsa(token: str, name: str) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    unsigned = reheaded(token, None, alg=name).rpartition(".")[0]
    scheme = padding.PKCS1v15() if name == "RS256" else padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    return f"{unsigned}.{base64url.encode(key.sign(unsigned.encode(), scheme, hashes.SHA256()))}"


def _by_curve(token: str, name: str) -> str:
    curve, digest, size = {"ES512": (ec.SECP521R1(), hashes.SHA512(), 66), "ES384": (ec.SECP384R1(), hashes.SHA384(), 48)}[name]
    unsigned = reheaded(token, None, alg=name).rpartition(".")[0]
    r, s = utils.decode_dss_signature(ec.generate_private_key(curve).sign(unsigned.encode(), ec.ECDSA(digest)))
    return f"{unsigned}.{base64url.encode(r.to_bytes(size, 'big') + s.to_bytes(size, 'big'))}"


_SIGNED_BY: dict[str, Callable[[str], str]] = {
    "RS256": lambda token: _by_rsa(token, "RS256"),
    "PS256": lambda token: _by_rsa(token, "PS256"),
    "ES512": lambda token: _by_curve(token, "ES512"),
    "ES384": lambda token: _by_curve(token, "ES384"),
}
