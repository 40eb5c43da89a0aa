"""Speaking the protocols needs no web server, no models of the edge and no general JSON-LD processor."""

import subprocess
import sys

MODULES = (
    "openid4vc.vci.proofs, openid4vc.vci.metadata, openid4vc.vci.offer_link, openid4vc.vci.token, openid4vc.vp.link, openid4vc.vp.response"
)


def test_the_protocol_messages_import_without_heavy_libraries() -> None:
    program = f"import sys, {MODULES}; print([name for name in ('aiohttp', 'pydantic', 'pyld') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
