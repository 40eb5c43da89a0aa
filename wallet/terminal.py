"""What the wallet says to its holder on a terminal, and what it asks there: passphrases and consent."""

import getpass
import sys
from pathlib import Path

from doors.refusals import SettingsInvalid


def talk(line: str) -> None:
    sys.stderr.write(line + "\n")


def agreed_to(question: str) -> bool:
    """Whether the holder answers the question with yes; silence is no."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes", "是", "同意"}


def passphrase(file: Path | None, *, twice: bool = False, of: str = "wallet") -> str:
    """The passphrase, by prompt or file, never by flag; raises ``SettingsInvalid`` where it can be had by neither."""
    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError):
            raise SettingsInvalid(f"{file}: the passphrase file cannot be read") from None
    if not sys.stdin.isatty():
        raise SettingsInvalid(f"passphrase: expected a terminal to ask on, or a file with the {of}'s passphrase")
    given = getpass.getpass(f"Passphrase of the {of} / 口令: ")
    if twice and getpass.getpass("Again / 再次输入: ") != given:
        raise SettingsInvalid("passphrase: the two do not match")
    return given
