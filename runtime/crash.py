"""Places at which a test may pull the plug, to show that nothing is lost and nothing is done twice."""

import os
import signal
from collections.abc import Collection

from doors.refusals import SettingsInvalid

_VARIABLE = "TIGERTALLY_CRASH_AT"


class CrashPoints:
    """Called with the name of the place the program has reached; kills this process there when armed for it."""

    def __init__(self, name: str = "", passage: int = 1) -> None:
        self._name = name
        self._passages_left = passage

    @classmethod
    def armed(cls, name: str, passage: int = 1) -> "CrashPoints":
        """Kills by SIGKILL the ``passage``-th time (from 1) that ``name`` is reached."""
        return cls(name, passage)

    def __call__(self, name: str) -> None:
        if name != self._name:
            return
        self._passages_left -= 1
        if self._passages_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


NEVER = CrashPoints()
"""Never kills."""


def armed_from_environment(known: Collection[str]) -> CrashPoints:
    """What ``TIGERTALLY_CRASH_AT`` asks for (``name`` or ``name:passage``), ``NEVER`` where it is unset. Called by ``__main__`` only.

    Raises ``SettingsInvalid`` for a name that is not among ``known``, so that a test cannot pass by a typing mistake.
    """
    asked = os.environ.get(_VARIABLE, "")
    if not asked:
        return NEVER
    name, _, passage = asked.partition(":")
    if name not in known or (passage and not passage.isdecimal()):
        raise SettingsInvalid(f"{_VARIABLE}: expected one of {', '.join(sorted(known))}, got {asked!r}")
    return CrashPoints.armed(name, int(passage or 1))
