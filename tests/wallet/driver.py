"""Run by the kill tests: one save of the wallet, in a process that dies at the place it is told."""

import secrets
import sys
from pathlib import Path

from runtime.crash import CrashPoints
from wallet.store import open_with_key


def main(path: Path, vault_key: bytes, place: str) -> None:
    store = open_with_key(path, vault_key, random=secrets.token_bytes, crash=CrashPoints.armed(place))
    store.change(put=(("credential", "c2", {"wire": "two"}),))


if __name__ == "__main__":
    main(Path(sys.argv[1]), bytes.fromhex(sys.stdin.read()), sys.argv[2])
