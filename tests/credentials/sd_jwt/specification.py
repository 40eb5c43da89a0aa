"""Reads the test cases of the sd-jwt reference implementation: claims with ``!sd`` marks, and what is shown of them."""

from pathlib import Path
from typing import Any

from sd_jwt.common import SDObj
from sd_jwt.utils.yaml_specification import load_yaml_specification, remove_sdobj_wrappers

from credentials.wire import ClaimPath
from tests.shared import SHARED

FOLDER = SHARED / "vectors" / "sd-jwt-python" / "testcases"
CASES = sorted(path.parent.name for path in FOLDER.glob("*/specification.yml"))


def specification(name: str) -> dict[str, Any]:
    return dict(load_yaml_specification(str(Path(FOLDER / name / "specification.yml"))))


def plain(claims: Any) -> Any:
    return remove_sdobj_wrappers(claims)


def marked(claims: Any, path: ClaimPath = ()) -> frozenset[ClaimPath]:
    """The places that the case marks as selectively disclosable."""
    if isinstance(claims, SDObj):
        return marked(claims.value, path)
    inner = claims.items() if isinstance(claims, dict) else enumerate(claims) if isinstance(claims, list) else ()
    found = frozenset[ClaimPath]()
    for key, value in inner:
        place = (*path, key.value if isinstance(key, SDObj) else key)
        hidden = isinstance(key, SDObj) or isinstance(value, SDObj)
        found |= marked(value, place) | (frozenset({place}) if hidden else frozenset())
    return found


def shown(wanted: Any, path: ClaimPath = ()) -> frozenset[ClaimPath]:
    """The places that the case's holder shows."""
    if wanted is True:
        return frozenset({path})
    inner = wanted.items() if isinstance(wanted, dict) else enumerate(wanted) if isinstance(wanted, list) else ()
    return frozenset().union(*(shown(value, (*path, key)) for key, value in inner))
