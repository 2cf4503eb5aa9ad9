"""Finds a phrase word by word, exactly where its RE2 expression finds it, without compiling anything.

A folded text is a row of words with single blanks between them, so a phrase is a few steps from one word to the next.
Phrases that may stand inside a word (scripts without blanks, "file(s)") are left to RE2.  What a step has tried in vain
at a place is remembered, so that no text can make a phrase slow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from daemon.rulefile.blocks import Groups
from daemon.rules.choices import Choices, along, choices
from daemon.rules.phrases import CONJUNCTIONS, PhraseError, Piece, first_char, is_letter_led, is_mark, read
from daemon.rules.words import NotWordwise, Span, Step, Try, Word, Words, words_of

BETWEEN = frozenset(",:()-")  # signs that may stand between two words of a gap
ENDS_GAP = frozenset({"", ";"})
AROUND = frozenset("-:=>|,.()/")  # signs that may stand beside a mark
LONGEST_GAP, MOST_AROUND = 8, 3


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a phrase stands in a text, with the blanks around it, and what its ``...`` let through."""

    start: int
    end: int
    gaps: tuple[Span, ...] = ()


@lru_cache(maxsize=4096)
def wordwise(phrase: str, groups: Groups | None) -> Walk | None:
    """Return a phrase ready to be walked; None where RE2 must try it."""
    try:
        pieces = read(phrase, groups)
        plain = phrase.isascii() and "<" not in phrase
        return Walk(_Builder().row(pieces, _end), not plain and is_letter_led(first_char(pieces)))
    except (NotWordwise, PhraseError):
        return None


@dataclass(frozen=True, slots=True)
class Walk:
    """A phrase as steps."""

    first: Step = field(repr=False)
    led: bool = False  # a conjunction of one letter may be written in front of its first word

    def search(self, text: str, at: int = 0) -> Stand | None:
        """Return the first place in folded ``text`` at or after ``at`` where the phrase stands."""
        words, step = _split(text), self.first
        place, tried = len(words[0]), Try()
        for number in range(1, len(words) - 1):
            if place >= at:
                found = self._led(words, number) if self.led and words[number][:1] in CONJUNCTIONS else None
                end = found[0] if found is not None else step(words, number, tried)
                if end >= 0:
                    return _stand(words, number, end, place, found[1] if found is not None else tried)
            place += len(words[number]) + 1
        return None

    def _led(self, words: Words, number: int) -> tuple[int, Try] | None:
        """Try the phrase without the letter in front."""
        tried = Try()
        end = self.first([*words[:number], words[number][1:], *words[number + 1 :]], number, tried)
        return (end, tried) if end >= 0 else None


def _stand(words: Words, number: int, end: int, start: int, tried: Try) -> Stand:
    gaps = (tried.gaps[key] for key in sorted(tried.gaps)) if tried.gaps else ()
    places = tuple((_width(words, number, a) + start + 1, _width(words, number, b) + start + 1) for a, b in gaps)
    return Stand(start, start + 1 + _width(words, number, end), places)


def _width(words: Words, first: int, last: int) -> int:
    return sum(map(len, words[first:last])) + last - first


@lru_cache(maxsize=64)
def _split(text: str) -> list[str]:
    """Return the words of a text: the first, which no blank stands before, and the empty last one are none."""
    words = text.split(" ")
    words[-1] = ""
    return words


def _end(words: Words, place: int, tried: Try) -> int:  # noqa: ARG001 - one signature for all steps
    return place


class _Builder:
    """Makes the steps of one phrase, from the last to the first."""

    def __init__(self) -> None:
        self._keys = 0

    def row(self, pieces: Sequence[Piece], then: Step) -> Step:
        """Return the step that goes along ``pieces`` and then on to ``then``."""
        for number in range(len(pieces) - 1, -1, -1):
            after = pieces[number + 1] if number + 1 < len(pieces) else None
            then = self._piece(pieces[number], after, then)
        return then

    def key(self) -> int:
        """Return a new name for a step that remembers."""
        self._keys -= 1  # the first gap of a phrase has the lowest
        return self._keys

    def _piece(self, piece: Piece, after: Piece | None, then: Step) -> Step:
        if piece.glued or (after is not None and after.glued):
            raise NotWordwise
        if piece.kind == "gap":
            return _gap(self.key(), then)
        if piece.kind == "group":
            return self._perhaps(piece.choices[0], after, then)
        if after is not None:
            then = _around(self.key(), then) if is_mark(piece) or is_mark(after) else _colon(then)
        if piece.kind == "either":
            found = choices(piece)
            return found.step(then) if isinstance(found, Word) else _choice(found, self, then)
        for word in reversed(words_of(piece)):
            then = word.step(then)
        return then

    def _perhaps(self, pieces: Sequence[Piece], after: Piece | None, then: Step) -> Step:
        """Words that may be missing; with them a comma in front and a sign behind."""
        has_signs = after is not None and pieces[-1].kind not in {"group", "gap"}
        key, inner = self.key(), self.row(pieces, _maybe(",:", then) if has_signs else then)
        inner = _maybe(",", inner) if has_signs else inner

        def step(words: Words, place: int, tried: Try) -> int:
            if (key, place) in tried.failed:
                return -1
            end = inner(words, place, tried)
            if end < 0:
                end = then(words, place, tried)
            if end < 0:
                tried.failed.add((key, place))
            return end

        return step


def _choice(found: Choices, builder: _Builder, then: Step) -> Step:
    """Return the step that goes along the first of several rows that leads on."""
    key, rows, by_word, others = builder.key(), found.rows, found.by_word, found.others
    steps = {number: builder.row(pieces, then) for number, pieces in found.steps}

    def step(words: Words, place: int, tried: Try) -> int:
        word = words[place]
        numbers: Iterable[int] = by_word.get(word, ())
        if others or steps:
            begun = (number for number in others if rows[number][0][0].is_in(word))
            numbers = sorted([*numbers, *begun, *steps])
        for number in numbers:
            if number in steps:
                end = steps[number](words, place, tried)
                if end >= 0:
                    return end
                continue
            behind = along(rows[number], words, place)
            if behind > 0 and (key, behind) not in tried.failed:
                end = then(words, behind, tried)
                if end >= 0:
                    return end
                tried.failed.add((key, behind))
        return -1

    return step


def _colon(then: Step) -> Step:
    return _maybe(":", then)


def _maybe(signs: str, then: Step) -> Step:
    """Go past one of ``signs`` if that leads on, else on from here."""

    def step(words: Words, place: int, tried: Try) -> int:
        word = words[place]
        if word and word in signs:
            end = then(words, place + 1, tried)
            if end >= 0:
                return end
        return then(words, place, tried)

    return step


def _around(key: int, then: Step) -> Step:
    """Go past as many signs beside a mark as lead on."""

    def step(words: Words, place: int, tried: Try) -> int:
        last = place
        while last - place < MOST_AROUND and words[last] and AROUND.issuperset(words[last]):
            last += 1
        for behind in range(last, place - 1, -1):
            if (key, behind) not in tried.failed:
                end = then(words, behind, tried)
                if end >= 0:
                    return end
                tried.failed.add((key, behind))
        return -1

    return step


def _gap(key: int, then: Step) -> Step:
    """Go past as few words as lead on."""

    def step(words: Words, place: int, tried: Try) -> int:
        for behind in _behind(words, place):
            if (key, behind) not in tried.failed:
                end = then(words, behind, tried)
                if end >= 0:
                    tried.gaps[key] = (place, behind)
                    return end
                tried.failed.add((key, behind))
        return -1

    return step


def _behind(words: Words, place: int) -> Iterable[int]:
    """Return the places that a gap from ``place`` may end at, in the order in which RE2 prefers them."""
    last = min(place + LONGEST_GAP, len(words) - 1)
    if ENDS_GAP.isdisjoint(words[place:last]) and not any(word in BETWEEN for word in words[place + 1 : last + 1]):
        return range(place, last + 1)
    return dict.fromkeys(_behind_signs(words, place, 0, set()))


def _behind_signs(words: Words, place: int, count: int, seen: set[Span]) -> Iterator[int]:
    if (place, count) in seen:
        return
    seen.add((place, count))
    yield place
    if count < LONGEST_GAP and words[place] not in ENDS_GAP:
        if words[place + 1] in BETWEEN:
            yield from _behind_signs(words, place + 2, count + 1, seen)
        yield from _behind_signs(words, place + 1, count + 1, seen)
