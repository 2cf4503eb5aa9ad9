"""How often a promise is tried: small counts in `./dev test`, the large ones in `./dev prove`."""

import os

PROVE = os.environ.get("NOTICED_COUNTS") == "prove"


def count(test: int, prove: int) -> int:
    """Return the number of tries for this run."""
    return prove if PROVE else test
