"""Finds item numbers: behind an item word, behind "#", in a list, in a range, in words."""

from __future__ import annotations

from itertools import pairwise

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue, Mention, mention_of
from daemon.message.item_lists import in_bare_list
from daemon.message.item_ordinals import ordinal
from daemon.message.item_signs import REGARDING, glued, is_item_number
from daemon.message.item_tokens import OUT_OF, Tokens, is_noun


def numbered(tokens: Tokens, low: str, items: Catalogue) -> list[Mention]:
    """Find numbers that an item word, "#" or a list leads to, and ordinals before an item noun."""
    found: list[Mention] = []
    last = -10  # the token number of the latest item number
    listed = in_bare_list(tokens, items)
    for number, (token, start, end) in enumerate(tokens):
        if token.isdecimal() and len(token) < 5:
            value = int(token)
            if glued(low, start, end) and not _in_a_row(tokens, number, items):
                continue
            if number - last <= 4 and _continues(tokens, last, number) and value in items.by_position:
                if _is_range(tokens, last, number):
                    found.extend(_span(items, found[-1], start, value))
                found.append(mention_of(items, _sign_start(tokens, number), end, value))
                last = number
            elif number in listed or is_item_number(tokens, low, number, value, items):
                found.append(mention_of(items, _sign_start(tokens, number), end, value))
                last = number
        elif token in words.ORDINALS:
            found.extend(ordinal(tokens, number, items))
        elif token in NUMBER_WORDS and NUMBER_WORDS[token] in items.by_position:
            value = NUMBER_WORDS[token]
            if number - last <= 4 and _continues(tokens, last, number) and not _counts_things(tokens, number):
                if _is_range(tokens, last, number):
                    found.extend(_span(items, found[-1], start, value))
                found.append(mention_of(items, start, end, value))
                last = number
            elif _is_named_by_word(tokens, number):
                found.append(mention_of(items, start, end, value))
                last = number
    return found


NUMBER_WORDS = {"one": 1, "eins": 1, "uno": 1, "один": 1} | words.COUNTS


def _is_named_by_word(tokens: Tokens, number: int) -> bool:
    """Return whether a number word names an item: "item two", "numbers one to three"."""
    before = tokens[number - 1][0] if number else ""
    if before in words.COUNTS:
        return False
    after = [token for token, _, _ in tokens[number + 1 : number + 4]]
    if before in words.SINGULAR_SIGNS:  # "number one: gone", no "number one priority"
        return NUMBER_WORDS[tokens[number][0]] > 1 or not after or after[0] in _SAID or after[0] in words.SAID_OF_ONE
    return (
        before in words.NUMBER_SIGNS
        and len(after) > 1
        and (after[0] in words.RANGE or after[0] in words.AND or after[0] == ",")
        and any(token in words.COUNTS for token in after[1:])
    )


def _counts_things(tokens: Tokens, number: int) -> bool:
    """Return whether a number word counts what follows: "item 1 and two others", "link 1 and two of the images"."""
    after = tokens[number + 1][0] if number + 1 < len(tokens) else ""
    return is_noun(after) or after in words.REST or after in OUT_OF or after == "more"


_ABBREVIATED = frozenset({"no", "nos", "nr", "n"})  # some of them are words of denial elsewhere


def _sign_start(tokens: Tokens, number: int) -> int:
    """Return where the mention of a number starts: with an abbreviated item word, "No. 4", "nº 4", or "Ad 4:"."""
    if number == 1 and tokens[0][0] in REGARDING and tokens[2:3] and tokens[2][0] in {":", ")"}:
        return tokens[0][1]
    place = number - 1
    while place >= 0 and number - place <= 2 and tokens[place][0] in {".", "°", "º"}:
        place -= 1
    return tokens[place][1] if place >= 0 and tokens[place][0] in _ABBREVIATED else tokens[number][1]


def _in_a_row(tokens: Tokens, number: int, items: Catalogue) -> bool:
    """Return whether a number is one of several items written without blanks, "items 1,2" or "1,2,4", no decimal."""
    first = last = number
    while first >= 2 and tokens[first - 1][0] == "," and tokens[first - 2][0].isdecimal():
        first -= 2
    while last + 2 < len(tokens) and tokens[last + 1][0] == "," and tokens[last + 2][0].isdecimal():
        last += 2
    row = [int(tokens[place][0]) for place in range(first, last + 1, 2) if len(tokens[place][0]) < 5]
    led = first > 0 and tokens[first - 1][0] in words.NUMBER_SIGNS
    ascending = all(low < high for low, high in pairwise(row))
    return ascending and (len(row) > 2 or (led and len(row) > 1)) and all(one in items.by_position for one in row)


def _continues(tokens: Tokens, last: int, number: int) -> bool:
    """Return whether only "and", commas, brackets and item words stand between two numbers."""
    between = [token for token, _, _ in tokens[last + 1 : number]]
    return bool(between) and all(
        token in words.AND
        or token in words.RANGE
        or token in {"t", "m", "+", ",", "/", ".", "#", ")", "]", "[", "(", "、", "，", ";"}
        or token in words.NUMBER_SIGNS
        for token in between
    )


_SAID = frozenset({":", ",", ".", "-", "–", ")", "=", *words.AND, *words.RANGE})
_BETWEEN = frozenset({".", "#", ")", "(", "]", "[", *words.NUMBER_SIGNS}) - {"-"}


def _is_range(tokens: Tokens, last: int, number: int) -> bool:
    between = " ".join(token for token, _, _ in tokens[last + 1 : number] if token not in _BETWEEN)
    return between in words.RANGE


def _span(items: Catalogue, first: Mention, end: int, value: int) -> list[Mention]:
    """Return the items between the two ends of a range as one mention on the range's sign."""
    low = int(first.value) if first.value.isdecimal() else value
    between = [position for position in range(low + 1, value) if position in items.by_position]
    urls = tuple(url for position in between[:500] for url in items.by_position[position])
    return [Mention(first.end, first.end, f"{low}-{value}", urls)] if urls and end > first.end else []
