"""Chance that can be repeated: every random test prints the seed it used, and takes one from the environment."""

import os
import random


def seeded() -> random.Random:
    """A source of chance; set TIGERTALLY_SEED to repeat a failure that printed its seed."""
    seed = int(os.environ.get("TIGERTALLY_SEED") or random.randrange(2**32))
    print(f"seed {seed}")  # noqa: T201 - pytest shows it with a failure
    return random.Random(seed)
