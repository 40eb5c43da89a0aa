"""RDFC-1.0: the W3C's vectors through the bounded entry point, and graphs made to run for ever."""

import json
import re
import time
from typing import Any

import pytest
from pyoxigraph import CanonicalizationAlgorithm

from credentials.jsonld import LIMITS, Limits, canonicalize_nquads
from doors.refusals import CanonLimitExceeded, InputMalformed
from tests.credentials.suite_contexts import VECTORS
from tests.shared import needs_shared

FOLDER = VECTORS / "w3c-rdf-canon"
CASES: list[dict[str, Any]] = json.loads((FOLDER / "cases.json").read_text()) if FOLDER.is_dir() else []
BLANK = re.compile(r"_:([A-Za-z0-9]+)")
WIDER = {"#test059c": Limits(alike=6)}
"""Cases that need more than the limits for credentials, and how much more."""


def canonical(case: dict[str, Any]) -> str:
    algorithm = CanonicalizationAlgorithm.RDFC_1_0_SHA_384 if case.get("hashAlgorithm") == "SHA384" else None
    text = (FOLDER / case["action"]).read_text()
    return canonicalize_nquads(text, limits=WIDER.get(case["id"], LIMITS), algorithm=algorithm)


@needs_shared
@pytest.mark.parametrize("case", [case for case in CASES if case["type"] == "rdfc:RDFC10EvalTest"], ids=lambda case: str(case["id"]))
def test_the_canonical_form_is_the_published_one(case: dict[str, Any]) -> None:
    assert canonical(case) == (FOLDER / case["result"]).read_text()


@needs_shared
@pytest.mark.parametrize("case", [case for case in CASES if case["type"] == "rdfc:RDFC10MapTest"], ids=lambda case: str(case["id"]))
def test_the_published_names_give_the_canonical_form(case: dict[str, Any]) -> None:
    """The map itself is not kept, so the names it gives are put in and have to give the same lines."""
    names: dict[str, str] = json.loads((FOLDER / case["result"]).read_text())
    lines = (FOLDER / case["action"]).read_text().replace("  ", " ").splitlines(keepends=True)
    assert canonical(case) == "".join(sorted(BLANK.sub(lambda name: f"_:{names[name[1]]}", line) for line in lines))


@needs_shared
def test_the_limits_for_credentials_say_no_to_what_only_wider_ones_take() -> None:
    for case in CASES:
        if case["id"] in WIDER:
            with pytest.raises(CanonLimitExceeded):
                canonicalize_nquads((FOLDER / case["action"]).read_text())


def clique(size: int) -> list[str]:
    return [f"_:b{i} <urn:p> _:b{j} ." for i in range(size) for j in range(size) if i != j]


def layers(width: int, depth: int) -> list[str]:
    """Nodes that look alike in each layer, every layer linked with the next: the orders to try multiply."""
    marks = [f'_:l{layer}n{node} <urn:layer> "{layer}" .' for layer in range(depth) for node in range(width)]
    links = [f"_:l{la}n{a} <urn:p> _:l{la + 1}n{b} ." for la in range(depth - 1) for a in range(width) for b in range(width)]
    return marks + links


def chain(length: int) -> list[str]:
    return [f"_:b{i} <urn:p> _:b{i + 1} ." for i in range(length - 1)]


def ring(length: int) -> list[str]:
    return [*chain(length), f"_:b{length - 1} <urn:p> _:b0 ."]


@pytest.mark.parametrize(
    "lines",
    [clique(4), clique(8), clique(10), clique(30), layers(3, 3), layers(3, 20), layers(2, 30), ring(10), ring(64), chain(65)],
    ids=["clique4", "clique8", "clique10", "clique30", "layers3x3", "layers3x20", "layers2x30", "ring10", "ring64", "chain65"],
)
def test_a_poisonous_graph_is_refused_at_once(lines: list[str]) -> None:
    begun = time.process_time()
    with pytest.raises(CanonLimitExceeded):
        canonicalize_nquads("\n".join(lines))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("lines", [clique(3), layers(3, 2), layers(2, 3), ring(3), chain(3)])
def test_the_worst_graph_within_the_limits_is_quick(lines: list[str]) -> None:
    """Ten of them side by side, told apart by a label each: the worst case that the limits leave open."""
    copies = [line.replace("_:", f"_:c{copy}") for copy in range(10) for line in lines]
    labels = [f'{name} <urn:copy> "{name[3]}" .' for name in sorted({word for line in copies for word in line.split() if word[:2] == "_:"})]
    begun = time.process_time()
    assert canonicalize_nquads("\n".join(copies + labels)).count("\n") == len(copies) + len(labels)
    assert time.process_time() - begun < 2


def test_a_graph_of_exactly_the_allowed_statements_passes_and_one_more_does_not() -> None:
    lines = [f'<urn:s> <urn:p> "{number}" .' for number in range(LIMITS.quads + 1)]
    assert canonicalize_nquads("\n".join(lines[:-1])).count("\n") == LIMITS.quads
    with pytest.raises(CanonLimitExceeded):
        canonicalize_nquads("\n".join(lines))


def test_exactly_the_allowed_nameless_nodes_pass_and_one_more_does_not() -> None:
    lines = [f'_:b{number} <urn:p> "{number}" .' for number in range(LIMITS.blank_nodes + 1)]
    assert canonicalize_nquads("\n".join(lines[:-1]))
    with pytest.raises(CanonLimitExceeded):
        canonicalize_nquads("\n".join(lines))


def test_three_nameless_nodes_may_look_alike_and_four_may_not() -> None:
    lines = [f'<urn:s{number}> <urn:p> "x" .\n<urn:s> <urn:q> _:b{number} .' for number in range(5)]
    assert canonicalize_nquads("\n".join(lines[:3]))
    with pytest.raises(CanonLimitExceeded):
        canonicalize_nquads("\n".join(lines))


def test_broken_statements_are_refused() -> None:
    with pytest.raises(InputMalformed):
        canonicalize_nquads("<urn:a> <urn:b> .")
