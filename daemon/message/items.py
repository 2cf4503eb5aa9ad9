# ruff: noqa: E501, SIM905 - word lists read best as words
"""Finds which items of a notice a sentence speaks of: by number, list, range, ordinal, "all", "all but", "the rest"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from daemon.message import number_words as words
from daemon.message.message import Mark
from daemon.message.patterns import Wording

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
_EAST_ITEM = re.compile(
    r"第\s*([0-9一二三四五六七八九十]{1,3})\s*(?:[个個条條项項件点點则則张張篇番号號]|つ)?(?:目)?|(?<![0-9一二三四五六七八九十:.])([0-9]{1,3}|[一二三四五六七八九十]{1,2})\s*(?:番目|番|つ目|件目|点目|本目|項目|번째|번(?!호)|번 항목)"
    r"|(첫|두|세|네|다섯) ?번째|([\u2460-\u2473\u2776-\u277f\u24f5-\u24fe])|(?:項目|项目|番号|編號|编号|リンク|链接|連結|링크|항목|번호|序号)\s?(?:No\.?)?\s?([0-9]{1,3})(?![0-9])"
)
_EAST_COUNT = re.compile(
    r"([0-9]{1,3}|[二两兩三四五六七八九十]|두|세|네|다섯|여섯|일곱)\s?(?:[个個件条條项項本点點枚則则张張篇处處]|つ|개|건|편|가지)(?!目|월|月|日)"
)
_DIGITS = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)} | {
    "十": 10,
    "첫": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "两": 2,
    "兩": 2,
    "여섯": 6,
    "일곱": 7,
}
_ARTICLES = frozenset("the der die das den dem le la el o a il lo de het den det the".split())
_ORDINAL_TAIL = frozenset(
    "one ones of is was has had are were will cannot could isn't wasn't hasn't can ist wird wurden werden wurde sera será serán sarà wordt worden zostanie będzie будет будут буде have had must still also not remain remains stays seems war hat est a era fue è è stato foi is werd został została был была было . , : ; - – — ) and & und et y e en i и та ve".split()
)
_STOP_ALL = (
    "at all", "after all", "all rights", "all the best", "thank you all", "thanks all", "hi all", "hello all", "dear all", "all day", "above all", "first of all", "for all your", "all our", "all of our", "in all cases", "all other", "hallo alle", "vor allem", "alles gute", "avant tout", "sobre todo", "ante todo", "prima di tutto", "tout à fait", "tout de suite", "en tout cas", "toute question", "todo caso",
)  # fmt: skip
_STEMS = frozenset(noun[:5] for noun in words.ITEM_NOUNS if len(noun) >= 6)
_WEAK_OTHERS = frozenset(
    "other andere anderen autre autres otro otros otras outro outros outras altri altre resto andre andra diğer інші інших других الأخرى muut".split()
)
_TELLING = frozenset({*words.ORDINALS, *words.COUNTS, *words.ALL, *words.BOTH, *words.NONE_OF, *words.REST})
_NOT_ALL = Wording(*(re.escape(phrase) for phrase in words.NOT_ALL))
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile("[0-9]")
_EAST = re.compile("[\u2460-\u24ff\u2776-\u277f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_RELATIVE = re.compile(
    r"(?<=[\ue000\ue001)])\s*,\s+(?=(?:which|that|who|welche\w*|qui|lequel|laquelle|que|il quale|che|die|dat|котор\w+|któr\w+|який|яка|яке)\b)",
    re.IGNORECASE,
)
_MAX_TOKENS = 3000


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of a sentence that names items by number; ``urls`` is empty for a number that the notice does not have."""

    start: int
    end: int
    value: str
    urls: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a sentence reaches beside the URLs it names by address."""

    mentions: tuple[Mention, ...] = ()
    every: bool = False
    part: bool = False  # it counts some of the items without saying which


_NOTHING = Reach()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The items of the matched notices: their positions, how many there are."""

    by_position: Mapping[int, tuple[str, ...]] = field(repr=False)
    urls: tuple[str, ...] = field(repr=False)

    @property
    def count(self) -> int:
        return len(self.urls)


def catalogue(items: Sequence[tuple[int, str]]) -> Catalogue:
    """Build the catalogue of (position, URL) pairs."""
    by_position: dict[int, tuple[str, ...]] = {}
    for position, url in items:
        by_position[position] = (*by_position.get(position, ()), url)
    return Catalogue(by_position, tuple(dict.fromkeys(url for _, url in items)))


def reach(text: str, items: Catalogue, named_before: Sequence[str] = ()) -> Reach:
    """Return what ``text`` (URLs already marks) reaches.  ``named_before`` are URLs that earlier sentences named."""
    low = text.casefold()
    if len(low) != len(text):
        low = text.lower() if len(text.lower()) == len(text) else text
    present, east = set(_WORD.findall(low)), _EAST.search(low) is not None
    digits = _DIGIT.search(low) is not None
    if not (digits or east or Mark.NOTICE.value in low) and present.isdisjoint(_TELLING):
        return _NOTHING
    tokens = [(found[0], found.start(), found.end()) for found in islice(_TOKEN.finditer(low), _MAX_TOKENS)]
    mentions = (
        _numbers(tokens, low, items)
        if digits or not present.isdisjoint(words.ORDINALS) or not present.isdisjoint(words.COUNTS)
        else []
    )
    if not low.isascii():
        mentions = _merged(mentions, _east(text, items))
    rest = _rest(tokens, low, items, named_before, mentions) if east or not present.isdisjoint(words.REST) else None
    if rest is not None:
        mentions = _merged(mentions, [rest])
    part = items.count > 1 and _is_part(tokens, items.count)
    return Reach(tuple(mentions), not part and _every(tokens, low, items), part)


def _merged(first: list[Mention], second: list[Mention]) -> list[Mention]:
    """Join two lists of mentions; where they overlap the first one counts."""
    extra = [one for one in second if all(one.end <= old.start or one.start >= old.end for old in first)]
    return sorted([*first, *extra], key=lambda one: one.start)


def _mention(items: Catalogue, start: int, end: int, value: int) -> Mention:
    return Mention(start, end, str(value), items.by_position.get(value, ()))


def _numbers(tokens: list[tuple[str, int, int]], low: str, items: Catalogue) -> list[Mention]:
    """Find numbers that an item word, "#" or a list leads to, and ordinals before an item noun."""
    found: list[Mention] = []
    last = -10  # the token number of the latest item number
    listed = _listed(tokens, items)
    for number, (token, start, end) in enumerate(tokens):
        if token.isdecimal() and len(token) < 5:
            value = int(token)
            if _glued(low, start, end) and not _in_a_row(tokens, number, items):
                continue
            if number - last <= 4 and _continues(tokens, last, number) and value in items.by_position:
                if _is_range(tokens, last, number):
                    found.extend(_span(items, found[-1], start, value))
                found.append(_mention(items, _sign_start(tokens, number), end, value))
                last = number
            elif number in listed or _is_item_number(tokens, low, number, value, items):
                found.append(_mention(items, _sign_start(tokens, number), end, value))
                last = number
        elif token in words.ORDINALS:
            found.extend(_ordinal(tokens, number, items))
        elif token in _NUMBER_WORDS and _NUMBER_WORDS[token] in items.by_position:
            value = _NUMBER_WORDS[token]
            if number - last <= 4 and _continues(tokens, last, number) and not _counts_things(tokens, number):
                if _is_range(tokens, last, number):
                    found.extend(_span(items, found[-1], start, value))
                found.append(_mention(items, start, end, value))
                last = number
            elif _is_named_by_word(tokens, number):
                found.append(_mention(items, start, end, value))
                last = number
    return found


def _is_named_by_word(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Return whether a number word names an item: "item two", "numbers one to three"."""
    before = tokens[number - 1][0] if number else ""
    if before in words.COUNTS:
        return False
    if before in words.SINGULAR_SIGNS:
        return True
    after = [token for token, _, _ in tokens[number + 1 : number + 4]]
    return (
        before in words.NUMBER_SIGNS
        and len(after) > 1
        and (after[0] in words.RANGE or after[0] in words.AND or after[0] == ",")
        and any(token in words.COUNTS for token in after[1:])
    )


_NUMBER_WORDS = {"one": 1, "eins": 1, "uno": 1, "один": 1} | words.COUNTS


def _counts_things(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Return whether a number word counts what follows: "item 1 and two others", "link 1 and two of the images"."""
    after = tokens[number + 1][0] if number + 1 < len(tokens) else ""
    return _is_noun(after) or after in words.REST or after in _OUT_OF or after == "more"


_ABBREVIATED = frozenset({"no", "nos", "nr", "n"})  # some of them are words of denial elsewhere


def _sign_start(tokens: list[tuple[str, int, int]], number: int) -> int:
    """Return where the mention of a number starts: with an abbreviated item word, "No. 4", "nº 4"."""
    place = number - 1
    while place >= 0 and number - place <= 2 and tokens[place][0] in {".", "°", "º"}:
        place -= 1
    return tokens[place][1] if place >= 0 and tokens[place][0] in _ABBREVIATED else tokens[number][1]


def _in_a_row(tokens: list[tuple[str, int, int]], number: int, items: Catalogue) -> bool:
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


def _listed(tokens: list[tuple[str, int, int]], items: Catalogue) -> frozenset[int]:
    """Return the numbers of a bare list: "Removed: 1, 2 and 4", or "1 - removed, 2 - not ours"."""
    words_ = [token for token, _, _ in tokens[:400]]
    digits = [
        number
        for number, token in enumerate(words_)
        if token.isdecimal() and len(token) < 4 and int(token) in items.by_position
    ]
    if items.count < 2 or not digits:
        return frozenset()
    led = [number for number in digits if _is_led(words_, number)]
    if said := _said_of(words_, frozenset(digits)):
        return said.union(led)
    if led and (len(led) > 1 or (led[0] < 2 and len(words_) < 8)):
        return frozenset(led)
    if len(digits) < 2:
        return frozenset()
    if each := _each_said(words_, digits, items):
        return each
    first = digits[0]
    if first and words_[first - 1] in words.DEALT_WITH and _is_run(words_, digits):
        return frozenset(digits[:1])
    if (
        first
        and words_[first - 1] == ":"
        and all(
            number in digits or token in words.AND or token in words.RANGE or token in {",", ".", "#", ";", "/", "+"}
            for number, token in enumerate(words_[first:], first)
        )
    ):
        return frozenset(digits[:1])
    return frozenset()


def _is_run(tokens: Sequence[str], digits: Sequence[int]) -> bool:
    """Return whether numbers form one ascending list to the end of what is said: "removed 1, 2 and 3."."""
    between = {*words.AND, ",", "+", "#", "/"}
    values = [int(tokens[place]) for place in digits]
    inside = all(place in digits or tokens[place] in between for place in range(digits[0], digits[-1] + 1))
    after = tokens[digits[-1] + 1] if digits[-1] + 1 < len(tokens) else "."
    return inside and after in {".", ",", ";", "!", ")", "-"} and all(low < high for low, high in pairwise(values))


def _each_said(tokens: Sequence[str], digits: Sequence[int], items: Catalogue) -> frozenset[int]:
    """Return the numbers of a list that says a word of every item: "1 removed, 2 removed, 3 not ours"."""
    found = [
        place
        for place in digits
        if (place == 0 or tokens[place - 1] in {",", ";", "/", ":", "."})
        and place + 1 < len(tokens)
        and tokens[place + 1][:1].isalpha()
        and not (_is_noun(tokens[place + 1]) or _is_unit(tokens[place + 1]) or tokens[place + 1] in _TIMES)
    ]
    values = [int(tokens[place]) for place in found]
    whole = values == sorted(items.by_position) and len(values) > 1
    return frozenset(found) if whole else frozenset()


def _said_of(tokens: Sequence[str], digits: frozenset[int]) -> frozenset[int]:
    """Return the numbers that begin a part which says something of them: "1 and 2 are off, 3 was already gone"."""
    found: set[int] = set()
    for start in sorted(digits):
        if start in found or (start and tokens[start - 1] not in {",", ";", ".", "and", "but"}):
            continue
        run, place = [start], start + 1
        while place < len(tokens) and (place in digits or tokens[place] in words.AND or tokens[place] in _BETWEEN):
            run += [place] if place in digits else []
            place += 1
        verbs = words.SAID_OF_ONE if len(run) == 1 else words.SAID_OF_SEVERAL
        if place < len(tokens) and tokens[place] in verbs and tokens[place - 1] not in words.AND:
            found.update(run)
    return frozenset(found)


_BETWEEN = frozenset({",", *words.RANGE}) - {""}


def _is_led(tokens: Sequence[str], number: int) -> bool:
    """Return whether a number begins a part "1 - removed" of a list."""
    before = tokens[number - 1] if number else ","
    after = tokens[number + 1] if number + 1 < len(tokens) else ""
    word = tokens[number + 2] if number + 2 < len(tokens) else ""
    return before in {",", ";", "#"} and after in {"-", "–", "—", ":", "="} and word[:1].isalpha()


def _glued(low: str, start: int, end: int) -> bool:
    """Return whether digits are part of a time, a decimal, a percentage or a longer number."""
    after, before = low[end : end + 2], low[max(0, start - 2) : start]
    if after[:1] in {":", ".", ","} and after[1:2].isdecimal():
        return True
    if before[-1:] in {":", ".", ","} and before[:1].isdecimal():
        return True
    if before[-1:] == "+" and before[:1].isdecimal():
        return False
    return after[:1] in {"%", "€", "$"} or before[-1:] in {"$", "€", "+"}


def _is_item_number(tokens: list[tuple[str, int, int]], low: str, number: int, value: int, items: Catalogue) -> bool:
    """Return whether what stands before or around a number makes it an item's."""
    known = value in items.by_position
    place, signs = number - 1, ""
    while (
        place >= 0 and number - place <= 4 and tokens[place][0] in {".", "(", "[", "#", "№", ":", "°", "º", "-", "’s"}
    ):
        signs += tokens[place][0]
        place -= 1
    word = tokens[place][0] if place >= 0 else ""
    following = tokens[number + 1][0] if number + 1 < len(tokens) else ""
    if "#" in signs or "№" in signs or (word == "n" and ("°" in signs or "º" in signs)):
        return known
    if ("[" in signs and _closes_bracket(tokens, number)) or (
        "(" in signs and _is_one_of_brackets(tokens, number, items)
    ):
        return known
    if signs == "(" and following == ")" and word.endswith("s") and value == items.count:
        return False  # "the reported files (4)" counts them
    if word in words.NUMBER_SIGNS:
        if ":" in signs and word not in words.SINGULAR_SIGNS:
            return False
        if "-" in signs and word not in words.SINGULAR_SIGNS:
            return False
        if following in _TIMES:
            return False
        return known or word in words.SINGULAR_SIGNS & {"item", "punkt", "пункт", "madde", "position"}
    if following == "." and number + 2 < len(tokens) and _is_noun(tokens[number + 2][0]):
        return known
    before = low[max(0, tokens[number][1] - 40) : tokens[number][1]].rstrip(" #([n°o.")
    return known and before.endswith(words.EXCEPT) and not _is_unit(following)


_DAYS = frozenset(
    """night week weekend month year time evening morning monday tuesday wednesday thursday friday saturday sunday january
    february march april may june july august september october november december spring summer autumn fall winter""".split()
)


def _closes_bracket(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Return whether only numbers and signs follow up to the bracket's end: "[1]", "[1-3]"."""
    after = [token for token, _, _ in tokens[number + 1 : number + 12]]
    inside = after[: after.index("]")] if "]" in after else ["nothing closes it"]
    return all(token.isdecimal() or token in {",", *words.RANGE} for token in inside)


def _is_one_of_brackets(tokens: list[tuple[str, int, int]], number: int, items: Catalogue) -> bool:
    """Return whether "(1)" is one of a list that goes through all items: "(1) removed, (2) removed"."""
    shapes = [
        place
        for place in range(1, len(tokens) - 2)
        if tokens[place][0].isdecimal() and tokens[place - 1][0] == "(" and tokens[place + 1][0] == ")"
    ]
    whole = [int(tokens[place][0][:4]) for place in shapes] == sorted(items.by_position)
    return number in shapes and whole and all(tokens[place + 2][0][:1].isalpha() for place in shapes)


_TIMES = frozenset(
    """hours hour days day minutes weeks months years times h stunden tage tagen minuten wochen heures jours semaines mois horas días minutos
    semanas ore giorni uur dagen godzin dni часов часа дней минут годин днів saat gün dakika ساعة ساعات أيام percent %""".split()
)


def _is_unit(token: str) -> bool:
    return token in words.COUNTS or token in {
        "hours",
        "days",
        "minutes",
        "files",
        "links",
        "stunden",
        "tage",
        "heures",
        "jours",
        "horas",
        "días",
        "%",
        "of",
    }


def _is_noun(token: str) -> bool:
    return token in words.ITEM_NOUNS or (len(token) > 5 and token[:5] in _STEMS)


def _continues(tokens: list[tuple[str, int, int]], last: int, number: int) -> bool:
    """Return whether only "and", commas, brackets and item words stand between two numbers."""
    between = [token for token, _, _ in tokens[last + 1 : number]]
    return bool(between) and all(
        token in words.AND
        or token in words.RANGE
        or token in {"t", "m", "+", ",", "/", ".", "#", ")", "]", "[", "(", "、", "，", ";"}
        or token in words.NUMBER_SIGNS
        for token in between
    )


_BRACKETS = frozenset({".", "#", ")", "(", "]", "["})


def _is_range(tokens: list[tuple[str, int, int]], last: int, number: int) -> bool:
    between = " ".join(token for token, _, _ in tokens[last + 1 : number] if token not in _BRACKETS)
    return between in words.RANGE


def _span(items: Catalogue, first: Mention, end: int, value: int) -> list[Mention]:
    """Return the items between the two ends of a range as one mention on the range's sign."""
    low = int(first.value) if first.value.isdecimal() else value
    between = [position for position in range(low + 1, value) if position in items.by_position]
    urls = tuple(url for position in between[:500] for url in items.by_position[position])
    return [Mention(first.end, first.end, f"{low}-{value}", urls)] if urls and end > first.end else []


def _ordinal(tokens: list[tuple[str, int, int]], number: int, items: Catalogue) -> list[Mention]:
    """Read "the third link", "the first two", "the second one", "the last item"."""
    token, start, end = tokens[number]
    place = words.ORDINALS[token]
    positions = sorted(items.by_position)
    following = tokens[number + 1][0] if number + 1 < len(tokens) else "."
    before = tokens[number - 1][0] if number else ""
    if following in _DAYS:
        return []
    count = _count(following)
    if count and place in {1, -1} and 1 < count <= len(positions):
        chosen = positions[:count] if place == 1 else positions[-count:]
        urls = tuple(url for position in chosen for url in items.by_position[position])
        return [Mention(start, tokens[number + 1][2], f"{token} {count}", urls)]
    after = tokens[number + 2][0] if number + 2 < len(tokens) else ""
    noun = (
        _leads_to_noun(tokens, number)
        or _is_noun(following)
        or following in {"one", "ones"}
        or (_is_noun(after) and following not in words.AND)
        or _is_noun(before)
    )
    if not noun and not (before in _ARTICLES and following in _ORDINAL_TAIL and len(positions) > 1):
        return []
    if token in words.COUNTS and _count(token) != 2 and not noun:
        return []
    value = positions[-1] if place == -1 and positions else place
    return [_mention(items, start, end, value)]


def _leads_to_noun(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Return whether ordinals are listed before one noun: "the first, second and fourth link"."""
    chained = False
    for token, _, _ in tokens[number + 1 : number + 14]:
        if token in words.ORDINALS:
            chained = True
        elif token not in {",", *words.AND, *_ARTICLES}:
            return chained and _is_noun(token)
    return False


def _value(text: str) -> int:
    """Return a number in digits, Han numerals or Korean counting words."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    if len(text) == 1 and text not in _DIGITS:
        code = ord(text)
        return (
            code - 0x2460 + 1
            if 0x2460 <= code <= 0x2473
            else code - 0x2776 + 1
            if 0x2776 <= code <= 0x277F
            else code - 0x24F5 + 1
        )
    return _DIGITS.get(text, 0)


def _east(text: str, items: Catalogue) -> list[Mention]:
    """Find item numbers as Chinese, Japanese and Korean write them, and circled numbers."""
    found = []
    for hit in _EAST_ITEM.finditer(text):
        raw = next(group for group in hit.groups() if group)
        value = _value(raw)
        if value in items.by_position:
            found.append(_mention(items, hit.start(), hit.end(), value))
    return found[:500]


def _rest(
    tokens: list[tuple[str, int, int]], low: str, items: Catalogue, named: Sequence[str], mentions: list[Mention]
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


_OF = frozenset("of der des de du dos das di dei delle van z из з af av".split())
_LEFT_TAIL = _ORDINAL_TAIL | frozenset(
    "were sind haben sont ont están estan fueron han são foram estão sono zijn hebben są zostały були были ещё еще ще henüz in under still have".split()
)


def _speaks_of_items(tokens: list[tuple[str, int, int]], number: int, left: int) -> bool:
    """Return whether "the rest" is the rest of the items, not of a server, a message or an account."""
    token = tokens[number][0]
    following = [one for one, _, _ in tokens[number + 1 : number + 5]] or ["."]
    before = tokens[number - 1][0] if number else ""
    counted = _count(following[0]) or _count(before)
    if counted:
        return counted == left
    if following[0] in _OF:
        return any(_is_noun(one) or one in {"them", "these", "those"} for one in following[1:])
    if _is_noun(following[0]) or following[0] in {"ones", "one"}:
        return left == 1 or following[0] != "one"
    if token in _WEAK_OTHERS:
        return False
    return following[0] in _LEFT_TAIL or not token.isascii()


def _every(tokens: list[tuple[str, int, int]], low: str, items: Catalogue) -> bool:
    """Return whether a sentence speaks of all items: "all", "both" of two, "none of", or their exact number."""
    total = items.count
    if _NOT_ALL.holds(low):
        return False
    east = not low.isascii()
    for number, (token, _, _) in enumerate(tokens):
        if token in words.BOTH:
            if total <= 2:
                return True
        elif token in words.ALL:
            if number + 1 < len(tokens) and 1 < total == _count(tokens[number + 1][0]):
                return True
            if not _is_idle_all(tokens, low, number):
                return not _is_other_count(tokens, number, total)
        elif token == Mark.NOTICE.value:
            if _is_what_a_notice_lists(tokens, number):
                return True
        elif _is_as_many(tokens, number, total):
            return True
        elif 1 < total == _count(token):
            if number and tokens[number - 1][0] in _DEFINITE:
                return True
            if any(_is_noun(one) for one, _, _ in tokens[number + 1 : number + 5]):
                return True
        elif token in words.NONE_OF and any(
            _is_noun(one) or one in {"them", "ihnen", "eux", "ellos", "deles", "essi", "nich", "них"}
            for one, _, _ in tokens[number + 1 : number + 5]
        ):
            return True
    if east:
        if any(word in low for word in words.CJK_ALL):
            return True
        return any(1 < _value(hit[1]) == total for hit in _EAST_COUNT.finditer(low))
    return False


def _is_as_many(tokens: list[tuple[str, int, int]], number: int, total: int) -> bool:
    """Return whether all are counted out of all: "4 of 4", "4/4", "every one of the four"."""
    if total < 2:
        return False
    if _count(tokens[number][0]) == total:
        return _is_out_of_as_many(tokens, number, total)
    return tokens[number][0] in _EACH and _is_out_of_as_many(tokens, number + 1, total)


def _is_out_of_as_many(tokens: list[tuple[str, int, int]], number: int, total: int) -> bool:
    """Return whether "of the four" follows, of a notice of four."""
    after = [token for token, _, _ in tokens[number + 1 : number + 4]]
    if not after or after[0] not in _OUT_OF:
        return False
    return any(_count(token) == total for token in after[1:])


_SEVERAL = frozenset(
    "inhalte dateien adressen seiten bilder contenuti immagini pagine indirizzi ссылки файлы материалы страницы посилання файли матеріали linki pliki strony".split()
)
_OF_A_NOTICE = frozenset(
    "in from of under for listed reported named mentioned included contained by with your the our notice report request ticket case reference no nr number aus unter im der ihrer meldung gemeldet genannt dans de votre signalement notification en su aviso del na sua nella segnalazione uit melding w из в zgłoszenia , ( #".split()
)


def _is_what_a_notice_lists(tokens: list[tuple[str, int, int]], number: int) -> bool:
    """Return whether "the URLs in <notice>" is said: all that the notice lists."""
    for token, _, _ in reversed(tokens[max(0, number - 8) : number]):
        if token not in _OF_A_NOTICE:
            return _is_noun(token) and (token.endswith("s") or token in _SEVERAL)
    return False


_DEFINITE = frozenset(
    "the these those your die diese diesen dieser den der les ces vos des los las estos estas dos das os as estes estas i le gli questi queste delle dei degli de deze te эти этих ці цих bu o de disse dessa".split()
)


def _is_other_count(tokens: list[tuple[str, int, int]], number: int, total: int) -> bool:
    """Return whether "all" is followed by a count that is not the notice's, as in "all five links" of six."""
    for place in range(number + 1, min(number + 4, len(tokens))):
        count = _count(tokens[place][0])
        if count > 1 and count != total and any(_is_noun(one) for one, _, _ in tokens[place + 1 : place + 4]):
            return True
    return False


_EVERYTHING = frozenset("everything alles tutto wszystko всё усе все".split())


def _is_idle_all(tokens: list[tuple[str, int, int]], low: str, number: int) -> bool:
    """Return whether "all" speaks of something else: "at all", "all the best", "all customers"."""
    start = tokens[number][1]
    window = low[max(0, start - 16) : start + 16]
    if any(phrase in window for phrase in _STOP_ALL):
        return True
    following = [token for token, _, _ in tokens[number + 1 : number + 6]]
    if any(_is_noun(token) for token in following):
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


def _count(token: str) -> int:
    """Return the number that a word or up to four digits stand for, 0 if none."""
    if token.isdecimal() and len(token) < 5:
        return int(token)
    return words.COUNTS.get(token, 0)


_ONE = frozenset("one eine einer einen un une uno una um uma een één jeden jedna один одна одно одну bir واحد".split())
_OUT_OF = frozenset("of / von sur de di van z из з av af out der des dei delle parmi entre tra dos das".split())
_NEGATING = frozenset("not n't isn't aren't no keine kein nicht aucun aucune ni ninguno nessuno geen ни жоден".split())


_EACH = frozenset(
    "every each jede jeder jedes jeden chacun chacune cada ogni elk elke każdy każda każde каждый каждая каждое кожен кожна кожне her".split()
)


def _is_part(tokens: list[tuple[str, int, int]], total: int) -> bool:
    """Return whether a part of the items is counted: "two of the three", "5 of 6", "5/6"; "not one of the five" is none."""
    for number, (token, _, _) in enumerate(tokens):
        first = _count(token) or (1 if token in _ONE else 0)
        if number and tokens[number - 1][0] in _EACH:
            continue
        if not first or first >= total or number + 1 >= len(tokens) or tokens[number + 1][0] not in _OUT_OF:
            continue
        if not any(_count(one) > first for one, _, _ in tokens[number + 2 : number + 6]):
            continue
        before = {one for one, _, _ in tokens[max(0, number - 4) : number]}
        if "single" not in before and before.isdisjoint(_NEGATING):
            return True
    return False


def relative_split(text: str) -> int:
    """Return where a relative clause about the last item begins, -1 if there is none."""
    found = _RELATIVE.search(text)
    return found.end() if found is not None else -1
