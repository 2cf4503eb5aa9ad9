"""The days that a sentence states, in many languages: each the latest day that its words can mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import re2

from daemon.decide import calendar_words as words

_NEAR = timedelta(days=184)
_SPACES = re.compile(r"\s+")
_OWN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "ß": "ss", "’": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Return ``text`` in lower case without accents, so that one stem meets every spelling."""
    return _remembered(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return _SPACES.sub(" ", text.lower())
    plain = unicodedata.normalize("NFKD", text.lower().translate(_OWN))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign) or "\u3099" <= sign <= "\u309a")
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", plain))


_SHORT = 400  # characters: no mail can fill the memory with what is remembered
_remembered = lru_cache(maxsize=1024)(_folded)


def _words(rows: list[str]) -> dict[str, int]:
    return {fold(word): number for number, row in enumerate(rows, 1) for word in row.split()}


def _either_of(entries: dict[str, int], least: int) -> str:
    """Return a pattern for any of the words, those of ``least`` letters and more with an ending."""
    longest = sorted(entries, key=len, reverse=True)
    return "|".join(rf"{re.escape(word)}(?=\w{{0,9}}\b)" if len(word) >= least else rf"{word}\b" for word in longest)


_MONTH, _WEEKDAY, _NUMBER = _words(words.MONTHS), _words(words.WEEKDAYS), _words(words.NUMBER_WORDS)
_VERB = r"(?! (?:be|have|not|need|still|contain|take|well|also|no|remain|require|only|come|reappear)\b)"
_NAME = rf"({_either_of(_MONTH, 5)})[^\W\d_]*{_VERB}"
_YEAR = r"(?:,? ?(?:de |del |year |г )?((?:19|20)\d\d))?"
_DAY_MONTH = re.compile(
    rf"(?<![\d.,:/-])(\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.|-go|-го)?,? ?(?:of |de |del |di |d'|من )?{_NAME}\.?{_YEAR}"
)
_MONTH_DAY = re.compile(rf"\b{_NAME}\.? ?(\d{{1,2}})(?:st|nd|rd|th|\.)?(?![\d:]){_YEAR}")
_LONE_MONTH = re.compile(rf"\b({_either_of({word: 1 for word in _MONTH if len(word) >= 5}, 5)})[^\W\d_]*{_YEAR}")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_EAST = re.compile(r"(?:((?:19|20)\d\d) ?[年년] ?)?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日号號일])?")
_VIET = re.compile(r"(\d{1,2}) thang (\d{1,2})")
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)?\d\d)(?![\d/-])")
_DOTTED = re.compile(r"(?<![\d./-])(\d{1,2})\. ?(\d{1,2})\.(?!\d)")
_SLASHED = re.compile(
    r"\b(?:on|since|from|le|depuis|el|desde|il|dal|em|dia|am|dem|den|op|sinds|od|dnia|с|от|з|від) "
    r"(\d{1,2})[/.](\d{1,2})(?![\d/.])"
)
_AGO = tuple((days, re.compile(pattern)) for days, pattern in words.AGO)
_COUNT = "|".join(sorted(map(re.escape, _NUMBER), key=len, reverse=True))
_COUNTED = tuple((factor, re.compile(pattern.replace("@", _COUNT))) for factor, pattern in words.COUNTED)
_DAY_NAMES = re.compile(
    "|".join(rf"\b{re.escape(day)}" + r"\b" * (len(day) < 5) if day.isascii() else re.escape(day) for day in _WEEKDAY)
)
_LAST_WEEK, _LAST_MONTH = re.compile(words.LAST_WEEK), re.compile(words.LAST_MONTH)
_LAST_YEAR, _BEFORE_OURS = re.compile(words.LAST_YEAR), re.compile(words.BEFORE_OURS)


def _sieve(patterns: Iterable[str]) -> re2._Regexp:
    """Compile what any of ``patterns`` needs to match, so that most sentences are dismissed in one pass.

    RE2 knows word borders and classes of ASCII only: borders are left out, classes widened.
    """
    loose = (one.replace(r"\b", "").replace(r"\w", r"[\pL\pM\pN_]").replace(r"\d", r"\p{Nd}") for one in patterns)
    return re2.compile("|".join(f"(?:{one})" for one in loose))


_MAY_NAME = _sieve(map(re.escape, _MONTH))
_MAY_COUNT = _sieve(pattern.replace(r"(\d{1,3}|@)", "[^ ]{0,20}") for _, pattern in words.COUNTED)
_MAY_RELATE = _sieve(
    [*(one for _, one in words.AGO), words.LAST_WEEK, words.LAST_MONTH, words.LAST_YEAR, *map(re.escape, _WEEKDAY)]
)
_MAY_BE_BEFORE = _sieve([words.BEFORE_OURS])
_DIGIT = re.compile(r"\d")


def says_before_ours(text: str) -> bool:
    """Tell whether the words themselves say "before your notice" or "the day before"."""
    plain = fold(text)
    return _MAY_BE_BEFORE.search(plain) is not None and _BEFORE_OURS.search(plain) is not None


def stated_days(text: str, written: date) -> tuple[date, ...]:
    """Return the latest day that each date or day-word of ``text`` can mean, for a mail written on ``written``."""
    plain = fold(text)
    readers = [reader for holds, reader in _READERS if holds(plain)]
    try:
        return tuple(dict.fromkeys(day for reader in readers for day in reader(plain, written)))
    except OverflowError:  # a Date header at the end of time
        return ()


def _named(text: str, written: date) -> Iterator[date]:
    """Yield dates with a month's name, and blank them out so that the month is not read a second time."""
    rest = text
    for pattern, day, month, year in ((_DAY_MONTH, 1, 2, 3), (_MONTH_DAY, 2, 1, 3)):
        for found in pattern.finditer(rest):
            yield from _day(found[year], _MONTH[found[month]], int(found[day]), written)
        rest = pattern.sub(" ", rest)
    for found in _LONE_MONTH.finditer(rest):
        if found[1] not in _VERBS and found[0].split(",")[0].strip() not in _NAMES_OF_PEOPLE:
            yield from _month(found[2], _MONTH[found[1]], written)


# read as months beside a day only
_VERBS = frozenset({"march", "marco", "marzo", "marca"})
_NAMES_OF_PEOPLE = frozenset(
    """marcus marcel marcela marcella marcelo marcin marta martin martina martine martinez martins martha janus
    april avril julia julian juliana julie julien juliet juliette julio juliana junior auguste augusta augusto
    augustin augustine octavia octavio octavian juniper maija maja""".split()  # noqa: SIM905
)


def _numeric(text: str, written: date) -> Iterator[date]:
    for found in _ISO.finditer(text):
        yield from _day(found[1], int(found[2]), int(found[3]), written)
    for found in _NUMERIC.finditer(_ISO.sub(" ", text)):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        yield from _either(year, int(found[1]), int(found[3]), written, dotted=found[2] == ".")
    for pattern, dotted in ((_DOTTED, True), (_SLASHED, False)):
        for found in pattern.finditer(text):
            yield from _either(None, int(found[1]), int(found[2]), written, dotted=dotted)
    for found in _VIET.finditer(text):
        yield from _day(None, int(found[2]), int(found[1]), written)
    for found in _EAST.finditer(text):
        if found[3]:
            yield from _day(found[1], int(found[2]), int(found[3]), written)
        else:
            yield from _month(found[1], int(found[2]), written)


def _either(year: str | None, one: int, two: int, written: date, *, dotted: bool) -> Iterator[date]:
    """Yield day.month, or of day/month and month/day the one nearer to the day of writing and not after it."""
    readings = list(_day(year, two, one, written))
    if not dotted:
        readings += _day(year, one, two, written)
    past = [day for day in readings if day <= written + timedelta(days=1)] or readings
    if past:
        yield max(past)


def _counted(text: str, written: date) -> Iterator[date]:
    for factor, pattern in _COUNTED:
        for found in pattern.finditer(text):
            count = int(found[1]) if (found[1] or "").isdigit() else _NUMBER.get(found[1] or "", 1)
            yield written - timedelta(days=min(count, 999) * factor)


def _relative(text: str, written: date) -> Iterator[date]:
    for days, pattern in _AGO:
        if pattern.search(text):
            yield written - timedelta(days=days)
            break
    if _LAST_WEEK.search(text):
        yield written - timedelta(days=written.weekday() + 1)
    if _LAST_MONTH.search(text):
        yield written.replace(day=1) - timedelta(days=1)
    if _LAST_YEAR.search(text):
        yield written.replace(month=1, day=1) - timedelta(days=1)
    for found in _DAY_NAMES.finditer(text):
        yield written - timedelta(days=(written.weekday() - (_WEEKDAY[found[0]] - 1)) % 7)


_READERS: tuple[tuple[Callable[[str], object], Callable[[str, date], Iterator[date]]], ...] = (
    (_MAY_NAME.search, _named),
    (_DIGIT.search, _numeric),
    (_MAY_COUNT.search, _counted),
    (_MAY_RELATE.search, _relative),
)


def _day(year: str | None, month: int, day: int, written: date) -> Iterator[date]:
    """Yield the day if it exists; without a year, the one nearest to the day of writing."""
    years = [int(year)] if year else [written.year - 1, written.year, written.year + 1]
    days = [made for one in years if (made := _made(one, month, day)) is not None]
    if days:
        yield min(days, key=lambda made: abs(made - written))


def _month(year: str | None, month: int, written: date) -> Iterator[date]:
    """Yield the last day of a month that has ended, the day of writing for the running one."""
    if not 1 <= month <= 12:
        return
    own = int(year) if year else written.year - (month > written.month)
    end = (date(own, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    yield min(end, written)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
