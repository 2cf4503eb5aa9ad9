# ruff: noqa: E501, SIM905 - word lists read best as words
"""Reads "the rest", "the other two": the items that nobody has named yet."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue, Mention
from daemon.message.item_tokens import ORDINAL_TAIL, Tokens, how_many, is_noun

_WEAK_OTHERS = frozenset(
    "other andere anderen autre autres otro otros otras outro outros outras altri altre resto andre andra diğer інші інших других الأخرى muut".split()
)
_OF = frozenset("of der des de du dos das di dei delle van z из з af av".split())
_LEFT_TAIL = ORDINAL_TAIL | frozenset(
    "were sind haben sont ont están estan fueron han são foram estão sono zijn hebben są zostały були были ещё еще ще henüz in under still have".split()
)


def rest_of(
    tokens: Tokens, low: str, items: Catalogue, named: Sequence[str], mentions: list[Mention]
) -> Mention | None:
    """Read "the rest", "the other two": the items that nobody has named yet."""
    so_far = {*named, *(url for one in mentions for url in one.urls)}
    left = tuple(url for url in items.urls if url not in so_far)
    if not so_far or not left:
        return None
    for number, (token, start, end) in enumerate(tokens):
        if token in words.REST and _speaks_of_items(tokens, number, len(left)):
            return Mention(start, end, "rest", left)
    if not low.isascii():
        for word in words.CJK_REST:
            place = low.find(word)
            if place >= 0:
                return Mention(place, place + len(word), "rest", left)
    return None


def _speaks_of_items(tokens: Tokens, number: int, left: int) -> bool:
    """Return whether "the rest" is the rest of the items, not of a server, a message or an account."""
    token = tokens[number][0]
    following = [one for one, _, _ in tokens[number + 1 : number + 5]] or ["."]
    before = tokens[number - 1][0] if number else ""
    counted = how_many(following[0]) or how_many(before)
    if counted:
        return counted == left
    if following[0] in _OF:
        return any(is_noun(one) or one in {"them", "these", "those"} for one in following[1:])
    if is_noun(following[0]) or following[0] in {"ones", "one"}:
        return left == 1 or following[0] != "one"
    if token in _WEAK_OTHERS:
        return False
    return following[0] in _LEFT_TAIL or not token.isascii()
