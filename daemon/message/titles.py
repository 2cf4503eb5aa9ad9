"""Finds titles in a word or two, without a colon, above the addresses that they are about: "REMOVED"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from daemon.message.answer_words import ANSWER_WORDS, plain
from daemon.message.message import Shape
from daemon.message.units import Unit

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS, _LONGEST = 5, 200


def mark_titles(found: Sequence[Unit], is_address: Callable[[Unit], bool]) -> None:
    """Mark what are titles: in a run of answers and addresses that begins with an answer and ends with an address.

    In a run that begins with an address, or goes on with some other line, each answer stands below what it is about.
    """
    run: list[Unit] = []
    before: Unit | None = None
    for unit in found:
        if _is_answer(unit):
            run = run or ([before] if before is not None and is_address(before) else [])
            run.append(unit)
        elif run and is_address(unit):
            run.append(unit)
        else:
            if unit.gap or unit.shape is not Shape.TEXT:
                _mark(run)
            run = []
        before = unit
    _mark(run)


def _mark(run: Sequence[Unit]) -> None:
    if run and _is_answer(run[0]) and not _is_answer(run[-1]):
        for unit in run:
            unit.title = _is_answer(unit)


def _is_answer(unit: Unit) -> bool:
    """Tell whether a line is one of the words that answers are given in, with few others: "Taken down today"."""
    if unit.shape is not Shape.TEXT or unit.text.rstrip()[-1:] in ".!?:;,。：":
        return False
    if len(unit.text) > _LONGEST:
        return False
    words = plain(" ".join(_WORD.findall(unit.text))).split()
    if len(words) > _MOST_WORDS:
        return False
    spoken = {" ".join(words[:end]) for end in range(1, len(words) + 1)}
    spoken |= {" ".join(words[start:]) for start in range(1, len(words))}
    return not spoken.isdisjoint(ANSWER_WORDS)
