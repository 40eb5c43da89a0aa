"""SD-JWT rows of the list of inputs that must be refused (S01-S15), and the type confusion of J14 between our tokens."""

import json
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from credentials.credential import Credential
from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.id_card import ID_CARD_CONTEXT, ID_CARD_VCT
from credentials.jws import sign_jws
from credentials.keys import generate_key
from credentials.sd_jwt.compact import SdJwt
from credentials.status import parse_token_status_list
from credentials.wire import VerifiablePresentation
from doors import base64url
from doors.refusals import (
    AlgNotAllowed,
    AudMismatch,
    CredentialExpired,
    DisclosureInvalid,
    HashNotAllowed,
    HolderBindingInvalid,
    HolderBindingMissing,
    InputMalformed,
    NonceMismatch,
    ProofExpired,
    Refused,
    TypMismatch,
)
from tests.credentials.cards import AUDIENCE, HOLDER, ISSUER, NONCE, NOW, SKEW, card, issued
from tests.credentials.status.lists import token
from tests.credentials.tampering import digest, disclosure, parts_of, presented, sd_jwt, with_key_binding

FORMAT = DcSdJwt()
SHOWN = FORMAT.disclose(issued(card()), frozenset({("family_name",), ("age_over_18",)}))
NAME = disclosure("8mDe4ryTzDRTrYdtzYDWsA", "family_name", "李")
GIVEN = disclosure("c2FsdHNhbHRzYWx0c2Fs", "given_name", "明")


def check(presentation: VerifiablePresentation) -> None:
    FORMAT.verify_presentation(presentation, HOLDER.public, nonce=NONCE, audience=AUDIENCE, now=NOW, skew=SKEW)


def refused(presentation: VerifiablePresentation, kind: type[Refused]) -> None:
    """The presentation is refused with this code, and the one it was made from is not."""
    check(presented(SHOWN.wire))
    with pytest.raises(kind) as refusal:
        check(presentation)
    assert type(refusal.value) is kind
    assert NONCE not in refusal.value.detail


def read(payload: dict[str, Any], *disclosures: str, typ: str = "dc+sd-jwt") -> Credential:
    return FORMAT.verify(sd_jwt(payload, *disclosures, typ=typ), ISSUER.public)


def disclosed(text: str) -> Credential:
    """A credential with this one disclosure, at the place where a member belongs."""
    return read({"_sd": [digest(text)]}, text)


def test_neg_S01_kb_stripped() -> None:
    refused(FORMAT.parse_presentation(SHOWN.wire), HolderBindingMissing)


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA"])
def test_neg_S02_kb_wrong_key(algorithm: str) -> None:
    refused(presented(SHOWN.wire, key=generate_key(algorithm)), HolderBindingInvalid)


def test_neg_S02_kb_signature_of_another_kb() -> None:
    theirs = presented(SHOWN.wire, nonce="another").wire.rsplit(b".", 1)[1]
    ours = presented(SHOWN.wire).wire.rsplit(b".", 1)[0]
    token_text = (ours + b"." + theirs).removeprefix(SHOWN.wire).decode()
    refused(with_key_binding(SHOWN.wire, token_text), HolderBindingInvalid)


@pytest.mark.parametrize("nonce", ["an-older-nonce", "", None, 7, [NONCE], NONCE + " "])
def test_neg_S03_kb_wrong_nonce(nonce: Any) -> None:
    refused(presented(SHOWN.wire, nonce=nonce), NonceMismatch)


@pytest.mark.parametrize("audience", ["decentralized_identifier:did:web:hotel.example", None, [AUDIENCE], AUDIENCE + "/", ""])
def test_neg_S04_kb_wrong_aud(audience: Any) -> None:
    refused(presented(SHOWN.wire, aud=audience), AudMismatch)


@pytest.mark.parametrize("expected", [{"nonce": "", "audience": AUDIENCE}, {"nonce": NONCE, "audience": ""}])
def test_neg_S03_S04_nothing_expected_accepts_nothing(expected: dict[str, str]) -> None:
    with pytest.raises((NonceMismatch, AudMismatch)):
        FORMAT.verify_presentation(
            presented(SHOWN.wire, nonce=expected["nonce"], aud=expected["audience"]), HOLDER.public, now=NOW, skew=SKEW, **expected
        )


@pytest.mark.parametrize("sd_hash", [digest("another presentation"), None, "", digest(SHOWN.wire.decode()[:-1])], ids=count())
def test_neg_S05_kb_sd_hash(sd_hash: Any) -> None:
    refused(presented(SHOWN.wire, sd_hash=sd_hash), HolderBindingInvalid)


@pytest.mark.parametrize("change", ["dropped", "added", "reordered"])
def test_neg_S05_disclosures_changed_after_signing(change: str) -> None:
    proof = presented(SHOWN.wire).wire.removeprefix(SHOWN.wire).decode()
    parts = parts_of(SHOWN.wire)
    others = {
        "dropped": parts.disclosures[:1],
        "added": parts_of(issued(card()).wire).disclosures,
        "reordered": parts.disclosures[::-1],
    }
    refused(with_key_binding(str(SdJwt(parts.jwt, others[change])).encode(), proof), HolderBindingInvalid)


def test_neg_S05_credential_beside_the_presentation() -> None:
    mixed = VerifiablePresentation("dc+sd-jwt", presented(SHOWN.wire).wire, (issued(card()),), "", "")
    refused(mixed, HolderBindingInvalid)


@pytest.mark.parametrize("seconds", [-365 * 86400, -661, 61, 600, None])
def test_neg_S06_kb_iat(seconds: int | None) -> None:
    moment = None if seconds is None else int(NOW.timestamp()) + seconds
    refused(presented(SHOWN.wire, iat=moment), ProofExpired)


@pytest.mark.parametrize("changes", [{"iat": "now"}, {"iat": True}, {"iat": 10**19}, {"exp": 1}, {"exp": "x"}, {"nbf": 10**10}])
def test_neg_S06_kb_times_of_another_kind(changes: dict[str, Any]) -> None:
    refused(presented(SHOWN.wire, **changes), ProofExpired)


@pytest.mark.parametrize("seconds", [-660, 0, 60])
def test_neg_S06_twin_within_the_window(seconds: int) -> None:
    check(presented(SHOWN.wire, iat=int(NOW.timestamp()) + seconds))


@pytest.mark.parametrize("typ", ["", "JWT", "dc+sd-jwt", "statuslist+jwt", "kb+jwt2"])
def test_neg_S07_kb_typ(typ: str) -> None:
    refused(presented(SHOWN.wire, typ=typ), TypMismatch)


def test_neg_S07_kb_typ_missing() -> None:
    header = base64url.encode(json.dumps({"alg": "ES256"}).encode())
    signing_input = f"{header}.{base64url.encode(b'{}')}"
    unsigned = f"{signing_input}.{base64url.encode(HOLDER.sign(signing_input.encode()))}"
    refused(with_key_binding(SHOWN.wire, unsigned), TypMismatch)


def test_neg_J01_alg_none_kb() -> None:
    header = base64url.encode(json.dumps({"alg": "none", "typ": "kb+jwt"}).encode())
    refused(with_key_binding(SHOWN.wire, f"{header}.{base64url.encode(b'{}')}."), AlgNotAllowed)


@pytest.mark.parametrize("place", ["alone", "beside a good one", "recursive without its parent"])
def test_neg_S08_disclosure_unreferenced(place: str) -> None:
    inner = disclosure("aW5uZXJpbm5lcmlubmVy", "locality", "北京")
    outer = disclosure("b3V0ZXJvdXRlcm91dGVy", "address", {"_sd": [digest(inner)]})
    cases = {
        "alone": ({}, [NAME]),
        "beside a good one": ({"_sd": [digest(NAME)]}, [NAME, GIVEN]),
        "recursive without its parent": ({"_sd": [digest(outer)]}, [inner]),
    }
    payload, texts = cases[place]
    with pytest.raises(DisclosureInvalid, match="nowhere"):
        read(payload, *texts)


def test_neg_S08_twin_everything_referenced() -> None:
    inner = disclosure("aW5uZXJpbm5lcmlubmVy", "locality", "北京")
    outer = disclosure("b3V0ZXJvdXRlcm91dGVy", "address", {"_sd": [digest(inner)]})
    assert read({"_sd": [digest(outer), digest(NAME)]}, inner, outer, NAME).claims == {
        "address": {"locality": "北京"},
        "family_name": "李",
    }


@pytest.mark.parametrize(
    ("payload", "texts"),
    [
        ({"_sd": [digest(NAME)]}, [NAME, NAME]),
        ({"_sd": [digest(NAME), digest(NAME)]}, [NAME]),
        ({"_sd": [digest(NAME), digest(NAME)]}, []),
        ({"_sd": [digest(NAME)], "address": {"_sd": [digest(NAME)]}}, [NAME]),
        ({"list": [{"...": digest("decoy")}, {"...": digest("decoy")}]}, []),
    ],
)
def test_neg_S09_disclosure_duplicate(payload: dict[str, Any], texts: list[str]) -> None:
    with pytest.raises(DisclosureInvalid):
        read(payload, *texts)
    assert read({"_sd": [digest(NAME), digest("decoy")]}, NAME).claims == {"family_name": "李"}


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_neg_S10_claim_name_reserved(name: str) -> None:
    with pytest.raises(DisclosureInvalid):
        disclosed(disclosure("c2FsdHNhbHRzYWx0c2Fs", name, ["x"]))
    assert disclosed(disclosure("c2FsdHNhbHRzYWx0c2Fs", f"x{name}", ["x"])).claims == {f"x{name}": ["x"]}


@pytest.mark.parametrize(
    "payload",
    [
        {"...": digest("x")},
        {"address": {"...": digest("x")}},
        {"list": [{"...": digest("x"), "other": 1}]},
        {"list": [{"...": 7}]},
        {"_sd": "text"},
        {"_sd": [7]},
        {"_sd": {digest("x"): 1}},
    ],
)
def test_neg_S10_reserved_names_out_of_place(payload: dict[str, Any]) -> None:
    with pytest.raises(DisclosureInvalid):
        read({**payload, "family_name": "李"})


def test_neg_S10_claim_that_is_there_already() -> None:
    with pytest.raises(DisclosureInvalid, match="already"):
        read({"_sd": [digest(NAME)], "family_name": "王"}, NAME)
    two = disclosure("another salt", "family_name", "王")
    with pytest.raises(DisclosureInvalid, match="already"):
        read({"_sd": [digest(NAME), digest(two)]}, NAME, two)


@pytest.mark.parametrize(
    "text",
    [
        disclosure("salt", "value"),
        disclosure("salt", "name", "value", "more"),
        disclosure("salt"),
        disclosure(),
        disclosure(7, "name", "value"),
        disclosure("salt", 7, "value"),
        disclosure("salt", None, "value"),
        base64url.encode(b'{"salt": "name"}'),
        base64url.encode(b'"text"'),
        base64url.encode(b"7"),
    ],
)
def test_neg_S11_disclosure_arity(text: str) -> None:
    with pytest.raises(DisclosureInvalid):
        disclosed(text)
    assert disclosed(NAME).claims == {"family_name": "李"}


def test_neg_S11_three_elements_in_an_array() -> None:
    element = disclosure("salt", "FR")
    with pytest.raises(DisclosureInvalid, match="array element"):
        read({"nationalities": [{"...": digest(NAME)}]}, NAME)
    assert read({"nationalities": ["DE", {"...": digest(element)}]}, element).claims == {"nationalities": ["DE", "FR"]}


@pytest.mark.parametrize("text", [NAME + "=", " " + NAME, "", "!", base64url.encode(b"[1"), base64url.encode(b'["s","n",NaN]')])
def test_neg_S11_disclosure_not_well_formed(text: str) -> None:
    with pytest.raises((InputMalformed, DisclosureInvalid)):
        disclosed(text)


@pytest.mark.parametrize("name", ["md5", "sha-1", "SHA-256", "sha-999", "", 7, ["sha-256"], {}])
def test_neg_S12_sd_alg(name: Any) -> None:
    with pytest.raises(HashNotAllowed):
        read({"_sd_alg": name, "family_name": "李"})
    assert read({"_sd_alg": "sha-256", "family_name": "李"}).claims == {"family_name": "李"}


@pytest.mark.parametrize("payload", [{"address": {"_sd_alg": "sha-256"}}, {"list": [{"_sd_alg": "sha-256"}]}])
def test_neg_S12_sd_alg_nested(payload: dict[str, Any]) -> None:
    with pytest.raises(HashNotAllowed):
        read(payload)


def test_neg_S12_sd_alg_inside_a_disclosure() -> None:
    with pytest.raises(HashNotAllowed):
        disclosed(disclosure("salt", "address", {"_sd_alg": "sha-256"}))


@pytest.mark.parametrize(("name", "seconds"), [("exp", -61), ("nbf", 61)])
def test_neg_S13_expired_exp(name: str, seconds: int) -> None:
    credential = read({name: int(NOW.timestamp()) + seconds, "family_name": "李"})
    with pytest.raises(CredentialExpired):
        credential.valid_at(NOW, SKEW)
    credential.valid_at(NOW + timedelta(seconds=-1 if name == "exp" else 1), SKEW)


@pytest.mark.parametrize("value", ["soon", True, {}, 10**18, [1]])
def test_neg_S13_exp_of_another_kind(value: Any) -> None:
    with pytest.raises(InputMalformed):
        read({"exp": value, "family_name": "李"})


@pytest.mark.parametrize("name", ["iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "aud"])
def test_neg_S13_claims_that_judge_validity_are_never_selectively_disclosed(name: str) -> None:
    values: dict[str, Any] = {"cnf": {"jwk": HOLDER.public.jwk()}, "nbf": 1, "exp": 10**10, "aka_vcts": ["x"], "status": {}}
    text = disclosure("c2FsdA", name, values.get(name, "https://issuer.example"))
    with pytest.raises(DisclosureInvalid, match="signed token itself"):
        FORMAT.verify(sd_jwt({name: None, "_sd": [digest(text)]}, text), ISSUER.public)


def test_neg_S13_what_lies_inside_such_a_claim_neither() -> None:
    text = disclosure("c2FsdA", "jwk", HOLDER.public.jwk())
    with pytest.raises(DisclosureInvalid, match="signed token itself"):
        read({"cnf": {"_sd": [digest(text)]}}, text)


def test_neg_S14_vct_unknown() -> None:
    """What the format can do: say exactly the signed type, before and after verification, and lend it no other type's meaning."""
    other = FORMAT.parse(sd_jwt({"vct": "https://other.example/id-card", "family_name": "李"}).wire)
    credential = FORMAT.verify(other, ISSUER.public)
    assert other.unverified_types == ("https://other.example/id-card",)
    assert credential.types == ("VerifiableCredential", "https://other.example/id-card")
    assert ID_CARD_CONTEXT not in credential.document["@context"]
    assert FORMAT.verify(SHOWN, ISSUER.public).types == ("VerifiableCredential", ID_CARD_VCT)


@pytest.mark.parametrize(
    "payload", [{"vct": None}, {"vct": 7}, {"vct": ""}, {"aka_vcts": []}, {"aka_vcts": [ID_CARD_VCT]}, {"aka_vcts": "x"}]
)
def test_neg_S14_vct_missing_or_of_another_kind(payload: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        read({"family_name": "李", **payload})
    assert refusal.value.code == "data_model_mismatch"


@pytest.mark.parametrize("issuer", [None, 7, "issuer", ""])
def test_neg_S15_iss_missing_or_no_iri(issuer: Any) -> None:
    """Whether the issuer is trusted is trust's to say; the format names it exactly, and refuses one that cannot be named."""
    assert FORMAT.parse(SHOWN.wire).unverified_issuer == FORMAT.verify(SHOWN, ISSUER.public).issuer == "https://issuer.example"
    with pytest.raises(Refused) as refusal:
        read({"iss": issuer, "family_name": "李"})
    assert refusal.value.code in ("data_model_mismatch", "iri_not_absolute")


@pytest.mark.parametrize("typ", ["kb+jwt", "statuslist+jwt", "JWT", "oauth-authz-req+jwt", "openid4vci-proof+jwt", ""])
def test_neg_J14_typ_confusion(typ: str) -> None:
    with pytest.raises(TypMismatch):
        FORMAT.parse(sd_jwt({"family_name": "李"}, typ=typ).wire)
    assert FORMAT.parse(sd_jwt({"family_name": "李"}, typ="vc+sd-jwt").wire).format == "dc+sd-jwt"


def test_neg_J14_kb_jwt_and_status_token_as_credential() -> None:
    key_binding = presented(SHOWN.wire).wire.removeprefix(SHOWN.wire)
    for stray in (key_binding, key_binding + b"~", token().encode(), token().encode() + b"~"):
        with pytest.raises(TypMismatch):
            FORMAT.parse(stray)


def test_neg_J14_credential_and_kb_jwt_as_status_token() -> None:
    for stray in (parts_of(SHOWN.wire).jwt, presented(SHOWN.wire).wire.removeprefix(SHOWN.wire).decode()):
        with pytest.raises(TypMismatch):
            parse_token_status_list(stray)


def test_neg_J14_presentation_as_credential() -> None:
    """RFC 9901 §7.2: a holder who is issued an SD-JWT+KB refuses it."""
    with pytest.raises(InputMalformed):
        FORMAT.parse(presented(SHOWN.wire).wire)


def test_neg_J14_credential_jwt_as_its_own_key_binding() -> None:
    jwt = sign_jws(b"{}", HOLDER, typ="dc+sd-jwt")
    refused(with_key_binding(SHOWN.wire, jwt), TypMismatch)
