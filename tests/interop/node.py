"""How the tests give orders to a peer in Node: one JSON object in, one JSON object out."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

PEERS = Path(__file__).parent / "peers"
_SECONDS = 60


def missing() -> str:
    """Why the peers in Node cannot be asked here; empty where they can."""
    if shutil.which("node") is None:
        return "Node is not installed here"
    if not (PEERS / "node_modules").is_dir():
        return f"the peers' libraries are not installed: npm ci in {PEERS.relative_to(Path(__file__).parents[2])}"
    return ""


needs_node = pytest.mark.skipif(bool(missing()), reason=missing())


class PeerRefused(Exception):
    """The peer said no, in its own words."""


async def ask(script: str, **order: Any) -> Any:
    """What the peer in ``script`` answers to ``order``; raises ``PeerRefused``."""
    return (await told(script, **order))["answer"]


async def told(script: str, **order: Any) -> dict[str, Any]:
    """The peer's answer with what it says of itself (``per_second``)."""
    process = await asyncio.create_subprocess_exec(
        "node", PEERS / script, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(json.dumps(order).encode()), _SECONDS)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, err.decode()
    answer: dict[str, Any] = json.loads(out)
    if "error" in answer:
        raise PeerRefused(answer["error"])
    return answer
