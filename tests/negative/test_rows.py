"""The list of bad inputs is complete: every row has its test, or stands on the page of those that wait, and never both."""

import re
from pathlib import Path

from tests.shared import SHARED, needs_shared

HERE = Path(__file__).resolve().parent
PENDING = HERE.parent / "negative_pending.md"
ROW = re.compile(r"^\| ([A-Z]\d{2}) \|", re.MULTILINE)


def rows_with_a_test() -> set[str]:
    return {row for file in HERE.parent.rglob("test_*.py") for row in re.findall(r"def test_neg_([A-Z]\d{2})_", file.read_text("utf-8"))}


def waiting() -> set[str]:
    return set(ROW.findall(PENDING.read_text("utf-8")))


@needs_shared
def test_every_row_is_tested_or_waits() -> None:
    listed = set(ROW.findall((SHARED / "security" / "negative_cases.md").read_text("utf-8")))
    assert listed, "the list has rows"
    assert listed - rows_with_a_test() == waiting() & listed
    assert waiting() <= listed


def test_no_row_is_both_tested_and_waiting() -> None:
    assert not rows_with_a_test() & waiting()
