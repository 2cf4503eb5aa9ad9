"""Tells by what stands around a number whether it is an item's."""

from __future__ import annotations

from itertools import pairwise

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue
from daemon.message.item_tokens import TIMES, Tokens, is_noun, is_unit, unelided

_BEHIND = frozenset({"numaralı", "nolu", "no'lu", "no’lu"})  # an item word that follows the number
REGARDING = frozenset({"zu", "ad", "re"})


def glued(low: str, start: int, end: int) -> bool:
    """Return whether digits are part of a time, a decimal, a percentage or a longer number."""
    after, before = low[end : end + 2], low[max(0, start - 2) : start]
    if after[:1] in {":", ".", ","} and after[1:2].isdecimal():
        return True
    if before[-1:] in {":", ".", ","} and before[:1].isdecimal():
        return True
    if before[-1:] == "+" and before[:1].isdecimal():
        return False
    return after[:1] in {"%", "€", "$"} or before[-1:] in {"$", "€", "+"}


def is_item_number(tokens: Tokens, low: str, number: int, value: int, items: Catalogue) -> bool:
    """Return whether what stands before or around a number makes it an item's."""
    known = value in items.by_position
    place, signs = number - 1, ""
    while (
        place >= 0 and number - place <= 4 and tokens[place][0] in {".", "(", "[", "#", "№", ":", "°", "º", "-", "’s"}
    ):
        signs += tokens[place][0]
        place -= 1
    word = unelided(tokens[place][0]) if place >= 0 else ""
    following = tokens[number + 1][0] if number + 1 < len(tokens) else ""
    if "(" in signs and is_noun(following) and value == items.count:
        return False  # "(3 pictures)" counts them
    if "#" in signs or "№" in signs or (word == "n" and ("°" in signs or "º" in signs)):
        return known
    if ("[" in signs and _closes_bracket(tokens, number)) or (
        "(" in signs and (_is_one_of_brackets(tokens, number, items) or _opens_a_row(tokens, number, items))
    ):
        return known
    if signs == "(" and following == ")" and word.endswith("s") and value == items.count:
        return False  # "the reported files (4)" counts them
    if signs == "(" and following == ")" and is_noun(word) and not word.endswith("s"):
        return known  # "the profile (4)"
    if word in words.NUMBER_SIGNS:
        if ":" in signs and word not in words.SINGULAR_SIGNS:
            return False
        if "-" in signs and word not in words.SINGULAR_SIGNS:
            return False
        if following in TIMES:
            return False
        return known or word in words.SINGULAR_SIGNS & {"item", "punkt", "пункт", "madde", "position"}
    if _leads_to_a_sign(tokens, number) or (word in REGARDING and place == 0 and not signs and following in {":", ")"}):
        return known
    if following == "." and number + 2 < len(tokens) and is_noun(tokens[number + 2][0]):
        return known
    before = low[max(0, tokens[number][1] - 40) : tokens[number][1]].rstrip(" #([n°o.")
    return known and before.endswith(words.EXCEPT) and not is_unit(following)


def _leads_to_a_sign(tokens: Tokens, number: int) -> bool:
    """Return whether an item word follows, maybe after more numbers: "1 ve 2 numaralı"."""
    for token, _, _ in tokens[number + 1 : number + 12]:
        if not (token.isdecimal() or token in {",", *words.AND}):
            return token in _BEHIND
    return False


def _closes_bracket(tokens: Tokens, number: int) -> bool:
    """Return whether only numbers and signs follow up to the bracket's end: "[1]", "[1-3]"."""
    after = [token for token, _, _ in tokens[number + 1 : number + 12]]
    inside = after[: after.index("]")] if "]" in after else ["nothing closes it"]
    return all(token.isdecimal() or token in {",", *words.RANGE} for token in inside)


def _opens_a_row(tokens: Tokens, number: int, items: Catalogue) -> bool:
    """Return whether a bracket holds several items' numbers and nothing else: "(1-4)", "(1, 2 and 4)"."""
    after = [token for token, _, _ in tokens[number : number + 24]]
    inside = after[: after.index(")")] if ")" in after else []
    row = [int(token[:4]) for token in inside if token.isdecimal()]
    signs = {",", "+", "&", *words.AND, *words.RANGE}
    ascending = len(row) > 1 and all(low < high for low, high in pairwise(row))
    return ascending and row[-1] in items.by_position and all(token.isdecimal() or token in signs for token in inside)


def _is_one_of_brackets(tokens: Tokens, number: int, items: Catalogue) -> bool:
    """Return whether "(1)" is one of a list that goes through all items: "(1) removed, (2) removed"."""
    shapes = [
        place
        for place in range(1, len(tokens) - 2)
        if tokens[place][0].isdecimal() and tokens[place - 1][0] == "(" and tokens[place + 1][0] == ")"
    ]
    whole = [int(tokens[place][0][:4]) for place in shapes] == sorted(items.by_position)
    return number in shapes and whole and all(tokens[place + 2][0][:1].isalpha() for place in shapes)
