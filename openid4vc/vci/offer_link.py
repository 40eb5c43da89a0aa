"""The link or QR code that carries a credential offer, by value or by reference (OpenID4VCI 1.0 §4.1.2, §4.1.3)."""

import json
from dataclasses import dataclass
from urllib.parse import quote

from doors.json import parse_object
from doors.refusals import UnsupportedUri, UrlBlocked
from openid4vc.links import parse_link
from openid4vc.urls import is_web_url
from openid4vc.vci.offer import CredentialOffer

OFFER_SCHEME = "openid-credential-offer"
OFFER_SCHEMES = frozenset({OFFER_SCHEME, "haip-vci"})
"""§12.1.1, and HAIP 1.0 for its own."""


@dataclass(frozen=True, slots=True)
class OfferLink:
    """What a link says: the offer itself, or the address where it lies; exactly one of the two."""

    offer: CredentialOffer | None
    offer_uri: str


def parse_offer_link(text: str) -> OfferLink:
    """Read ``openid-credential-offer://?…``, ``haip-vci://?…`` or an https link with ``credential_offer`` or ``credential_offer_uri``.

    Raises ``UnsupportedUri`` for another kind of text, for neither parameter or both; ``ApprovalRequired`` where the link pretends that
    the holder approved; ``UrlBlocked`` where the reference is no https URL; and what ``CredentialOffer.parse`` raises.
    """
    parameters = parse_link(text, schemes=OFFER_SCHEMES).parameters
    by_value, reference = parameters.get("credential_offer", ""), parameters.get("credential_offer_uri", "")
    if bool(by_value) == bool(reference):
        raise UnsupportedUri("link: expected either credential_offer or credential_offer_uri")
    if reference and not is_web_url(reference):
        raise UrlBlocked("credential_offer_uri: expected an https URL")
    return OfferLink(CredentialOffer.parse(parse_object(by_value)) if by_value else None, reference)


def offer_link(offer: CredentialOffer, *, endpoint: str = f"{OFFER_SCHEME}://") -> str:
    """The link that carries ``offer`` by value to the wallet at ``endpoint`` (a scheme, or the wallet's https address)."""
    return f"{endpoint}?credential_offer={quote(json.dumps(offer.to_json(), separators=(',', ':')), safe='')}"


def offer_reference_link(offer_uri: str, *, endpoint: str = f"{OFFER_SCHEME}://") -> str:
    """The link that carries only the address of an offer: short enough for any QR code."""
    return f"{endpoint}?credential_offer_uri={quote(offer_uri, safe='')}"
