"""What a cryptosuite is: a way to turn a document and the options of its proof into the bytes that are signed."""

from typing import Protocol

from credentials.jsonld import Contexts
from doors.json import JsonObject


class Cryptosuite(Protocol):
    """One Data Integrity cryptosuite (VC Data Integrity 1.0 §3.1). ``contexts`` are the only ones its documents may use."""

    @property
    def name(self) -> str: ...
    @property
    def algorithms(self) -> frozenset[str]: ...  # of the keys that may sign
    @property
    def contexts(self) -> Contexts: ...
    def options(self, document: JsonObject, options: JsonObject) -> JsonObject: ...  # as they will stand in the proof, without proofValue
    def signed_document(self, document: JsonObject, options: JsonObject) -> JsonObject: ...  # what a proof with these options speaks of
    def bytes_to_sign(self, document: JsonObject, options: JsonObject, *, algorithm: str) -> bytes:
        """What a key of ``algorithm``, one of ``algorithms``, signs; raises what reading linked data raises."""
        ...
