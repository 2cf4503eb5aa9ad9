"""Finds phrases that add nothing: another one of the same list already catches whatever they catch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from daemon.rulefile.blocks import WORD_LISTS, Phrase, RuleFile
from daemon.rulefile.meanings import CLOSING, Meaning
from daemon.rulefile.problem import Edit, Problem, Severity
from daemon.rules.covers import Road, covers, road, sample
from daemon.rules.index import Index
from daemon.rules.ready import Ready, made_ready

_DENIABLE = CLOSING | {Meaning.PARTIAL, Meaning.BACK_ONLINE}  # what surrounds a phrase may cancel it
_SAMPLES = 3
_NOT_PLAIN = frozenset(" ()（）<>…*'\"")


@dataclass(slots=True)
class _Item:
    """A phrase of a list, and the words of "a/b/c" that are left of it."""

    ready: Ready
    road: Road = field(repr=False)
    words: list[str] = field(repr=False)  # empty: not of this form

    @property
    def phrase(self) -> Phrase:
        return self.ready.phrase


def redundant(file: RuleFile, text: str) -> list[Problem]:
    """Return a warning for each phrase, or word of a phrase, of ``text`` that may go without any effect."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = [each for phrases in _lists(file) for each in _among(*phrases)]
    return sorted((_problem(*each, text, starts) for each in found), key=lambda each: each.rank)


def _lists(file: RuleFile) -> Iterator[tuple[Sequence[Phrase], bool, bool]]:
    """Yield phrases that mean the same, whether they must stand on the very same words, and whether to look at words.

    A phrase of ``says`` keeps its words: its example may need just the one that others have as well.
    """
    for key in WORD_LISTS:
        yield from ((phrases, True, True) for phrases in _by_language(getattr(file.words, key)))
    for rule in file.rules:
        whole = rule.means in _DENIABLE
        yield from ((phrases, whole, False) for phrases in _by_language(rule.says))
        yield from ((phrases, True, True) for phrases in (*_by_language(rule.but_not), *_by_language(rule.and_says)))


def _by_language(phrases: Sequence[Phrase]) -> Iterator[Sequence[Phrase]]:
    ordered = sorted(phrases, key=lambda each: each.language)
    for _, each in groupby(ordered, key=lambda each: each.language):
        yield tuple(each)


def _among(phrases: Sequence[Phrase], whole: bool, by_word: bool) -> Iterator[tuple[Phrase, Phrase, list[str]]]:
    """Yield (what adds nothing, the one that catches it, the words that stay) among the phrases of one list."""
    items = [_Item(one, made, _words(one.phrase)) for one in made_ready(phrases) if (made := road(one.phrase))]
    index = Index([each.ready.places for each in items])
    gone: set[int] = set()
    for number in sorted(range(len(items)), key=lambda place: (-len(items[place].phrase.text), -place)):
        wide = _wide(items, index, gone | {number}, items[number].road, whole)
        if wide is not None:
            gone.add(number)
            yield items[number].phrase, wide.phrase, []
    for number in sorted(set(range(len(items))) - gone, reverse=True) if by_word else ():
        yield from _fewer_words(items, index, gone | {number}, items[number], whole)


def _fewer_words(
    items: Sequence[_Item], index: Index, without: set[int], item: _Item, whole: bool
) -> Iterator[tuple[Phrase, Phrase, list[str]]]:
    """Take words from "a/b/c" that another phrase catches."""
    wide = None
    for word in tuple(item.words):
        made = road(replace(item.phrase, text=word))
        other = _wide(items, index, without, made, whole) if made is not None and len(item.words) > 1 else None
        if other is not None:
            wide = other
            item.words.remove(word)
    left = road(replace(item.phrase, text="/".join(item.words))) if wide is not None else None
    if wide is not None and left is not None:
        item.road = left
        yield item.phrase, wide.phrase, item.words


def _wide(items: Sequence[_Item], index: Index, without: set[int], narrow: Road, whole: bool) -> _Item | None:
    """Return one of ``items`` that covers ``narrow``; texts of it tell quickly which ones cannot."""
    texts = [sample(narrow, number) for number in range(_SAMPLES)]
    for number in index.candidates(texts[0]):
        item = items[number]
        likely = number not in without and all(item.ready.search(text) for text in texts)
        if likely and covers(item.road, narrow, whole):
            return item
    return None


def _words(phrase: Phrase) -> list[str]:
    plain = "/" in phrase.text and not _NOT_PLAIN.intersection(phrase.text)
    return phrase.text.split("/") if plain else []


def _problem(phrase: Phrase, wide: Phrase, words: Sequence[str], text: str, starts: Sequence[int]) -> Problem:
    at = starts[phrase.line - 1] + phrase.column - 1
    written = text.startswith(phrase.text, at)
    if words:
        lost = [word for word in phrase.text.split("/") if word not in words]
        named = ", ".join(f'"{word}"' for word in lost[:5]) + (" and others" if len(lost) > 5 else "")
        message = f"{named} add{'s' * (len(lost) == 1)} nothing: line {wide.line} has the same."
        edits = (Edit(at, at + len(phrase.text), "/".join(words)),) if written else ()
        fix = "Take them out." if len(lost) > 1 else "Take it out."
    else:
        message = f"This phrase adds nothing: the one in line {wide.line} catches whatever it catches."
        edits = (Edit(starts[phrase.line - 1], starts[phrase.line], ""),) if written else ()
        fix = "Take it out."
    width = max(1, min(len(phrase.text), 60))
    return Problem(phrase.line, phrase.column, "R310", message, fix, Severity.WARNING, width, edits)
