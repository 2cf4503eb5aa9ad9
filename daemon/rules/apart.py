# ruff: noqa: E501, SIM905 - word lists read best as words
"""Tells what a sentence says apart of some of its items: "items 1 and 2 are deleted, item 3 is fine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from daemon.message.item_tokens import is_noun
from daemon.message.message import Mark
from daemon.message.number_words import SAID_OF_SEVERAL
from daemon.rules.cancel import Clauses
from daemon.rules.lexicon import Span

_NAMING = re.compile(f"[{Mark.URL.value}{Mark.ITEM.value}]")
_NEXT = re.compile(rf" ,(?= (?:[^\W\d_]+ ){{0,3}}#?[{Mark.URL.value}{Mark.ITEM.value}])")
_WORD = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)")
# behind an item without a verb, these say the same of it: "item 1 was removed, item 2 as well"
_SAME = frozenset(
    """too also as well likewise ditto same the a an this that these on at by in of from our us and or now just already today yesterday earlier
    morning afternoon evening night noon monday tuesday wednesday thursday friday saturday sunday am pm utc gmt both all respectively it its
    auch ebenfalls ebenso heute gestern und am um der die das von uns aussi également hier aujourd hui et le la les de du y también hoy ayer el los las
    anche oggi ieri e il i gli ook vandaag gisteren en het também hoje ontem o os as também też również dziś wczoraj i oraz тоже также сегодня вчера и""".split()
)

_SERIES = frozenset(
    """together with plus including namely see under copy copies same following removed deleted disabled taken down offline gone erased und sowie nebst samt
    mit der die das den dem ainsi que plus avec le la les así como con además insieme con e anche mit en met oraz wraz z а также с""".split()
)
_WHERE = frozenset(
    "from off on at by within for after upon following per via von vom aus auf nach de du des del della dal van uit z ze из с".split()
)


def told_apart(clauses: Clauses, text: str, whole: Span) -> Iterator[Span]:
    """Yield the parts of a folded sentence that name items and go on about them, beside the part around ``whole``.

    A part that names nothing itself speaks of what the others name: "item 3 is yours, we deleted it".
    """
    edges = sorted({0, *clauses.starts, *(found.start() for found in _NEXT.finditer(text)), len(text)})
    own = max((edge for edge in edges if edge <= whole[0]), default=0)
    parts = list(pairwise(edges))
    names_itself = any(_NAMING.search(text, *part) for part in parts if _is_own(part, own, whole))
    for first, last in parts:
        marks = [found.span() for found in _NAMING.finditer(text, first, last)] if first != own else []
        if not marks or (first < whole[1] - 1 and marks[-1][1] < whole[1] - 1):
            continue  # it is what the match itself says of them
        said = _says_more(text[marks[-1][1] : last])
        said = said or (first > own and not _leads_on(text[first : marks[0][0]]))
        if said and (names_itself or _crosses(first, last, whole)):
            yield first, last


def _crosses(first: int, last: int, whole: Span) -> bool:
    return first < whole[1] - 1 and last > whole[0]


def _is_own(part: Span, own: int, whole: Span) -> bool:
    return part[0] == own or own < part[0] < whole[1] - 1


def _leads_on(before: str) -> bool:
    """Tell whether words before an item only go on with a series: "and the video at", no "and kept"."""
    return all(word in _SAME or word in _SERIES or is_noun(word) for word in _WORD.findall(before))


def _says_more(behind: str) -> bool:
    """Tell whether words behind an item state something: "is fine", no "as well", no "from our server"."""
    said = _WORD.findall(_BRACKETS.sub(" ", behind))
    if said and said[0] in _WHERE:
        return any(word in SAID_OF_SEVERAL for word in said)
    return any(word not in _SAME and not is_noun(word) for word in said)
