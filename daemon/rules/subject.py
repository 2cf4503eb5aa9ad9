# ruff: noqa: E501, SIM905 - word lists read best as words
"""What a removal speaks of: the words around it, without what only stands beside ("in the store")."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from daemon.rules.lexicon import Span

_BESIDE: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """in on at of under from with behind for to about by within inside via through regarding concerning between near
        against into onto per during upon towards across around""".split()
    ),
}
TELLS_ASIDES = frozenset(_BESIDE)
_LEAD: Mapping[str, frozenset[str]] = {
    "en": frozenset(
        """the this that these those your our my its their his her all both each every any it they them everything i we
        a an who which and but so & plus is are was were has have had""".split()
    ),
}
# behind these a preposition leads on: "the removal of the page", "together with his posts", "all of them"
_RESUMES = frozenset(
    "removing deleting erasing purging unpublishing removal deletion takedown suspension termination deactivation suppression elimination erasure eradication together along access".split()
)
_GOES_ON = _RESUMES | frozenset("all both each every any none everything most some one half out rid".split())
_BECAME = frozenset({"is", "are", "was", "were", "'s"})
_MORE = frozenset(
    """now also already too both all below above there here concerned given sent found online shown told it its he she they we i you us me then
    since again just this that these those which who itself themselves today yesterday is are was were has have had and or
    mention report list refer describe flag cite quote name about one two three four five six seven eight nine ten traces instances
    occurrences following access writing referring talking asking""".split()
)
_ORIGIN = re.compile(" (?:from|off) (?!-|[0-9])")
_WORD = re.compile(r"\S+")
_ENDS_ORIGIN = (_BESIDE["en"] - {"of", "behind", "under"}) | frozenset(
    """and but or so because since while when where which who that as if unless after before once until till was were is are has have had today
    yesterday now already immediately permanently right this then also too together along prior following pursuant per due owing upon ahead shortly earlier ; , ( ) | : - . ! ?""".split()
)
_ENDS = frozenset(":;,-|()")


def without_asides(text: str, languages: Collection[str]) -> str:
    """Return folded ``text`` without what stands beside.

    What stands beside starts at a word like "in" and ends where the next statement is led in: "in short the page was".
    """
    beside = frozenset[str]().union(*(_BESIDE.get(each, frozenset()) for each in languages))
    lead = frozenset[str]().union(*(_LEAD.get(each, frozenset()) for each in languages))
    kept: list[str] = []
    earlier, inside = "", False
    for word in text.split():
        if word in beside and earlier not in _GOES_ON and not earlier.isdecimal():
            inside = True
        elif inside and (word in _ENDS or word in _RESUMES or (word in lead and earlier not in beside)):
            inside = False
        kept += [] if inside else [word]
        earlier = word
    return f" {' '.join(kept)} "


def origins(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield what follows "from" and "off" between two places of folded English text, as far as it speaks of one thing."""
    for found in _ORIGIN.finditer(text, start, end):
        first = last = found.end()
        for word in _WORD.finditer(text, first, end):
            if word[0] in _ENDS_ORIGIN:
                break
            last = word.end()
        yield first, last


def is_passive(phrase: str) -> bool:
    """Tell whether a removal says what became of what stands before it ("was deleted"), not what somebody did."""
    words = phrase.split()
    return bool(words) and (words[0] in _BECAME or "been" in words)


def starts_with_verb(phrase: str) -> bool:
    """Tell whether a phrase leaves out what it speaks of: "has been deleted", not "file was deleted"."""
    return phrase.split()[0] in _BECAME | {"has", "have", "had", "been", "got", "stands", "stand"}


def last_word(text: str) -> str:
    """Return the last word of what stands before a removal, empty if signs or nothing stand there."""
    word = (text.split() or [""])[-1]
    return word if word[-1:].isalpha() else ""


def says_more(word: str) -> bool:
    """Tell whether a word is no noun but tells more of the one before it: "the file you *reported*", "the images *below*"."""
    return word.endswith(("ed", "en", "ly")) or word in _MORE
