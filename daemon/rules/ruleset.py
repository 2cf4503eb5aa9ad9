"""A rule file made ready for judging: one RE2 Set as a prefilter, each candidate confirmed singly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import re2

from daemon.rulefile.blocks import Phrase, Rule, RuleFile
from daemon.rulefile.meanings import CLOSING
from daemon.rules.cancel import Cancellers
from daemon.rules.phrases import PhraseError, compile_regex, regex_of

_SENTINEL = r"(?s:.)"


@dataclass(frozen=True, slots=True)
class Ready:
    """One compiled phrase."""

    phrase: Phrase
    regex: re2._Regexp


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with everything compiled."""

    rule: Rule
    says: tuple[Ready, ...]
    and_says: tuple[Ready, ...]
    but_not: tuple[Ready, ...]
    pattern: Ready | None
    any_but_not: re2._Regexp | None = None  # all of ``but_not`` in one: most sentences hold none of them

    @property
    def closes(self) -> bool:
        return self.rule.means in CLOSING


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules that are not off.  ``owners[n]`` says which (rule, phrase) the Set's expression ``n`` is."""

    version: str
    rules: tuple[ReadyRule, ...]
    cancellers: Cancellers = field(repr=False)
    prefilter: re2.Set = field(repr=False)
    owners: tuple[tuple[int, int], ...] = field(repr=False)
    sentinel: int = -1
    always: frozenset[int] = frozenset()  # the rules that ask nothing of the mail

    def candidates(self, text: str) -> list[tuple[int, int]]:
        """Return (rule, phrase) of all phrases that may match folded ``text``; all of them if the Set gave up."""
        found = self.prefilter.Match(text) or ()
        if self.sentinel not in found and text:
            return list(self.owners)
        return sorted(self.owners[place] for place in found if place != self.sentinel)

    @property
    def without_words(self) -> tuple[int, ...]:
        """The rules to try on every mail: those with a pattern, or with facts only."""
        return tuple(place for place, ready in enumerate(self.rules) if ready.pattern or not ready.says)


def compile(file: RuleFile) -> RuleSet:  # noqa: A001 - the verb of the room: compile a rule file
    """Compile ``file``.  Phrases with a slip are left out: the checker tells of them and refuses such a file."""
    phrases = [each for rule in file.rules for each in rule.says]
    rules = tuple(_ready(rule) for rule in file.rules if rule.mode != "off")
    return _made(file.version, rules, Cancellers(file.words, phrases))


def only(ruleset: RuleSet, names: Collection[str]) -> RuleSet:
    """Return the set with the rules ``names`` only; what cancels stays the same."""
    rules = tuple(ready for ready in ruleset.rules if ready.rule.name in names)
    return _made(ruleset.version, rules, ruleset.cancellers)


def _made(version: str, rules: tuple[ReadyRule, ...], cancellers: Cancellers) -> RuleSet:
    options = re2.Options()
    options.max_mem = 256 << 20
    options.log_errors = False
    prefilter = re2.Set.SearchSet(options)
    owners = []
    for place, ready in enumerate(rules):
        for number, each in enumerate(ready.says):
            prefilter.Add(each.regex.pattern)
            owners.append((place, number))
    sentinel = prefilter.Add(_SENTINEL)
    prefilter.Compile()
    return RuleSet(version, rules, cancellers, prefilter, tuple(owners), sentinel, _always(rules))


def _always(rules: Sequence[ReadyRule]) -> frozenset[int]:
    asking = (place for place, ready in enumerate(rules) if _asks(ready.rule))
    return frozenset(range(len(rules))) - frozenset(asking)


def _asks(rule: Rule) -> bool:
    return bool(rule.only_for or rule.from_ or rule.mail_is)


def _ready(rule: Rule) -> ReadyRule:
    pattern = None
    if rule.pattern is not None:
        try:
            pattern = Ready(rule.pattern, pattern_regex(rule.pattern.text))
        except re2.error:
            pattern = None
    but_not = _compiled(rule.but_not)
    return ReadyRule(rule, _compiled(rule.says), _compiled(rule.and_says), but_not, pattern, _any_of(but_not))


def _any_of(phrases: Sequence[Ready]) -> re2._Regexp | None:
    """Compile ``phrases`` into one expression that tells whether any of them is found."""
    if len(phrases) < 2:
        return phrases[0].regex if phrases else None
    try:
        return compile_regex("|".join(f"(?:{each.regex.pattern})" for each in phrases))
    except re2.error:
        return None


def _compiled(phrases: Sequence[Phrase]) -> tuple[Ready, ...]:
    found = []
    for phrase in phrases:
        try:
            found.append(Ready(phrase, compile_regex(regex_of(phrase))))
        except (PhraseError, re2.error):
            continue
    return tuple(found)


def pattern_regex(text: str) -> re2._Regexp:
    """Compile a ``pattern``: RE2, case makes no difference, ``<url>`` and its kin stand for the marks."""
    from daemon.message.message import Mark

    for mark in Mark:
        text = text.replace(f"<{mark.name.lower()}>", mark.value)
    return compile_regex(f"(?i:{text})")
