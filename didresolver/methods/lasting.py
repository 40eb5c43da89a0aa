"""DIDs that are their own key: nobody is asked, and the document never changes."""

from dataclasses import dataclass

from credentials.did_document import DidDocument
from didresolver.methods.ports import Expand, Read, Surroundings, Wanted
from doors.refusals import DidOptionUnsupported


@dataclass(frozen=True, slots=True)
class Lasting:
    """A method whose DID alone says its document; the same at every time."""

    document_of: Expand
    lasting: bool = True

    def expand(self, did: str) -> DidDocument:
        """Raises ``DidInvalid``."""
        return DidDocument.parse(self.document_of(did), did=did)

    async def read(self, did: str, surroundings: Surroundings, *, wanted: Wanted) -> Read:
        """Raises ``DidInvalid``, and ``DidOptionUnsupported`` where a version is named."""
        if wanted.id is not None or wanted.number is not None:
            raise DidOptionUnsupported("DID: expected no versionId, since this method has no versions")
        return Read.of(self.expand(did))
