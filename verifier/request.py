"""Ask a guest for a card: a signed question that says who asks, for what, why and for how long, and is good for one answer."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from credentials.cryptosuites import CRYPTOSUITES
from doors import base64url
from doors.json import JsonObject
from openid4vc.jwe import DecryptionKey, generate_decryption_key
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.client_metadata import ClientMetadata
from openid4vc.vp.link import request_reference_link
from openid4vc.vp.request import RESPONSE_MODES, PresentationRequest
from openid4vc.vp.request_object import sign_request
from openid4vc.vp.verifier_info import Purpose
from verifier.identity import Identity
from verifier.policy import Policy
from verifier.query import query_of
from verifier.session import Flow, Session

Random = Callable[[int], bytes]

VP_FORMATS: JsonObject = {
    "ldp_vc": {"proof_type_values": ["DataIntegrityProof"], "cryptosuite_values": list(CRYPTOSUITES)},
    "dc+sd-jwt": {"sd-jwt_alg_values": ["ES256", "EdDSA"], "kb-jwt_alg_values": ["ES256", "EdDSA"]},
}
"""What is read here (OpenID4VP 1.0 §11.1, Appendix B)."""
ENC_VALUES = ("A256GCM", "A128GCM")


def ask(policy: Policy, *, identity: Identity, flow: Flow, now: datetime, random: Random) -> Session:
    """A new session with its question: fresh nonce, state and encryption key, the policy's query, purpose, legal basis and retention.

    ``flow``: ``cross_device`` shows a QR code and is told the result on its own page; ``same_device`` is sent back to by a link
    with a response code (OpenID4VP 1.0 §13.3). Nothing is stored or signed here.
    """
    session_id = f"vs_{_token(random, 16)}"
    key = generate_decryption_key(_token(random, 9))
    request = _request(policy, session_id, key, identity=identity, now=now, random=random)
    return Session(
        id=session_id,
        policy_text=policy.text,
        policy_id=policy.id,
        flow=flow,
        created_at=now,
        expires_at=now + timedelta(seconds=policy.session_seconds),
        request=request.to_json(),
        response_key={"kid": key.kid, "private_jwk": key.private_jwk} if request.encrypted else {},
    )


def signed(session: Session, *, identity: Identity, wallet_nonce: str = "") -> str:
    """The session's request object (OpenID4VP 1.0 §5; RFC 9101), naming ``wallet_nonce`` where the wallet sent one (§5.10.1)."""
    return sign_request(replace(request_of(session), wallet_nonce=wallet_nonce), identity.key)


def request_of(session: Session) -> PresentationRequest:
    """The question of a session, as it was sent."""
    return PresentationRequest.parse(session.request)


def response_key_of(session: Session) -> DecryptionKey | None:
    """The key that this session's answer alone is encrypted to; None where the policy asks for no encryption."""
    if not session.response_key:
        return None
    return DecryptionKey(kid=session.response_key["kid"], private_jwk=session.response_key["private_jwk"])


def request_uri(session_id: str, *, identity: Identity) -> str:
    """Where the wallet fetches the request object."""
    return f"{identity.public_url}/oid4vp/request/{session_id}"


def wallet_link(session_id: str, *, identity: Identity) -> str:
    """The link behind the QR code: short, because the request itself is fetched (OpenID4VP 1.0 §5.4)."""
    return request_reference_link(identity.client_id, request_uri(session_id, identity=identity), method="post")


def _request(
    policy: Policy, session_id: str, key: DecryptionKey, *, identity: Identity, now: datetime, random: Random
) -> PresentationRequest:
    encrypted = RESPONSE_MODES[policy.response_mode].encrypted
    whole_second = now.replace(microsecond=0)
    return PresentationRequest(
        client_id=ClientId.parse(identity.client_id),
        nonce=_token(random, 32),
        state=_token(random, 32),
        query=query_of(policy),
        response_mode=policy.response_mode,
        destination=f"{identity.public_url}/oid4vp/response/{session_id}",
        client_metadata=ClientMetadata(
            vp_formats_supported={name: VP_FORMATS[name] for name in sorted({asked.format for asked in policy.credentials})},
            keys=(key.public_jwk(),) if encrypted else (),
            enc_values=ENC_VALUES if encrypted else (),
        ),
        verifier_info=(_purpose(policy).to_info(),),
        issued_at=whole_second,
        expires_at=whole_second + timedelta(seconds=policy.session_seconds),
    )


def _purpose(policy: Policy) -> Purpose:
    return Purpose(
        purpose=policy.purpose,
        name=policy.name,
        legal_basis=policy.legal_basis,
        retention_days=math.ceil(policy.retention.seconds / 86_400),
    )


def _token(random: Random, length: int) -> str:
    return base64url.encode(random(length))
