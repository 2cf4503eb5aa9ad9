# ruff: noqa: E501 - one list per language reads best on long lines
"""Reads from an out-of-office note when the absence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

_MONTHS = {
    1: "january jan januar janvier enero janeiro gennaio januari stycznia styczeń январ січ ocak كانون يناير januára tammikuu leden január ianuarie",
    2: "february feb februar février fevrier febrero fevereiro febbraio februari lutego luty феврал лют şubat فبراير helmikuu únor február februarie",
    3: "march mar märz maerz mars marzo março maart marca marzec март берез mart مارس maaliskuu březen március martie",
    4: "april apr avril abril aprile kwietnia kwiecień апрел квіт nisan أبريل ابريل huhtikuu duben április aprilie",
    5: "may mai mayo maio maggio mei maja мая май трав mayıs مايو toukokuu květen május",
    6: "june jun juni juin junio junho giugno czerwca czerwiec июн черв haziran يونيو kesäkuu červen június iunie",
    7: "july jul juli juillet julio julho luglio lipca lipiec июл лип temmuz يوليو heinäkuu červenec július iulie",
    8: "august aug août aout agosto augustus sierpnia sierpień август серп ağustos أغسطس elokuu srpen augusztus",
    9: "september sep sept septembre septiembre setembro settembre września wrzesień сентябр верес eylül سبتمبر syyskuu září szeptember septembrie",
    10: "october oct okt oktober octobre octubre outubro ottobre października październik октябр жовт ekim أكتوبر lokakuu říjen október octombrie",
    11: "november nov novembre noviembre novembro listopada listopad ноябр листоп kasım نوفمبر marraskuu novembra noiembrie",
    12: "december dec dez dezember décembre decembre diciembre dezembro dicembre grudnia grudzień декабр груд aralık ديسمبر joulukuu prosinec decembrie",
}
_MONTH_OF = {word: number for number, words in _MONTHS.items() for word in words.split()}
_STEMS = tuple(word for word in _MONTH_OF if len(word) > 3 or not word.isascii())
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:de |of |d['’])?([^\W\d_]{3,14})\.?(?:,?\s+(?:de )?(20\d\d))?",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,14})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(20\d\d))?", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})(?:\2((?:20)?\d\d))?(?!\d)")
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_EAST = re.compile(
    r"(?:(20\d\d)\s*[年년]\s*)?([0-9一二三四五六七八九十]{1,3})\s*[月월]\s*([0-9一二三四五六七八九十]{1,3})\s*[日号일]"
)
_HAN = {sign: number for number, sign in enumerate("一二三四五六七八九", 1)}


def returns_on(text: str, sent: datetime | None) -> datetime | None:
    """Return the last plausible date that a note names (UTC midnight), None if it names none.

    A date without a year is the next one after ``sent``; dates more than 400 days off are not the end of an absence.
    """
    if sent is None:
        return None
    floor, ceiling = sent - timedelta(days=3), sent + timedelta(days=400)
    dates = [found for found in _dates(text[:4000], sent) if floor <= found <= ceiling]
    return max(dates) if dates else None


def _dates(text: str, sent: datetime) -> Iterator[datetime]:
    """Yield every date in ``text``."""
    for pattern, order in (
        (_ISO, (1, 2, 3)),
        (_EAST, (1, 2, 3)),
        (_DAY_MONTH, (3, 2, 1)),
        (_MONTH_DAY, (3, 1, 2)),
        (_NUMERIC, (4, 3, 1)),
    ):
        for number, found in enumerate(pattern.finditer(text)):
            year, month, day = (found[place] for place in order)
            made = _date(year, _month(month), _number(day), sent)
            if made is None and pattern is _NUMERIC:
                made = _date(year, _number(day), _month(month), sent)  # month before day
            if made is not None:
                yield made
            if number > 50:
                break


def _number(text: str) -> int:
    """Return a number in digits or Chinese numerals."""
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_HAN.get(tens, 1)) * 10 + _HAN.get(ones, 0)
    return _HAN.get(text, 0)


def _month(text: str) -> int:
    """Return the month that a word or number stands for, 0 if none."""
    low = text.casefold()
    if low[0].isdecimal() or low[0] in "一二三四五六七八九十":
        return _number(low)
    if low in _MONTH_OF:
        return _MONTH_OF[low]
    return next((_MONTH_OF[stem] for stem in _STEMS if low.startswith(stem)), 0)


def _date(year: str | None, month: int, day: int, sent: datetime) -> datetime | None:
    """Put a date together; a missing year is the one that makes it lie ahead."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    try:
        if year:
            return datetime(int(year) + (2000 if len(year) == 2 else 0), month, day, tzinfo=UTC)
        made = datetime(sent.year, month, day, tzinfo=UTC)
        return made if made >= sent - timedelta(days=60) else made.replace(year=sent.year + 1)
    except ValueError:
        return None
