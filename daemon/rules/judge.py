"""Judges a mail by rules: which phrases match, what cancels them, which URLs they speak of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.message.message import Sentence
from daemon.rules.afterwards import takes_back, tell_others_words
from daemon.rules.denial import cancelled_by, without_denied_children
from daemon.rules.finding import allowed, by_facts, match
from daemon.rules.fold import fold
from daemon.rules.mail import MailFacts
from daemon.rules.reach import scope
from daemon.rules.ruleset import ReadyRule, RuleSet
from daemon.rules.settle import settle
from daemon.rules.silence import alone, silence
from daemon.rules.verdict import CLOSING, ON_A_URL, Hit, Verdict
from daemon.rules.views import Mail, Match, View
from daemon.rules.whose import Places


def judge(ruleset: RuleSet, sentences: Sequence[Sentence], targets: Sequence[str], facts: MailFacts) -> Verdict:
    """Judge ``sentences`` about the URLs ``targets`` (as ``Sentence.names`` writes them)."""
    places = Places(facts.domain, facts.familiar, targets)
    views = [View(sentence, fold(places.told_apart(sentence))) for sentence in sentences]
    places_of_rules = allowed(ruleset, facts)
    match(ruleset, views, places_of_rules)
    mail = Mail(ruleset, views, tuple(targets), facts.own_names | places.names())
    tell_others_words(mail, sentences)
    hits = [hit for view in views for each in view.matches for hit in _hits(mail, each)]
    hits += [_hit_of_facts(mail, ready) for ready in by_facts(ruleset, places_of_rules)]
    hits = alone(ruleset, silence(ruleset, hits), mail.targets)
    stated = {hit.sentence for hit in hits if hit.meaning in CLOSING and not hit.cancelled}
    after = [view for view in views if stated and view.sentence.number > min(stated)]
    if any(takes_back(mail, view, view.sentence.number in stated) for view in after):
        mail.doubts.add("unclear_claim")
    verdict = settle(ruleset, hits, mail.targets, mail.doubts)
    if any(not hit.cancelled for hit in hits):
        return verdict
    return replace(verdict, like=ruleset.most_like(_body(views), answers=bool(targets)))


def _body(views: Sequence[View]) -> Iterator[str]:
    return (view.text for view in views if not view.sentence.subject)


def _hits(mail: Mail, match: Match) -> list[Hit]:
    """Return the hits of one match: live ones, and cancelled ones with what cancelled them."""
    rule = match.ready.rule
    sentence = match.view.sentence
    urls, named = scope(mail, match)
    start = mail.clauses(match.view, match.languages).around(match.whole)[0] if rule.means in CLOSING else 0
    hit = Hit(rule.name, rule.means, match.line, sentence.number, urls, named, span=(start, match.whole[1]))
    cancelled = cancelled_by(mail, match)
    if cancelled is not None:
        return [replace(hit, cancelled=cancelled.kind, word=cancelled.word)]
    if rule.means not in CLOSING:
        return [hit]
    return without_denied_children(mail, match, hit)


def _hit_of_facts(mail: Mail, ready: ReadyRule) -> Hit:
    """A rule without words speaks of the whole mail."""
    reaches = ready.rule.means in ON_A_URL and (ready.rule.means not in CLOSING or ready.rule.about == "every_url")
    hit = Hit(ready.rule.name, ready.rule.means, ready.rule.line, -1, mail.targets if reaches else ())
    return replace(hit, cancelled="watch") if ready.rule.mode == "watch" else hit
