"""Choose what is shown: the disclosures that a set of claim paths needs, and no other."""

from collections.abc import Iterator

from credentials.sd_jwt.processing import Processed
from credentials.wire import ClaimPath
from doors.json import JsonValue
from doors.refusals import ClaimMissing


def chosen_disclosures(processed: Processed, paths: frozenset[ClaimPath]) -> frozenset[str]:
    """The texts of the disclosures at each of ``paths`` and on the way to it (RFC 9901 §7.2 step 2), and no others.

    What can be kept back inside an object or array stays back unless a path of its own asks for it.
    Raises ``ClaimMissing`` for a path that leads nowhere.
    """
    places = [place for path in paths for place in _places(processed.claims, path)]
    return frozenset(placed.disclosure.text for placed in processed.placed if any(_leads_to(placed.path, place) for place in places))


def _places(claims: JsonValue, path: ClaimPath) -> tuple[ClaimPath, ...]:
    places = tuple(_followed(claims, path, ()))
    if not places:
        raise ClaimMissing("disclose: a path leads to no claim of this credential")
    return places


def _leads_to(outer: ClaimPath, place: ClaimPath) -> bool:
    """Whether ``outer`` is ``place`` or holds it."""
    return place[: len(outer)] == outer


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
