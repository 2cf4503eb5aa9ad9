# ruff: noqa: E501, SIM905 - word lists read best as words
"""What is said of a whole kind of thing: "illegal content is removed" is a policy, no answer."""

from __future__ import annotations

import re

_PRESENT = re.compile(r" (?:is|are|gets|get|goes|go|stands|stand) (?!(?:now|gone|already) )")
_PART = re.compile(r"[,;:.!?|()]| (?:and|but|that|so|because|as|then) ")
_KINDS = frozenset(
    """illegal unlawful illicit violating infringing offending prohibited forbidden banned harmful abusive criminal disallowed
    objectionable inappropriate unacceptable problematic confirmed verified actionable such noncompliant""".split()
)
_ONE = frozenset(  # who says one of these speaks of something that both know
    """the this that these those your our my its his her their all both each every reported mentioned listed flagged notified
    said concerned relevant respective corresponding you we i they it above below attached remaining other""".split()
)
_BESIDE = re.compile(r" (?:with|of|on|in|at|from|for|by|containing|showing|under|within|about) ")


def is_general(text: str, start: int, end: int) -> bool:
    """Tell whether folded English ``text`` says between two places what always becomes of a kind of thing.

    What is spoken of has no article, is called by its kind ("illegal", "such"), and the verb stands in the present.
    """
    first = max((found.end() for found in _PART.finditer(text, 0, start)), default=0)
    return any(map(_is_of_a_kind, _PART.split(text[first:end])))


def _is_of_a_kind(part: str) -> bool:
    said = f" {part.strip()} "
    verb = _PRESENT.search(said)
    if verb is None:
        return False
    spoken = said[: verb.start()]
    thing = _BESIDE.split(f"{spoken} ")[0].split()
    return (
        not _KINDS.isdisjoint(spoken.split())
        and _ONE.isdisjoint(thing)
        and all(map(str.isalpha, thing))
        and bool(thing)
    )
