"""A presentation request: who asks for what, where the answer goes, and how it is kept from others (OpenID4VP 1.0 §5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from doors.json import JsonObject
from doors.refusals import RequestExpired, RequestInvalid, RequestUntrusted
from openid4vc.links import refuse_approval_in
from openid4vc.members import Members, without_absent
from openid4vc.vp.client_id import ClientId
from openid4vc.vp.client_metadata import ClientMetadata
from openid4vc.vp.dcql import Query
from openid4vc.vp.transaction_data import TRANSACTION_TYPES, CheckDetails, TransactionData, parse_transaction_data
from openid4vc.vp.verifier_info import Purpose, VerifierInfo, purpose_in

SELF_ISSUED = "https://self-issued.me/v2"
"""The ``aud`` of a request to a wallet that is not known beforehand (§5.8)."""
_URL_SAFE = re.compile(r"[A-Za-z0-9._~-]{1,512}", re.ASCII)


@dataclass(frozen=True, slots=True)
class ResponseMode:
    """How an answer travels: which member names the address it goes to, and whether it is encrypted."""

    destination: str
    encrypted: bool


RESPONSE_MODES: Mapping[str, ResponseMode] = MappingProxyType(
    {
        "direct_post": ResponseMode("response_uri", encrypted=False),
        "direct_post.jwt": ResponseMode("response_uri", encrypted=True),
        "fragment": ResponseMode("redirect_uri", encrypted=False),
    }
)


@dataclass(frozen=True, slots=True)
class PresentationRequest:
    """A request; ``destination`` is the response URI (direct_post) or redirect URI (fragment). Times are aware UTC, None where unstated."""

    client_id: ClientId
    nonce: str
    query: Query
    response_mode: str
    destination: str
    state: str = ""
    client_metadata: ClientMetadata | None = None
    verifier_info: tuple[VerifierInfo, ...] = ()
    transaction_data: tuple[TransactionData, ...] = ()
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    wallet_nonce: str = ""
    audience: str = SELF_ISSUED

    @classmethod
    def parse(cls, document: JsonObject, *, transaction_types: Mapping[str, CheckDetails] = TRANSACTION_TYPES) -> "PresentationRequest":
        """The request in a request object or link; unknown parameters are ignored (§5), signatures and times are not looked at.

        Raises ``RequestInvalid``, ``RequestUntrusted`` for a client identifier that cannot be authenticated here,
        ``InvalidTransactionData``, and ``ApprovalRequired`` where a parameter pretends that the holder has approved.
        """
        refuse_approval_in(document)
        members = Members.of(document, RequestInvalid)
        if members.text("response_type") != "vp_token":
            members.refuse("response_type", "vp_token")
        mode, destination = _destination(members)
        query = _query(members)
        client_metadata = members.inner_or_none("client_metadata")
        request = cls(
            client_id=ClientId.parse(members.text("client_id")),
            nonce=_url_safe(members, "nonce"),
            query=query,
            response_mode=mode,
            destination=destination,
            state=_url_safe(members, "state") if members.has("state") else "",
            client_metadata=None if client_metadata is None else ClientMetadata.parse(client_metadata),
            verifier_info=tuple(VerifierInfo.parse(entry) for entry in members.inners_or_none("verifier_info")),
            transaction_data=parse_transaction_data(members, query=query, types=transaction_types),
            issued_at=_time(members, "iat"),
            expires_at=_time(members, "exp"),
            wallet_nonce=members.text_or("wallet_nonce", ""),
            audience=members.text_or("aud", SELF_ISSUED),
        )
        return _consistent(request)

    def to_json(self) -> JsonObject:
        """The parameters, as a request object or link carries them."""
        return without_absent(
            {
                "response_type": "vp_token",
                "client_id": self.client_id.text,
                "response_mode": self.response_mode,
                RESPONSE_MODES[self.response_mode].destination: self.destination,
                "nonce": self.nonce,
                "state": self.state,
                "dcql_query": self.query.to_json(),
                "client_metadata": self.client_metadata and self.client_metadata.to_json(),
                "verifier_info": [info.to_json() for info in self.verifier_info],
                "transaction_data": [entry.text for entry in self.transaction_data],
                "wallet_nonce": self.wallet_nonce,
                "aud": self.audience if self.client_id.signs else None,
                "iat": None if self.issued_at is None else int(self.issued_at.timestamp()),
                "exp": None if self.expires_at is None else int(self.expires_at.timestamp()),
            }
        )

    @property
    def encrypted(self) -> bool:
        """Whether the answer must be encrypted."""
        return RESPONSE_MODES[self.response_mode].encrypted

    @property
    def purpose(self) -> Purpose | None:
        """Why the verifier asks, in its own words; None where it does not say."""
        return purpose_in(self.verifier_info)

    def valid_at(self, now: datetime, *, skew: timedelta) -> None:
        """Raise ``RequestExpired`` past ``exp`` and ``RequestInvalid`` where the request was made in the future (RFC 7519 §4.1)."""
        if self.expires_at is not None and now >= self.expires_at + skew:
            raise RequestExpired("exp: expected a request within its life, got one past it", pointer="/exp")
        if self.issued_at is not None and self.issued_at > now + skew:
            raise RequestInvalid("iat: expected a request made before now, got one from the future", pointer="/iat")


def _destination(members: Members) -> tuple[str, str]:
    """§8.2: ``response_uri`` and ``redirect_uri`` never together; each response mode has one of them."""
    if members.has("redirect_uri") and members.has("response_uri"):
        raise RequestInvalid("expected either redirect_uri or response_uri, got both", pointer="/redirect_uri")
    name = members.text_or("response_mode", "fragment")
    if name not in RESPONSE_MODES:
        members.refuse("response_mode", f"one of {', '.join(RESPONSE_MODES)}")
    wanted = RESPONSE_MODES[name].destination
    other = {"response_uri": "redirect_uri", "redirect_uri": "response_uri"}[wanted]
    if members.has(other):
        raise RequestInvalid(f"expected {wanted} with response_mode {name}, got {other}", pointer=f"/{other}")
    client_id = members.text("client_id")
    if not members.has(wanted) and client_id.startswith("redirect_uri:"):
        return name, Members({wanted: client_id.removeprefix("redirect_uri:")}, RequestInvalid).url(wanted)
    return name, members.url(wanted)


def _query(members: Members) -> Query:
    """§5.1: a ``scope`` in place of a query stands for a query that must be known beforehand; none is known here."""
    if members.has("scope") or not members.has("dcql_query"):
        members.refuse("dcql_query", "a query, and no scope beside it or in its place")
    return Query.parse(members.document["dcql_query"])


def _url_safe(members: Members, name: str) -> str:
    value = members.text(name)
    if not _URL_SAFE.fullmatch(value):
        members.refuse(name, "1 to 512 letters, digits, hyphens, periods, underscores and tildes (§5.2)")
    return value


def _time(members: Members, name: str) -> datetime | None:
    if not members.has(name):
        return None
    seconds = members.document[name]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 2**36:
        members.refuse(name, "a time in seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _consistent(request: PresentationRequest) -> PresentationRequest:
    """What one parameter demands of another."""
    if not request.client_id.signs:
        request.client_id.check(kid="", destination=request.destination)
    if not request.state and not all(wanted.require_holder_binding for wanted in request.query.credentials):
        raise RequestInvalid("state: expected one where a credential is asked for without holder binding (§5.3)", pointer="/state")
    if request.encrypted:
        metadata = request.client_metadata or ClientMetadata()
        metadata.encryption_key(), metadata.content_encryption()
    named = {identifier for info in request.verifier_info for identifier in info.credential_ids}
    if any(request.query.named(identifier) is None for identifier in named):
        raise RequestInvalid("verifier_info: expected credential_ids that the query defines", pointer="/verifier_info")
    purpose_in(request.verifier_info)
    return request


def refuse_other_client(client_id: str, *, outer: str) -> None:
    """§5.10.1: the ``client_id`` of the link and of the request object MUST be identical; raises ``RequestUntrusted``."""
    if client_id != outer:
        raise RequestUntrusted("client_id: expected the one of the link in the request object, got another", pointer="/client_id")
