# ruff: noqa: E501, SIM905 - word lists read best as words
"""Tells whether a sentence speaks of all items, or counts a part of them."""

from __future__ import annotations

import re

from daemon.message import number_words as words
from daemon.message.catalogue import Catalogue
from daemon.message.item_east import EAST_COUNT, east_value
from daemon.message.item_reported import speaks_of_what_was_reported
from daemon.message.item_tokens import OUT_OF, Tokens, how_many, is_noun
from daemon.message.message import Mark
from daemon.message.patterns import Wording

_NOT_ALL = Wording(*(re.escape(phrase) for phrase in words.NOT_ALL))
_STOP_ALL = (
    "at all", "after all", "all rights", "all the best", "thank you all", "thanks all", "hi all", "hello all", "dear all", "all day", "above all", "first of all", "for all your", "all our", "all of our", "in all cases", "all other", "hallo alle", "vor allem", "alles gute", "avant tout", "sobre todo", "ante todo", "prima di tutto", "tout à fait", "tout de suite", "en tout cas", "toute question", "todo caso",
)  # fmt: skip


def speaks_of_all(tokens: Tokens, low: str, items: Catalogue, named_before: bool = False) -> bool:
    """Return whether a sentence speaks of all items: "all", "both" of two, "none of", "these links", their exact number."""
    total = items.count
    if _NOT_ALL.holds(low):
        return False
    if total > 1 and speaks_of_what_was_reported(low, named_before):
        return True
    east = not low.isascii()
    for number, (token, _, _) in enumerate(tokens):
        if token in words.BOTH:
            if total <= 2:
                return True
        elif 1 < total == words.OF_THEM.get(token, 0):
            return True
        elif token in words.ALL:
            if number + 1 < len(tokens) and 1 < total == how_many(tokens[number + 1][0]):
                return True
            if not _is_idle_all(tokens, low, number):
                return not _is_other_count(tokens, number, total)
        elif token == Mark.NOTICE.value:
            if _is_what_a_notice_lists(tokens, number):
                return True
        elif _is_as_many(tokens, number, total) or _counts_what_was_dealt_with(tokens, number, total):
            return True
        elif 1 < total == how_many(token):
            if number and tokens[number - 1][0] in _DEFINITE:
                return True
            if any(is_noun(one) for one, _, _ in tokens[number + 1 : number + 5]):
                return True
            if token.startswith("ال") and number and is_noun(tokens[number - 1][0]):  # "the links, the three"
                return True
        elif token in words.NONE_OF and any(
            is_noun(one) or one in {"them", "ihnen", "eux", "ellos", "deles", "essi", "nich", "них"}
            for one, _, _ in tokens[number + 1 : number + 5]
        ):
            return True
    if east:
        if any(word in low for word in words.CJK_ALL):
            return True
        return any(1 < east_value(hit[1]) == total for hit in EAST_COUNT.finditer(low))
    return False


def _counts_what_was_dealt_with(tokens: Tokens, number: int, total: int) -> bool:
    """Return whether "items removed: 2" is said of a notice of two, and nothing else is counted beside it."""
    if not 1 < total == how_many(tokens[number][0]) or number < 3 or tokens[number - 1][0] != ":":
        return False
    alone = sum(how_many(token) > 0 for token, _, _ in tokens) == 1
    return alone and tokens[number - 2][0] in words.DEALT_WITH and is_noun(tokens[number - 3][0])


def _is_as_many(tokens: Tokens, number: int, total: int) -> bool:
    """Return whether all are counted out of all: "4 of 4", "4/4", "every one of the four"."""
    if total < 2:
        return False
    if how_many(tokens[number][0]) == total:
        return _is_out_of_as_many(tokens, number, total)
    return tokens[number][0] in _EACH and _is_out_of_as_many(tokens, number + 1, total)


def _is_out_of_as_many(tokens: Tokens, number: int, total: int) -> bool:
    """Return whether "of the four" follows, of a notice of four."""
    after = [token for token, _, _ in tokens[number + 1 : number + 4]]
    if not after or after[0] not in OUT_OF:
        return False
    return any(how_many(token) == total for token in after[1:])


_SEVERAL = frozenset(
    "inhalte dateien adressen seiten bilder contenuti immagini pagine indirizzi ссылки файлы материалы страницы посилання файли матеріали linki pliki strony".split()
)
_OF_A_NOTICE = frozenset(
    "in from of under for listed reported named mentioned included contained by with your the our notice report request ticket case reference no nr number aus unter im der ihrer meldung gemeldet genannt dans de votre signalement notification en su aviso del na sua nella segnalazione uit melding w из в zgłoszenia , ( #".split()
)


def _is_what_a_notice_lists(tokens: Tokens, number: int) -> bool:
    """Return whether "the URLs in <notice>" is said: all that the notice lists."""
    for token, _, _ in reversed(tokens[max(0, number - 8) : number]):
        if token not in _OF_A_NOTICE:
            return is_noun(token) and (token.endswith("s") or token in _SEVERAL)
    return False


_DEFINITE = frozenset(
    "the these those your die diese diesen dieser den der les ces vos des los las estos estas dos das os as estes estas i le gli questi queste delle dei degli de deze te эти этих ці цих bu o de disse dessa".split()
)


def _is_other_count(tokens: Tokens, number: int, total: int) -> bool:
    """Return whether "all" is followed by a count that is not the notice's, as in "all five links" of six."""
    for place in range(number + 1, min(number + 4, len(tokens))):
        count = how_many(tokens[place][0])
        if count > 1 and count != total and any(is_noun(one) for one, _, _ in tokens[place + 1 : place + 4]):
            return True
    return False


_EVERYTHING = frozenset("everything alles tutto wszystko всё усе все".split())


def _is_idle_all(tokens: Tokens, low: str, number: int) -> bool:
    """Return whether "all" speaks of something else: "at all", "all the best", "all customers"."""
    start = tokens[number][1]
    window = " " + low[max(0, start - 16) : start + 16] if start < 16 else low[start - 16 : start + 16]
    if any(f" {phrase}" in window for phrase in _STOP_ALL):
        return True
    following = [token for token, _, _ in tokens[number + 1 : number + 6]]
    if any(is_noun(token) for token in following):
        return False
    if following and following[0] in {
        "but",
        "except",
        "excluding",
        "außer",
        "bis",
        "sauf",
        "excepto",
        "exceto",
        "salvo",
        "menos",
        "tranne",
        "eccetto",
        "behalve",
        "oprócz",
        "poza",
        "кроме",
        "крім",
        "окрім",
        "hariç",
    }:
        return False
    if (
        tokens[number][0] in _EVERYTHING
        or not following
        or following[0] in words.PRONOUNS
        or following[0] in {",", ".", "!", ":", ";", "-", "–"}
    ):
        return False
    return len(tokens) > 9


_ONE = frozenset("one eine einer einen un une uno una um uma een één jeden jedna один одна одно одну bir واحد".split())
_NEGATING = frozenset("not n't isn't aren't no keine kein nicht aucun aucune ni ninguno nessuno geen ни жоден".split())
_EACH = frozenset(
    "every each jede jeder jedes jeden chacun chacune cada ogni elk elke każdy każda każde каждый каждая каждое кожен кожна кожне her".split()
)


_EAST_PART = re.compile(
    EAST_COUNT.pattern + r"[^,，、。.;]{0,8}?(?:中|里|裡|うち|중|가운데)[^,，、。.;]{0,4}?" + EAST_COUNT.pattern
)


def counts_a_part(tokens: Tokens, total: int, low: str = "") -> bool:
    """Return whether a part of the items is counted: "two of the three", "5 of 6", "5/6"; "not one of the five" is none."""
    if any(words.OF_THEM.get(token, total) < total for token, _, _ in tokens):
        return True
    if not low.isascii() and any(east_value(hit[2]) < east_value(hit[1]) for hit in _EAST_PART.finditer(low)):
        return True
    for number, (token, _, _) in enumerate(tokens):
        first = how_many(token) or (1 if token in _ONE else 0)
        if number and tokens[number - 1][0] in _EACH:
            continue
        if not first or first >= total or number + 1 >= len(tokens) or tokens[number + 1][0] not in OUT_OF:
            continue
        if not any(how_many(one) > first for one, _, _ in tokens[number + 2 : number + 6]):
            continue
        before = {one for one, _, _ in tokens[max(0, number - 4) : number]}
        if "single" not in before and before.isdisjoint(_NEGATING):
            return True
    return False
