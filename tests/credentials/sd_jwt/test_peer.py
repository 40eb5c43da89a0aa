"""The reference implementation and ours, each reading what the other wrote."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from credentials.formats.dc_sd_jwt import DcSdJwt
from credentials.jws import parse_jws, sign_jws, verify_jws
from credentials.sd_jwt.compact import SdJwt, split_sd_jwt
from credentials.sd_jwt.concealing import conceal
from credentials.sd_jwt.processing import process
from tests.credentials.cards import AUDIENCE, HOLDER, ISSUER, NONCE, NOW, VCT, card, issued
from tests.credentials.sd_jwt.specification import CASES, marked, plain, specification
from tests.shared import needs_shared

FORMAT = DcSdJwt()


def _jwk(members: dict[str, Any]) -> JWK:
    return JWK.from_json(json.dumps(members))


def test_the_peer_reads_a_presentation_of_ours() -> None:
    shown = FORMAT.disclose(issued(card()), frozenset({("family_name",), ("age_over_18",)}))
    presentation = FORMAT.present(shown, HOLDER, nonce=NONCE, audience=AUDIENCE, now=NOW)

    read = SDJWTVerifier(presentation.wire.decode(), lambda *_: _jwk(ISSUER.public.jwk()), AUDIENCE, NONCE).get_verified_payload()

    assert (read["family_name"], read["age_over_18"]) == ("李", True)
    assert "given_name" not in read


def test_we_read_a_presentation_of_the_peer() -> None:
    claims = {"iss": "https://issuer.example", "vct": VCT, SDObj("family_name"): "李", SDObj("given_name"): "明"}
    token = SDJWTIssuer(claims, _jwk(ISSUER.private_jwk()), _jwk(HOLDER.private_jwk()), extra_header_parameters={"typ": "dc+sd-jwt"})
    holder = SDJWTHolder(token.sd_jwt_issuance)
    holder.create_presentation({"family_name": True}, NONCE, AUDIENCE, _jwk(HOLDER.private_jwk()))
    now = NOW.now(tz=NOW.tzinfo)

    presentation = FORMAT.parse_presentation(holder.sd_jwt_presentation.encode())
    credential = FORMAT.verify(presentation.credentials[0], ISSUER.public)
    assert credential.holder_key == HOLDER.public
    FORMAT.verify_presentation(presentation, HOLDER.public, nonce=NONCE, audience=AUDIENCE, now=now, skew=timedelta(seconds=60))

    assert credential.claims == {"family_name": "李"}


@needs_shared
@pytest.mark.parametrize("decoys", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_we_read_every_case_as_the_peer_issues_it(name: str, decoys: bool) -> None:
    case = specification(name)
    token = SDJWTIssuer(case["user_claims"], _jwk(ISSUER.private_jwk()), add_decoy_claims=decoys)
    holder = SDJWTHolder(token.sd_jwt_issuance)
    holder.create_presentation(case["holder_disclosed_claims"])
    parts = split_sd_jwt(holder.sd_jwt_presentation.encode())

    payload = verify_jws(parse_jws(parts.jwt, typ="example+sd-jwt"), ISSUER.public)

    assert process(json.loads(payload), parts.disclosures).claims == case["expect_verified_user_claims"]


@needs_shared
@pytest.mark.parametrize("name", CASES)
def test_the_peer_reads_every_case_as_we_issue_it(name: str) -> None:
    claims = specification(name)["user_claims"]
    hidden = conceal(plain(claims), marked(claims), salts=secrets.token_bytes)
    jwt = sign_jws(json.dumps(hidden.payload).encode(), ISSUER, typ="example+sd-jwt")
    token = str(SdJwt(jwt, hidden.disclosures))

    assert SDJWTVerifier(token, lambda *_: _jwk(ISSUER.public.jwk())).get_verified_payload() == plain(claims)
