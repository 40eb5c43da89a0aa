"""Runs every target for a while: ``python -m tests.fuzz [--seconds 60] [target ...]``; stops at the first input that is no refusal."""

import argparse
import contextlib
import subprocess
import sys
import time
from pathlib import Path

from doors.refusals import Refused

CORPUS = Path("build/fuzz")
SLOWEST = 1.0
"""Seconds that one input may take."""


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--one", default="", help=argparse.SUPPRESS)
    arguments.add_argument("targets", nargs="*")
    chosen = arguments.parse_args()
    if chosen.one:
        return run_one(chosen.one, chosen.seconds)
    from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - a child must first switch on the instrumentation

    failed = []
    for name in chosen.targets or TARGETS:
        command = [sys.executable, "-m", "tests.fuzz", "--one", name, "--seconds", str(chosen.seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = done.stderr.strip().splitlines()
        runs = next((line for line in reversed(lines) if "exec/s" in line or line.startswith("Done")), "")
        sys.stdout.write(f"{name}: {'ok' if done.returncode == 0 else 'FAILED'}  {runs}\n")
        sys.stdout.flush()
        if done.returncode:
            failed.append(name)
            sys.stdout.write("\n".join(lines[-30:]) + "\n")
    sys.stdout.write(f"{len(failed)} failed\n")
    return 1 if failed else 0


def run_one(name: str, seconds: int) -> int:
    import atheris  # noqa: PLC0415 - only where fuzzing is run

    with atheris.instrument_imports(include=["credentials", "doors", "openid4vc", "didresolver", "proofing", "wallet"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415 - imported under instrumentation

    def one_input(data: bytes) -> None:
        began = time.process_time()
        with contextlib.suppress(Refused):
            TARGETS[name](data)
        if time.process_time() - began > SLOWEST:
            raise AssertionError(f"{name}: an input of {len(data)} bytes took too long")

    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    flags = [
        str(folder),
        f"-max_total_time={seconds}",
        "-max_len=8192",
        "-timeout=5",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={folder}/crash-",
    ]
    atheris.Setup([sys.argv[0], *flags], one_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
