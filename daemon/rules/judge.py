"""Judges a mail by rules: which phrases match, what cancels them, which URLs they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cache
from types import ModuleType

from daemon.message.message import Mark, Sentence, Shape
from daemon.registry import modules
from daemon.rules.apart import told_apart
from daemon.rules.cancel import Cancelled, Clauses
from daemon.rules.company import begins, has_subject, is_bare
from daemon.rules.fold import fold
from daemon.rules.lexicon import Span
from daemon.rules.mail import MailFacts
from daemon.rules.others import hands_over, quoted
from daemon.rules.ready import Ready
from daemon.rules.ruleset import Found, ReadyRule, RuleSet
from daemon.rules.settle import settle
from daemon.rules.silence import alone, silence
from daemon.rules.verdict import CLOSING, ON_A_URL, Hit, Meaning, Verdict
from daemon.rules.whose import SIGNS, Places
from daemon.rules.wordwise import Stand

_NAMING = frozenset({Mark.URL, Mark.ITEM})
_MATCHES_A_SENTENCE = 4  # of one phrase: a bound, not a wish


@dataclass(slots=True)
class View:
    """A sentence while it is judged."""

    sentence: Sentence
    text: str = field(repr=False)  # folded
    clauses: dict[frozenset[str], Clauses] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    others: list[Span] = field(default_factory=list)  # what another is quoted to have said

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


def judge(ruleset: RuleSet, sentences: Sequence[Sentence], targets: Sequence[str], facts: MailFacts) -> Verdict:
    """Judge ``sentences`` about the URLs ``targets`` (as ``Sentence.names`` writes them)."""
    places = Places(facts.domain, facts.familiar, targets)
    views = [View(sentence, fold(places.told_apart(sentence))) for sentence in sentences]
    allowed = ruleset.always.union(place for place in ruleset.asking if applies(ruleset.rules[place], facts))
    _match(ruleset, views, allowed)
    mail = _Mail(ruleset, views, tuple(targets))
    mail.tell_others_words(sentences)
    hits = [hit for view in views for match in view.matches for hit in mail.hits(match)]
    hits += [
        mail.hit_of_facts(ruleset.rules[place]) for place in ruleset.without_words if _by_facts(ruleset, place, allowed)
    ]
    hits = alone(ruleset, silence(ruleset, hits), mail.targets)
    stated = {hit.sentence for hit in hits if hit.meaning in CLOSING and not hit.cancelled}
    after = [view for view in views if stated and view.sentence.number > min(stated)]
    if any(mail.takes_back(view, view.sentence.number in stated) for view in after):
        mail.doubts.add("unclear_claim")
    verdict = settle(ruleset, hits, mail.targets, mail.doubts)
    if any(not hit.cancelled for hit in hits):
        return verdict
    return replace(verdict, like=ruleset.most_like(_body(views), answers=bool(targets)))


def _body(views: Sequence[View]) -> Iterator[str]:
    return (view.text for view in views if not view.sentence.subject)


def applies(ready: ReadyRule, facts: MailFacts) -> bool:
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


def _by_facts(ruleset: RuleSet, place: int, allowed: AbstractSet[int]) -> bool:
    ready = ruleset.rules[place]
    return place in allowed and not ready.says and ready.pattern is None


def _match(ruleset: RuleSet, views: Sequence[View], allowed: AbstractSet[int]) -> None:
    """Put every match of every allowed rule into the views."""
    patterns = [
        ready for place in ruleset.without_words if place in allowed and (ready := ruleset.rules[place]).pattern
    ]
    for view in views:
        for found in _found(ruleset, view.text):
            ready = ruleset.rules[found.place]
            if found.place in allowed and _may_stand(ready, view) and _is_spoken(ruleset, ready, found, view):
                view.matches.append(Match(ready, found.line, view, found.whole, found.literals, found.languages))
        for written in _written(view.sentence) if patterns else ():
            if ruleset.patterns.may_match(written):
                for ready in patterns:
                    _try_pattern(ruleset, ready, view, written)


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


def _found(ruleset: RuleSet, text: str) -> tuple[Found, ...]:
    """Find the phrases of all rules in folded ``text``."""
    found = ruleset.met.get(text)
    if found is None:
        found = tuple(one for place, number in ruleset.candidates(text) for one in _tried(ruleset, place, number, text))
        ruleset.remember(text, found)
    return found


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
    return ruleset.cancellers.languages(each.phrase.language, words) if ready.rule.means in _DENIABLE else frozenset()


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


class _Mail:
    """What is known of the whole mail while hits are made of matches."""

    def __init__(self, ruleset: RuleSet, views: Sequence[View], targets: tuple[str, ...]) -> None:
        self.ruleset = ruleset
        self.targets = targets
        self.doubts: set[str] = set()
        self.by_number = {view.sentence.number: view for view in views}
        self.children: dict[int, list[View]] = {}
        for view in views:
            for above in view.sentence.under:
                self.children.setdefault(above, []).append(view)

    def hits(self, match: Match) -> list[Hit]:
        """Return the hits of one match: live ones, and cancelled ones with what cancelled them."""
        rule = match.ready.rule
        sentence = match.view.sentence
        urls, named = self._scope(match)
        hit = Hit(rule.name, rule.means, match.line, sentence.number, urls, named)
        cancelled = self._cancelled(match)
        if cancelled is not None:
            return [replace(hit, cancelled=cancelled.kind, word=cancelled.word)]
        if rule.means not in CLOSING:
            return [hit]
        return self._without_denied_children(match, hit)

    def hit_of_facts(self, ready: ReadyRule) -> Hit:
        """A rule without words speaks of the whole mail."""
        reaches = ready.rule.means in ON_A_URL and (ready.rule.means not in CLOSING or ready.rule.about == "every_url")
        hit = Hit(ready.rule.name, ready.rule.means, ready.rule.line, -1, self.targets if reaches else ())
        return replace(hit, cancelled="watch") if ready.rule.mode == "watch" else hit

    def takes_back(self, view: View, states: bool) -> bool:
        """Tell whether a sentence takes back what others state: "It was restored.", "This is for Norway only." """
        if view.sentence.struck or view.sentence.subject:
            return False
        languages = self.ruleset.cancellers.languages("", view.text)
        clauses = self._clauses(view, languages)
        words = clauses.words
        if not states and any(kind in _SAYS_LESS for kind, _, _ in words) and self._points_back(view, languages):
            return True
        if any(kind == "presence" and not clauses.asks_for(start) for kind, start, _ in words):
            return True
        back = [(start, end) for kind, start, end in words if kind == "reversal"]
        perhaps = [(start, end) for kind, start, end in words if kind == "condition"]  # "if he comes back"
        return any(
            all(one <= start and end <= last for start, end in perhaps) and not clauses.asks_for(one)
            for one, last in back
        )

    def _points_back(self, view: View, languages: frozenset[str]) -> bool:
        """Tell whether a sentence begins with words like "this only", and goes on about what was said before it."""
        canceller = self.ruleset.cancellers.of(languages)
        return any(
            (found := each.ready.search(view.text)) is not None and begins(canceller, view.text, found.start)
            for each in canceller.lexicon.of("pointer", view.text, languages)
        )

    def tell_others_words(self, sentences: Sequence[Sentence]) -> None:
        """Note in the views what others are quoted to have said, in quotation marks or behind an introduction."""
        marked = quoted(sentences)
        handed = False
        for view in self.by_number.values():
            view.others += [(0, len(view.text))] if handed else marked.get(view.sentence.number, [])
            handed = handed or hands_over(view.sentence, self._introductions(view))

    def _introductions(self, view: View) -> Iterator[Stand]:
        languages = self.ruleset.cancellers.languages("", view.text)
        for each in self.ruleset.cancellers.of(languages).lexicon.of("introduction", view.text, languages):
            if (found := each.ready.search(view.text)) is not None:
                yield found

    def _scope(self, match: Match) -> tuple[tuple[str, ...], bool]:
        """Return the URLs that a match speaks of, and whether they are named."""
        if match.ready.rule.means not in ON_A_URL:
            return (), False
        view, closes = match.view, match.ready.rule.means in CLOSING
        names = self._named(match)
        if names:
            return names, True
        if closes and (view.sentence.ambiguous or self._speaks_of_others(view)):
            self.doubts.add("ambiguous_address" if view.sentence.ambiguous else "item_not_named")
            return (), False
        if len(self.targets) == 1:
            return self.targets, True
        if not closes or view.sentence.every or match.ready.rule.about == "every_url":
            return self.targets, False
        return (), False

    def _named(self, match: Match) -> tuple[str, ...]:
        view = match.view
        own = self._without_others(match, self._of_clause(match) or view.sentence.names)
        below = [name for child in self.children.get(view.sentence.number, ()) for name in child.sentence.names]
        if own or below:
            return tuple(dict.fromkeys((*own, *below)))
        for number in view.sentence.under:
            above = self.by_number.get(number)
            if above is not None and above.sentence.names:
                return above.sentence.names
        return ()

    def _without_others(self, match: Match, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the URLs that a closing speaks of, without those of which the sentence says something apart."""
        view = match.view
        if match.ready.rule.means not in CLOSING or len(names) < 2:
            return names
        apart = told_apart(self._clauses(view, match.languages), view.text, match.whole)
        lost = {name for span in apart for name in _named_within(view, span)}
        return tuple(name for name in names if name not in lost)

    def _of_clause(self, match: Match) -> tuple[str, ...]:
        """The URLs named in the clause of the match, where several things are said in one sentence.

        A clause that names none speaks of what the part of the sentence up to the next semicolon names.
        """
        view = match.view
        if len(view.sentence.marks) != len(view.sentence.stands_for):
            return ()
        part = _part(view.text, match.whole)
        if not self._is_mixed(match):
            return _named_within(view, part)
        known = frozenset(language for each in view.matches for language in each.languages)
        clause = self._clauses(view, match.languages or known).around(match.whole)
        return _named_within(view, clause) or _named_within(view, part)

    def _is_mixed(self, match: Match) -> bool:
        """Tell whether a sentence says several things, or denies some part of what it names."""
        view = match.view
        if len({each.ready.rule.means for each in view.matches} & set(ON_A_URL)) > 1:
            return True
        whole = (0, len(view.text))
        return match.ready.rule.means in CLOSING and self._denied(view, whole, match.languages) is not None

    def _speaks_of_others(self, view: View) -> bool:
        """Tell whether the sentence names a URL or item that is none of ours."""
        return any(mark in _NAMING for mark, _ in view.sentence.marks)

    def _clauses(self, view: View, languages: frozenset[str]) -> Clauses:
        if languages not in view.clauses:
            view.clauses[languages] = self.ruleset.cancellers.of(languages).clauses(view.text)
        return view.clauses[languages]

    def _cancelled(self, match: Match) -> Cancelled | None:
        ready, view = match.ready, match.view
        if view.sentence.struck:
            return Cancelled("struck", "")
        if (word := self._but_not(match)) is not None:
            return Cancelled("but_not", word)
        if ready.closes and any(first <= match.whole[0] and match.whole[1] <= last for first, last in view.others):
            return Cancelled("hearsay", "")
        if ready.closes and (lesser := self._is_said_less(match)) is not None:
            return Cancelled("instead_of", lesser)
        if ready.rule.means in _STATES:
            cancelled = self._denied(view, match.whole, match.languages, _NOT_FOR_STATES)
            if cancelled is not None:
                return cancelled
        if ready.rule.means in CLOSING:
            cancelled = self._denied(view, match.whole, match.languages) or self._denied_above(match)
            if cancelled is not None:
                return cancelled
        if ready.rule.means in CLOSING and not self._speaks_of_a_thing(match):
            return Cancelled("subject", "")
        return Cancelled("watch", "") if ready.rule.mode == "watch" else None

    def _is_said_less(self, match: Match) -> str | None:
        """Return a rule of a partial measure that takes in the verb of a removal: "the account was suspended"."""
        names = {name.text for name in match.ready.rule.instead_of}
        first, last = match.literals[-1] if match.literals else match.whole
        for other in match.view.matches:
            rule = other.ready.rule
            inside = any(start <= first and last <= end for start, end in other.literals)
            if inside and rule.means is Meaning.PARTIAL and rule.name in names and self._cancelled(other) is None:
                return rule.name
        return None

    def _speaks_of_a_thing(self, match: Match) -> bool:
        text, cancellers = match.view.text, self.ruleset.cancellers
        narrowed = match.languages & cancellers.languages("", text)
        canceller = cancellers.of(narrowed or match.languages)
        clauses = self._clauses(match.view, match.languages)
        removed = match.ready.rule.means is Meaning.REMOVED
        if not removed and not canceller.knows_fillers:
            return True
        if match.ready.rule.bare:
            return is_bare(canceller, clauses, text, match.whole)
        where = not removed and not self._is_an_act(match)
        return has_subject(canceller, clauses, text, match.whole, match.literals, where=where)

    def _is_an_act(self, match: Match) -> bool:
        """Tell whether somebody is said to have removed something: then it must be named, its place will not do."""
        first, last = match.literals[-1] if match.literals else match.whole
        return any(
            other.ready.rule.means is Meaning.REMOVED and other.literals and first < other.literals[-1][1] <= last
            for other in match.view.matches
        )

    def _but_not(self, match: Match) -> str | None:
        """Return the words of ``but_not`` in the sentence; for a closing, what starts in or ends its part of it."""
        ready, view = match.ready, match.view
        if not ready.but_not and not ready.like:
            return None
        start, end = 0, len(view.text)
        if ready.closes:
            start, end = self._clauses(view, match.languages).around(match.whole)
        text = view.text[start:]
        for other in ready.but_not_in(text):
            spoken = other.phrase.language in match.languages or other.phrase.language in {"", "any"}
            found = other.search(text) if spoken or not match.languages else None
            if found is not None and found.start <= end - start:
                return text[found.start : found.end].strip()
        return None

    def _denied(
        self, view: View, whole: Span, languages: frozenset[str], skip: frozenset[str] = frozenset()
    ) -> Cancelled | None:
        if view.sentence.question:
            return Cancelled("question", "?")
        canceller = self.ruleset.cancellers.of(languages)
        if view.sentence.names:
            skip = skip | {"exception"}
        return canceller.find(
            self._clauses(view, languages),
            whole,
            view.own_words(_DENIABLE if skip >= _NOT_FOR_STATES else CLOSING),
            skip,
        )

    def _denied_above(self, match: Match) -> Cancelled | None:
        """A heading that denies, asks or reports takes the effect of what stands under it."""
        for number in match.view.sentence.under:
            above = self.by_number.get(number)
            if above is not None:
                found = self._denied(above, (0, len(above.text)), match.languages, skip=_NOT_FROM_ABOVE)
                if found is not None:
                    return found
        return None

    def _without_denied_children(self, match: Match, hit: Hit) -> list[Hit]:
        """Take from a heading's hit the list items that hold a denial of their own."""
        lost: dict[str, Cancelled] = {}
        for child in self.children.get(match.view.sentence.number, ()):
            struck = Cancelled("struck", "") if child.sentence.struck else None
            if found := struck or self._denied(child, (0, len(child.text)), match.languages):
                lost.update(dict.fromkeys(child.sentence.names, found))
        if not lost:
            return [hit]
        kept = tuple(url for url in hit.urls if url not in lost)
        gone = [replace(hit, urls=(url,), cancelled=each.kind, word=each.word) for url, each in lost.items()]
        return [replace(hit, urls=kept), *gone] if kept else gone


def _part(text: str, whole: Span) -> Span:
    """The part of a sentence between semicolons in which a match stands."""
    start, end = text.rfind(";", 0, whole[0] + 1), text.find(";", whole[1])
    return start + 1, end if end >= 0 else len(text)


def _named_within(view: View, span: Span) -> tuple[str, ...]:
    """The URLs that the marks within ``span`` stand for, without what the sentence leaves out."""
    before = sum(char in _MARK_CHARS for char in view.text[: span[0]])
    inside = sum(char in _MARK_CHARS for char in view.text[span[0] : span[1]])
    found = (name for names in view.sentence.stands_for[before : before + inside] for name in names)
    named = frozenset(view.sentence.names)
    return tuple(dict.fromkeys(name for name in found if name in named))


# a partial measure that is planned, asked for or conditional is none yet
_STATES = frozenset({Meaning.PARTIAL, Meaning.BACK_ONLINE})
_DENIABLE = CLOSING | _STATES
_NOT_FOR_STATES = frozenset({"limit", "exception", "hearsay", "presence"})
_SAYS_LESS = frozenset({"limit", "hearsay"})
_NOT_FROM_ABOVE = frozenset({"hedge", "guess", "limit"})
_MARK_CHARS = frozenset(mark.value for mark in Mark) | frozenset(SIGNS)


def live(hits: Iterable[Hit]) -> list[Hit]:
    return [hit for hit in hits if not hit.cancelled]
