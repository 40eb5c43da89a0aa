"""What the verifier looks for when it looks at itself from outside: its DID document, with the key that signs its requests."""

from didresolver.own_document import names_our_keys
from runtime.self_check import OwnPage
from verifier.identity import Identity


def own_pages(identity: Identity) -> tuple[OwnPage, ...]:
    """``did.json`` as a wallet fetches it before it believes a request."""
    return (OwnPage(f"{identity.public_url}/.well-known/did.json", names_our_keys(identity.did, (identity.key.public,))),)
