"""Who is on shift: the members of the team on the days that they work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from daemon.rulefile.blocks import Member


def on_shift(team: Mapping[str, Member], day: date) -> tuple[Member, ...]:
    """Return the members who work on ``day``, by name."""
    return tuple(team[name] for name in sorted(team) if day.weekday() in team[name].days)


def leads(team: Mapping[str, Member]) -> tuple[Member, ...]:
    return tuple(team[name] for name in sorted(team) if team[name].lead)


def by_login(team: Mapping[str, Member], login: str) -> Member | None:
    """Return who calls as ``login``, None when that is nobody of the team."""
    return next((one for one in team.values() if one.login and one.login == login), None)


def told(team: Mapping[str, Member], tell: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of those whom a route names: by their name in the team, or by an address."""
    found = (team[one].address if one in team else one for one in tell)
    return tuple(dict.fromkeys(address for address in found if address))
