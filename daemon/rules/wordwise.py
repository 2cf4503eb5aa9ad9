"""Finds a phrase word by word, exactly where its RE2 expression finds it, without compiling anything.

A folded text is a row of words with single blanks between them, so a phrase is a few steps from one word to the next.
Phrases that may stand inside a word (scripts without blanks, "file(s)") are left to RE2.  What a step has tried in vain
at a place is remembered, so that no text can make a phrase slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from daemon.rulefile.blocks import Groups
from daemon.rules.fold import is_cjk, spellings, unaccented
from daemon.rules.phrases import (
    CONJUNCTIONS,
    Group,
    PhraseError,
    Piece,
    first_char,
    is_letter_led,
    is_mark,
    read,
    spelled,
)

Span = tuple[int, int]
Words = Sequence[str]
Step = Callable[[Words, int, "Try"], int]  # the place behind the phrase if it goes on from this one, else -1

BETWEEN = frozenset(",:()-")  # signs that may stand between two words of a gap
ENDS_GAP = frozenset({"", ";"})
AROUND = frozenset("-:=>|,.()/")  # signs that may stand beside a mark
_MOST_SPELLINGS, _MOST_ROWS = 64, 400
LONGEST_GAP, MOST_AROUND = 8, 3


class NotWordwise(Exception):
    """The phrase may stand inside a word."""


@dataclass(slots=True)
class Try:
    """One search: where the gaps were found, and what was tried in vain."""

    gaps: dict[int, Span] = field(default_factory=dict)
    failed: set[tuple[int, int]] = field(default_factory=set)


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


_Row = tuple[tuple[Word, bool], ...]  # words, and whether a colon may stand before each


@dataclass(frozen=True, slots=True)
class Choices:
    """Several rows of words, the first that leads on counts; by their first words."""

    rows: tuple[_Row, ...]  # an empty one is none: a choice with words that may be missing, or a gap
    by_word: dict[str, list[int]]
    others: tuple[int, ...]  # rows whose first word may have any ending, or be a number
    steps: tuple[tuple[int, Sequence[Piece]], ...] = ()  # the choices that are no rows

    def step(self, builder: _Builder, then: Step) -> Step:
        key, rows, by_word, others = builder.key(), self.rows, self.by_word, self.others
        steps = {number: builder.row(pieces, then) for number, pieces in self.steps}

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
                behind = _along(rows[number], words, place)
                if behind > 0 and (key, behind) not in tried.failed:
                    end = then(words, behind, tried)
                    if end >= 0:
                        return end
                    tried.failed.add((key, behind))
            return -1

        return step


def _along(row: _Row, words: Words, place: int) -> int:
    """Return the place behind a row of words that begins at ``place``, -1 if it does not stand there."""
    for word, colon in row:
        if colon and words[place] == ":":
            place += 1
        if not word.is_in(words[place]):
            return -1
        place += 1
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
            return found.step(then) if isinstance(found, Word) else found.step(self, then)
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


@lru_cache(maxsize=1024)
def _choices_of(group: Group) -> Word | Choices:
    return _made(group.choices)


def choices(piece: Piece) -> Word | Choices:
    """Return what an "either" may be: any of some words, or of some rows of words."""
    return _choices_of(piece.group) if piece.group is not None else _made(piece.choices)


def _made(each: Sequence[Sequence[Piece]]) -> Word | Choices:
    if (plain := _plain(each)) is not None:
        return plain
    rows: list[_Row] = []
    steps: list[tuple[int, Sequence[Piece]]] = []
    for choice in each:
        if not any(_is_open(piece) for piece in choice):
            rows += _rows(choice)
        elif choice[-1].kind in {"group", "gap"}:
            raise NotWordwise
        else:
            steps.append((len(rows), choice))
            rows.append(())
    if not steps and all(len(row) == 1 for row in rows):
        return _any_of([row[0][0] for row in rows])
    return _indexed(tuple(rows), tuple(steps))


def _plain(each: Sequence[Sequence[Piece]]) -> Word | None:
    """Return what choices of a single word each stand for; None where one has several words."""
    found: list[Word] = []
    for choice in each:
        if len(choice) != 1 or choice[0].kind not in _SINGLE or choice[0].glued:
            return None
        words = words_of(choice[0])
        if len(words) > 1:
            return None
        found += words
    return _any_of(found)


_SINGLE = frozenset({"word", "mark"})


def _is_open(piece: Piece) -> bool:
    """Tell whether a piece may be missing or stand for anything, or has such a piece within."""
    return piece.kind in {"group", "gap"} or any(_is_open(each) for choice in piece.choices for each in choice)


def _indexed(rows: tuple[_Row, ...], steps: tuple[tuple[int, Sequence[Piece]], ...]) -> Choices:
    by_word: dict[str, list[int]] = {}
    others = []
    for number, row in enumerate(rows):
        if row and (row[0][0].begun or row[0][0].digits):
            others.append(number)
        for word in row[0][0].spelled if row and number not in others[-1:] else ():
            by_word.setdefault(word, []).append(number)
    return Choices(rows, by_word, tuple(others), steps)


def _any_of(words: Sequence[Word]) -> Word:
    begun = tuple(each for word in words if word.begun for each in word.begun)
    return Word(frozenset().union(*[word.spelled for word in words]), begun, any(word.digits for word in words))


def _rows(pieces: Sequence[Piece]) -> list[_Row]:
    """Return one choice as rows of words, in the order in which RE2 prefers them."""
    if not pieces or any(piece.glued for piece in pieces) or (len(pieces) > 1 and any(map(is_mark, pieces))):
        raise NotWordwise
    rows: list[_Row] = [()]
    for piece in pieces:
        each = _rows_of(piece)
        if len(rows) * len(each) > _MOST_ROWS:
            raise NotWordwise
        rows = [(*row, *_after(row, one)) for row in rows for one in each]
    if any(word.is_in(":") for row in rows for word, _ in row):
        raise NotWordwise
    return rows


def _after(row: _Row, one: _Row) -> _Row:
    return ((one[0][0], True), *one[1:]) if row else one


def _rows_of(piece: Piece) -> list[_Row]:
    if piece.kind != "either":
        return [tuple((word, False) for word in words_of(piece))]
    inner = choices(piece)
    return [((inner, False),)] if isinstance(inner, Word) else list(inner.rows)


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
