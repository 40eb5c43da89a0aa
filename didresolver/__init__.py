"""From a DID to its keys: did:key, did:jwk, did:peer, did:web and did:webvh behind one cache."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from didresolver.methods import METHODS
    from didresolver.resolver import CachingResolver, Resolution, Resolver, expand_self_certifying, is_self_certifying

__all__ = ["METHODS", "CachingResolver", "Resolution", "Resolver", "expand_self_certifying", "is_self_certifying"]


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that ``didresolver --help`` does not wait for the cryptography."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("didresolver.methods" if name == "METHODS" else "didresolver.resolver"), name)
