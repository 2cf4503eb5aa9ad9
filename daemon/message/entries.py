"""Tells a line that is an entry, "Action taken: removed", and its key."""

from __future__ import annotations

import re

_ENTRY = re.compile(r"([^\W\d_][^:：=]{0,38}?)[\s.·]{0,30}(?:[:：=](?!//|[0-9])|[:：=](?<![0-9].)(?!//)).*", re.DOTALL)
_COUNTED = re.compile(r"[\s#(\[]*[0-9]{1,3}[)\]]*$")
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 4  # of a key


def key(text: str) -> str | None:
    """Return what stands before the colon in lower case, without the number of "URL 2:"; None for any other line."""
    found = _ENTRY.fullmatch(text)
    if found is None or len(_WORD.findall(found[1])) > _MOST_WORDS:
        return None
    return _COUNTED.sub("", found[1]).casefold()
