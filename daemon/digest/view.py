"""What a digest looks at: one week, for one scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """An ISO 8601 week."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(*day.isocalendar()[:2])

    @classmethod
    def parse(cls, text: str) -> Week:
        year, _, number = text.partition("-W")
        return cls(int(year), int(number))

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    def later(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))

    def begins(self, zone: str) -> datetime:
        """The first moment of the week where its readers live, in UTC."""
        return datetime.combine(self.monday, time.min, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class View:
    """``esps``: the rows of the register that the reader is responsible for, None for all.

    Figures are those at the end of the week (``until``), so that a late digest is still that week's; what needs
    somebody is as of ``now``.
    """

    week: Week
    now: datetime
    zone: str = "UTC"
    esps: frozenset[int] | None = field(default=None, repr=False)
    late: bool = False
    organisation: str = "Notice Tracking"

    @property
    def since(self) -> datetime:
        return self.week.begins(self.zone)

    @property
    def until(self) -> datetime:
        """The end of the week, or now while it still runs."""
        return min(self.week.later(1).begins(self.zone), self.now)

    def day(self, at: datetime) -> str:
        """The day of ``at`` where the readers live, as they write it."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%a %d %b %Y}"

    @property
    def last_day(self) -> str:
        """The last day that the figures cover."""
        return self.day(self.until - timedelta(seconds=1))

    def week_starts(self, before: int) -> list[datetime]:
        """The starts of the ``before`` weeks before this one, of this one, and this one's end."""
        return [self.week.later(-n).begins(self.zone) for n in range(before, 0, -1)] + [self.since, self.until]


def ended(now: datetime, zone: str) -> Week:
    """Return the last week that is over by ``now``."""
    return Week.of(now.astimezone(ZoneInfo(zone)).date()).later(-1)


def owed(last: Week | None, now: datetime, zone: str, at_most: int = 8) -> list[Week]:
    """Return the weeks whose digest has not been sent, oldest first; ``last`` is the last one that was.

    Whoever never had one gets only the last week: nobody waits for the others.
    """
    newest = ended(now, zone)
    if last is None:
        return [newest]
    weeks = (newest.later(-n) for n in range(at_most - 1, -1, -1))
    return [week for week in weeks if week > last]
