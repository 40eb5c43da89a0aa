"""The DID methods that are read here, each in its own small file; a further one is one file and one line."""

from collections.abc import Mapping
from types import MappingProxyType

from didresolver.methods import jwk, key, peer
from didresolver.methods.lasting import Lasting
from didresolver.methods.ports import Method
from didresolver.methods.web import Web
from didresolver.methods.webvh import Webvh

METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "key": Lasting(key.expand),
        "jwk": Lasting(jwk.expand),
        "peer": Lasting(peer.expand),
        "web": Web(),
        "webvh": Webvh(),
    }
)
