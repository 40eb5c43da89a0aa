"""Every way to say no: one exception class for each stable code, all below ``Refused``."""

# ruff: noqa: F403 - this page only gathers the rooms below, so that a caller needs one import
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from doors.refusals.admin import *
from doors.refusals.credential import *
from doors.refusals.input import *
from doors.refusals.issuance import *
from doors.refusals.jose import *
from doors.refusals.presentation import *
from doors.refusals.proofing import *
from doors.refusals.resolution import *
from doors.refusals.root import *
from doors.refusals.root import Refused
from doors.refusals.status import *
from doors.refusals.storage import *
from doors.refusals.wallet import *


def _with_a_code(kind: type[Refused]) -> Iterator[type[Refused]]:
    if kind.code:
        yield kind
    for below in kind.__subclasses__():
        yield from _with_a_code(below)


REFUSALS: Mapping[str, type[Refused]] = MappingProxyType({kind.code: kind for kind in _with_a_code(Refused)})
