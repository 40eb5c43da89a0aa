"""Open a presentation request: find out who asks, whether they may, and what they want, before anything is shown to the holder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from doors import base64url
from doors.refusals import FetchFailed, Refused, RequestExpired, RequestUntrusted
from openid4vc.claims_path import ClaimPath
from openid4vc.forms import build_form
from openid4vc.vp.dcql import CredentialQuery
from openid4vc.vp.link import RequestLink, parse_request_link
from openid4vc.vp.request import PresentationRequest
from openid4vc.vp.request_object import REQUEST_OBJECT_TYPE, UnverifiedRequest, open_request, verify_request
from runtime.clock import rfc3339
from trust.gather import gather_relying_party
from trust.relying_party import RelyingParty, judge_relying_party, request_key
from trust.type_names import type_names
from wallet.history import NAMELESS, Entry, line
from wallet.reach import FORM, Reach
from wallet.store import WalletStore

SEEN = "seen"
"""Requests that were opened before: one question is answered, or refused, once."""
FOREVER = "9999-12-31T23:59:59Z"
"""How long a request without an end is remembered."""
LARGEST_REQUEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """An authenticated request of a registered relying party that asks only for what it is registered for."""

    request: PresentationRequest
    party: RelyingParty

    @property
    def attributes(self) -> tuple[ClaimPath, ...]:
        """Every attribute asked for, each once, in the order of the query."""
        paths = (claim.path for wanted in self.request.query.credentials for claim in wanted.claims)
        return tuple(dict.fromkeys(paths))


async def open_asked(text: str, *, store: WalletStore, reach: Reach) -> Asked:
    """The request behind a link or QR code. A refusal is kept in the log; nothing has been sent then but the fetch of the request.

    Raises ``UnsupportedUri``, ``UrlBlocked``, ``RedirectBlocked``, ``RequestUntrusted``, ``RequestInvalid``, ``RequestExpired`` also for
    one that was opened before, ``Overasking``, ``InvalidTransactionData``, ``ApprovalRequired``.
    """
    link = parse_request_link(text)
    if not link.client_id.signs:
        raise RequestUntrusted("request: expected a signed one of a registered relying party, got one that nobody signed")
    try:
        asked = await _authenticated(link, reach)
        _refuse_seen(asked, store, reach)
    except Refused as refusal:
        entry = Entry(reach.clock(), "refused", link.client_id.text[:256], NAMELESS, (), refusal.code)
        store.change(put=(line(entry, random=reach.random),))
        raise
    return asked


async def _authenticated(link: RequestLink, reach: Reach) -> Asked:
    client_id, now = link.client_id.text, reach.clock()
    facts = await gather_relying_party(
        client_id, policy=reach.policy, resolver=reach.resolver, fetch=reach.fetch, now=now, cache=reach.cache
    )
    wallet_nonce = base64url.encode(reach.random(16)) if link.request_uri_method == "post" and not link.request_object else ""
    text = link.request_object or await _fetched(link, wallet_nonce, reach)
    opened: UnverifiedRequest = open_request(text, client_id=client_id)
    key = request_key(client_id, opened.kid, facts=facts, policy=reach.policy, now=now)
    request = verify_request(opened, key, now=now, skew=reach.policy.skew, wallet_nonce=wallet_nonce)
    party = judge_relying_party(
        client_id, asked=_by_type(request), response_uri=request.destination, facts=facts, policy=reach.policy, now=now
    )
    return Asked(request, party)


async def _fetched(link: RequestLink, wallet_nonce: str, reach: Reach) -> str:
    """The request object at ``request_uri``, by GET or by POST with a nonce of ours (OpenID4VP 1.0 §5.10)."""
    post = link.request_uri_method == "post"
    fetched = await reach.fetch(
        link.request_uri,
        method="POST" if post else "GET",
        body=build_form({"wallet_nonce": wallet_nonce}) if post else None,
        headers={"Content-Type": FORM} if post else None,
        accept=REQUEST_OBJECT_TYPE,
        max_bytes=LARGEST_REQUEST,
    )
    if fetched.status in {404, 409, 410}:
        raise RequestExpired("request: expected one that is still open, got none at its address")
    if fetched.status != 200:
        raise FetchFailed(f"request: expected status 200, got {fetched.status}")
    return fetched.content.decode("ascii", "replace").strip()


def _by_type(request: PresentationRequest) -> Mapping[str, set[ClaimPath]]:
    """For each credential type that would do, every attribute asked of it."""
    asked: dict[str, set[ClaimPath]] = {}
    for wanted in request.query.credentials:
        for kind in _types(wanted):
            asked.setdefault(kind, set()).update(claim.path for claim in wanted.claims)
    return asked


def _types(wanted: CredentialQuery) -> frozenset[str]:
    """The types that a credential query names; one that names none asks for any card there is, which nobody is registered for."""
    return type_names({kind for alternative in wanted.meta.types for kind in alternative}) or frozenset({""})


def _refuse_seen(asked: Asked, store: WalletStore, reach: Reach) -> None:
    now = reach.clock()
    question = f"{asked.request.client_id.text} {asked.request.nonce}"
    name = f"seen_{base64url.encode(hashlib.sha256(question.encode()).digest())}"
    seen = {record.id: record.value for record in store.all(SEEN)}
    if name in seen:
        raise RequestExpired("request: expected one that was not opened before, got the same again")
    lapsed = tuple(record_id for record_id, value in seen.items() if value["until"] < rfc3339(now))
    until = rfc3339(asked.request.expires_at + reach.policy.skew) if asked.request.expires_at else FOREVER
    store.change(put=((SEEN, name, {"until": until}),), remove=lapsed)
