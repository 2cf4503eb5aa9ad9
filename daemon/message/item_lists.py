# ruff: noqa: SIM905 - word lists read best as words
"""Finds the numbers of a bare list: "Removed: 1, 2 and 4", "1 - removed, 2 - not ours", "1 and 2 are off"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue
from daemon.message.item_tokens import ARTICLES, TIMES, Tokens, is_noun, is_unit


def in_bare_list(tokens: Tokens, items: Catalogue) -> frozenset[int]:
    """Return the numbers of a bare list: "Removed: 1, 2 and 4", or "1 - removed, 2 - not ours"."""
    words_ = [token for token, _, _ in tokens[:400]]
    digits = [
        number
        for number, token in enumerate(words_)
        if token.isdecimal() and len(token) < 4 and int(token) in items.by_position
    ]
    if items.count < 2 or not digits:
        return frozenset()
    led = [number for number in digits if _is_led(words_, number)]
    if said := _said_of(words_, frozenset(digits)):
        return said.union(led)
    if led and (len(led) > 1 or (led[0] < 2 and len(words_) < 8)):
        return frozenset(led)
    if len(digits) < 2:
        return frozenset()
    if each := _each_said(words_, digits, items):
        return each
    first = digits[0]
    if first and words_[first - 1] in words.DEALT_WITH and _is_run(words_, digits):
        return frozenset(digits[:1])
    if first and words_[first - 1] in words.LISTED_UNDER and _is_run(words_, digits, ends=False):
        return frozenset(digits[:1])
    if (
        first
        and words_[first - 1] == ":"
        and all(
            number in digits or token in words.AND or token in words.RANGE or token in {",", ".", "#", ";", "/", "+"}
            for number, token in enumerate(words_[first:], first)
        )
    ):
        return frozenset(digits[:1])
    return frozenset()


def _is_run(tokens: Sequence[str], digits: Sequence[int], ends: bool = True) -> bool:
    """Return whether numbers form one ascending list, and end what is said: "removed 1, 2 and 3."."""
    between = {*words.AND, ",", "+", "#", "/"}
    values = [int(tokens[place]) for place in digits]
    inside = all(place in digits or tokens[place] in between for place in range(digits[0], digits[-1] + 1))
    after = tokens[digits[-1] + 1] if digits[-1] + 1 < len(tokens) else "."
    last = after in {".", ",", ";", "!", ")", "-"} if ends else not (is_unit(after) or after in TIMES)
    return inside and last and all(low < high for low, high in pairwise(values))


def _each_said(tokens: Sequence[str], digits: Sequence[int], items: Catalogue) -> frozenset[int]:
    """Return the numbers of a list that says a word of every item: "1 removed, 2 removed, 3 not ours"."""
    found = [
        place
        for place in digits
        if (place == 0 or tokens[place - 1] in {",", ";", "/", ":", "."})
        and place + 1 < len(tokens)
        and tokens[place + 1][:1].isalpha()
        and not (is_noun(tokens[place + 1]) or is_unit(tokens[place + 1]) or tokens[place + 1] in TIMES)
    ]
    values = [int(tokens[place]) for place in found]
    whole = values == sorted(items.by_position) and len(values) > 1
    return frozenset(found) if whole else frozenset()


def _said_of(tokens: Sequence[str], digits: frozenset[int]) -> frozenset[int]:
    """Return the numbers that begin a part which says something of them: "1 and 2 are off, 3 was already gone"."""
    found: set[int] = set()
    for start in sorted(digits):
        if start in found or not _begins_a_part(tokens, start, digits):
            continue
        run, place = [start], start + 1
        while place < len(tokens) and (place in digits or tokens[place] in words.AND or tokens[place] in _BETWEEN):
            run += [place] if place in digits else []
            place += 1
        verbs = words.SAID_OF_ONE if len(run) == 1 else words.SAID_OF_SEVERAL
        if place < len(tokens) and tokens[place] in verbs and tokens[place - 1] not in words.AND:
            found.update(run)
    return frozenset(found)


def _begins_a_part(tokens: Sequence[str], start: int, digits: frozenset[int]) -> bool:
    """Return whether a number begins what is said; with an article only beside other numbers, as it may be a day."""
    before = start - 1
    if before >= 0 and tokens[before] in ARTICLES and len(digits) > 1:
        before -= 1
    return before < 0 or tokens[before] in _LEADS_ON


_LEADS_ON = frozenset(
    ", ; . both all beide alle and but und aber et mais y pero e mas ma mentre en maar i a и а та але ve".split()
)
_BETWEEN = frozenset({",", "+", "&", "/", "t", "m", *words.RANGE}) - {""}


def _is_led(tokens: Sequence[str], number: int) -> bool:
    """Return whether a number begins a part "1 - removed" of a list."""
    before = tokens[number - 1] if number else ","
    after = tokens[number + 1] if number + 1 < len(tokens) else ""
    word = tokens[number + 2] if number + 2 < len(tokens) else ""
    return before in {",", ";", "#"} and after in {"-", "–", "—", ":", "="} and word[:1].isalpha()
