"""A room that is entered only when somebody needs it, so that ``--help`` answers at once.

Used with the type checker's knowledge kept whole::

    if TYPE_CHECKING:
        from verifier import acts
    else:
        acts = lazy("verifier.acts")
"""

import importlib.util
import sys
from types import ModuleType


def lazy(name: str) -> ModuleType:
    """The module ``name``, which is loaded when something in it is first used; raises ``ModuleNotFoundError`` at once."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
