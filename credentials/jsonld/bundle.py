"""The bundled contexts and the hashes they must have; a changed file stops the program before it reads anything."""

import hashlib
from pathlib import Path
from types import MappingProxyType

from credentials.jsonld.contexts import Contexts, read_context
from credentials.model.rules import CREDENTIALS_V1, CREDENTIALS_V2
from doors.json import JsonValue
from doors.refusals import ContextInvalid

_HERE = Path(__file__).parent
PINS = MappingProxyType(
    {
        CREDENTIALS_V1: ("contexts/credentials-v1.jsonld", "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"),
        CREDENTIALS_V2: ("contexts/credentials-v2.jsonld", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"),
        "https://w3id.org/security/data-integrity/v2": (
            "contexts/data-integrity-v2.jsonld",
            "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
        ),
        "https://w3id.org/security/multikey/v1": (
            "contexts/multikey-v1.jsonld",
            "8e6bad2e5b4f0721906a4dcc2f7a894b1215cf9a47014c71e286423860642ff0",
        ),
        "https://www.w3.org/ns/did/v1": ("contexts/did-v1.jsonld", "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f"),
        "https://tigertally.example/contexts/id-card/v1": (
            "../id_card/context.json",
            "5089fd48b9f6ba28873edf6e3d7f1db41db0b5232b63c5830c2b633ea099f6c7",
        ),
    }
)
"""Each context's address, its file, and the SHA-256 of the file's bytes."""


def context_bytes(address: str) -> bytes:
    """The bytes of a bundled context, as pinned; raises ``ContextInvalid`` where the file has changed."""
    name, pin = PINS[address]
    content = (_HERE / name).read_bytes()
    if hashlib.sha256(content).hexdigest() != pin:
        raise ContextInvalid(f"bundled context {address}: expected the pinned file, got a changed one")
    return content


def _bundled() -> Contexts:
    documents: dict[str, JsonValue] = {address: read_context(context_bytes(address)) for address in PINS}
    return Contexts(MappingProxyType(documents))


BUNDLED = _bundled()
"""The only contexts that credentials are read with."""
