"""Whether a letter may leave to an address now: hours, the letter of the day, the distance of survivor-linked ones."""

from __future__ import annotations

from datetime import datetime

from daemon.followups.planned import Rules, Traffic
from daemon.followups.reasons import NotSent


def shut(survivor_linked: bool, rules: Rules, now: datetime, traffic: Traffic) -> tuple[NotSent, datetime] | None:
    """Return why no follow-up may leave to an address with this ``traffic``, and when to look again; None if one may.

    Asked twice: when letters are planned, and when one is claimed, because between the two lie approvals, fuses and
    mail servers that were away.
    """
    working, caps = rules.working, rules.caps
    if not survivor_linked and not working.is_working(now):
        return NotSent.OUTSIDE_HOURS, working.next_start(now)
    if traffic.automatic >= caps.automatic_a_day:
        midnight = working.midnight(now, days=1)
        return NotSent.CAP_REACHED, midnight if survivor_linked else working.next_start(midnight)
    if not survivor_linked and traffic.grouped >= caps.grouped_a_day:
        return NotSent.ALREADY_TODAY, working.day_after(now)
    if survivor_linked and traffic.last_survivor and abs(now - traffic.last_survivor) < caps.survivor_gap:
        return NotSent.SLOT_TAKEN, traffic.last_survivor + caps.survivor_gap
    return None


def tomorrow(survivor_linked: bool, rules: Rules, now: datetime) -> datetime:
    """When a letter that finds its slot taken is tried again."""
    return now + rules.caps.survivor_gap if survivor_linked else rules.working.day_after(now)
