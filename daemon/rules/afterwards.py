"""What other sentences make of a removal: whose words it is among, and whether a later one takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from daemon.message.message import Sentence
from daemon.rules.company import begins
from daemon.rules.others import hands_over, quoted
from daemon.rules.views import Mail, View
from daemon.rules.wordwise import Stand

_SAYS_LESS = frozenset({"limit", "hearsay"})


def takes_back(mail: Mail, view: View, states: bool) -> bool:
    """Tell whether a sentence takes back what others state: "It was restored.", "This is for Norway only." """
    if view.sentence.struck or view.sentence.subject:
        return False
    languages = mail.ruleset.cancellers.languages("", view.text)
    clauses = mail.clauses(view, languages)
    words = clauses.words
    if not states and any(kind in _SAYS_LESS for kind, _, _ in words) and _points_back(mail, view, languages):
        return True
    if any(kind == "presence" and not clauses.asks_for(start) for kind, start, _ in words):
        return True
    denied = {len(clauses.text[:end].rstrip()) for kind, _, end in words if kind == "negation"}
    back = [one for kind, *one in words if kind == "reversal" and len(clauses.text[: one[0]].rstrip()) not in denied]
    perhaps = [(start, end) for kind, start, end in words if kind == "condition"]  # "if he comes back"
    return any(
        all(one <= start and end <= last for start, end in perhaps) and not clauses.asks_for(one) for one, last in back
    )


def _points_back(mail: Mail, view: View, languages: frozenset[str]) -> bool:
    """Tell whether a sentence begins with words like "this only", and goes on about what was said before it."""
    canceller = mail.ruleset.cancellers.of(languages)
    return any(
        (found := each.ready.search(view.text)) is not None and begins(canceller, view.text, found.start)
        for each in canceller.lexicon.of("pointer", view.text, languages)
    )


def tell_others_words(mail: Mail, sentences: Sequence[Sentence]) -> None:
    """Note in the views what others are quoted to have said, in quotation marks or behind an introduction."""
    marked = quoted(sentences)
    handed = False
    for view in mail.by_number.values():
        view.others += [(0, len(view.text))] if handed else marked.get(view.sentence.number, [])
        handed = handed or hands_over(view.sentence, _introductions(mail, view))


def _introductions(mail: Mail, view: View) -> Iterator[Stand]:
    languages = mail.ruleset.cancellers.languages("", view.text)
    for each in mail.ruleset.cancellers.of(languages).lexicon.of("introduction", view.text, languages):
        if (found := each.ready.search(view.text)) is not None:
            yield found
