"""A phrase made ready for trying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import re2

from daemon.rulefile.blocks import Phrase
from daemon.rules.atoms import Place, places
from daemon.rules.phrases import PhraseError, compile_regex, regex_of

_NEVER = r"[^\s\S]"


@dataclass(frozen=True, slots=True)
class Ready:
    """One phrase ready to be tried; compiled when the index first names it, since most are never met."""

    phrase: Phrase
    expression: str = field(repr=False)
    places: tuple[Place, ...] = field(default=(), repr=False)
    compiled: list[re2._Regexp] = field(default_factory=list, repr=False, compare=False)

    @property
    def regex(self) -> re2._Regexp:
        if not self.compiled:
            try:
                self.compiled.append(compile_regex(self.expression))
            except re2.error:  # too large: as if it were left out
                self.compiled.append(compile_regex(_NEVER))
        return self.compiled[0]


def made_ready(phrases: Sequence[Phrase]) -> tuple[Ready, ...]:
    """Return ``phrases`` ready to be tried, without those that break the signs' rules."""
    found = []
    for phrase in phrases:
        try:
            found.append(Ready(phrase, regex_of(phrase), places(phrase)))
        except PhraseError:
            continue
    return tuple(found)
