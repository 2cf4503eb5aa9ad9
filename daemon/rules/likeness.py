"""Tells which meaning's examples a mail is most like, word by word: for mail in which no phrase was found.

Every rule's examples are counted once (naive Bayes, smoothed towards how common a word is in all examples), so that
an example that staff add sharpens this as well.  Nothing may be closed on it, and nobody is spared reading the mail.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from daemon.rulefile.blocks import Rule
from daemon.rules import specimen
from daemon.rules.fold import CJK, MARKS, fold
from daemon.rules.verdict import Meaning
from daemon.rules.whose import Places

_WORDS = re.compile(rf"[{MARKS}]|[^\W_][\w']*|\?")
_UNSPACED = re.compile(rf"[{CJK}]")
_STEM = 5  # letters that words of one stem share in most languages
_PULL = 3.0  # how many examples' weight the commonness of a word has
_FEWEST = 2  # known words; of one nothing can be told
_LEAD = 0.5  # by which the likeliest must be ahead of the next (natural logarithm)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Per word, how much it speaks for each of ``meanings``."""

    meanings: tuple[Meaning, ...]
    weights: Mapping[str, tuple[float, ...]] = field(repr=False)

    def most_like(self, texts: Iterable[str]) -> Meaning | None:
        """Return the meaning that folded ``texts`` are most like together; None if nothing stands out."""
        known = {word for text in texts for word in words(text)} & self.weights.keys()
        if len(known) < _FEWEST:
            return None
        sums = [sum(column) for column in zip(*(self.weights[word] for word in sorted(known)), strict=True)]
        ranked = sorted(zip(sums, self.meanings, strict=True), reverse=True)
        if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEAD:
            return None
        return ranked[0][1]


def learned(rules: Iterable[Rule], meanings: frozenset[Meaning]) -> Likeness:
    """Learn from the examples of ``rules`` that have one of ``meanings``."""
    counts: dict[Meaning, Counter[str]] = defaultdict(Counter)
    examples: Counter[Meaning] = Counter()
    for rule in rules:
        for text in rule.examples if rule.means in meanings else ():
            counts[rule.means].update(set(words(_folded(text.text))))
            examples[rule.means] += 1
    return _weighed(counts, examples)


def _weighed(counts: Mapping[Meaning, Counter[str]], examples: Mapping[Meaning, int]) -> Likeness:
    total, common = sum(examples.values()), sum(counts.values(), Counter[str]())
    meanings = tuple(sorted(examples))
    weights = {}
    for word, number in common.items():
        share = number / total
        weights[word] = tuple(
            math.log((counts[each][word] + _PULL * share) / (examples[each] + _PULL) / share) for each in meanings
        )
    return Likeness(meanings, weights)


def _folded(text: str) -> str:
    sentence, targets = specimen.example(text)
    return fold(Places(specimen.SENDER, (), targets).told_apart(sentence))


def words(text: str) -> Iterator[str]:
    """Yield the words of folded ``text``, their stems, and pairs of letters where words stand without blanks."""
    for word in _WORDS.findall(text):
        if _UNSPACED.search(word):
            yield from (word[place : place + 2] for place in range(max(1, len(word) - 1)))
            continue
        yield word
        if len(word) > _STEM:
            yield word[:_STEM] + "-"
