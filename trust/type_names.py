"""One name for one credential type: the short JSON-LD terms stand for the same address that an SD-JWT VC calls its vct."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

from credentials.id_card.names import ID_CARD_TYPE, ID_CARD_VCT
from credentials.id_card.shapes import check_shapes
from doors.json import JsonObject

TERMS: Mapping[str, str] = MappingProxyType({ID_CARD_TYPE: ID_CARD_VCT})
"""Each bundled context's type term and its IRI."""
SHAPES: Mapping[str, Callable[[JsonObject], None]] = MappingProxyType({ID_CARD_VCT: check_shapes})
"""How the claims of a type that is known here must be spelt; raises ``SchemaMismatch``."""
_EVERY_CREDENTIAL = frozenset({"VerifiableCredential", "https://www.w3.org/2018/credentials#VerifiableCredential"})


def one_name(kind: str) -> str:
    return TERMS.get(kind, kind)


def type_names(kinds: Collection[str]) -> frozenset[str]:
    """The types by their one name, without the type that every credential has (VCDM 2.0 §4.5)."""
    return frozenset(one_name(kind) for kind in kinds) - _EVERY_CREDENTIAL
