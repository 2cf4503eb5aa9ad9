"""Finds what a sentence leaves out: "all but item 4", "tous sauf le n° 3", "除第2项外"."""

from __future__ import annotations

import re

from daemon.message.item_tokens import is_noun
from daemon.message.number_words import EXCEPT, EXCEPT_AFTER
from daemon.message.patterns import Wording

_EXCEPTION = Wording(*(re.escape(phrase) for phrase in EXCEPT), "除")
_ALL_BUT = re.compile(  # "everything on your list but number four"
    r"\b(?:all|everything|every|each|any|anything|both)\b[^.;:,\ue000-\ue00f]{0,40}?"
    r"\bbut (?:(?:for|the|number|no\.?|item|link|url|entry)\s+)*(?=[\ue000\ue001])"
)
_MARKS = re.compile("[\ue000-\ue00f]")
_NAMING = "\ue000\ue001"
_IDLE_BEFORE = (
    "al ",
    "por lo ",
    "pelo ",
    "ao ",
    "muito ",
    "mucho ",
    "más o ",
    "mais ou ",
    "au ",
)  # "al menos": at least
_REMOVING = frozenset("删刪削清移解消免拆撤扣剔去废排加切")  # with 除 they mean "to remove", "to add"
_REACH = 24  # characters between the word and what it leaves out
_REACH_BACK = 12
_BETWEEN = 10  # characters between two of them


def left_out(text: str) -> frozenset[int]:
    """Return the places among the marks of ``text`` that an exception leaves out; empty: there is none."""
    if _NAMING[0] not in text and _NAMING[1] not in text:
        return frozenset()
    low = text.lower()
    low = low if len(low) == len(text) else text
    but = _ALL_BUT.search(low)
    if but is None and not _EXCEPTION.holds(low):
        return frozenset()
    marks = [(found.start(), number) for number, found in enumerate(_MARKS.finditer(text))]
    naming = [(place, number) for place, number in marks if text[place] in _NAMING]
    if but is not None and (group := _behind(naming, but.end())):
        return frozenset(group)
    for phrase in EXCEPT:
        start = low.find(phrase)
        for _ in range(5):
            if start < 0:
                break
            if _stands_alone(low, start, phrase):
                group = _before(naming, low, start) if phrase in EXCEPT_AFTER else _behind(naming, start + len(phrase))
                if group:
                    return frozenset(group)
            start = low.find(phrase, start + 1)
    return frozenset(_chinese(low, naming))


def _stands_alone(low: str, start: int, phrase: str) -> bool:
    """Return whether a phrase stands as words of its own and means what it says."""
    before = low[max(0, start - 8) : start]
    if phrase[0] > "\u2e80":
        return phrase[0] != "除" or before[-1:] not in _REMOVING
    end = start + len(phrase.rstrip())
    return not before[-1:].isalpha() and not low[end : end + 1].isalpha() and not before.endswith(_IDLE_BEFORE)


def _behind(naming: list[tuple[int, int]], end: int) -> list[int]:
    """Return the marks that follow an exception, as far as they form one list."""
    group: list[int] = []
    last = end
    for place, number in naming:
        if place < end:
            continue
        if place - last > (_BETWEEN if group else _REACH):
            break
        group.append(number)
        last = place
    return group


def _before(naming: list[tuple[int, int]], low: str, start: int) -> list[int]:
    """Return the marks that an exception follows, as far as they form one list."""
    group: list[int] = []
    last = start
    for place, number in reversed(naming):
        if place > start:
            continue
        if last - place > (_BETWEEN if group else _REACH_BACK) and not _are_nouns(low[place + 1 : last]):
            break
        group.append(number)
        last = place
    return group


def _are_nouns(text: str) -> bool:
    """Return whether nothing but item words stand between: "number 3 link except"."""
    return len(text) <= _REACH and bool(text.split()) and all(is_noun(word) for word in text.split())


def _chinese(low: str, naming: list[tuple[int, int]]) -> list[int]:
    """Read 除 ... 外 around marks."""
    for found in re.finditer("除", low):
        start = found.start()
        if low[start - 1 : start] in _REMOVING and start:
            continue
        outside = low.find("外", start, start + 40)
        group = [number for place, number in naming if start < place < outside]
        if group:
            return group
    return []
