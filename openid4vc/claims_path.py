"""A claims path pointer: which claims of a credential are meant (OpenID4VP 1.0 §7, OpenID4VCI 1.0 Appendix C)."""

from collections.abc import Iterator
from dataclasses import dataclass

from doors.json import JsonObject, JsonValue
from doors.refusals import Refused

ClaimPath = tuple[str | int | None, ...]
"""Components from the root: a string is a member's name, a number an index, None every element of an array."""

LONGEST_PATH = 16


@dataclass(frozen=True, slots=True)
class SelectedClaim:
    """One claim that a pointer selects: its concrete path (no None) and its value."""

    path: tuple[str | int, ...]
    value: JsonValue


def parse_path(value: JsonValue, *, refusal: type[Refused], pointer: str) -> ClaimPath:
    """The pointer in a message: a non-empty array of strings, nulls and non-negative integers (§7)."""
    if not isinstance(value, list) or not 0 < len(value) <= LONGEST_PATH or not all(_is_component(part) for part in value):
        raise refusal(f"path: expected 1 to {LONGEST_PATH} strings, nulls and non-negative integers", pointer=pointer)
    return tuple(value)


def select(document: JsonObject, path: ClaimPath) -> tuple[SelectedClaim, ...]:
    """The claims of ``document`` that ``path`` selects, in document order; empty where §7.1.1 says to abort with an error."""
    selected: tuple[SelectedClaim, ...] = (SelectedClaim((), document),)
    for component in path:
        if not all(_fits(claim.value, component) for claim in selected):
            return ()
        selected = tuple(below for claim in selected for below in _below(claim, component))
    return selected


def leaves(document: JsonObject) -> Iterator[SelectedClaim]:
    """Every value of ``document`` that is neither object nor array, and every empty one of these, with its concrete path."""
    pending = [SelectedClaim((), document)]
    while pending:
        claim = pending.pop()
        inner = _children(claim)
        pending.extend(reversed(inner))
        if not inner:
            yield claim


def covers(path: ClaimPath, concrete: ClaimPath) -> bool:
    """Whether ``path`` points at ``concrete`` or at something that holds it."""
    return len(path) <= len(concrete) and all(_same(part, other) for part, other in zip(path, concrete, strict=False))


def _same(part: str | int | None, other: str | int | None) -> bool:
    return isinstance(other, int) or other is None if part is None else part == other


def _is_component(part: JsonValue) -> bool:
    return part is None or isinstance(part, str) or (isinstance(part, int) and not isinstance(part, bool) and part >= 0)


def _fits(value: JsonValue, component: str | int | None) -> bool:
    return isinstance(value, dict if isinstance(component, str) else list)


def _below(claim: SelectedClaim, component: str | int | None) -> tuple[SelectedClaim, ...]:
    if component is None:
        return _children(claim)
    there = component in claim.value if isinstance(component, str) else component < len(claim.value)
    return (SelectedClaim((*claim.path, component), claim.value[component]),) if there else ()


def _children(claim: SelectedClaim) -> tuple[SelectedClaim, ...]:
    if isinstance(claim.value, dict):
        return tuple(SelectedClaim((*claim.path, name), value) for name, value in claim.value.items())
    if isinstance(claim.value, list):
        return tuple(SelectedClaim((*claim.path, index), value) for index, value in enumerate(claim.value))
    return ()
