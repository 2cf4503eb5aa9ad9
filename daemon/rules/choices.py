"""What several words or rows of words of a phrase may be, "a/b" and the groups, by their first words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from daemon.rules.phrases import Group, Piece, is_mark
from daemon.rules.words import NotWordwise, Word, Words, words_of

_MOST_ROWS = 400
Row = tuple[tuple[Word, bool], ...]  # words, and whether a colon may stand before each


@dataclass(frozen=True, slots=True)
class Choices:
    """Several rows of words, the first that leads on counts; by their first words."""

    rows: tuple[Row, ...]  # an empty one is none: a choice with words that may be missing, or a gap
    by_word: dict[str, list[int]]
    others: tuple[int, ...]  # rows whose first word may have any ending, or be a number
    steps: tuple[tuple[int, Sequence[Piece]], ...] = ()  # the choices that are no rows


def along(row: Row, words: Words, place: int) -> int:
    """Return the place behind a row of words that begins at ``place``, -1 if it does not stand there."""
    for word, colon in row:
        if colon and words[place] == ":":
            place += 1
        if not word.is_in(words[place]):
            return -1
        place += 1
    return place


@lru_cache(maxsize=1024)
def _choices_of(group: Group) -> Word | Choices:
    return _made(group.choices)


def choices(piece: Piece) -> Word | Choices:
    """Return what an "either" may be: any of some words, or of some rows of words."""
    return _choices_of(piece.group) if piece.group is not None else _made(piece.choices)


def _made(each: Sequence[Sequence[Piece]]) -> Word | Choices:
    if (plain := _plain(each)) is not None:
        return plain
    rows: list[Row] = []
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


def _indexed(rows: tuple[Row, ...], steps: tuple[tuple[int, Sequence[Piece]], ...]) -> Choices:
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


def _rows(pieces: Sequence[Piece]) -> list[Row]:
    """Return one choice as rows of words, in the order in which RE2 prefers them."""
    if not pieces or any(piece.glued for piece in pieces) or (len(pieces) > 1 and any(map(is_mark, pieces))):
        raise NotWordwise
    rows: list[Row] = [()]
    for piece in pieces:
        each = _rows_of(piece)
        if len(rows) * len(each) > _MOST_ROWS:
            raise NotWordwise
        rows = [(*row, *_after(row, one)) for row in rows for one in each]
    if any(word.is_in(":") for row in rows for word, _ in row):
        raise NotWordwise
    return rows


def _after(row: Row, one: Row) -> Row:
    return ((one[0][0], True), *one[1:]) if row else one


def _rows_of(piece: Piece) -> list[Row]:
    if piece.kind != "either":
        return [tuple((word, False) for word in words_of(piece))]
    inner = choices(piece)
    return [((inner, False),)] if isinstance(inner, Word) else list(inner.rows)
