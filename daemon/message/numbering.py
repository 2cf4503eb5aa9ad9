"""Tells whether the lines of a mail are numbered as the notice is, so that a line's number is its item's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.message.catalogue import Catalogue
from daemon.message.message import Shape
from daemon.message.split import leading_numbers
from daemon.message.units import Unit

_COUNTED = re.compile(r"(?:([^\W\d_]{1,14}\.?) ?)?#?([0-9]{1,3})(?:\s?(?:\.{2,}|…)\s?|\s+|\s?[.:)=–-]\s?)(?=[^\W\d_])")


def number_lines(found: Sequence[Unit], items: Catalogue) -> None:
    """Take the number off lines like "1 removed" or "Ref 1 - removed", if they count through all items and no more."""
    begun = [(unit, start) for unit in found if unit.shape is Shape.TEXT and (start := _COUNTED.match(unit.text))]
    alike = len({start[1] for _, start in begun}) == 1
    if len(begun) > 1 and alike and [int(start[2]) for _, start in begun] == sorted(items.by_position):
        for unit, start in begun:
            unit.number, unit.text, unit.shape = int(start[2]), unit.text[start.end() :], Shape.ITEM


def is_numbered(found: Sequence[Unit], items: Catalogue) -> bool:
    """Tell whether the lists of a mail are numbered exactly as the notice is."""
    numbers = {unit.number for unit in found if unit.number >= 0}
    if not numbers:
        return False
    together = numbers.union(*(leading_numbers(unit.text) for unit in found if unit.number < 0))
    return set(items.by_position) in (numbers, together)
