"""What the office looks for when it looks at itself from outside: its own metadata, and its DID document with its own keys."""

from didresolver.own_document import names_our_keys
from doors.json import parse_object
from issuer.keys import Keyring
from openid4vc.vci.metadata import IssuerMetadata, issuer_metadata_url
from runtime.self_check import OwnPage


def own_pages(keys: Keyring) -> tuple[OwnPage, ...]:
    """The issuer's metadata as a wallet fetches it (OpenID4VCI 1.0 §12.2.2), and ``did.json`` as a verifier does."""

    def is_our_metadata(content: bytes) -> None:
        IssuerMetadata.parse(parse_object(content), issuer=keys.public_url)

    return (
        OwnPage(issuer_metadata_url(keys.public_url), is_our_metadata),
        OwnPage(f"{keys.public_url}/.well-known/did.json", names_our_keys(keys.issuer, tuple(key.public for key in keys.all()))),
    )
