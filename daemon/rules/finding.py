"""Finds the phrases of all rules in the sentences of a mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from types import ModuleType

from daemon.message.message import Sentence, Shape
from daemon.registry import modules
from daemon.rules.lexicon import Span
from daemon.rules.mail import MailFacts
from daemon.rules.ready import Ready
from daemon.rules.ruleset import Found, ReadyRule, RuleSet, Told
from daemon.rules.verdict import DENIABLE
from daemon.rules.views import Match, View
from daemon.rules.wordwise import Stand

_MATCHES_A_SENTENCE = 4  # of one phrase: a bound, not a wish


def allowed(ruleset: RuleSet, facts: MailFacts) -> frozenset[int]:
    """Return the places of the rules that may speak in a mail of these facts."""
    return ruleset.always.union(place for place in ruleset.asking if _applies(ruleset.rules[place], facts))


def by_facts(ruleset: RuleSet, places: AbstractSet[int]) -> list[ReadyRule]:
    """Return the rules among ``places`` that need no words."""
    found = (ruleset.rules[place] for place in ruleset.without_words if place in places)
    return [ready for ready in found if not ready.says and ready.pattern is None]


def _applies(ready: ReadyRule, facts: MailFacts) -> bool:
    """Tell whether ``from``, ``only_for`` and ``mail_is`` of a rule fit the mail."""
    rule = ready.rule
    if rule.only_for and facts.esp not in rule.only_for:
        return False
    if rule.from_ and not any(_is_from(facts, allowed) for allowed in rule.from_):
        return False
    return all(name in _facts() and _facts()[name].holds(facts) for name in rule.mail_is)


def _is_from(facts: MailFacts, allowed: str) -> bool:
    if "@" in allowed:
        return facts.sender.lower() == allowed
    return facts.domain == allowed or facts.domain.endswith(f".{allowed}")


@cache
def _facts() -> dict[str, ModuleType]:
    return modules("daemon.rules.facts")


def match(ruleset: RuleSet, views: Sequence[View], places: AbstractSet[int]) -> None:
    """Put every match of every allowed rule into the views."""
    for view in views:
        view.told = _told(ruleset, view.text)
        for found in view.told.found:
            ready = ruleset.rules[found.place]
            if found.place in places and _may_stand(ready, view) and _is_spoken(ruleset, ready, found, view):
                view.matches.append(Match(ready, found.line, view, found.whole, found.literals, found.languages))
        for written in _written(view.sentence) if ruleset.patterned else ():
            for number in ruleset.patterns.matching(written):
                if (place := ruleset.patterned[number]) in places:
                    _try_pattern(ruleset, ruleset.rules[place], view, written)


def _written(sentence: Sentence) -> tuple[str, ...]:
    """Return what a ``pattern`` is tried on: the sentence as written; a row, and each of its cells."""
    whole = " ".join(sentence.text.split())
    if sentence.shape is not Shape.ROW or not whole:
        return (whole,) if whole else ()
    return (whole, *(cell.strip() for cell in whole.split("|") if cell.strip()))


def _may_stand(ready: ReadyRule, view: View) -> bool:
    where = ready.rule.where
    return where == "anywhere" or (where == "subject") == view.sentence.subject


def _is_spoken(ruleset: RuleSet, ready: ReadyRule, found: Found, view: View) -> bool:
    """Tell whether a bare word is of a language that the sentence may be in: "no" denies in one and not in the next."""
    return not ready.rule.bare or not found.languages.isdisjoint(ruleset.cancellers.languages("", view.text))


def _told(ruleset: RuleSet, text: str) -> Told:
    """Find the phrases of all rules in folded ``text``."""
    told = ruleset.met.get(text)
    if told is None:
        told = Told(tuple(one for each in ruleset.candidates(text) for one in _tried(ruleset, *each, text)))
        ruleset.remember(text, told)
    return told


def _tried(ruleset: RuleSet, place: int, number: int, text: str) -> Iterator[Found]:
    """Yield where one phrase stands in ``text``."""
    ready = ruleset.rules[place]
    each, at = ready.says[number], 0
    for _ in range(_MATCHES_A_SENTENCE):
        found = each.search(text, at)
        if found is None or (at == 0 and not _goes_with(ready, text)):
            return
        literals = _literals(found, text)
        words = " ".join(text[start:end] for start, end in literals)
        languages = _languages(ruleset, ready, each, words)
        yield Found(place, each.phrase.line, _trimmed(text, (found.start, found.end)), literals, languages)
        at = max(found.end - 1, at + 1)


def _goes_with(ready: ReadyRule, text: str) -> bool:
    return not ready.and_says or any(other.search(text) for other in ready.and_says)


def _languages(ruleset: RuleSet, ready: ReadyRule, each: Ready, words: str) -> frozenset[str]:
    return ruleset.cancellers.languages(each.phrase.language, words) if ready.rule.means in DENIABLE else frozenset()


def _try_pattern(ruleset: RuleSet, ready: ReadyRule, view: View, text: str) -> None:
    """A ``pattern`` is tried on the sentence as written (``text``), and speaks of all of it."""
    each = ready.pattern
    if each is None or not _may_stand(ready, view):
        return
    at = 0
    for _ in range(_MATCHES_A_SENTENCE):
        found = each.search(text, at)
        if found is None or (at == 0 and not _goes_with(ready, view.text)):
            return
        languages = _languages(ruleset, ready, each, view.text)
        view.matches.append(Match(ready, each.phrase.line, view, (0, len(view.text)), (), languages))
        at = max(found.end - 1, at + 1)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span
    return start + (text[start : start + 1] == " "), end - (text[end - 1 : end] == " ")


def _literals(found: Stand, text: str) -> tuple[Span, ...]:
    """The stretches of a match that are the phrase's own words, without what ``...`` let through."""
    start, end = _trimmed(text, (found.start, found.end))
    spans = []
    for first, last in found.gaps:
        if first < last:
            spans.append((start, first))
            start = last
    return (*spans, (start, end))
