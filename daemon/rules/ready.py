"""A phrase made ready for trying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import re2

from daemon.rulefile.blocks import Phrase
from daemon.rules.atoms import Place, places
from daemon.rules.phrases import PhraseError, compile_regex, regex_of
from daemon.rules.wordwise import Stand, wordwise

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

    def search(self, text: str, at: int = 0) -> Stand | None:
        """Return the first place in folded ``text`` at or after ``at`` where the phrase stands."""
        walk = None if self.pattern else wordwise(self.phrase.text, self.phrase.groups)
        if walk is not None:
            return walk.search(text, at)
        found = _compiled(self.expression).search(text, at)
        return None if found is None else _stand(found)


def _stand(found: re2._Match) -> Stand:
    gaps = (found.span(group) for group in range(1, found.re.groups + 1))
    start, end = found.span()
    return Stand(start, end, tuple((first, last) for first, last in gaps if 0 <= first < last))


@lru_cache(maxsize=2048)  # most phrases are never met; one takes up to 50 KiB
def _compiled(expression: str) -> re2._Regexp:
    """Compile a phrase that cannot be walked when the index first names it."""
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
