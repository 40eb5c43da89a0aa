"""did:key: a DID that is its own public key, so that nobody has to be asked (did:key, CCG draft)."""

from credentials.keys.public import PublicKey, public_key_from_multikey
from doors.refusals import DidInvalid, InputMalformed, KeyNotAllowed


def did_key(public: PublicKey) -> str:
    """The DID of a key, ``did:key:z...``."""
    return f"did:key:{public.multikey()}"


def did_key_method(public: PublicKey) -> str:
    """The DID URL of its one verification method, ``did:key:z...#z...``."""
    return f"{did_key(public)}#{public.multikey()}"


def public_key_from_did_key(did: str) -> PublicKey:
    """The key of a did:key, named by its verification method; raises ``DidInvalid``."""
    if not did.startswith("did:key:z"):
        raise DidInvalid("did:key: expected did:key: and a multibase value that starts with z")
    multikey = did.removeprefix("did:key:")
    try:
        return public_key_from_multikey(multikey, kid=f"{did}#{multikey}")
    except (InputMalformed, KeyNotAllowed) as error:
        raise DidInvalid(f"did:key: {error.detail}") from error
