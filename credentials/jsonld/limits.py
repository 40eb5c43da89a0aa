"""How much a linked-data document may cost, stated before any of it is computed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is canonicalised.

    ``depth``: levels of JSON objects; ``contexts``: objects that bring their own ``@context``; ``quads`` and ``blank_nodes``: of the
    graph; ``alike``: nameless nodes that look the same from where they stand (equal first-degree hash, RDFC-1.0 §4.6);
    ``entangled``: such nodes linked with each other, whose orders have all to be tried (RDFC-1.0 §4.8). The last two bound the
    time, which is exponential in them alone.
    """

    depth: int = 32
    contexts: int = 64
    quads: int = 1000
    blank_nodes: int = 64
    alike: int = 3
    entangled: int = 6


LIMITS = Limits()
