"""A signed presentation request: made by the verifier, opened by the wallet before it is believed (OpenID4VP 1.0 §5, RFC 9101)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from credentials.jws import UnverifiedJws, parse_jws, sign_jws, verify_jws
from credentials.keys import PublicKey, SigningKey
from doors.json import parse_object
from doors.refusals import InputMalformed, RequestInvalid, RequestUntrusted, SigInvalid
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.request import SELF_ISSUED, PresentationRequest, refuse_other_client
from openid4vc.vp.transaction_data import TRANSACTION_TYPES, CheckDetails

REQUEST_OBJECT_TYP = "oauth-authz-req+jwt"
REQUEST_OBJECT_TYPE = "application/oauth-authz-req+jwt"
LONGEST_REQUEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class UnverifiedRequest:
    """A request object whose signature is not yet checked: enough to find out whose key to ask for, and no more."""

    jws: UnverifiedJws
    client_id: ClientId

    @property
    def kid(self) -> str:
        """The name of the key that is said to have signed."""
        return self.jws.kid


def sign_request(request: PresentationRequest, key: SigningKey) -> str:
    """The request object of ``request``, signed by ``key``; raises ``RequestUntrusted`` where the key is not the client's.

    ``request.expires_at`` must be set: a request without an end could be shown again for ever.
    """
    if request.expires_at is None or request.issued_at is None:
        raise RequestInvalid("exp: expected a signed request to say when it was made and when it ends")
    request.client_id.check(kid=key.kid, destination=request.destination)
    return sign_jws(orjson.dumps(request.to_json()), key, typ=REQUEST_OBJECT_TYP)


def open_request(text: str, *, client_id: str) -> UnverifiedRequest:
    """Read the request object ``text`` that came for a link naming ``client_id``.

    Raises what ``parse_jws`` raises (also ``TypMismatch`` for another typ, §5), and ``RequestUntrusted`` for a client identifier that is
    not the link's, that cannot be authenticated by a signature, or that the key named does not belong to.
    """
    jws = parse_jws(text, typ=REQUEST_OBJECT_TYP, limit=LONGEST_REQUEST)
    inner = parse_object(jws.payload).get("client_id")
    if not isinstance(inner, str):
        raise RequestInvalid("client_id: expected one in the request object", pointer="/client_id")
    refuse_other_client(inner, outer=client_id)
    client = ClientId.parse(inner)
    client.check(kid=jws.kid, destination="")
    return UnverifiedRequest(jws, client)


def verify_request(
    opened: UnverifiedRequest,
    key: PublicKey,
    *,
    now: datetime,
    skew: timedelta,
    audience: str = SELF_ISSUED,
    wallet_nonce: str = "",
    transaction_types: Mapping[str, CheckDetails] = TRANSACTION_TYPES,
) -> PresentationRequest:
    """The request, signed by exactly ``key``, which the caller got for the client and ``opened.kid``.

    Raises ``RequestUntrusted`` for a wrong signature, ``RequestExpired``, ``RequestInvalid`` also for another audience (§5.8) or a
    ``wallet_nonce`` that is not the one sent (§5.10.1), and what ``PresentationRequest.parse`` raises.
    """
    try:
        document = parse_object(verify_jws(opened.jws, key))
    except SigInvalid as error:
        raise RequestUntrusted("request object: expected a signature by the client's key, got another") from error
    except InputMalformed as error:
        raise RequestInvalid(f"request object: {error.detail}") from error
    request = PresentationRequest.parse(document, transaction_types=transaction_types)
    request.client_id.check(kid=opened.kid, destination=request.destination)
    request.valid_at(now, skew=skew)
    if request.audience not in {audience, SELF_ISSUED} or "aud" not in document:
        raise RequestInvalid("aud: expected this wallet or the symbolic one of static discovery (§5.8)", pointer="/aud")
    if request.wallet_nonce != wallet_nonce and wallet_nonce:
        raise RequestInvalid("wallet_nonce: expected the one sent (§5.10.1)", pointer="/wallet_nonce")
    return request


def read_request(text: str, key: PublicKey, *, client_id: str, now: datetime, skew: timedelta) -> PresentationRequest:
    """``open_request`` and ``verify_request`` in one, for who already has the client's key."""
    return verify_request(open_request(text, client_id=client_id), key, now=now, skew=skew)
