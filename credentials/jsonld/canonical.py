"""One spelling for one graph: RDF Dataset Canonicalization (RDFC-1.0) within stated limits, so that a hostile graph is refused at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from credentials.jsonld.limits import LIMITS, Limits
from doors.refusals import CanonLimitExceeded, InputMalformed

ALGORITHMS: Mapping[str, CanonicalizationAlgorithm] = MappingProxyType(
    {"sha256": CanonicalizationAlgorithm.RDFC_1_0, "sha384": CanonicalizationAlgorithm.RDFC_1_0_SHA_384}
)
"""RDFC-1.0 by the hash that it tells blank nodes apart by (RDFC-1.0 §4.2)."""


def canonicalize_nquads(text: str, *, limits: Limits = LIMITS, algorithm: CanonicalizationAlgorithm | None = None) -> str:
    """The canonical N-Quads of a dataset given as N-Quads; ``algorithm`` is RDFC-1.0 with SHA-256 unless another is named.

    Raises ``CanonLimitExceeded`` before any expensive work, and ``InputMalformed``.
    """
    try:
        quads = list(parse(text, format=RdfFormat.N_QUADS))
    except SyntaxError:
        raise InputMalformed("N-Quads: not well-formed") from None
    return canonical_form(quads, limits=limits, algorithm=algorithm)


def canonical_form(quads: Sequence[Quad], *, limits: Limits = LIMITS, algorithm: CanonicalizationAlgorithm | None = None) -> str:
    """The canonical N-Quads of ``quads``: blank nodes renamed by RDFC-1.0 §4.4, lines in code point order, each once.

    Raises ``CanonLimitExceeded``.
    """
    check_limits(quads, limits)
    return canonical_lines(quads, algorithm=algorithm)


def canonical_lines(quads: Sequence[Quad], *, algorithm: CanonicalizationAlgorithm | None = None) -> str:
    """As ``canonical_form``, for statements whose limits have been checked; without that it can run for ever."""
    dataset = Dataset(quads)
    dataset.canonicalize(algorithm or CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(written.splitlines(keepends=True))).decode("utf-8")


def check_limits(quads: Sequence[Quad], limits: Limits) -> None:
    """Raise ``CanonLimitExceeded`` for a graph that would cost more than ``limits`` (RDFC-1.0 §7.1, dataset poisoning)."""
    if len(quads) > limits.quads:
        raise CanonLimitExceeded(f"graph: expected at most {limits.quads} statements, got {len(quads)}")
    mentions = _mentions(quads)
    if len(mentions) > limits.blank_nodes:
        raise CanonLimitExceeded(f"graph: expected at most {limits.blank_nodes} nameless nodes, got {len(mentions)}")
    if len(mentions) > min(limits.alike, limits.entangled):
        _refuse_alike(mentions, limits)


def _mentions(quads: Iterable[Quad]) -> Mapping[str, list[Quad]]:
    """For each blank node the quads that name it."""
    mentions: dict[str, list[Quad]] = defaultdict(list)
    for quad in dict.fromkeys(quads):
        for name in _blank_nodes(quad):
            mentions[name].append(quad)
    return mentions


def _blank_nodes(quad: Quad) -> set[str]:
    return {term.value for term in (quad.subject, quad.object, quad.graph_name) if isinstance(term, BlankNode)}


def _refuse_alike(mentions: Mapping[str, list[Quad]], limits: Limits) -> None:
    looks = {name: _first_degree(name, quads) for name, quads in mentions.items()}
    groups = Counter(looks.values())
    if max(groups.values()) > limits.alike:
        raise CanonLimitExceeded(f"graph: expected at most {limits.alike} nameless nodes that look alike, got {max(groups.values())}")
    alike = {name for name, look in looks.items() if groups[look] > 1}
    largest = max((len(members) for members in _components(alike, mentions)), default=0)
    if largest > limits.entangled:
        raise CanonLimitExceeded(f"graph: expected at most {limits.entangled} nameless nodes that look alike and are linked, got {largest}")


def _first_degree(name: str, quads: Iterable[Quad]) -> tuple[str, ...]:
    """What RDFC-1.0 §4.6 hashes for a blank node; equal exactly where the hashes are."""
    return tuple(sorted(" ".join(_seen_from(name, term) for term in (q.subject, q.predicate, q.object, q.graph_name)) for q in quads))


def _seen_from(name: str, term: object) -> str:
    if isinstance(term, BlankNode):
        return "_:a" if term.value == name else "_:z"
    return str(term)


def _components(alike: set[str], mentions: Mapping[str, list[Quad]]) -> Iterable[set[str]]:
    """The nodes of ``alike`` in groups that hang together over statements among themselves."""
    waiting = set(alike)
    while waiting:
        found, frontier = set[str](), [waiting.pop()]
        while frontier:
            name = frontier.pop()
            found.add(name)
            linked = {other for quad in mentions[name] for other in _blank_nodes(quad)}
            frontier += linked & waiting
            waiting -= linked
        yield found
