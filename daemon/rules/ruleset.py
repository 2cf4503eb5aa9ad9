"""A rule file made ready for judging: an index of words tells which phrases may stand in a text; each is then tried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import re2

from daemon.rulefile.blocks import Rule, RuleFile
from daemon.rulefile.meanings import CLOSING, Meaning
from daemon.rules.cancel import Cancellers, Clauses
from daemon.rules.index import Index
from daemon.rules.likeness import Likeness, learned
from daemon.rules.phrases import compile_regex
from daemon.rules.ready import Ready, made_ready
from daemon.rules.uncollected import uncollected

_ANSWERS = frozenset(
    {
        Meaning.REFUSED, Meaning.INFO_NEEDED, Meaning.NOT_HOSTED, Meaning.PENDING, Meaning.ACKNOWLEDGED,
        Meaning.WRONG_CHANNEL, Meaning.CONTACT_CHANGE, Meaning.PERSON, Meaning.PARTIAL, *CLOSING,
    }
)  # fmt: skip
_OTHERWISE = frozenset(
    {
        Meaning.UNRELATED, Meaning.ONBOARDING, Meaning.CONTACT_CHANGE, Meaning.WRONG_CHANNEL, Meaning.ACKNOWLEDGED,
        Meaning.PERSON,
    }
)  # fmt: skip
_SHORT, _MOST = 400, 4096  # characters of a sentence that is remembered, and how many are


@dataclass(frozen=True, slots=True)
class Found:
    """Where a phrase stands in a text, whatever the mail: ``place`` is its rule's, ``languages`` what it may be in."""

    place: int
    line: int
    whole: tuple[int, int]
    literals: tuple[tuple[int, int], ...]
    languages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a text, whatever the mail: its phrases, and what was asked by language and by rule."""

    found: tuple[Found, ...] = ()
    clauses: dict[frozenset[str], Clauses] = field(default_factory=dict, repr=False)
    exceptions: dict[str, tuple[Ready, ...]] = field(default_factory=dict, repr=False)
    things: dict[tuple[object, ...], bool] = field(default_factory=dict, repr=False)  # whether a match speaks of one


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with everything compiled."""

    rule: Rule
    says: tuple[Ready, ...]
    and_says: tuple[Ready, ...]
    but_not: tuple[Ready, ...]
    pattern: Ready | None
    exceptions: Index = field(default_factory=lambda: Index(()), repr=False)  # of ``but_not``
    like: tuple[ReadyRule, ...] = field(default=(), repr=False)  # the rules of ``but_not_of``

    @property
    def closes(self) -> bool:
        return self.rule.means in CLOSING

    def but_not_in(self, text: str) -> Iterator[Ready]:
        """Yield the phrases of ``but_not`` that may stand in folded ``text``."""
        for rule in (self, *self.like):
            yield from (rule.but_not[number] for number in rule.exceptions.candidates(text) if rule.but_not)


class Patterns:
    """All patterns in one RE2 set, which tells in one step which of them may match."""

    def __init__(self, patterns: Sequence[Ready]) -> None:
        options = re2.Options()
        options.max_mem = 64 << 20
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        self._numbers = [self._set.Add(each.expression) for each in patterns]
        self._sentinel = self._set.Add(r"(?s:.)")
        self._set.Compile()

    def matching(self, text: str) -> Sequence[int]:
        """Return the places of the patterns that may match ``text``: all if the set gave up, without its sentinel."""
        found = self._set.Match(text) or ()
        if self._sentinel not in found:
            return range(len(self._numbers))
        return [place for place, number in enumerate(self._numbers) if number in found] if len(found) > 1 else ()


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules that are not off.  ``owners[n]`` says which (rule, phrase) the phrase ``n`` of the index is."""

    version: str
    rules: tuple[ReadyRule, ...]
    cancellers: Cancellers = field(repr=False)
    index: Index = field(repr=False)
    owners: tuple[tuple[int, int], ...] = field(repr=False)
    always: frozenset[int] = frozenset()  # the rules that ask nothing of the mail
    likeness: dict[bool, Likeness] = field(default_factory=dict, repr=False, compare=False)
    asking: tuple[int, ...] = ()  # all others
    without_words: tuple[int, ...] = ()  # to be tried on every mail: those with a pattern, or with facts only
    patterned: tuple[int, ...] = ()  # of these, the rules with a pattern
    patterns: Patterns = field(default_factory=lambda: Patterns(()), repr=False)  # theirs
    by_name: Mapping[str, Rule] = field(default_factory=dict, repr=False)
    silencing: tuple[Rule, ...] = ()  # those that stand instead of others
    met: dict[str, Told] = field(default_factory=dict, repr=False, compare=False)

    def remember(self, text: str, told: Told) -> None:
        """Keep what is known of folded ``text``: support desks write the same sentences again and again."""
        if len(text) <= _SHORT:
            if len(self.met) >= _MOST:
                self.met.clear()
            self.met[text] = told

    def candidates(self, text: str) -> list[tuple[int, int]]:
        """Return (rule, phrase) of all phrases that may match folded ``text``, in order."""
        return [self.owners[number] for number in self.index.candidates(text)]

    def most_like(self, texts: Iterable[str], answers: bool) -> Meaning | None:
        """Return the meaning whose examples ``texts`` are most like, as an answer to a notice or as any other mail."""
        if answers not in self.likeness:  # learned when it is first asked for
            self.likeness[answers] = learned((each.rule for each in self.rules), _ANSWERS if answers else _OTHERWISE)
        return self.likeness[answers].most_like(texts)


@uncollected()
def compile(file: RuleFile) -> RuleSet:  # noqa: A001 - the verb of the room: compile a rule file
    """Compile ``file``.  Phrases with a slip are left out: the checker tells of them and refuses such a file."""
    phrases = [each for rule in file.rules for each in rule.says]
    made = {rule.name: _ready(rule) for rule in file.rules}
    rules = tuple(_like(made[rule.name], made) for rule in file.rules if rule.mode != "off")
    return _made(file.version, rules, Cancellers(file.words, phrases))


def only(ruleset: RuleSet, names: Collection[str]) -> RuleSet:
    """Return the set with the rules ``names`` only; what cancels stays the same."""
    rules = tuple(ready for ready in ruleset.rules if ready.rule.name in names)
    return _made(ruleset.version, rules, ruleset.cancellers)


def _made(version: str, rules: tuple[ReadyRule, ...], cancellers: Cancellers) -> RuleSet:
    owners = tuple((place, number) for place, ready in enumerate(rules) for number in range(len(ready.says)))
    index = _index([rules[place].says[number] for place, number in owners])
    asking = tuple(place for place, ready in enumerate(rules) if _asks(ready.rule))
    return RuleSet(
        version,
        rules,
        cancellers,
        index,
        owners,
        always=frozenset(range(len(rules))) - frozenset(asking),
        asking=asking,
        without_words=tuple(place for place, ready in enumerate(rules) if ready.pattern or not ready.says),
        patterned=tuple(place for place, ready in enumerate(rules) if ready.pattern),
        patterns=Patterns([ready.pattern for ready in rules if ready.pattern]),
        by_name={ready.rule.name: ready.rule for ready in rules},
        silencing=tuple(ready.rule for ready in rules if ready.rule.instead_of),
    )


def _index(phrases: Sequence[Ready]) -> Index:
    return Index([each.places for each in phrases])


def _asks(rule: Rule) -> bool:
    return bool(rule.only_for or rule.from_ or rule.mail_is)


def _ready(rule: Rule) -> ReadyRule:
    pattern = None
    if rule.pattern is not None:
        try:
            pattern = Ready(rule.pattern, pattern=pattern_regex(rule.pattern.text).pattern)
        except re2.error:
            pattern = None
    but_not = made_ready(rule.but_not)
    return ReadyRule(rule, made_ready(rule.says), made_ready(rule.and_says), but_not, pattern, _index(but_not))


def _like(ready: ReadyRule, made: Mapping[str, ReadyRule]) -> ReadyRule:
    like = tuple(made[name.text] for name in ready.rule.but_not_of if name.text in made)
    return replace(ready, like=like) if like else ready


def pattern_regex(text: str) -> re2._Regexp:
    """Compile a ``pattern``: RE2, case makes no difference, ``<url>`` and its kin stand for the marks."""
    from daemon.message.message import Mark

    for mark in Mark:
        text = text.replace(f"<{mark.name.lower()}>", mark.value)
    return compile_regex(f"(?i:{text})")
