"""Which types of credential a query accepts, by format (OpenID4VP 1.0 §6.1 ``meta``, Appendix B)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from doors.json import JsonObject
from openid4vc.members import Members

TypeAlternatives = tuple[tuple[str, ...], ...]
"""Alternatives; each is a set of types that must all be among a credential's types."""


def _type_values(members: Members) -> TypeAlternatives:
    alternatives = members.items("type_values")
    return tuple(Members({"type_values": alternative}, members.refusal).texts("type_values") for alternative in alternatives)


def _vct_values(members: Members) -> TypeAlternatives:
    return tuple((vct,) for vct in members.texts("vct_values"))


def _doctype_value(members: Members) -> TypeAlternatives:
    return ((members.text("doctype_value"),),)


_READERS: Mapping[str, Callable[[Members], TypeAlternatives]] = MappingProxyType(
    {"ldp_vc": _type_values, "jwt_vc_json": _type_values, "dc+sd-jwt": _vct_values, "vc+sd-jwt": _vct_values, "mso_mdoc": _doctype_value}
)
_WRITERS: Mapping[str, Callable[[TypeAlternatives], JsonObject]] = MappingProxyType(
    {
        "ldp_vc": lambda types: {"type_values": [list(alternative) for alternative in types]},
        "jwt_vc_json": lambda types: {"type_values": [list(alternative) for alternative in types]},
        "dc+sd-jwt": lambda types: {"vct_values": [vct for (vct,) in types]},
        "vc+sd-jwt": lambda types: {"vct_values": [vct for (vct,) in types]},
        "mso_mdoc": lambda types: {"doctype_value": types[0][0]},
    }
)


@dataclass(frozen=True, slots=True)
class Meta:
    """The types that a credential query accepts; no alternatives means any type (§6.1: an empty ``meta`` constrains nothing)."""

    types: TypeAlternatives = ()

    @classmethod
    def parse(cls, members: Members, *, format_name: str) -> "Meta":
        """The ``meta`` of a query for ``format_name``: empty, or with the parameter that the format demands (B.1.1, B.2.3, B.3.5)."""
        reader = _READERS.get(format_name)
        return cls() if reader is None or not members.document else cls(reader(members))

    def to_json(self, *, format_name: str) -> JsonObject:
        return _WRITERS[format_name](self.types) if self.types and format_name in _WRITERS else {}

    def accepts(self, types: frozenset[str]) -> bool:
        """Whether a credential of these (fully expanded) ``types`` is of an accepted type."""
        return not self.types or any(types.issuperset(alternative) for alternative in self.types)
