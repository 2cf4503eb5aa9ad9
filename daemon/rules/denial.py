"""What cancels a match: a denial, another's words, an exception of its rule, or nothing that it could speak of."""

from __future__ import annotations

from dataclasses import replace

from daemon.rules.cancel import Cancelled
from daemon.rules.company import has_subject, is_bare, is_from_elsewhere
from daemon.rules.general import is_general, is_left_blank
from daemon.rules.lexicon import Span
from daemon.rules.verdict import CLOSING, DENIABLE, STATES, Hit, Meaning
from daemon.rules.views import Mail, Match, View

_NOT_FOR_STATES = frozenset({"limit", "exception", "hearsay", "presence"})
_ELSEWHERE = frozenset({Meaning.NOT_HOSTED})  # "not hosted by us any more, we deleted it" denies no deletion
_NOT_FROM_ABOVE = frozenset({"hedge", "guess", "limit"})


def cancelled_by(mail: Mail, match: Match) -> Cancelled | None:
    """Return what takes the effect of a match away."""
    ready, view = match.ready, match.view
    if view.sentence.struck:
        return Cancelled("struck", "")
    if (word := _but_not(mail, match)) is not None:
        return Cancelled("but_not", word)
    if ready.closes and any(first <= match.whole[0] and match.whole[1] <= last for first, last in view.others):
        return Cancelled("hearsay", "")
    if ready.closes and (lesser := _is_said_less(mail, match)) is not None:
        return Cancelled("instead_of", lesser)
    if ready.rule.means in STATES:
        cancelled = denied(mail, view, match.whole, match.languages, _NOT_FOR_STATES)
        if cancelled is not None:
            return cancelled
    if ready.rule.means in CLOSING:
        cancelled = denied(mail, view, match.whole, match.languages) or _denied_above(mail, match)
        if cancelled is not None:
            return cancelled
    if ready.rule.means in CLOSING and not _speaks_of_a_thing(mail, match):
        return Cancelled("subject", "")
    if ready.rule.means is Meaning.REMOVED and _is_from_elsewhere(mail, match):
        return Cancelled("limit", "")
    if ready.rule.means in CLOSING and is_left_blank(view.text, match.whole[0]):
        return Cancelled("blank", "")
    if ready.rule.means in CLOSING and is_general(view.text, *match.whole, match.languages):
        return Cancelled("general", "")
    return Cancelled("watch", "") if ready.rule.mode == "watch" else None


def _is_said_less(mail: Mail, match: Match) -> str | None:
    """Return a rule of a partial measure that takes in the verb of a removal: "the account was suspended"."""
    names = {name.text for name in match.ready.rule.instead_of}
    first, last = match.literals[-1] if match.literals else match.whole
    for other in match.view.matches:
        rule = other.ready.rule
        inside = any(start <= first and last <= end for start, end in other.literals)
        if inside and rule.means is Meaning.PARTIAL and rule.name in names and cancelled_by(mail, other) is None:
            return rule.name
    return None


def _speaks_of_a_thing(mail: Mail, match: Match) -> bool:
    """Tell whether a removal speaks of something that can have been reported; of a sentence met before it is known."""
    where = match.ready.rule.means is not Meaning.REMOVED and not _is_an_act(match)
    known, asked = match.view.told.things, (match.ready.rule.name, match.whole, match.literals, match.languages, where)
    if asked not in known:
        known[asked] = _names_a_thing(mail, match, where)
    return known[asked]


def _names_a_thing(mail: Mail, match: Match, where: bool) -> bool:
    text, cancellers = match.view.text, mail.ruleset.cancellers
    narrowed = match.languages & cancellers.languages("", text)
    canceller = cancellers.of(narrowed or match.languages)
    clauses = mail.clauses(match.view, match.languages)
    removed = match.ready.rule.means is Meaning.REMOVED
    if not removed and not canceller.knows_fillers:
        return True
    if match.ready.rule.bare:
        return is_bare(canceller, clauses, text, match.whole)
    return has_subject(canceller, clauses, text, match.whole, match.literals, where=where)


def _is_from_elsewhere(mail: Mail, match: Match) -> bool:
    clauses = mail.clauses(match.view, match.languages)
    return is_from_elsewhere(
        mail.ruleset.cancellers.of(match.languages), clauses, match.view.text, match.whole, mail.own_names
    )


def _is_an_act(match: Match) -> bool:
    """Tell whether somebody is said to have removed something: then it must be named, its place will not do."""
    first, last = match.literals[-1] if match.literals else match.whole
    return any(
        other.ready.rule.means is Meaning.REMOVED and other.literals and first < other.literals[-1][1] <= last
        for other in match.view.matches
    )


def _but_not(mail: Mail, match: Match) -> str | None:
    """Return the words of ``but_not`` in the sentence; for a closing, what starts in or ends its part of it."""
    ready, view = match.ready, match.view
    exceptions = view.exceptions(ready)
    if not exceptions:
        return None
    start, end = 0, len(view.text)
    if ready.closes:
        start, end = mail.clauses(view, match.languages).around(match.whole)
    text = view.text[start:]
    for other in exceptions:
        spoken = other.phrase.language in match.languages or other.phrase.language in {"", "any"}
        found = other.search(text) if spoken or not match.languages else None
        if found is not None and found.start <= end - start:
            return text[found.start : found.end].strip()
    return None


def denied(
    mail: Mail, view: View, whole: Span, languages: frozenset[str], skip: frozenset[str] = frozenset()
) -> Cancelled | None:
    if view.sentence.question:
        return Cancelled("question", "?")
    canceller = mail.ruleset.cancellers.of(languages)
    if view.sentence.names:
        skip = skip | {"exception"}
    return canceller.find(
        mail.clauses(view, languages),
        whole,
        view.own_words(DENIABLE if skip >= _NOT_FOR_STATES else CLOSING | _ELSEWHERE),
        skip,
    )


def _denied_above(mail: Mail, match: Match) -> Cancelled | None:
    """A heading that denies, asks or reports takes the effect of what stands under it."""
    for number in match.view.sentence.under:
        above = mail.by_number.get(number)
        if above is not None:
            found = denied(mail, above, (0, len(above.text)), match.languages, skip=_NOT_FROM_ABOVE)
            if found is not None:
                return found
    return None


def without_denied_children(mail: Mail, match: Match, hit: Hit) -> list[Hit]:
    """Take from a heading's hit the list items that hold a denial of their own."""
    lost: dict[str, Cancelled] = {}
    for child in mail.children.get(match.view.sentence.number, ()):
        struck = Cancelled("struck", "") if child.sentence.struck else None
        if found := struck or denied(mail, child, (0, len(child.text)), match.languages):
            lost.update(dict.fromkeys(child.sentence.names, found))
    if not lost:
        return [hit]
    kept = tuple(url for url in hit.urls if url not in lost)
    gone = [replace(hit, urls=(url,), cancelled=each.kind, word=each.word) for url, each in lost.items()]
    return [replace(hit, urls=kept), *gone] if kept else gone
