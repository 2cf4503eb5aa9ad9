"""What is known of a mail while it is judged: its sentences as they are matched, and how they hang together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from daemon.message.message import Sentence
from daemon.rules.cancel import Clauses
from daemon.rules.lexicon import Span
from daemon.rules.ready import Ready
from daemon.rules.ruleset import ReadyRule, RuleSet, Told
from daemon.rules.verdict import Meaning


@dataclass(slots=True)
class View:
    """A sentence while it is judged."""

    sentence: Sentence
    text: str = field(repr=False)  # folded
    told: Told = field(default_factory=Told, repr=False)
    matches: list[Match] = field(default_factory=list)
    others: list[Span] = field(default_factory=list)  # what another is quoted to have said

    def exceptions(self, ready: ReadyRule) -> tuple[Ready, ...]:
        """The phrases of a rule's ``but_not`` that may stand here."""
        known, name = self.told.exceptions, ready.rule.name
        if name not in known:
            known[name] = tuple(ready.but_not_in(self.text))
        return known[name]

    def own_words(self, means: frozenset[Meaning]) -> list[Span]:
        """The words of all phrases of these meanings found here: their own negation negates none of them."""
        return [span for match in self.matches if match.ready.rule.means in means for span in match.literals]


@dataclass(frozen=True, slots=True)
class Match:
    """One phrase found in one sentence."""

    ready: ReadyRule
    line: int
    view: View = field(repr=False)
    whole: Span
    literals: tuple[Span, ...]
    languages: frozenset[str] = frozenset()


class Mail:
    """What is known of the whole mail while hits are made of matches."""

    def __init__(
        self, ruleset: RuleSet, views: Sequence[View], targets: tuple[str, ...], own_names: frozenset[str] = frozenset()
    ) -> None:
        self.ruleset = ruleset
        self.targets = targets
        self.own_names = own_names  # what the sender calls itself, in lower case
        self.doubts: set[str] = set()
        self.by_number = {view.sentence.number: view for view in views}
        self.children: dict[int, list[View]] = {}
        for view in views:
            for above in view.sentence.under:
                self.children.setdefault(above, []).append(view)

    def clauses(self, view: View, languages: frozenset[str]) -> Clauses:
        """Return the clauses of a sentence, as words of ``languages`` part it; each is worked out once."""
        known = view.told.clauses
        if languages not in known:
            known[languages] = self.ruleset.cancellers.of(languages).clauses(view.text)
        return known[languages]
