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
_NEVER = r"[^\s\S]"
_SHORT, _MOST = 400, 4096  # characters of a sentence that is remembered, and how many are


@dataclass(frozen=True, slots=True)
class Ready:
    """One phrase ready to be tried; compiled when the prefilter first names it, since most are never met."""

    phrase: Phrase
    expression: str = field(repr=False)
    compiled: list[re2._Regexp] = field(default_factory=list, repr=False, compare=False)

    @property
    def regex(self) -> re2._Regexp:
        if not self.compiled:
            try:
                self.compiled.append(compile_regex(self.expression))
            except re2.error:  # too large: as if it were left out
                self.compiled.append(compile_regex(_NEVER))
        return self.compiled[0]


@dataclass(frozen=True, slots=True)
class Found:
    """Where a phrase stands in a text, whatever the mail: ``place`` is its rule's, ``languages`` what it may be in."""

    place: int
    line: int
    whole: tuple[int, int]
    literals: tuple[tuple[int, int], ...]
    languages: frozenset[str]


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
    met: dict[str, tuple[Found, ...]] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, text: str, found: tuple[Found, ...]) -> None:
        """Keep what stands in folded ``text``: support desks write the same sentences again and again."""
        if len(text) <= _SHORT:
            if len(self.met) >= _MOST:
                self.met.clear()
            self.met[text] = found

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
            _add(prefilter, each.expression)
            owners.append((place, number))
    sentinel = prefilter.Add(_SENTINEL)
    prefilter.Compile()
    return RuleSet(version, rules, cancellers, prefilter, tuple(owners), sentinel, _always(rules))


def _add(prefilter: re2.Set, expression: str) -> None:
    try:
        prefilter.Add(expression)
    except re2.error:  # the places of the others must not shift
        prefilter.Add(_NEVER)


def _always(rules: Sequence[ReadyRule]) -> frozenset[int]:
    asking = (place for place, ready in enumerate(rules) if _asks(ready.rule))
    return frozenset(range(len(rules))) - frozenset(asking)


def _asks(rule: Rule) -> bool:
    return bool(rule.only_for or rule.from_ or rule.mail_is)


def _ready(rule: Rule) -> ReadyRule:
    pattern = None
    if rule.pattern is not None:
        try:
            pattern = Ready(rule.pattern, pattern_regex(rule.pattern.text).pattern)
        except re2.error:
            pattern = None
    but_not = _compiled(rule.but_not)
    return ReadyRule(rule, _compiled(rule.says), _compiled(rule.and_says), but_not, pattern, _any_of(but_not))


def _any_of(phrases: Sequence[Ready]) -> re2._Regexp | None:
    """Compile ``phrases`` into one expression that tells whether any of them is found."""
    if len(phrases) < 2:
        return phrases[0].regex if phrases else None
    try:
        return compile_regex("|".join(f"(?:{each.expression})" for each in phrases))
    except re2.error:
        return None


def _compiled(phrases: Sequence[Phrase]) -> tuple[Ready, ...]:
    found = []
    for phrase in phrases:
        try:
            found.append(Ready(phrase, regex_of(phrase)))
        except PhraseError:
            continue
    return tuple(found)


def pattern_regex(text: str) -> re2._Regexp:
    """Compile a ``pattern``: RE2, case makes no difference, ``<url>`` and its kin stand for the marks."""
    from daemon.message.message import Mark

    for mark in Mark:
        text = text.replace(f"<{mark.name.lower()}>", mark.value)
    return compile_regex(f"(?i:{text})")
