# ruff: noqa: E501 - patterns with the words of many languages
"""Puts a series of items into its plainest form: "image 1, image 2 and album 3 are" becomes "image 1, 2 and 3 are"."""

from __future__ import annotations

import re

from daemon.message.item_tokens import is_noun
from daemon.message.message import Mark
from daemon.message.number_words import AND

_MARK = f"[{Mark.URL.value}{Mark.ITEM.value}]"
_JOINT = rf"(?:,|&|\+|(?:, ?)?\b(?:{'|'.join(map(re.escape, sorted(word for word in AND if word.isalpha())))})\b)"
_NOUN = re.compile(
    rf"(?P<before>{_MARK}\)?\s?{_JOINT}\s+)(?:the |die |der |das |les? |la |el |los |las |il |i |de |o |a )?(?P<noun>[^\W\d_]+) (?=#?{_MARK})",
    re.IGNORECASE,
)
# what follows must be said of all of them
_OF_ALL = re.compile(
    rf"[^{Mark.URL.value}{Mark.ITEM.value}]*(?:{_MARK}\)?\s?(?:{_JOINT}\s?(?:[^\W\d_]+ )?(?=#?{_MARK})|(?:$|[.!:;)–-]|(?:have|were|are|all|both|deleted|removed|gone|taken|wurden|sind|ont|sont|han|fueron|sono|zijn|werden|foram|zostały|były)\b)))+"
)
_WORD = re.compile(r"[^\W\d_]+")


def plain_series(text: str) -> str:
    """Return a text without the item words inside its series of marks, where the whole series is spoken of."""
    found = _NOUN.search(text)
    while found is not None:
        whole = is_noun(found["noun"].casefold()) and _OF_ALL.match(text, found.end()) is not None
        if whole:
            text = text[: found.end("before")] + text[found.end() :]
        found = _NOUN.search(text, found.end("before") if whole else found.end())
    return _with_commas(text)


def _with_commas(text: str) -> str:
    """Return "Removed: images <1>, <2>; album <3>" with commas only: nothing else is said in its parts."""
    head, colon, items = text.partition(":")
    if ";" not in items or ";" in head or not re.search(_MARK, items):
        return text
    if all(is_noun(word.casefold()) or word.casefold() in AND for word in _WORD.findall(items)):
        return head + colon + items.replace(";", ",")
    return text
