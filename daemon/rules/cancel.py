"""What takes the effect of a closing phrase away: hedges, negations, hearsay, conditions, questions, exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import re2

from daemon.rulefile.blocks import Phrase, Words
from daemon.rules.fold import CJK, MARKS
from daemon.rules.phrases import PhraseError, compile_regex, to_regex

Span = tuple[int, int]
SENTENCE_WIDE = ("hearsay", "condition", "question")
_ALWAYS_ENDS = re.compile(rf" [;.] | , (?=[{CJK}])|(?<=[{CJK}]) , ")
_MARK_BEFORE = re.compile(rf"[{MARKS}0-9] ?$")
_MARK_AFTER = re.compile(rf" ?[{MARKS}0-9]")


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

    def around(self, span: Span) -> Span:
        """Return the stretch from the clause that ``span`` starts in to the end of the one it ends in."""
        start = max((place for place in self.starts if place <= span[0]), default=0)
        end = min((place for place in self.starts if place >= span[1] - 1), default=len(self.text))
        return start, end


@dataclass(frozen=True, slots=True)
class Canceller:
    """The cancelling words of all languages, one expression per kind."""

    kinds: tuple[tuple[str, re2._Regexp | None], ...]
    harmless: re2._Regexp | None
    borders: re2._Regexp | None

    def clauses(self, text: str) -> Clauses:
        """Find the clauses of folded ``text``: they end at ";", at a full stop, and before words like "and"."""
        masked = text
        starts = [found.end() - 1 for found in _ALWAYS_ENDS.finditer(text)]
        for first, last in [_trim(text, found) for found in _overlapping(self.harmless, text)]:
            masked = masked[:first] + "\x00" * (last - first) + masked[last:]
            if text[:first].endswith(", "):
                starts.append(first - 1)
        starts += [first for first, last in _overlapping(self.borders, masked) if not _joins_marks(text, first, last)]
        return Clauses(masked, tuple(sorted(starts)))

    def find(self, clauses: Clauses, whole: Span, literals: Sequence[Span], skip: str = "") -> Cancelled | None:
        """Return what cancels a phrase that spans ``whole``; words within ``literals`` are the phrases' own."""
        inner = clauses.around(whole)
        for kind, words in self.kinds:
            if kind == skip:
                continue
            start, end = (0, len(clauses.text)) if kind in SENTENCE_WIDE else inner
            for found in _overlapping(words, clauses.text):
                first, last = _trim(clauses.text, found)
                if first >= start and last <= end and not any(a <= first and last <= b for a, b in literals):
                    return Cancelled(kind, clauses.text[first:last])
        return None


def canceller(words: Words) -> Canceller:
    """Compile the word lists; phrases that break the signs' rules are left out (the checker tells of them)."""
    kinds = (
        ("question", words.questions),
        ("hearsay", words.hearsay),
        ("condition", words.conditions),
        ("negation", words.negations),
        ("hedge", words.hedges),
        ("exception", words.exceptions),
    )
    return Canceller(
        tuple((kind, _either(phrases)) for kind, phrases in kinds), _either(words.harmless), _either(words.clauses)
    )


def _either(phrases: Sequence[Phrase]) -> re2._Regexp | None:
    parts = []
    for phrase in phrases:
        try:
            parts.append(to_regex(phrase.text))
        except PhraseError:
            continue
    unique = sorted(
        dict.fromkeys(parts), key=lambda each: (-len(each), each)
    )  # the longest first: "not only" before "not"
    return compile_regex("|".join(f"(?:{part})" for part in unique)) if unique else None


def _overlapping(words: re2._Regexp | None, text: str) -> Iterator[Span]:
    """All matches, also those that share the blank between two words."""
    at = 0
    while words is not None and at < len(text) and (found := words.search(text, at)) is not None:
        yield found.span()
        at = max(found.end() - 1, at + 1)


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    return start, end


def _joins_marks(text: str, first: int, last: int) -> bool:
    """Tell whether the word at ``first`` only joins two marks, as in "2 and 3"."""
    return bool(_MARK_BEFORE.search(text[: first + 1]) and _MARK_AFTER.match(text[last - 1 :]))
