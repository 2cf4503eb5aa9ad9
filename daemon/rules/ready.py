"""A phrase made ready for trying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import re2

from daemon.rulefile.blocks import Phrase
from daemon.rules.atoms import Place, places
from daemon.rules.phrases import PhraseError, compile_regex, regex_of

_NEVER = r"[^\s\S]"


@dataclass(frozen=True, slots=True)
class Ready:
    """One phrase ready to be tried."""

    phrase: Phrase
    places: tuple[Place, ...] = field(default=(), repr=False)
    pattern: str = field(default="", repr=False)  # RE2, in place of the phrase's own words

    @property
    def expression(self) -> str:
        return self.pattern or regex_of(self.phrase)

    @property
    def regex(self) -> re2._Regexp:
        return _compiled(self.expression)


@lru_cache(maxsize=2048)  # most phrases are never met; one takes up to 50 KiB
def _compiled(expression: str) -> re2._Regexp:
    """Compile a phrase when the index first names it."""
    try:
        return compile_regex(expression)
    except re2.error:  # too large: as if it were left out
        return compile_regex(_NEVER)


def made_ready(phrases: Sequence[Phrase]) -> tuple[Ready, ...]:
    """Return ``phrases`` ready to be tried, without those that break the signs' rules."""
    found = []
    for phrase in phrases:
        try:
            found.append(Ready(phrase, places(phrase)))
        except PhraseError:
            continue
    return tuple(found)
