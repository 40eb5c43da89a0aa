"""The offer as a wallet reads it, by value and by reference."""

from issuer.offer import Offer
from openid4vc.vci.offer import CredentialOffer, PreAuthorizedGrant, TxCode
from runtime.words import Words

_TX_CODE_DIGITS = 6


def offer_message(offer: Offer, *, public_url: str, words: Words) -> CredentialOffer:
    """The credential offer object (OpenID4VCI 1.0 §4.1.1); the transaction code itself goes another way."""
    description = " / ".join(words.say(language, "offer.tx_code") for language in words.languages)
    wanted = TxCode("numeric", _TX_CODE_DIGITS, description) if offer.record.tx_code_tag is not None else None
    return CredentialOffer(public_url, offer.record.configurations, PreAuthorizedGrant(offer.code, wanted))


def offer_url(offer: Offer, *, public_url: str) -> str:
    """Where the offer lies, short enough for a QR code."""
    return f"{public_url}/offers/{offer.reference}"
