"""When an ESP that does not answer is watched, and when a lead is asked whether it is unresponsive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from daemon.notices.status import Category

OUTCOMES = (
    Category.REMOVED.value,
    Category.ALREADY_GONE.value,
    Category.REFUSED.value,
    Category.NOT_HOSTED_HERE.value,
    Category.MORE_INFO_NEEDED.value,
    Category.IN_PROGRESS.value,
)
ANSWERS = (*OUTCOMES, Category.WRONG_CHANNEL.value, Category.CONTACT_CHANGE.value, Category.ONBOARDING.value)


class Limits(Protocol):
    """The thresholds, as ``unresponsive:`` of rules.yaml has them; the two times count from ``Facts.since``."""

    @property
    def watch_notices(self) -> int: ...
    @property
    def watch_urls(self) -> int: ...
    @property
    def watch_after(self) -> timedelta: ...
    @property
    def unresponsive_after(self) -> timedelta: ...
    @property
    def whole_ladders(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands open at one ESP.  ``since``: its last answer, or our first letter about what is open.

    ``whole_ladders``: how many of the open notices have had every step of their ladder.
    """

    notices: int
    urls: int
    since: datetime
    whole_ladders: int = 0


def is_silent(facts: Facts, limits: Limits, now: datetime) -> bool:
    """Tell whether an ESP is to be watched: enough stands open, for long enough, without an answer."""
    enough = facts.notices >= limits.watch_notices or facts.urls >= limits.watch_urls
    return enough and now - facts.since >= limits.watch_after


def is_unresponsive(facts: Facts, limits: Limits, now: datetime) -> bool:
    """Tell whether a lead is to be asked: a watched ESP stays silent for longer, or ladders ran out on it."""
    if not is_silent(facts, limits, now):
        return False
    return now - facts.since >= limits.unresponsive_after or facts.whole_ladders >= limits.whole_ladders
