"""Choose what is shown: the disclosures that a set of claim paths needs, and no other."""

from collections.abc import Iterator

from credentials.sd_jwt.processing import ClaimPath, Processed
from doors.json import JsonValue
from doors.refusals import ClaimMissing


def chosen_disclosures(processed: Processed, paths: frozenset[ClaimPath]) -> frozenset[str]:
    """The texts of the disclosures on the way to each of ``paths`` and below it (RFC 9901 §7.2 step 2).

    A path to an object or array shows all that is in it. Raises ``ClaimMissing`` for a path that leads nowhere.
    """
    places = [place for path in paths for place in _places(processed.claims, path)]
    return frozenset(placed.disclosure.text for placed in processed.placed if any(_touches(placed.path, place) for place in places))


def _places(claims: JsonValue, path: ClaimPath) -> tuple[ClaimPath, ...]:
    places = tuple(_followed(claims, path, ()))
    if not places:
        raise ClaimMissing("disclose: a path leads to no claim of this credential")
    return places


def _touches(one: ClaimPath, other: ClaimPath) -> bool:
    """Whether one of the two leads through the other."""
    return all(a == b for a, b in zip(one, other, strict=False))


def _followed(value: JsonValue, path: ClaimPath, place: ClaimPath) -> Iterator[ClaimPath]:
    """The places that ``path`` selects, as OpenID4VP 1.0 §7.1 does: without any ``None`` left."""
    if not path:
        yield place
    elif isinstance(path[0], str):
        if isinstance(value, dict) and path[0] in value:
            yield from _followed(value[path[0]], path[1:], (*place, path[0]))
    elif isinstance(value, list):
        for at in range(len(value)) if path[0] is None else (path[0],):
            if 0 <= at < len(value):
                yield from _followed(value[at], path[1:], (*place, at))
