"""What takes the effect of a closing phrase away: hedges, negations, hearsay, conditions, questions, exceptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from daemon.rulefile.blocks import Phrase, Words
from daemon.rules.fold import CJK, MARKS, fold
from daemon.rules.lexicon import ANY, Entry, Lexicon, Span, overlapping, trim

SENTENCE_WIDE = ("hearsay", "condition", "question", "reversal", "presence")
_MOST_KNOWN = 10_000
_WORD = re.compile(r"[^\W_][\w']*")
_ALWAYS_ENDS = re.compile(rf" [;.] | , (?=[{CJK}])|(?<=[{CJK}]) , ")
_MARK_BEFORE = re.compile(rf"[{MARKS}0-9] ?$")
_MARK_AFTER = re.compile(rf" ?[{MARKS}0-9]")
_RUN = re.compile(f"[{CJK}]")
_NAMES = re.compile(f"[{MARKS}]")
_UNSAYS = frozenset({"question", "condition", "negation", "guess", "hedge"})
_OF_ITS_ITEM = frozenset(
    {"condition", "reversal", "presence"}
)  # "1 is gone, 2 stays up": what is said of 2 does not touch 1
_NEXT_MARK = re.compile(rf"(?<=[^{MARKS}0-9]) ,(?= (?:the )?#?[{MARKS}])")  # "..., 4: not ours", but not "1, 2 and 3"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Which kind of word cancels, and the word."""

    kind: str
    word: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Clauses:
    """A folded sentence with its harmless words blanked out, and the places at which its clauses start."""

    text: str = field(repr=False)
    starts: tuple[int, ...]
    words: tuple[tuple[str, int, int], ...]  # every cancelling word: kind, start, end; by kind, in order
    asking: tuple[int, ...] = ()  # the ends of harmless words that end in a condition

    def states(self, span: Span) -> bool:
        """Tell whether what stands at ``span`` is said as a fact: nothing denies, plans or asks it."""
        start, end = self.around(span)
        if "\x00" in self.text[start:end]:
            return False
        return not any(
            kind in _UNSAYS
            and (first >= start and last <= end if kind not in SENTENCE_WIDE else self._leads(first, span))
            for kind, first, last in self.words
        )

    def _leads(self, place: int, span: Span) -> bool:
        """Tell whether a question or condition at ``place`` reaches ``span``; in Han and Hangul from behind, too."""
        return place < span[1] or bool(_RUN.search(self.text))

    def asks_for(self, place: int) -> bool:
        """Tell whether harmless words with a condition lead to ``place``: "let us know if it is still there"."""
        before = self.text[:place].rstrip()
        return any(end == len(before) for end in self.asking)

    def names_apart(self, start: int, place: int) -> bool:
        """Tell whether the clause at ``start`` and the later one around ``place`` each name items of their own."""
        other = self.around((place, place + 1))
        return all(_NAMES.search(self.text[one:end]) for one, end in ((self.around((start, start + 1))), other))

    def told_apart(self, before: int, after: int) -> bool:
        """Tell whether a semicolon parts two places, and each part names items of its own."""
        border = self.text.find(" ; ", before, after + 2)
        return border >= 0 and all(_NAMES.search(part) for part in (self.text[:border], self.text[border:]))

    def around(self, span: Span) -> Span:
        """Return the stretch from the clause that ``span`` starts in to the end of the one it ends in."""
        start = max((place for place in self.starts if place <= span[0]), default=0)
        end = min((place for place in self.starts if place >= span[1] - 1), default=len(self.text))
        return start, end


@dataclass(frozen=True, slots=True)
class Canceller:
    """The cancelling words of some languages."""

    lexicon: Lexicon
    languages: frozenset[str]

    @property
    def knows_fillers(self) -> bool:
        """Whether all these languages tell words that name nothing from others."""
        return self.languages <= self.lexicon.with_fillers

    def clauses(self, text: str) -> Clauses:
        """Find the clauses of folded ``text``: they end at ";", at a full stop, and before words like "and"."""
        lists: dict[str, list[Entry]] = {}
        for each in self.lexicon.entries(text):
            if each.language in self.languages or each.language in ANY:
                lists.setdefault(each.kind, []).append(each)
        masked = text
        starts = [found.end() - 1 for found in _ALWAYS_ENDS.finditer(text)]
        starts += [found.end() for found in _NEXT_MARK.finditer(text)]
        conditions = {last for _, last in (trim(text, each) for each in overlapping(lists.get("condition", ()), text))}
        asking: list[int] = []
        for first, last in _harmless(lists, text):
            asking += [last] if last in conditions else []
            masked = masked[:first] + "\x00" * (last - first) + masked[last:]
            if text[:first].endswith(", "):
                starts.append(first - 1)
        starts += [
            first for first, last in overlapping(lists.get("border", ()), masked) if not _joins_marks(text, first, last)
        ]
        words = [
            (kind, *trim(masked, found))
            for kind in _KINDS
            for found in overlapping(lists.get(kind, ()), masked)
            if not _joins_marks(masked, *found)
        ]
        found = Clauses(masked, tuple(sorted(starts)), tuple(words), tuple(asking))
        there = [trim(masked, each) for each in overlapping(lists.get("presence", ()), masked)]
        stated = [("presence", *each) for each in there if found.states(each)]
        return replace(found, words=(*found.words, *stated)) if stated else found

    def find(
        self, clauses: Clauses, whole: Span, literals: Sequence[Span], skip: frozenset[str] = frozenset()
    ) -> Cancelled | None:
        """Return what cancels a phrase that spans ``whole``; words within ``literals`` are the phrases' own."""
        start, end = clauses.around(whole)
        for kind, first, last in clauses.words:
            apart = kind in _OF_ITS_ITEM and first > end and clauses.names_apart(start, first)
            apart = apart or (kind == "reversal" and last <= start and clauses.told_apart(last, start))
            near = (kind in SENTENCE_WIDE and not apart) or (first >= start and last <= end)
            near = near or (kind == "exception" and last > start and first <= end + 1)  # "all but", "..., but not"
            if near and kind not in skip and not any(a <= first and last <= b for a, b in literals):
                return Cancelled(kind, clauses.text[first:last])
        return None


class Cancellers:
    """The cancelling words by language.

    A word of one language may be another one in the next ("of" is Dutch for "or"), so a phrase is only cancelled by
    words of the languages that it may be in: those that know most of its words.
    """

    def __init__(self, words: Words, phrases: Sequence[Phrase]) -> None:
        self._lexicon = Lexicon(words)
        self._made: dict[frozenset[str], Canceller] = {}
        self._known: dict[tuple[str, str], frozenset[str]] = {}
        lists = [
            words.hedges,
            words.guesses,
            words.limits,
            words.negations,
            words.hearsay,
            words.reversals,
            words.conditions,
            words.questions,
        ]
        self._languages = frozenset(phrase.language for found in lists for phrase in found) - ANY
        self._spoken_in: dict[str, set[str]] = {}
        for phrase in [*phrases, *(each for found in lists for each in found)]:
            for word in _WORD.findall(fold(phrase.text)) if phrase.language in self._languages else ():
                self._spoken_in.setdefault(word, set()).add(phrase.language)

    def languages(self, language: str, text: str) -> frozenset[str]:
        """Return the languages that a phrase labelled ``language`` and found as folded ``text`` may be in."""
        key = (language, text)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._guessed(language, text)
        return self._known[key]

    def _guessed(self, language: str, text: str) -> frozenset[str]:
        """Work out the languages that a phrase labelled ``language`` and found as folded ``text`` may be in."""
        found = {word for word in _WORD.findall(text) if not word.isdigit()}
        shared = Counter(each for word in found for each in self._spoken_in.get(word, ()))
        most = max(shared.values(), default=0)
        fitting = {each for each, number in shared.items() if number == most}
        if language:
            fitting.add(language)
        return frozenset(fitting) & self._languages or self._languages

    def of(self, languages: frozenset[str]) -> Canceller:
        """Return the words of ``languages`` (and of no language) ready for use."""
        if languages not in self._made:
            self._made[languages] = Canceller(self._lexicon, languages)
        return self._made[languages]


def _harmless(lists: Mapping[str, Sequence[Entry]], text: str) -> list[Span]:
    """Return where words stand that only look like cancelling ones, but for what is part of a longer such phrase."""
    found = [trim(text, each) for each in overlapping(lists.get("harmless", ()), text)]
    if not found:
        return []
    whole = [
        stretch
        for kind in _TAKING_BACK
        for each in lists.get(kind, ())
        if (match := each.ready.search(text)) is not None and not match.gaps
        for stretch in [trim(text, (match.start, match.end))]
    ]
    return [(a, b) for a, b in found if not any(c <= a and b <= d and d - c > b - a for c, d in whole)]


_TAKING_BACK = ("reversal", "hearsay")
_KINDS = ("question", "hearsay", "condition", "negation", "reversal", "guess", "hedge", "limit", "exception")


def _joins_marks(text: str, first: int, last: int) -> bool:
    """Tell whether the word at ``first`` only joins two marks, as in "2 and 3"."""
    return bool(_MARK_BEFORE.search(text[: first + 1]) and _MARK_AFTER.match(text[last - 1 :]))
