"""Tells lines that are headings in plain text: "**Removed**", "## Removed", or a few words with a rule below."""

from __future__ import annotations

import re

URLISH = re.compile(r"(?:h..ps?:|www\.|\S+\[\.\]|\S+\.\S+/\S|\S+\(dot\))", re.IGNORECASE)
_MARKED = re.compile(
    r"(?:#{1,6}\s+(?P<hash>[^#].*?)[\s#]*"
    r"|(?P<sign>\*{1,3}|_{1,3}|==)(?P<inside>[^\s*_=].{0,78}?)[:：]?(?P=sign)[:：]?)"
)
_UNDER = re.compile(r"-{3,}|={3,}|~{3,}|─{3,}|\*{3,}")
_MOST_WORDS = 8


def heading(text: str) -> str:
    """Return the words of a line that its signs make a heading, "" for any other line."""
    found = _MARKED.fullmatch(text)
    words = (found["hash"] or found["inside"]).strip() if found is not None else ""
    return words if words and _may_be(words) else ""


def is_underlined(text: str, below: str) -> bool:
    """Tell whether ``below`` is a rule that makes the line above it a heading."""
    return _UNDER.fullmatch(below) is not None and _may_be(text)


def _may_be(text: str) -> bool:
    """Tell whether a text may be a heading: a few words, no address, no sentence."""
    return len(text.split()) <= _MOST_WORDS and text[-1] not in ".!?,;" and URLISH.search(text) is None
