"""Which words can be tags on every kind of server."""

from __future__ import annotations

import re
from collections.abc import Iterable

from daemon.errors import PermanentError

_TAG = re.compile(r"\$?[A-Za-z0-9_-]{1,23}")


def check(words: Iterable[str]) -> None:
    """Raise PermanentError for a word that some server does not take."""
    if not all(_TAG.fullmatch(word) for word in words):
        raise PermanentError("a tag must be 1 to 24 ASCII letters, digits, - or _, with a $ in front if you like")
