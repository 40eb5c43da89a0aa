"""The contexts that the W3C's own test documents use beside those of the project: only tests know them."""

import json
from typing import Any

from credentials.cryptosuites import Cryptosuite, EcdsaJcs2019, EcdsaRdfc2019, EddsaJcs2022, EddsaRdfc2022
from credentials.formats import LdpVc
from credentials.jsonld import BUNDLED, Contexts
from tests.shared import SHARED

VECTORS = SHARED / "vectors"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"


def read(path: str) -> Any:
    return json.loads((VECTORS / path).read_text())


def suite_contexts(*inline: Any) -> Contexts:
    """The bundled contexts with the W3C's examples, and with ``inline`` ones that a test names."""
    content = (VECTORS / "w3c-contexts/credentials/examples/v2.jsonld").read_bytes()
    return BUNDLED.extended({EXAMPLES_V2: content}, inline)


def suites(contexts: Contexts) -> dict[str, Cryptosuite]:
    known = (EddsaRdfc2022(contexts), EddsaJcs2022(contexts), EcdsaRdfc2019(contexts), EcdsaJcs2019(contexts))
    return {suite.name: suite for suite in known}


def formats(contexts: Contexts) -> list[LdpVc]:
    """The format with each cryptosuite as the one that signs."""
    known = suites(contexts)
    return [LdpVc(cryptosuite=suite, cryptosuites=known) for suite in known.values()]
