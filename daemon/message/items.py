# ruff: noqa: E501 - word lists read best as words
"""Finds which items of a notice a sentence speaks of: by number, list, range, ordinal, "all", "all but", "the rest"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue, Mention
from daemon.message.item_east import east_mentions
from daemon.message.item_every import counts_a_part, speaks_of_all
from daemon.message.item_numbers import NUMBER_WORDS, numbered
from daemon.message.item_rest import rest_of
from daemon.message.item_tokens import MAX_TOKENS, TOKEN
from daemon.message.message import Mark

_POINTED_AT = "urls url uris links hyperlinks weblinks addresses items entries list lot batch bunch one nothing adressen einträge liens adresses enlaces direcciones link url indirizzi endereços linki adresy e ссылки адреса"
_TELLING = frozenset(
    {
        *words.ORDINALS,
        *words.COUNTS,
        *words.ALL,
        *words.BOTH,
        *words.OF_THEM,
        *words.NONE_OF,
        *words.REST,
        *NUMBER_WORDS,
        *_POINTED_AT.split(),
    }
)
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_EAST = re.compile("[\u2460-\u24ff\u2776-\u277f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_RELATIVE = re.compile(
    r"(?<=[\ue000\ue001)])\s*,\s+(?=(?:which|that|who|welche\w*|qui|lequel|laquelle|que|il quale|che|die|dat|котор\w+|któr\w+|який|яка|яке)\b)",
    re.IGNORECASE,
)


_APART = re.compile(r";\s+(?=[^;]*[\ue000\ue001])")  # "all but item 5 are gone; item 5 will follow"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a sentence reaches beside the URLs it names by address."""

    mentions: tuple[Mention, ...] = ()
    every: bool = False
    part: bool = False  # it counts some of the items without saying which


_NOTHING = Reach()


def reach(text: str, items: Catalogue, named_before: Sequence[str] = ()) -> Reach:
    """Return what ``text`` (URLs already marks) reaches.  ``named_before`` are URLs that earlier sentences named."""
    low = text.casefold()
    if len(low) != len(text):
        low = text.lower() if len(text.lower()) == len(text) else text
    present, east = set(_WORD.findall(low)), _EAST.search(low) is not None
    digits = _DIGIT.search(low) is not None
    if not (digits or east or Mark.NOTICE.value in low) and present.isdisjoint(_TELLING):
        return _NOTHING
    tokens = [(found[0], found.start(), found.end()) for found in islice(TOKEN.finditer(low), MAX_TOKENS)]
    mentions = (
        numbered(tokens, low, items)
        if digits or not present.isdisjoint(words.ORDINALS) or not present.isdisjoint(NUMBER_WORDS)
        else []
    )
    if not low.isascii():
        mentions = _merged(mentions, east_mentions(text, items))
    rest = rest_of(tokens, low, items, named_before, mentions) if east or not present.isdisjoint(words.REST) else None
    if rest is not None:
        mentions = _merged(mentions, [rest])
    part = items.count > 1 and counts_a_part(tokens, items.count, low)
    return Reach(tuple(mentions), not part and speaks_of_all(tokens, low, items, bool(named_before)), part)


def _merged(first: list[Mention], second: list[Mention]) -> list[Mention]:
    """Join two lists of mentions; where they overlap the first one counts."""
    extra = [one for one in second if all(one.end <= old.start or one.start >= old.end for old in first)]
    return sorted([*first, *extra], key=lambda one: one.start)


def relative_split(text: str) -> int:
    """Return where a relative clause about the last item begins, -1 if there is none."""
    found = _RELATIVE.search(text) or _APART.search(text)
    return found.end() if found is not None else -1
