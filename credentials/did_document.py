"""A DID document: whose keys are these, and what may each of them do (DID Core 1.0, Controlled Identifiers 1.0)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from credentials.keys.did_methods import usable_key
from credentials.keys.public import PublicKey
from doors.json import JsonObject, JsonValue
from doors.refusals import DidDocumentInvalid, IssuerKeyMismatch, KeyNotAllowed, KidUnknown, ProofPurposeMismatch

RELATIONSHIPS = ("assertionMethod", "authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation")
MOST_METHODS = 64


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """One key of a DID: ``id`` is its DID URL, ``controller`` the DID that may use it."""

    id: str
    controller: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class DidDocument:
    """A DID document whose keys have been read; ``methods`` holds those that can be used here, by their DID URL.

    ``relationships`` says for each purpose which methods may serve it. ``document`` is not to be changed.
    """

    id: str
    document: JsonObject
    methods: Mapping[str, VerificationMethod]
    relationships: Mapping[str, frozenset[str]]
    deactivated: bool = False

    @classmethod
    def parse(cls, document: JsonObject, *, did: str, deactivated: bool = False) -> "DidDocument":
        """The document of ``did``.

        Raises ``DidDocumentInvalid`` where it belongs to another DID or breaks CID 1.0 §2.1, and ``KeyNotAllowed`` where it
        carries a private, symmetric or weak key. Sound keys of kinds that are not used here are passed over.
        """
        if document.get("id") != did:
            raise DidDocumentInvalid("DID document: expected the id to be the DID that was asked for", pointer="/id")
        methods = dict(_methods(document, did))
        relationships = {purpose: _members(document, purpose, did) for purpose in RELATIONSHIPS}
        return cls(did, document, MappingProxyType(methods), MappingProxyType(relationships), deactivated)

    def key(self, kid: str, *, purpose: str) -> PublicKey:
        """The key called ``kid``, which may serve ``purpose`` (as ``assertionMethod``) and is controlled by this DID.

        Raises ``KidUnknown``, ``ProofPurposeMismatch`` (CID 1.0 §2.3), ``IssuerKeyMismatch``, or ``KeyNotAllowed`` for a key of a
        kind that is not used here.
        """
        name = f"{self.id}{kid}" if kid.startswith("#") else kid
        if name not in self.methods:
            self._refuse_unusable(name)
            raise KidUnknown("expected a key that the signer's DID document lists")
        method = self.methods[name]
        if name not in self.relationships.get(purpose, frozenset()):
            raise ProofPurposeMismatch(f"expected a key that is listed for {purpose}")
        if method.controller != self.id:
            raise IssuerKeyMismatch("expected a key that its own DID controls")
        return method.key

    def _refuse_unusable(self, name: str) -> None:
        if any(absolute == name for absolute, _ in _declared(self.document, self.id)):
            raise KeyNotAllowed("expected an Ed25519, P-256 or P-384 key, got another kind")


def _methods(document: JsonObject, did: str) -> Iterator[tuple[str, VerificationMethod]]:
    seen: set[str] = set()
    for name, method in _declared(document, did):
        if name in seen:
            raise DidDocumentInvalid("DID document: expected each verification method once", pointer="/verificationMethod")
        seen.add(name)
        key = usable_key(method, kid=name)
        if key is not None:
            yield name, VerificationMethod(name, _controller(method), key)


def _declared(document: JsonObject, did: str) -> Iterator[tuple[str, JsonObject]]:
    """Every verification method with its absolute name: those listed, and those that stand inside a relationship."""
    for member in ("verificationMethod", *RELATIONSHIPS):
        for method in _list(document, member):
            if isinstance(method, dict):
                yield _absolute(method.get("id"), did), method


def _members(document: JsonObject, purpose: str, did: str) -> frozenset[str]:
    """The methods of one relationship, named or contained (CID 1.0 §2.3)."""
    entries = _list(document, purpose)
    return frozenset(_absolute(entry.get("id") if isinstance(entry, dict) else entry, did) for entry in entries)


def _list(document: JsonObject, member: str) -> list[JsonValue]:
    entries = document.get(member, [])
    if not isinstance(entries, list) or len(entries) > MOST_METHODS:
        raise DidDocumentInvalid(f"DID document: expected a list of at most {MOST_METHODS}", pointer=f"/{member}")
    if member == "verificationMethod" and not all(isinstance(entry, dict) for entry in entries):
        raise DidDocumentInvalid("DID document: expected verification methods as objects", pointer="/verificationMethod")
    return entries


def _absolute(name: JsonValue, did: str) -> str:
    """A method's DID URL; a bare fragment is relative to the document's DID (DID Core 1.0 §3.2.2)."""
    if not isinstance(name, str) or "#" not in name:
        raise DidDocumentInvalid("DID document: expected verification methods with a DID URL as their id")
    return f"{did}{name}" if name.startswith("#") else name


def _controller(method: JsonObject) -> str:
    controller = method.get("controller")
    if not isinstance(controller, str):
        raise DidDocumentInvalid("DID document: expected each verification method to name one controller")
    return controller
