"""The verifier as a library: ten lines, no server, and nothing heavy before it is needed."""

import json
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
TEN_LINES = """
import sys; from datetime import UTC, datetime; from pathlib import Path
from verifier.library import key_of, load_policy, open_content, question_of, read_pack, verify
now = datetime.now(UTC)
policy = load_policy("hotel").trusting(trust_list_url=sys.argv[1], anchors=(key_of(sys.argv[2]),))
facts = read_pack(Path("pack.zip").read_bytes(), [key_of(sys.argv[3])], now)
request = question_of(policy, nonce="n1", audience="decentralized_identifier:did:web:desk.example")
shown = open_content(Path("shown.txt").read_bytes(), policy=policy).presentations
verified = verify(shown, request=request, facts=facts, policy=policy, now=now)
import json; print(json.dumps([verified.claims["guest"], sorted(sys.modules)]))
"""


async def test_ten_lines_judge_a_presentation_offline(tmp_path: Path) -> None:
    world, signer = World(now=datetime.now(UTC)), generate_key("EdDSA")
    facts = await collect(world.online(), policy=world.policy("hotel").trust, now=world.now)
    (tmp_path / "pack.zip").write_bytes(make_pack(facts, signer, world.now + timedelta(hours=1)))
    request = question_of(world.policy("hotel"), nonce="n1", audience="decentralized_identifier:did:web:desk.example")
    (tmp_path / "shown.txt").write_bytes(world.hotel_answer(request).wire)
    ended = subprocess.run(
        [sys.executable, "-c", TEN_LINES, TRUST_LIST_URL, did_key(world.anchor.public), did_key(signer.public)],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    claims, modules = json.loads(ended.stdout)
    assert claims == {name: SUBJECT_CLAIMS[name] for name in HOTEL_CLAIMS}
    assert not {module for module in modules if module.split(".")[0] in HEAVY}
    assert len(TEN_LINES.strip().splitlines()) <= 10


@pytest.mark.parametrize("module", ["verifier.library", "verifier.verify", "verifier.policy_file", "verifier.casefile", "verifier.explain"])
def test_importing_the_library_pulls_in_nothing_heavy(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert not set(HEAVY) & set(json.loads(ended.stdout))


def test_help_comes_at_once() -> None:
    code = "import sys, verifier.commands; sys.exit(bool({'aiohttp', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
