"""Who asks: a verifier's identifier says by its prefix how the verifier is authenticated (OpenID4VP 1.0 §5.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from doors.refusals import RequestUntrusted

LONGEST_CLIENT_ID = 1024


@dataclass(frozen=True, slots=True)
class ClientId:
    """A client identifier; ``text`` in full is what presentations are made for, ``name`` is the part after the prefix."""

    text: str
    prefix: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "ClientId":
        """Raises ``RequestUntrusted`` for a prefix that is not in ``CLIENT_ID_PREFIXES``, or none: nobody is registered here beforehand."""
        prefix, separator, name = text.partition(":")
        if not separator or not name or len(text) > LONGEST_CLIENT_ID or prefix not in CLIENT_ID_PREFIXES:
            raise RequestUntrusted(f"client_id: expected a prefix of {', '.join(sorted(CLIENT_ID_PREFIXES))}", pointer="/client_id")
        return cls(text, prefix, name)

    @property
    def signs(self) -> bool:
        """Whether requests of this client must be signed; where not, they must not be."""
        return CLIENT_ID_PREFIXES[self.prefix].signs

    def check(self, *, kid: str, destination: str) -> None:
        """Hold the key that signed ("" where unsigned) and where the answer goes against the prefix; raises ``RequestUntrusted``."""
        if self.signs != bool(kid):
            raise RequestUntrusted(
                f"client_id: expected {'a signed' if self.signs else 'an unsigned'} request with the prefix {self.prefix}"
            )
        CLIENT_ID_PREFIXES[self.prefix].check(self, kid=kid, destination=destination)


class ClientIdPrefix(Protocol):
    """One way to authenticate a verifier."""

    @property
    def signs(self) -> bool: ...
    def check(self, client: ClientId, *, kid: str, destination: str) -> None: ...


@dataclass(frozen=True, slots=True)
class DecentralizedIdentifier:
    """The name is a DID; the request is signed by a verification method of it, named by ``kid`` (§5.9.3)."""

    signs: bool = True

    def check(self, client: ClientId, *, kid: str, destination: str) -> None:
        if not client.name.startswith("did:") or kid.partition("#")[0] != client.name or "#" not in kid:
            raise RequestUntrusted("kid: expected a verification method of the DID in client_id")


@dataclass(frozen=True, slots=True)
class RedirectUri:
    """The name is the address that gets the answer; such a request cannot be signed, and nobody is authenticated by it (§5.9.3)."""

    signs: bool = False

    def check(self, client: ClientId, *, kid: str, destination: str) -> None:
        if destination != client.name:
            raise RequestUntrusted("client_id: expected the address that gets the answer to be the one in client_id")


CLIENT_ID_PREFIXES: Mapping[str, ClientIdPrefix] = MappingProxyType(
    {"decentralized_identifier": DecentralizedIdentifier(), "redirect_uri": RedirectUri()}
)
"""Adding a prefix is one class and one line; ``origin`` must never be here (§5.9.3)."""
