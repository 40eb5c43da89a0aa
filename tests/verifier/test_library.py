"""The verifier as a library: ten lines, no server, and nothing heavy before it is needed."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from credentials.keys import generate_key
from credentials.keys.did_key import did_key
from tests.verifier.world import HOTEL_CLAIMS, SUBJECT_CLAIMS, TRUST_LIST_URL, World
from trust.pack import make_pack
from verifier.packing import collect
from verifier.query import question_of

HEAVY = ("aiohttp", "pydantic", "pyld", "sqlite_utils", "structlog", "typer", "jinja2")
README = Path(__file__).resolve().parents[2] / "README.md"
AROUND = """
import json, sys
TRUST_LIST, ANCHOR, PACK_SIGNER = sys.argv[1:]
{lines}
print(json.dumps([verified.claims["guest"], sorted(sys.modules)]))
"""


def ten_lines() -> str:
    """The program in README, as a reader would copy it."""
    return str(re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)[0])


async def test_ten_lines_judge_a_presentation_offline(tmp_path: Path) -> None:
    world, signer = World(now=datetime.now(UTC)), generate_key("EdDSA")
    facts = await collect(world.online(), fetch=world.web, policy=world.policy("hotel").trust, now=world.now)
    (tmp_path / "pack.zip").write_bytes(make_pack(facts, signer, world.now + timedelta(hours=1)))
    request = question_of(world.policy("hotel"), nonce="n1", audience="decentralized_identifier:did:web:desk.example")
    (tmp_path / "shown.txt").write_bytes(world.hotel_answer(request).wire)
    ended = subprocess.run(
        [sys.executable, "-c", AROUND.format(lines=ten_lines()), TRUST_LIST_URL, did_key(world.anchor.public), did_key(signer.public)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    claims, modules = json.loads(ended.stdout)
    assert claims == {name: SUBJECT_CLAIMS[name] for name in HOTEL_CLAIMS}
    assert not {module for module in modules if module.split(".")[0] in HEAVY}
    assert len([line for line in ten_lines().splitlines() if line]) <= 10


@pytest.mark.parametrize("module", ["verifier.library", "verifier.verify", "verifier.policy_file", "verifier.casefile", "verifier.explain"])
def test_importing_the_library_pulls_in_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert not set(HEAVY) & set(json.loads(ended.stdout))


def test_help_comes_at_once() -> None:
    code = "import sys, verifier.commands; sys.exit(bool({'aiohttp', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
