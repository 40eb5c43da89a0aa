"""The office's own serve command in a process of its own, told everything by the environment."""

import os
from multiprocessing.connection import Connection

from issuer import acts


def serve(environment: dict[str, str], errors: Connection) -> None:
    """Serve until killed; standard error goes to ``errors``."""
    os.dup2(errors.fileno(), 2)
    os.environ.update(environment)
    acts.serve(acts.settings_of(None, None, {}))
