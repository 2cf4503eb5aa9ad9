"""Reads single values: lengths of time, days, hours, numbers.  ``None`` means that the text is no such value."""

from __future__ import annotations

import re
from datetime import time, timedelta

_LENGTH = re.compile(
    r"(\d{1,5}(?:[.,]\d{1,3})?)\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\.?", re.IGNORECASE
)
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_WHEN = re.compile(r"(.+?)\s+(\d{1,2}:\d\d)")


def length(text: str) -> timedelta | None:
    """Read "24 h", "7 days", "90 min", "1 week"."""
    found = _LENGTH.fullmatch(text.strip())
    if not found:
        return None
    amount = float(found[1].replace(",", "."))
    return timedelta(seconds=round(amount * _SECONDS[found[2][0].lower()]))


def count(text: str) -> int | None:
    plain = text.strip().replace("_", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) else None


def truth(text: str) -> bool | None:
    return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}.get(text.strip().lower())


def days(text: str) -> frozenset[int] | None:
    """Read "mon-fri", "mon, wed", "daily" as numbers with Monday as 0; a range may run over Sunday."""
    plain = text.strip().lower()
    if plain in {"daily", "every day", "all"}:
        return frozenset(range(7))
    found: set[int] = set()
    for part in re.split(r"\s*,\s*|\s+", plain):
        first, dash, last = part.partition("-")
        start, end = _day(first), _day(last if dash else first)
        if start is None or end is None:
            return None
        found.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(found) or None


def _day(word: str) -> int | None:
    return (
        _DAYS.index(word[:3])
        if re.fullmatch(r"mon(day)?|tues?(day)?|wed(nesday)?|thu(rs)?(day)?|fri(day)?|sat(urday)?|sun(day)?", word)
        else None
    )


def clock(text: str) -> time | None:
    """Read "07:00"; "24:00" is the last microsecond of the day."""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    if found[1] == "24":
        return time.max if found[2] == "00" else None
    return time(int(found[1]), int(found[2]))


def hours(text: str) -> tuple[time, time] | None:
    """Read "08:00-16:00"; the start must lie before the end."""
    first, _, last = text.replace("–", "-").partition("-")
    start, end = clock(first), clock(last)
    return (start, end) if start is not None and end is not None and start < end else None


def when(text: str) -> tuple[frozenset[int], time] | None:
    """Read "mon 07:00", "daily 07:00", "mon-fri 07:00"."""
    found = _WHEN.fullmatch(text.strip())
    if not found:
        return None
    on, at = days(found[1]), clock(found[2])
    return (on, at) if on is not None and at is not None else None
