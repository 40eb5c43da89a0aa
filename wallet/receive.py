"""Take a card from an issuer: look at the offer, ask for the card, check it as any verifier would, and only then keep it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType

from credentials.formats import FORMATS
from credentials.keys import PrivateKey, generate_key, private_key_from_jwk
from credentials.keys.did_key import did_key_method
from doors import base64url
from doors.json import JsonObject
from doors.refusals import (
    HolderBindingInvalid,
    InputMalformed,
    InvalidGrant,
    InvalidToken,
    InvalidTxCode,
    IssuerKeyMismatch,
    IssuerUntrusted,
    MetadataInvalid,
    NotFound,
    Refused,
)
from openid4vc.embedding import to_wire
from openid4vc.vci.authorization_server import AuthorizationServerMetadata, authorization_server_metadata_url
from openid4vc.vci.configuration import CredentialConfiguration
from openid4vc.vci.credential_request import CredentialRequest, Proofs
from openid4vc.vci.credential_response import CredentialResponse
from openid4vc.vci.display import Display
from openid4vc.vci.metadata import IssuerMetadata, issuer_metadata_url
from openid4vc.vci.nonce import NonceResponse
from openid4vc.vci.notification import NotificationRequest
from openid4vc.vci.offer import CredentialOffer
from openid4vc.vci.offer_link import parse_offer_link
from openid4vc.vci.proofs.di_vp import make_di_vp_proof
from openid4vc.vci.proofs.jwt import make_jwt_proof
from openid4vc.vci.token import TokenRequest, TokenResponse
from runtime.words import safe_text
from trust.entries import Bilingual, IssuerEntry
from trust.gather import gather
from trust.judge import judge
from trust.standing import listed_issuer
from wallet.history import NAMELESS, Entry, line
from wallet.holding import KIND, Holding, Standing
from wallet.reach import Reach
from wallet.store import WalletStore

PENDING = "pending"
"""A card that was asked for and may not have arrived: its key and token are kept until it has, so that a crash loses nothing."""
_KEY_OF_FORMAT: Mapping[str, str] = MappingProxyType({"ldp_vc": "EdDSA", "dc+sd-jwt": "ES256"})
"""With which algorithm the holder proves a card of each format."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer of a trusted issuer, looked at and not yet accepted."""

    offer: CredentialOffer
    issuer: IssuerEntry
    metadata: IssuerMetadata
    server: AuthorizationServerMetadata

    @property
    def wants_tx_code(self) -> bool:
        grant = self.offer.pre_authorized
        return grant is not None and grant.tx_code is not None

    @property
    def code(self) -> str:
        """The pre-authorised code; raises ``InputMalformed`` for an offer of another grant."""
        if self.offer.pre_authorized is None:
            raise InputMalformed("offer: expected the pre-authorised code grant, got another")
        return self.offer.pre_authorized.code

    def titles(self) -> tuple[Bilingual, ...]:
        """What is offered, as the issuer names it."""
        return tuple(title for title, _format in self.kinds())

    def kinds(self) -> tuple[tuple[Bilingual, str], ...]:
        """What is offered: title and format of each card."""
        configurations = (self.metadata.configuration(name) for name in self.offer.configuration_ids)
        return tuple((title_of(each), each.format) for each in configurations)


@dataclass(frozen=True, slots=True)
class Deleted:
    """A card that came and was not kept, and why."""

    configuration: str
    refusal: Refused


@dataclass(frozen=True, slots=True)
class Received:
    """What was kept, and what came and was deleted, with the reason."""

    kept: tuple[Holding, ...]
    deleted: tuple[Deleted, ...]


async def look(text: str, *, reach: Reach) -> Offered:
    """Read the offer behind a link or QR code, and find out whose it is.

    Nothing is asked of an issuer that is not on the trust list (W01): the same check whether the offer was scanned or opened in the
    wallet. Raises ``IssuerUntrusted``, ``UnsupportedUri``, ``UrlBlocked``, ``RedirectBlocked``, ``MetadataMismatch``, ``MetadataInvalid``,
    ``InvalidGrant`` for an offer behind a reference that was taken or has run out.
    """
    opened = parse_offer_link(text)
    offer = opened.offer or CredentialOffer.parse(await _referred(opened.offer_uri, reach))
    return await _offered(offer, reach)


async def accept(offered: Offered, *, tx_code: str, store: WalletStore, reach: Reach) -> Received:
    """Redeem the offer, fetch each card, check it, and keep the good ones.

    The keys and the token are on disk before a card is asked for: after a crash ``resume`` fetches it again with the same key.
    Raises the issuer's refusal (``InvalidGrant``, ``InvalidTxCode``, ...) and what ``Fetch`` raises; then nothing was kept.
    """
    request = TokenRequest(code=offered.code, tx_code=tx_code)
    token = await _token(offered, request, reach)
    tickets = tuple(_ticket(offered, name, token, reach) for name in offered.offer.configuration_ids)
    store.change(put=tuple((PENDING, f"pending_{ticket['id']}", ticket) for ticket in tickets))
    reach.crash("wallet.receive.pending")
    return _received([await _take(offered, ticket, store=store, reach=reach) for ticket in tickets])


async def _token(offered: Offered, request: TokenRequest, reach: Reach) -> TokenResponse:
    """The access token; a mistyped transaction code, which comes as ``invalid_grant`` (OpenID4VCI 1.0 §6.3), is told as what it is."""
    try:
        return TokenResponse.parse(await reach.post_form(offered.server.token_endpoint, request.to_body()))
    except InvalidGrant:
        if not offered.wants_tx_code:
            raise
        raise InvalidTxCode("transaction code: expected the one given separately, for an offer that still stands") from None


async def resume(store: WalletStore, *, reach: Reach) -> Received:
    """Fetch again what was asked for and never arrived. What the issuer no longer hands out, or nobody trusts any more, is given up.

    Every card is tried; where one could not be fetched it stays pending, and the first such refusal is raised when all were tried.
    """
    outcomes: list[Holding | Deleted] = []
    failures: list[Refused] = []
    for record in store.all(PENDING):
        try:
            outcomes.append(await _resumed(record.value, store=store, reach=reach))
        except Refused as refusal:
            failures.append(refusal)
    if failures:
        raise failures[0]
    return _received(outcomes)


async def _resumed(ticket: JsonObject, *, store: WalletStore, reach: Reach) -> Holding | Deleted:
    try:
        offered = await _offered(CredentialOffer(ticket["issuer"], (ticket["configuration"],)), reach)
        return await _take(offered, ticket, store=store, reach=reach)
    except (InvalidToken, IssuerUntrusted) as refusal:
        return _delete(ticket, NAMELESS, refusal, store=store, reach=reach)


def title_of(configuration: CredentialConfiguration) -> Bilingual:
    """The card's name in both languages, as the issuer gives it, made safe to show."""
    chinese = next((shown.name for shown in configuration.display if shown.locale.startswith("zh")), "")
    english = next((shown.name for shown in configuration.display if _is_english(shown)), "") or configuration.id
    return Bilingual(en=safe_text(english), zh=safe_text(chinese or english))


def _is_english(shown: Display) -> bool:
    return not shown.locale or shown.locale.startswith("en")


def _received(outcomes: Sequence[Holding | Deleted]) -> Received:
    return Received(
        tuple(outcome for outcome in outcomes if isinstance(outcome, Holding)),
        tuple(outcome for outcome in outcomes if isinstance(outcome, Deleted)),
    )


async def _referred(offer_uri: str, reach: Reach) -> JsonObject:
    try:
        return await reach.get_json(offer_uri)
    except NotFound:
        raise InvalidGrant("offer: expected one that is still open, got one that was taken, has run out, or never was") from None


async def _offered(offer: CredentialOffer, reach: Reach) -> Offered:
    facts = await gather((), policy=reach.policy, resolver=reach.resolver, fetch=reach.fetch, now=reach.clock(), cache=reach.cache)
    issuer = listed_issuer(offer.credential_issuer, facts=facts, policy=reach.policy, now=reach.clock())
    metadata = IssuerMetadata.parse(await reach.get_json(issuer_metadata_url(offer.credential_issuer)), issuer=offer.credential_issuer)
    if any(metadata.configuration(name).format not in FORMATS for name in offer.configuration_ids):
        raise MetadataInvalid(f"offer: expected cards in a format of {', '.join(FORMATS)}, got another")
    address = metadata.authorization_server(offer.pre_authorized.authorization_server if offer.pre_authorized else "")
    server = AuthorizationServerMetadata.parse(await reach.get_json(authorization_server_metadata_url(address)), issuer=address)
    endpoints = (metadata.credential_endpoint, metadata.nonce_endpoint, metadata.notification_endpoint, server.token_endpoint)
    if not all(issuer.serves(endpoint) for endpoint in endpoints if endpoint):
        raise MetadataInvalid("metadata: expected endpoints on the issuer's own hosts, got another")
    return Offered(offer, issuer, metadata, server)


def _ticket(offered: Offered, name: str, token: TokenResponse, reach: Reach) -> JsonObject:
    """What is needed to ask for one card, now or after a crash; each card has a key of its own."""
    key = generate_key(_KEY_OF_FORMAT[offered.metadata.configuration(name).format])
    return {
        "id": base64url.encode(reach.random(12)),
        "issuer": offered.offer.credential_issuer,
        "configuration": name,
        "access_token": token.access_token,
        "key": key.named(did_key_method(key.public)).private_jwk(),
    }


async def _take(offered: Offered, ticket: JsonObject, *, store: WalletStore, reach: Reach) -> Holding | Deleted:
    """One card from asking to keeping. What cannot be decided now (no network) stays pending and is raised."""
    answer = await _fetched(offered, ticket, reach)
    reach.crash("wallet.receive.fetched")
    try:
        holding = await _checked(offered, ticket, answer, reach)
    except Refused as refusal:
        if refusal.verdict == "undecided":
            raise
        await _notify(offered, ticket, answer, event="credential_deleted", reach=reach)
        return _delete(ticket, offered.issuer.name, refusal, store=store, reach=reach)
    told = _line(ticket, offered.issuer.name, "", reach)
    store.change(put=((KIND, holding.id, holding.to_json()), told), remove=(f"pending_{ticket['id']}",))
    reach.crash("wallet.receive.kept")
    await _notify(offered, ticket, answer, event="credential_accepted", reach=reach)
    return holding


async def _fetched(offered: Offered, ticket: JsonObject, reach: Reach) -> CredentialResponse:
    configuration = offered.metadata.configuration(ticket["configuration"])
    nonce = await _nonce(offered, reach)
    proofs = _proofs(
        configuration, private_key_from_jwk(ticket["key"]), issuer=offered.metadata.credential_issuer, nonce=nonce, reach=reach
    )
    request = CredentialRequest(proofs=proofs, configuration_id=configuration.id)
    answer = await reach.post_json(offered.metadata.credential_endpoint, request.to_json(), headers=_authorized(ticket))
    response = CredentialResponse.parse(answer)
    if not response.credentials:
        raise MetadataInvalid("credential response: expected a credential, got a ticket for later, which was not asked for")
    return response


async def _nonce(offered: Offered, reach: Reach) -> str:
    """A fresh challenge, "" where the issuer has no nonce endpoint (OpenID4VCI 1.0 §7)."""
    endpoint = offered.metadata.nonce_endpoint
    return NonceResponse.parse(await reach.post_form(endpoint, b"")).c_nonce if endpoint else ""


def _proofs(configuration: CredentialConfiguration, key: PrivateKey, *, issuer: str, nonce: str, reach: Reach) -> Proofs:
    """A proof of the kind that the issuer takes, by ``jwt`` where it may be chosen (OpenID4VCI 1.0 Appendix F)."""
    if "jwt" in configuration.proof_types or not configuration.proof_types:
        return Proofs("jwt", (make_jwt_proof(key, issuer=issuer, nonce=nonce, now=reach.clock()),))
    return Proofs("di_vp", (make_di_vp_proof(key, issuer=issuer, nonce=nonce, now=reach.clock()),))


async def _checked(offered: Offered, ticket: JsonObject, answer: CredentialResponse, reach: Reach) -> Holding:
    """The card, believed as any verifier would believe it, and bound to the key that was made for it (W12, W13)."""
    configuration = offered.metadata.configuration(ticket["configuration"])
    vc = FORMATS[configuration.format].parse(to_wire(answer.credentials[0], format_name=configuration.format))
    facts = await gather((vc,), policy=reach.policy, resolver=reach.resolver, fetch=reach.fetch, now=reach.clock(), cache=reach.cache)
    judged = judge(vc, facts=facts, policy=reach.policy, now=reach.clock())
    if judged.holder_key != private_key_from_jwk(ticket["key"]).public:
        raise HolderBindingInvalid("credential: expected it to be bound to this wallet's key, got another")
    if judged.issuer != offered.issuer:
        raise IssuerKeyMismatch("credential: expected it from the issuer that offered it, got another's")
    return Holding(
        id=f"card_{ticket['id']}",
        format=vc.format,
        wire=vc.wire,
        document=judged.credential.document,
        private_jwk=ticket["key"],
        issuer_name=judged.issuer.name,
        title=title_of(configuration),
        received_at=reach.clock(),
        standing=Standing("", reach.clock()),
    )


def _delete(ticket: JsonObject, issuer_name: Bilingual, refusal: Refused, *, store: WalletStore, reach: Reach) -> Deleted:
    store.change(put=(_line(ticket, issuer_name, refusal.code, reach),), remove=(f"pending_{ticket['id']}",))
    return Deleted(ticket["configuration"], refusal)


async def _notify(offered: Offered, ticket: JsonObject, answer: CredentialResponse, *, event: str, reach: Reach) -> None:
    """Tell the issuer what became of the card; that it does not listen changes nothing (OpenID4VCI 1.0 §11)."""
    if offered.metadata.notification_endpoint and answer.notification_id:
        with suppress(Refused):
            notice = NotificationRequest(answer.notification_id, event).to_json()
            await reach.post_json(offered.metadata.notification_endpoint, notice, headers=_authorized(ticket))


def _authorized(ticket: JsonObject) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {ticket['access_token']}"}


def _line(ticket: JsonObject, issuer_name: Bilingual, code: str, reach: Reach) -> tuple[str, str, JsonObject]:
    act = "refused" if code else "received"
    entry = Entry(reach.clock(), act, ticket["issuer"], issuer_name, (ticket["configuration"],), code)
    return line(entry, random=reach.random)
