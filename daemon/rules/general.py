# ruff: noqa: E501, SIM905 - word lists read best as words
"""What is said of a whole kind of thing is a policy, and what is left blank no answer: neither says what became of a URL."""

from __future__ import annotations

import re
from collections.abc import Collection

_PRESENT = {
    "en": re.compile(r" (?:is|are|gets|get|goes|go|stands|stand) (?!(?:now|gone|already) )"),
    "fr": re.compile(r" (?:est|sont) (?!(?:déjà|maintenant|désormais) )"),
    "it": re.compile(r" (?:è|sono|viene|vengono) (?!(?:già|ora|stat[oaie]) )"),
}
_KINDS = {
    "en": frozenset(
        """illegal unlawful illicit violating infringing offending prohibited forbidden banned harmful abusive criminal disallowed
        objectionable inappropriate unacceptable problematic confirmed verified actionable such noncompliant""".split()
    ),
    "fr": frozenset(
        "illicite illicites illégal illégale illégaux illégales interdit interdits interdite interdites tel tels telle telles inapproprié inappropriés".split()
    ),
    "it": frozenset(
        "illecito illeciti illecita illecite illegale illegali vietato vietati vietata vietate simili tali".split()
    ),
}
_ONE = {  # who says one of these speaks of something that both know
    "en": frozenset(
        """the this that these those your our my its his her their all both each every reported mentioned listed flagged notified
        said concerned relevant respective corresponding you we i they it above below attached remaining other""".split()
    ),
    "fr": frozenset(
        "ce cet cette ces votre vos le la deux trois signalé signalés signalée signalées mentionnés vous".split()
    ),
    "it": frozenset(
        "questo questa questi queste il la due tre segnalato segnalati segnalata segnalate vostro vostri".split()
    ),
}
_PART = re.compile(r"[,;:.!?|()]| (?:and|but|that|so|because|as|then|et|mais|que|donc|e|ma|che|quindi) ")
_BESIDE = re.compile(
    r" (?:with|of|on|in|at|from|for|by|containing|showing|under|within|about|sur|dans|de|chez|su|nel|nella|di) "
)
_BLANK = re.compile(r"[^:.!?]{0,80}: ?(?:[-–—_/*…]+ ?)+[.;,]? ?$")


def is_general(text: str, start: int, end: int, languages: Collection[str]) -> bool:
    """Tell whether folded ``text`` says between two places what always becomes of a kind of thing.

    What is spoken of has no article that points at it, is called by its kind ("illegal", "such"), and the verb stands in
    the present: "illegal content is removed".
    """
    known = [language for language in languages if language in _PRESENT]
    if not known:
        return False
    first = max((found.end() for found in _PART.finditer(text, 0, start)), default=0)
    return any(_is_of_a_kind(part, language) for part in _PART.split(text[first:end]) for language in known)


def is_left_blank(text: str, start: int) -> bool:
    """Tell whether a removal that starts at ``start`` only names a field with nothing in it: "Removed on: -"."""
    return _BLANK.match(text, start) is not None


def _is_of_a_kind(part: str, language: str) -> bool:
    said = f" {part.strip()} "
    verb = _PRESENT[language].search(said)
    if verb is None:
        return False
    spoken = said[: verb.start()]
    thing = _BESIDE.split(f"{spoken} ")[0].split()
    named = not thing or not _ONE[language].isdisjoint(thing) or not all(map(str.isalpha, thing))
    return not named and not _KINDS[language].isdisjoint(spoken.split())
