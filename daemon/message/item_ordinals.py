# ruff: noqa: E501, SIM905 - word lists read best as words
"""Reads ordinals: "the third link", "the first two", "the second one", "the last item"."""

from __future__ import annotations

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue, Mention, mention_of
from daemon.message.item_tokens import ARTICLES, ORDINAL_TAIL, Tokens, how_many, is_noun

_DAYS = frozenset(
    """night week weekend month year time evening morning monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december spring summer autumn fall winter""".split()
)


def ordinal(tokens: Tokens, number: int, items: Catalogue) -> list[Mention]:
    """Read "the third link", "the first two", "the second one", "the last item"."""
    token, start, end = tokens[number]
    place = words.ORDINALS[token]
    positions = sorted(items.by_position)
    following = tokens[number + 1][0] if number + 1 < len(tokens) else "."
    before = tokens[number - 1][0] if number else ""
    if following in _DAYS:
        return []
    count = how_many(following)
    if count and place in {1, -1} and 1 < count <= len(positions):
        chosen = positions[:count] if place == 1 else positions[-count:]
        urls = tuple(url for position in chosen for url in items.by_position[position])
        return [Mention(start, tokens[number + 1][2], f"{token} {count}", urls)]
    after = tokens[number + 2][0] if number + 2 < len(tokens) else ""
    noun = (
        _leads_to_noun(tokens, number)
        or is_noun(following)
        or following in {"one", "ones"}
        or (is_noun(after) and following not in words.AND)
        or is_noun(before)
    )
    if before in {"every", "each"}:
        return []  # "every last one"
    leads = number == 0 and following in {":", "-", "–", "="} and len(positions) > 1  # "first: removed"
    if not noun and not leads and not (before in ARTICLES and following in ORDINAL_TAIL and len(positions) > 1):
        return []
    if token in words.COUNTS and how_many(token) != 2 and not noun:
        return []
    value = positions[-1] if place == -1 and positions else place
    if token[0].isdecimal() and is_noun(following):
        end = tokens[number + 1][2]  # "2nd link: removed"
    return [mention_of(items, start, end, value)]


def _leads_to_noun(tokens: Tokens, number: int) -> bool:
    """Return whether ordinals are listed before one noun: "the first, second and fourth link"."""
    chained = False
    for token, _, _ in tokens[number + 1 : number + 14]:
        if token in words.ORDINALS:
            chained = True
        elif token not in {",", *words.AND, *ARTICLES}:
            return chained and is_noun(token)
    return False
