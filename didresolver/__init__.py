"""From a DID to its keys: did:key, did:jwk and did:web behind one cache."""

from didresolver.methods import METHODS
from didresolver.resolver import CachingResolver, Resolution, Resolver, expand_self_certifying, is_self_certifying

__all__ = ["METHODS", "CachingResolver", "Resolution", "Resolver", "expand_self_certifying", "is_self_certifying"]
