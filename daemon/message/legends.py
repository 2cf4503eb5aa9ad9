"""Writes behind lines what the mail's legend says of their colour or sign: "green = deleted", "D = deleted"."""

from __future__ import annotations

import re

from daemon.message.colours import legend, name_of
from daemon.message.message import Shape
from daemon.message.units import Unit

_SIGN = r"(?:[A-Z]{1,2}|[^\w\s.,;:()\[\]{}\"'/=<>&#%*|+–—-]\ufe0f?)"
_PAIR = re.compile(rf"(?<![^\s,;(/|]){_SIGN}\s?(?:=|:|->|→|–|-)\s?[^\W\d_][^=,;|()/]{{2,60}}")
_PARTS = re.compile(r"\s?(?:=|:|->|→|–|-)\s?")
_LAST = re.compile(rf"(?:^|[\s:=|>–-]){_SIGN}$")
_LETTER = re.compile(r"[^\W\d_]+")


def explained(found: list[Unit]) -> list[Unit]:
    """Return the units without legends, each with what a legend says of it."""
    return _by_colour(_by_sign(found))


def _by_sign(found: list[Unit]) -> list[Unit]:
    keys = [_signs(unit.text) if unit.shape is not Shape.ROW else {} for unit in found]
    meaning = {sign: words for key in keys for sign, words in key.items()}
    if not meaning:
        return found
    kept = [unit for unit, key in zip(found, keys, strict=True) if not key]
    for unit in kept:
        _spell_out(unit, meaning)
    return kept


def _signs(text: str) -> dict[str, str]:
    """Return sign -> words for a text that explains signs and says little else; two of them if they are letters."""
    pairs = [_PARTS.split(hit[0], maxsplit=1) for hit in _PAIR.finditer(text)] if len(text) < 300 else []
    if not pairs or (len(pairs) < 2 and pairs[0][0].isalpha()) or len(_LETTER.findall(_PAIR.sub(" ", text))) > 2:
        return {}
    return {sign.strip(): words.strip(" .") for sign, words in pairs}


def _spell_out(unit: Unit, meaning: dict[str, str]) -> None:
    """Put the words in place of a sign at the end of a line, in a cell of its own, or in place of a bullet."""
    if unit.cells:
        unit.cells = tuple(meaning.get(cell.strip(), cell) for cell in unit.cells)
        unit.text = " | ".join(unit.cells)
    elif unit.sign in meaning:
        unit.text, unit.struck = f"{unit.text} - {meaning[unit.sign]}", False
    elif (last := _LAST.search(unit.text)) is not None:
        sign = last[0].lstrip(" :=|>–-\t")
        unit.text = unit.text[: last.end() - len(sign)] + meaning.get(sign, sign)


def _by_colour(found: list[Unit]) -> list[Unit]:
    if not any(unit.colour for unit in found):
        return found
    keys = [legend(unit.text) for unit in found]
    meaning = {name: words for key in keys for name, words in key.items()}
    if not meaning:
        return found
    for unit in found:
        words = meaning.get(name_of(unit.colour), "") if unit.colour else ""
        if words:
            unit.text = f"{unit.text} - {words}"
            unit.cells = (*unit.cells, words) if unit.cells else ()
            unit.shape = Shape.ITEM if unit.shape is Shape.TEXT else unit.shape
    return [unit for unit, key in zip(found, keys, strict=True) if not key]
