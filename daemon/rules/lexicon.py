"""The word lists of the rule file, made ready, and where their phrases stand in a folded text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from daemon.rulefile.blocks import Words
from daemon.rules.index import Index
from daemon.rules.ready import Ready, made_ready
from daemon.rules.wordwise import Stand

Span = tuple[int, int]
ANY = frozenset({"", "any"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase of a word list."""

    kind: str
    language: str
    ready: Ready = field(repr=False)

    @property
    def rank(self) -> tuple[int, str]:
        """Its place among those that start at the same word: the longest first, "not only" before "not"."""
        return -len(self.ready.expression), self.ready.expression


class Lexicon:
    """The word lists of all languages behind one index, so that a sentence is looked up once."""

    def __init__(self, words: Words) -> None:
        self._entries = tuple(_entries(words))
        self._index = Index([each.ready.places for each in self._entries])
        self._last: tuple[str, tuple[Entry, ...]] = ("", ())
        self.with_subjects = self._languages_with("subject")
        self.with_fillers = self._languages_with("filler")
        self.with_places = self._languages_with("place")

    def _languages_with(self, kind: str) -> frozenset[str]:
        return frozenset(each.language for each in self._entries if each.kind == kind) - ANY

    def entries(self, text: str) -> tuple[Entry, ...]:
        """Return the phrases of all lists that may stand in folded ``text``; the last answer is remembered."""
        if self._last[0] != text:
            self._last = text, tuple(self._entries[number] for number in self._index.candidates(text))
        return self._last[1]

    def of(self, kind: str, text: str, languages: frozenset[str]) -> Iterator[Entry]:
        """Yield the phrases of one list that may stand in folded ``text``, in ``languages`` or in none."""
        spoken = languages | ANY
        return (each for each in self.entries(text) if each.kind == kind and each.language in spoken)


def _entries(words: Words) -> Iterator[Entry]:
    """Make the word lists ready; phrases that break the signs' rules are left out (the checker tells of them)."""
    lists = {
        "question": words.questions,
        "hearsay": words.hearsay,
        "condition": words.conditions,
        "reversal": words.reversals,
        "negation": words.negations,
        "guess": words.guesses,
        "hedge": words.hedges,
        "limit": words.limits,
        "presence": words.presence,
        "place": words.places,
        "introduction": words.introductions,
        "pointer": words.pointers,
        "exception": words.exceptions,
        "harmless": words.harmless,
        "border": words.clauses,
        "subject": words.subjects,
        "filler": words.fillers,
    }
    for kind, phrases in lists.items():
        for ready in made_ready(phrases):
            yield Entry(kind, ready.phrase.language, ready)


def overlapping(entries: Iterable[Entry], text: str) -> Iterator[Span]:
    """All matches, also those that share the blank between two words; of those that start alike, the first by rank."""
    found = [(each, match) for each in entries if (match := each.ready.search(text)) is not None]
    at = 0
    while found and at < len(text):
        nearest = _nearest(found)
        yield nearest.start, nearest.end
        at = max(nearest.end - 1, at + 1)
        again = ((each, match if match.start >= at else each.ready.search(text, at)) for each, match in found)
        found = [(each, match) for each, match in again if match is not None]


def _nearest(found: Sequence[tuple[Entry, Stand]]) -> Stand:
    """Return the match that starts first, of several that do the one whose phrase has the first rank."""
    if len(found) == 1:
        return found[0][1]
    start = min(match.start for _, match in found)
    first = [pair for pair in found if pair[1].start == start]
    return first[0][1] if len(first) == 1 else min(first, key=lambda pair: pair[0].rank)[1]


def trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end
