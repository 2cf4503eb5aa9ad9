"""Calendars: when a letter may leave, in a zone, with its working hours and holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_BREAK = 400  # days; a calendar without one working day in that time is a slip


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Working days and hours of one zone; ``ends`` at midnight is written as ``time.min``.

    ``holidays``: countries, or a country and its part, as ISO 3166 codes ("NO", "DE-BY").
    """

    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))  # Monday is 0
    begins: time = time(8)
    ends: time = time(16)
    holidays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("working time without a working day")
        if self.ends != time.min and self.ends <= self.begins:
            raise ValueError("working time must end after it begins")

    def is_working(self, at: datetime) -> bool:
        """Return whether ``at`` lies in working time; the closing minute no longer does."""
        local = at.astimezone(ZoneInfo(self.zone))
        if not self.is_working_day(local.date()):
            return False
        return self.begins <= local.time() and (self.ends == time.min or local.time() < self.ends)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() in self.days and not is_holiday(day, self.holidays)

    def next_start(self, at: datetime) -> datetime:
        """Return ``at`` if it is working time, else when the next working time begins; in UTC."""
        if self.is_working(at):
            return at.astimezone(UTC)
        day = at.astimezone(ZoneInfo(self.zone)).date()
        for _ in range(_LONGEST_BREAK):
            start = self._start(day)
            if start >= at and self.is_working_day(day):
                return start
            day += timedelta(days=1)
        raise ValueError("no working day within 400 days")

    def day_after(self, at: datetime) -> datetime:
        """Return when working time begins on the first working day after the day of ``at``."""
        return self.next_start(self.midnight(at, days=1))

    def midnight(self, at: datetime, days: int = 0) -> datetime:
        """Return the start of the local day of ``at``, ``days`` later, in UTC."""
        day = at.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=days)
        return datetime.combine(day, time.min, ZoneInfo(self.zone)).astimezone(UTC)

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, self.begins, ZoneInfo(self.zone)).astimezone(UTC)


def next_send_time(at: datetime, working: WorkingTime, survivor_linked: bool) -> datetime:
    """Return when a letter due at ``at`` may leave; survivor-linked ones never wait for office hours."""
    return at.astimezone(UTC) if survivor_linked else working.next_start(at)


def is_holiday(day: date, codes: tuple[str, ...]) -> bool:
    return any(day in _holidays(code, day.year) for code in codes)


@lru_cache(maxsize=256)
def _holidays(code: str, year: int) -> frozenset[date]:
    country, _, part = code.partition("-")
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=year))


def is_known_country(code: str) -> bool:
    """Return whether holidays of ``code`` ("NO", "DE-BY") are known."""
    country, _, part = code.partition("-")
    parts = holidays.list_supported_countries(include_aliases=True).get(country)
    return parts is not None and (not part or part in parts)


def parse_days(text: str) -> frozenset[int]:
    """Read "mon-fri", "mon, wed, fri"; raises ValueError for another word."""
    found: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        begin, end = WEEKDAYS.index(first[:3]), WEEKDAYS.index((last or first)[:3])
        found.update(day % 7 for day in range(begin, end + 1 if end >= begin else end + 8))
    return frozenset(found)


def parse_hours(text: str) -> tuple[time, time]:
    """Read "08:00-16:00"; "24:00" ends at midnight."""
    begins, _, ends = text.replace(" ", "").replace("–", "-").partition("-")
    return time.fromisoformat(begins), time.min if ends == "24:00" else time.fromisoformat(ends)
