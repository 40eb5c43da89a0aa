"""Writes docs/errors.md from the refusals and their words: every code, what it means, and what to do."""

import sys

from doors.refusals import REFUSALS
from doors.words import sentences

HEAD = """# Errors

Every refusal has a stable code. HTTP answers carry it as `code` (`application/problem+json`, RFC 9457) or, on protocol
endpoints, in OAuth's form; the command line prints it and exits with the status shown; the library raises the class of
the same name below `doors.refusals.Refused`. Verdict words are *invalid* and *undecided*.

This page is written by `make docs`; a test keeps it complete.
"""

COLUMNS = "| code | HTTP | exit | verdict | meaning | what to do | 中文 |\n| --- | --- | --- | --- | --- | --- | --- |\n"


def errors_page() -> str:
    rooms = sorted({kind.__module__ for kind in REFUSALS.values()})
    return HEAD + "".join(_room(room) for room in rooms)


def _room(module: str) -> str:
    title = (sys.modules[module].__doc__ or "").strip()
    rows = "".join(_row(code) for code, kind in sorted(REFUSALS.items()) if kind.__module__ == module)
    return f"\n## {module.rpartition('.')[2]}\n\n{title}\n\n{COLUMNS}{rows}"


def _row(code: str) -> str:
    kind, english, chinese = REFUSALS[code], sentences("en")[code], sentences("zh-CN")[code]
    cells = (f"`{code}`", kind.http_status, kind.exit_status, kind.verdict, kind.__doc__, english.next, chinese.title + chinese.next)
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"


if __name__ == "__main__":
    sys.stdout.write(errors_page())
