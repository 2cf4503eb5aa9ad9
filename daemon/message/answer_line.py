"""An answer in one line, as our letters teach it: "REMOVED 1-4; NOT OURS 5" in any language.

What its words mean is said by rules.yaml; here it is only found that its numbers are those of items.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from daemon.message.answer_words import GREETINGS, answer_word, plain

_NUMBERS = r"#?[0-9]{1,4}(?:\s?(?:[-–~]|\.\.|[,，、،&+]|и|und|and|et|y|e|en|i|ve)\s?#?[0-9]{1,4}){0,200}"
_WORDS = r"[^\W\d][^\d:：=#-]{0,60}"
_PART = re.compile(
    rf"(?:(?P<before>{_WORDS}?)\s?(?:[:：=-]\s?)?)?(?P<numbers>{_NUMBERS})(?:\s?(?:[:：=-]\s?)?(?P<after>{_WORDS}))?",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\s?[;；؛|]\s?")
_RANGE = re.compile(r"#?([0-9]+)\s?(?:[-–~]|\.\.)\s?#?([0-9]+)")
_RUN = re.compile(r"([0-9]+)(?:\s?(?:[-–~]|\.\.)\s?([0-9]+))?")
_NUMBER = re.compile("[0-9]+")
_SIGNS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_FINAL = ".,!;。，、！；؛،"
_LETTER = re.compile(r"[^\W\d_]{2,}")
_ENDS = ".!。;；؛ "
_LONGEST = 600  # characters
_NEAR = timedelta(days=31)


def is_answer_line(text: str) -> bool:
    """Tell whether a line is such an answer: words that answers are given in, and numbers, in one or several parts."""
    if len(text) > _LONGEST or _NUMBER.search(text) is None:
        return False
    return all(map(_is_part, _split(text)))


def _is_part(part: str) -> bool:
    """Tell whether a part is made of words that answers are given in, and of numbers."""
    found = _PART.fullmatch(part)
    if found is None or (found["before"] and found["after"]):
        return False
    return answer_word(found["before"] or found["after"] or "") is not None


def parts(text: str, positions: Collection[int], date: datetime | None = None) -> tuple[str, ...]:
    """Return the parts of an answer line with "#" before their item numbers; () for any other text.

    ``positions`` are the numbers of the notice's items.  Numbers that may as well be counts ("removed 3"), or the day
    of the mail (``date``), are none.
    """
    if not is_answer_line(text):
        return ()
    found = _split(text)
    named = [list(_named(part)) for part in found]
    if any(number not in positions for some in named for number in some):
        return ()
    signed = "#" in text
    if not signed and (_may_count(named, len(positions)) or _may_be_a_day(found, date)):
        return ()
    return tuple(map(_signed, found))


def addressed(part: str, urls: Mapping[int, str]) -> str:
    """Return one of the ``parts`` with addresses instead of numbers: of several notices each has an item 1."""
    words, _, numbers = part.rpartition("#")
    named: dict[str, None] = {}
    for first, last in _RUN.findall(numbers):
        for number in range(int(first), int(last or first) + 1):
            if number in urls:
                named[urls[number]] = None
    return words + ", ".join(named)


def stands_alone(above: str, *, leads: bool, gap: bool) -> bool:
    """Tell whether a line is an answer of its own, by the text above it ("" for the first line).

    ``leads``: that text, or one before it, leads to what follows (":"); ``gap``: a blank line stands between.
    """
    if not above or is_answer_line(above) or _greets(above):
        return True
    return not leads and (gap or above.rstrip()[-1:] in _FINAL or _LETTER.search(above) is None)


def _greets(text: str) -> bool:
    words = plain(text).replace(",", " ").replace(":", " ").replace("：", " ").split()
    return 0 < len(words) < 7 and (words[0] in GREETINGS or words[-1] in GREETINGS or "御中" in text)


def _split(text: str) -> list[str]:
    """Return the parts of a line, without direction and other invisible signs."""
    return _BREAK.split(_SIGNS.sub("", text).strip().rstrip(_ENDS))


def _named(part: str) -> Iterator[int]:
    """Yield the numbers of a part, the ends of its ranges among them."""
    return (int(number) for number in _NUMBER.findall(part))


def _may_count(named: list[list[int]], total: int) -> bool:
    """Return whether all numbers stand alone and may say how many: "REMOVED 3", or "REMOVED 4; NOT OURS 1" of five."""
    if any(len(some) > 1 for some in named):
        return not all(low < high for some in named for low, high in pairwise(some))
    numbers = [some[0] for some in named]
    if len(numbers) == 1:
        return total != 1
    return sum(numbers) == total or len(set(numbers)) < len(numbers)


def _may_be_a_day(found: list[str], date: datetime | None) -> bool:
    """Return whether the only numbers may be a day shortly before the mail: "removed 11-27"."""
    ends = _RANGE.search(found[0])
    if len(found) > 1 or ends is None or date is None or len(_NUMBER.findall(found[0])) > 2:
        return False
    days = ((date - timedelta(days=back)).date() for back in range(_NEAR.days + 1))
    pair = {int(ends[1]), int(ends[2])}
    return any({day.month, day.day} == pair for day in days)


def _signed(part: str) -> str:
    """Return one part as "WORDS #numbers"."""
    found = _PART.fullmatch(part)
    if found is None:
        return part
    words = (found["before"] or found["after"]).strip()
    return f"{answer_word(words) or words} #{found['numbers'].replace('#', '')}"
