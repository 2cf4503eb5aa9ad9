# ruff: noqa: E501 - word lists read best as words
"""Finds item numbers as Chinese, Japanese and Korean write them, and circled numbers."""

from __future__ import annotations

import re

from daemon.message.catalogue import Catalogue, Mention, mention_of

_EAST_ITEM = re.compile(
    r"第\s*([0-9一二三四五六七八九十]{1,3})\s*(?:[个個条條项項件点點则則张張篇番号號]|つ)?(?:目)?|(?<![0-9一二三四五六七八九十:.])([0-9]{1,3}|[一二三四五六七八九十]{1,2})\s*(?:番目|番|つ目|件目|点目|本目|項目|번째|번(?!호)|번 항목)"
    r"|(첫|두|세|네|다섯) ?번째|([\u2460-\u2473\u2776-\u277f\u24f5-\u24fe])|(?:項目|项目|番号|編號|编号|リンク|链接|連結|링크|항목|번호|序号)\s?(?:No\.?)?\s?([0-9]{1,3})(?![0-9])"
)
EAST_COUNT = re.compile(
    r"([0-9]{1,3}|[二两兩三四五六七八九十]|두|세|네|다섯|여섯|일곱)\s?(?:[个個件条條项項本点點枚則则张張篇处處]|つ|개|건|편|가지)(?!目|월|月|日)"
)
_UNIT = "(?:番目|番|つ目|件目|[条條項项]|번째|번)"
_ROW_OF = re.compile(
    rf"((?:第|項目|项目|番号|编号|編號|リンク|链接|連結|링크|항목|번호)\s*)?(?<![0-9.:])([0-9]{{1,3}})\s*{_UNIT}?"
    rf"((?:\s*(?:、|,|，|・|と|及び|および|和|与|及|以及|및|과|와|至|到|から|～|〜|~|-|–|부터)\s*(?:第\s*)?[0-9]{{1,3}}(?![0-9:.])\s*{_UNIT}?)+)"
)
_NEXT_OF = re.compile(r"(至|到|から|～|〜|~|-|–|부터)?\s*(?:第\s*)?([0-9]{1,3})")
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


def east_value(text: str) -> int:
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


def east_mentions(text: str, items: Catalogue) -> list[Mention]:
    """Find item numbers as Chinese, Japanese and Korean write them, and circled numbers."""
    found = [mention for hit in _ROW_OF.finditer(text) for mention in _of_row(hit, items)]
    taken = {place for one in found for place in range(one.start, one.end)}
    for hit in _EAST_ITEM.finditer(text):
        raw = next(group for group in hit.groups() if group)
        value = east_value(raw)
        if value in items.by_position and hit.start() not in taken:
            found.append(mention_of(items, hit.start(), hit.end(), value))
    return sorted(found, key=lambda one: one.start)[:500]


def _of_row(hit: re.Match[str], items: Catalogue) -> list[Mention]:
    """Return the items of a row of numbers, "第1、2条" or "1番から3番", none where one is no item's."""
    if not (hit[1] or re.search(_UNIT, hit[0])):
        return []
    values = [int(hit[2])]
    for joined, number in _NEXT_OF.findall(hit[3]):
        values += range(values[-1] + 1, int(number)) if joined else ()
        values.append(int(number))
    if len(values) > 500 or any(value not in items.by_position for value in values):
        return []
    urls = tuple(url for value in values for url in items.by_position[value])
    return [Mention(hit.start(), hit.end(), f"{values[0]}-{values[-1]}", urls)]
