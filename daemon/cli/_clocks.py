"""``noticed notices pause|resume|answered``, and the clocks of a notice in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import Connection

from daemon.cli._common import person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.errors import PermanentError
from daemon.notices.takedown import Event
from daemon.rulefile import values
from daemon.store import clocks, notices
from daemon.store.overdue import Clock

LONGEST = timedelta(days=366)
Act = Callable[[Connection, int, datetime, str], None]


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.option("--for", "length", required=True, help='How long, like "2 days" or "12 h".')
@click.option("--reason", required=True, help="Why; shown by noticed notices show.")
@click.pass_obj
def pause(config: Path | None, numbers: tuple[str, ...], length: str, reason: str) -> None:
    """Let the reminders of notices wait; they go on by themselves, with the latest step only."""
    span = values.length(length)
    if span is None or not timedelta(0) < span <= LONGEST:
        raise click.UsageError(f'"{length}" is not a length of time up to a year; write it like "2 days" or "12 h"')

    def act(conn: Connection, notice_id: int, now: datetime, by: str) -> None:
        clocks.pause(conn, notice_id, now + span, by, reason, now)

    until = _each(config, numbers, act) + span
    click.echo(f"Paused until {until:%Y-%m-%d %H:%M} UTC: {', '.join(numbers)}. Sooner: noticed notices resume NUMBER")


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def resume(config: Path | None, numbers: tuple[str, ...]) -> None:
    """End the pause and the hold of notices; their latest step leaves at the next allowed time."""
    _each(config, numbers, lambda conn, notice_id, now, by: clocks.release(conn, notice_id, by, now))
    click.echo(f"The reminders go on: {', '.join(numbers)}.")


@click.command()
@click.argument("numbers", nargs=-1, required=True)
@click.pass_obj
def answered(config: Path | None, numbers: tuple[str, ...]) -> None:
    """Say that what an ESP asked about notices is answered: it is their turn, and their clock goes on."""

    def act(conn: Connection, notice_id: int, now: datetime, by: str) -> None:
        notices.advance(conn, [notice_id], Event.ANSWERED, now, by)

    _each(config, numbers, act)
    click.echo(f"It is their turn again: {', '.join(numbers)}.")


def _each(config: Path | None, numbers: tuple[str, ...], act: Act) -> datetime:
    """Let ``act`` happen to all notices, or to none if one is not known; return when."""
    settings = settings_of(config)
    by, now = person(settings), SystemClock().now()
    with store_of(settings).write() as conn:
        for number in numbers:
            row = notices.get(conn, number)
            if row is None:
                raise PermanentError(f"there is no notice {number}; see: noticed notices list")
            act(conn, row.id, now, by)
    return now


def lines(clock: Clock, open_items: int, now: datetime) -> Iterator[str]:
    """Say where the clocks stand."""
    if clock.sent_at is None:
        yield "Not sent yet: no clock runs."
        return
    yield f"Sent            {_at(clock.sent_at)}"
    if clock.first_response_at:
        yield f"First response  {_at(clock.first_response_at)}"
    elif open_items:
        yield f"First response  none{_late(clock.answer_by, now)}"
    if open_items:
        still = "; their clock stands still" if clock.asked_us_since and clock.next_step_at is None else ""
        yield f"Removal         {open_items:,} open{still or _late(clock.remove_by, now)}"
    if clock.asked_us_since:
        yield f"Our answer      they asked us something at {_at(clock.asked_us_since)}"
    if clock.paused_until and clock.paused_until > now:
        why = f": {clock.pause_reason}" if clock.pause_reason else ""
        yield f"Paused          until {_at(clock.paused_until)} by {clock.paused_by}{why}"
    if clock.on_hold:
        yield f"On hold         {clock.on_hold.replace('_', ' ')}"
    if open_items:
        following = _at(clock.next_step_at) if clock.next_step_at else "none until something happens to the notice"
        yield f"Next step       {following} (steps dealt with: {clock.rung:,})"


def _late(by: datetime | None, now: datetime) -> str:
    if by is None:
        return ""
    return f", OVERDUE since {_at(by)}" if by < now else f", in time until {_at(by)}"


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
