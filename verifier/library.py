"""The verifier as a library: everything that ten lines of somebody else's program need, and no server behind it."""

from credentials.keys import PublicKey, public_key_from_multikey
from trust.checks import Rejected
from trust.pack import read_pack
from verifier.explain import explain
from verifier.opening import ShownCredential, ShownPresentation, open_content
from verifier.policy_file import load_policy, parse_policy
from verifier.query import question_of
from verifier.verify import VerifiedPresentation, verify, verify_credential

__all__ = [
    "Rejected",
    "ShownCredential",
    "ShownPresentation",
    "VerifiedPresentation",
    "explain",
    "key_of",
    "load_policy",
    "open_content",
    "parse_policy",
    "question_of",
    "read_pack",
    "verify",
    "verify_credential",
]


def key_of(text: str) -> PublicKey:
    """The key in a did:key or a bare Multikey; raises ``InputMalformed`` or ``KeyNotAllowed``."""
    return public_key_from_multikey(text.removeprefix("did:key:").partition("#")[0])
