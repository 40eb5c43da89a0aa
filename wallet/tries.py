"""Wrong passphrases make the next try wait: one second after the fifth, doubling with each further one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from doors.json import parse_object
from doors.refusals import LockedOut, Refused

FREE_TRIES = 5
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tries:
    """How many tries failed in a row, and when the last one did.

    The count lies beside the wallet and can be reset by whoever owns the file; the price of the key derivation is the real
    defence. It stops the person at the keyboard, not the thief of the file.
    """

    failed: int
    last: datetime

    def wait(self) -> timedelta:
        """How long after ``last`` the next try is refused."""
        if self.failed < FREE_TRIES:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(self.failed - FREE_TRIES, 12)), LONGEST_WAIT)


def refuse_early(path: Path, *, now: datetime) -> None:
    """Raises ``LockedOut`` that names the seconds left."""
    tries = _read(path)
    if tries is None:
        return
    left = tries.last + tries.wait() - now
    if left > timedelta(0) and tries.last <= now:
        raise LockedOut(f"wallet: {tries.failed} wrong passphrases; wait {int(left.total_seconds()) + 1} seconds")


def count_failure(path: Path, *, now: datetime) -> None:
    before = _read(path)
    failed = 1 if before is None else before.failed + 1
    file = _file(path)
    file.touch(mode=0o600)
    file.write_text(f'{{"failed": {failed}, "last": "{now.isoformat()}"}}', "utf-8")


def forget(path: Path) -> None:
    """A right passphrase clears the count."""
    _file(path).unlink(missing_ok=True)


def _file(path: Path) -> Path:
    return path.with_name(path.name + ".tries")


def _read(path: Path) -> Tries | None:
    try:
        members = parse_object(_file(path).read_bytes())
        return Tries(failed=int(members["failed"]), last=datetime.fromisoformat(members["last"]))
    except (OSError, Refused, KeyError, TypeError, ValueError):
        return None
