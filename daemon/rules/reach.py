"""Which URLs a match speaks of: those its sentence names, those listed under it, or all of them."""

from __future__ import annotations

from daemon.message.message import Mark
from daemon.rules.apart import told_apart
from daemon.rules.denial import denied
from daemon.rules.lexicon import Span
from daemon.rules.verdict import CLOSING, ON_A_URL
from daemon.rules.views import Mail, Match, View
from daemon.rules.whose import SIGNS

_NAMING = frozenset({Mark.URL, Mark.ITEM})
_MARK_CHARS = frozenset(mark.value for mark in Mark) | frozenset(SIGNS)


def scope(mail: Mail, match: Match) -> tuple[tuple[str, ...], bool]:
    """Return the URLs that a match speaks of, and whether they are named."""
    if match.ready.rule.means not in ON_A_URL:
        return (), False
    view, closes = match.view, match.ready.rule.means in CLOSING
    names = _named(mail, match)
    if names:
        return names, True
    if closes and (view.sentence.ambiguous or _speaks_of_others(view)):
        mail.doubts.add("ambiguous_address" if view.sentence.ambiguous else "item_not_named")
        return (), False
    if len(mail.targets) == 1:
        return mail.targets, True
    if not closes or view.sentence.every or match.ready.rule.about == "every_url":
        return mail.targets, False
    return (), False


def _named(mail: Mail, match: Match) -> tuple[str, ...]:
    view = match.view
    own = _without_others(mail, match, _of_clause(mail, match) or view.sentence.names)
    below = [name for child in mail.children.get(view.sentence.number, ()) for name in child.sentence.names]
    if own or below:
        return tuple(dict.fromkeys((*own, *below)))
    for number in view.sentence.under:
        above = mail.by_number.get(number)
        if above is not None and above.sentence.names:
            return above.sentence.names
    return ()


def _without_others(mail: Mail, match: Match, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the URLs that a closing speaks of, without those of which the sentence says something apart."""
    view = match.view
    if match.ready.rule.means not in CLOSING or len(names) < 2:
        return names
    apart = told_apart(mail.clauses(view, match.languages), view.text, match.whole)
    lost = {name for span in apart for name in _named_within(view, span)}
    return tuple(name for name in names if name not in lost)


def _of_clause(mail: Mail, match: Match) -> tuple[str, ...]:
    """The URLs named in the clause of the match, where several things are said in one sentence.

    A clause that names none speaks of what the part of the sentence up to the next semicolon names.
    """
    view = match.view
    if not view.sentence.marks or len(view.sentence.marks) != len(view.sentence.stands_for):
        return ()
    part = _part(view.text, match.whole)
    if not _is_mixed(mail, match):
        return _named_within(view, part)
    known = frozenset(language for each in view.matches for language in each.languages)
    clause = mail.clauses(view, match.languages or known).around(match.whole)
    return _named_within(view, clause) or _named_within(view, part)


def _is_mixed(mail: Mail, match: Match) -> bool:
    """Tell whether a sentence says several things, or denies some part of what it names."""
    view = match.view
    if len({each.ready.rule.means for each in view.matches} & set(ON_A_URL)) > 1:
        return True
    whole = (0, len(view.text))
    return match.ready.rule.means in CLOSING and denied(mail, view, whole, match.languages) is not None


def _speaks_of_others(view: View) -> bool:
    """Tell whether the sentence names a URL or item that is none of ours."""
    return any(mark in _NAMING for mark, _ in view.sentence.marks)


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
