"""What must stand in a folded text for a phrase to be found in it: words, beginnings of words, pairs of signs.

An atom is a string: ``=word`` a whole word, ``word`` one that a word begins with, ``~xy`` two neighbouring signs of a
script without blanks.  Accents that may be missing are written as they are when missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from daemon.rulefile.blocks import Groups, Phrase
from daemon.rules.fold import CJK, unaccented
from daemon.rules.phrases import CONJUNCTIONS, Group, Piece, first_char, is_letter_led, read, spelled

Place = frozenset[str]

_RUN = re.compile(f"[{CJK}]+")
_LEADS = ("", *CONJUNCTIONS)


def places(phrase: Phrase) -> tuple[Place, ...]:
    """Return the places of ``phrase``: of each, at least one atom stands in every text that holds the phrase.

    Raises PhraseError as ``regex_of`` does.
    """
    return _places_of(phrase.text, phrase.groups)


@lru_cache(maxsize=16384)
def _places_of(phrase: str, groups: Groups | None) -> tuple[Place, ...]:
    pieces = read(phrase, groups)
    named, plain = "<" in phrase, phrase.isascii()
    runs = _has_run(pieces) if named else not plain and _RUN.search(phrase) is not None
    found = _places(pieces, runs, first=False, last=False)
    if (named or not plain) and is_letter_led(first_char(pieces)):
        found = [frozenset(_led(place)) for place in found]
    return tuple(dict.fromkeys(found))


def _has_run(pieces: Iterable[Piece]) -> bool:
    """Tell whether a word is of a script without blanks."""
    return any(
        _has_run_in(piece.group)
        if piece.group is not None
        else _RUN.search(piece.text) is not None or any(map(_has_run, piece.choices))
        for piece in pieces
    )


@lru_cache(maxsize=1024)
def _has_run_in(group: Group) -> bool:
    return any(map(_has_run, group.choices))


def _places(pieces: Sequence[Piece], runs: bool, first: bool, last: bool) -> list[Place]:
    """``runs``: words may touch others, as one is of a script without blanks; ``first``, ``last``: the edges may."""
    found: list[Place] = []
    for number, piece in enumerate(pieces):
        before = piece.glued or (first and number == 0)
        after = pieces[number + 1].glued if number + 1 < len(pieces) else last
        if piece.kind == "word":
            found += _of_word(piece.text, runs, before, after)
        elif piece.kind == "mark" and len(piece.text) == 1:
            found.append(frozenset({f"={piece.text}"}))
        elif piece.kind == "either":
            group = piece.group
            place = _any_in(group, runs, before, after) if group else _any_of(piece.choices, runs, before, after)
            if place:
                found.append(place)
    return found


def _any_of(choices: Iterable[Sequence[Piece]], runs: bool, before: bool, after: bool) -> Place:
    """Return the one place that several choices have in common; empty when one of them tells nothing."""
    each = [_places(choice, runs, before, after) for choice in choices]
    return frozenset(atom for one in each for atom in max(one, key=_weight)) if all(each) else frozenset()


@lru_cache(maxsize=4096)
def _any_in(group: Group, runs: bool, before: bool, after: bool) -> Place:
    return _any_of(group.choices, runs, before, after)


def _weight(place: Place) -> tuple[int, int]:
    """Return how telling a place is: few alternatives, long words."""
    return -len(place), min(map(len, place))


def _of_word(text: str, runs: bool, before: bool, after: bool) -> list[Place]:
    """Return the atoms of one word of a phrase, a place each."""
    folded, star = spelled(text)
    if runs:
        return [frozenset({_pair(run)}) for run in _RUN.findall(folded)]
    parts = [unaccented(part) for part in folded.split(" ") if part]
    found = []
    for number, part in enumerate(parts):
        if not (before and number == 0):
            is_open = (after or star) and number == len(parts) - 1
            found.append(frozenset({part if is_open else f"={part}"}))
    return found


def _pair(run: str) -> str:
    """Return the pair of signs of a run that is the least like the others: kanji before kana."""
    return f"~{max((a + b for a, b in pairwise(run)), default=run)}"


def _led(place: Place) -> Iterator[str]:
    for atom in place:
        sign, word = ("=", atom[1:]) if atom[0] == "=" else ("", atom)
        yield from (f"{sign}{lead}{word}" for lead in _LEADS)


def atoms_in(word: str, longest: int) -> Iterator[str]:
    """Yield every atom of at most ``longest`` letters that one word of a folded text holds."""
    plain = unaccented(word)
    yield f"={plain}"
    yield from (plain[:end] for end in range(1, min(len(plain), longest) + 1))
    for run in _RUN.findall(word):
        yield from (f"~{sign}" for sign in run)
        yield from (f"~{a}{b}" for a, b in pairwise(run))
