"""What one word of a text may be, for a word or a mark of a phrase; where only RE2 can tell, it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from daemon.rules.fold import is_cjk, spellings, unaccented
from daemon.rules.phrases import Piece, spelled

Span = tuple[int, int]
Words = Sequence[str]
Step = Callable[[Words, int, "Try"], int]  # the place behind the phrase if it goes on from this one, else -1

_MOST_SPELLINGS = 64


class NotWordwise(Exception):
    """The phrase may stand inside a word."""


@dataclass(slots=True)
class Try:
    """One search: where the gaps were found, and what was tried in vain."""

    gaps: dict[int, Span] = field(default_factory=dict)
    failed: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Word:
    """What one word of a text may be."""

    spelled: frozenset[str]
    begun: tuple[str, ...] = ()  # any word that begins so
    digits: bool = False

    def step(self, then: Step) -> Step:
        spelled, begun, digits = self.spelled, self.begun, self.digits
        if not begun and not digits:
            return lambda words, place, tried: then(words, place + 1, tried) if words[place] in spelled else -1
        return lambda words, place, tried: then(words, place + 1, tried) if self.is_in(words[place]) else -1

    def is_in(self, word: str) -> bool:
        return (
            word in self.spelled
            or (bool(self.begun) and word.startswith(self.begun))
            or (self.digits and word.isascii() and word.isdigit())
        )


def words_of(piece: Piece) -> list[Word]:
    """Return the words that one word of a phrase, or one mark, stands for."""
    if piece.kind == "mark":
        return [_mark(piece.text)]
    if piece.kind != "word":
        raise NotWordwise
    return _spelled(piece.text)


def _mark(expression: str) -> Word:
    """A mark as ``phrases`` writes it: a sign, one of several in brackets, or a number by its digits."""
    if expression.startswith("(?:"):
        return Word(frozenset(expression[3:4]), digits=True)
    return Word(frozenset(expression.strip("[]")))


@lru_cache(maxsize=16384)
def _spelled(text: str) -> list[Word]:
    folded, star = spelled(text)
    parts = folded.split(" ")
    if not folded or (not folded.isascii() and any(map(is_cjk, folded))):
        raise NotWordwise
    found = [Word(frozenset(_spellings(part))) for part in parts]
    if star:
        found[-1] = Word(frozenset(), tuple(_spellings(parts[-1])))
    return found


def _spellings(word: str) -> list[str]:
    if unaccented(word) == word:
        return [word]
    letters = spellings(word)
    count = 1
    for each in letters:
        count *= len(each)
    if count > _MOST_SPELLINGS:
        raise NotWordwise
    return ["".join(each) for each in product(*letters)]
