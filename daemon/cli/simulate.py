"""``noticed simulate``: which letters would leave in the next days, to whom and why; nothing is sent or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from daemon.cli._common import as_json, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.followups.forecast import Foreseen, forecast
from daemon.followups.standing import Standing
from daemon.jobs import expected, followups
from daemon.jobs.expected import Expected, Waiting
from daemon.store import clocks, learning, outbox

_MOST_NOTICES = 1_000_000
_MOST_WAITING = 100_000
_WAITING = ("queued", "held")


@click.command(short_help="Show the letters of the next days.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@click.option(
    "--as-before/--assume-silence",
    "as_before",
    help="Each ESP removes in the median time of its last 180 days; else (the default) nobody answers.",
)
@as_json
@click.pass_obj
def command(config: Path | None, days: int, as_before: bool, as_json: bool) -> int:
    """Show the letters that would leave, with the clock run forward; letters that wait already come first.

    Addressees are shown by their domain only.  With --as-before a notice that is older than its ESP's median stays
    open: that ESP is late with it already.
    """
    settings = settings_of(config)
    desk, now = desk_of(settings), SystemClock().now()
    until = now + timedelta(days=days)
    with store_of(settings).read() as conn:
        notices = followups.as_they_wait(conn, clocks.due(conn, until, _MOST_NOTICES))
        notices += expected.about_to_begin(conn, desk, now)
        traffic = followups.traffic(conn, notices, desk, now)
        gone = _gone(conn, notices, now) if as_before else {}
        queued = [_queued(row, expected.leaves(row, desk, now)) for row in _rows(conn)]
        introductions = [_introduction(one) for one in expected.introductions(conn, desk, now, until)]
        people = expected.waiting(conn)
    found = [_plain(one) for one in forecast(notices, desk.rules, now, until, traffic, gone)]
    letters = [*queued, *sorted([*found, *introductions], key=lambda one: one["at"])]
    if as_json:
        assumed = "as before" if as_before else "silence"
        told = {"days": days, "assumed": assumed, "notices": len(notices), "letters": letters}
        print_json(told | {"not_sent_yet": people.drafts, "not_confirmed_yet": people.changes})
        return 0
    if letters:
        zone = ZoneInfo(desk.rules.working.zone)
        head = ("When", "To", "Letter", "Notices", "URLs", "Why", "Note")
        click.echo(table(head, [_cells(one, zone) for one in letters], frozenset({3, 4})))
        click.echo()
    click.echo(_summary(letters, days, as_before))
    for line in _of_people(people):
        click.echo(line)
    return 0


def _gone(conn: Connection, notices: Iterable[Standing], now: datetime) -> dict[int, datetime]:
    """When each notice would be settled, if its ESP is as quick as it was."""
    usual = {esp_id: one.removal.median for esp_id, one in learning.found(conn, now).items()}
    ends = (
        (one.id, one.started_at + timedelta(hours=hours))
        for one in notices
        if one.started_at is not None and (hours := usual.get(one.esp_id)) is not None
    )
    return {notice: end for notice, end in ends if end > now}


def _rows(conn: Connection) -> Sequence[Any]:
    return [row for state in _WAITING for row in outbox.in_state(conn, state, _MOST_WAITING)]


def _queued(row: Any, at: datetime) -> dict[str, Any]:
    """A letter that is in the outbox already."""
    held = row.state == "held"
    return {
        "at": at,
        "to_domain": row.to_address.rpartition("@")[2],
        "template": row.template or row.kind,
        "to": row.context.get("to", ""),
        "notices": [],
        "rungs": row.context.get("rungs", []),
        "urls": 0,
        "survivor_linked": row.survivor_linked,
        "waits_for_approval": held,
        "why": "waits for approval since it was queued" if held else "queued already",
    }


def _plain(one: Foreseen) -> dict[str, Any]:
    letter = one.letter
    return {
        "at": one.at,
        "to_domain": letter.to.rpartition("@")[2],
        "template": letter.template,
        "to": letter.target.value,
        "notices": [part.number for part in letter.parts],
        "rungs": [part.rung for part in letter.parts],
        "urls": sum(part.items for part in letter.parts),
        "survivor_linked": letter.survivor_linked,
        "waits_for_approval": letter.held,
        "why": one.why,
    }


def _introduction(one: Expected) -> dict[str, Any]:
    return {
        "at": one.at,
        "to_domain": one.to.rpartition("@")[2],
        "template": one.template,
        "to": "contact",
        "notices": [],
        "rungs": [],
        "urls": 0,
        "survivor_linked": False,
        "waits_for_approval": False,
        "why": one.why,
    }


def _of_people(found: Waiting) -> Iterator[str]:
    """What no letter is shown of, and what would change that."""
    if found.drafts:
        yield f"Not in it: {found.drafts:,} notices that nobody has sent yet (noticed notices send)."
    if found.changes:
        yield f"Not in it: letters about {found.changes:,} changes that nobody has confirmed (noticed esps changes)."
    yield "Digests, alerts, and answers to what arrives are not in it either."


def _cells(one: dict[str, Any], zone: ZoneInfo) -> tuple[object, ...]:
    notes = ["survivor-linked"] * one["survivor_linked"] + ["waits for approval"] * one["waits_for_approval"]
    when = f"{one['at'].astimezone(zone):%a %Y-%m-%d %H:%M}"
    many = len(one["rungs"])
    return when, one["to_domain"], one["template"], many, one["urls"] or None, one["why"], ", ".join(notes)


def _summary(found: Sequence[dict[str, Any]], days: int, as_before: bool) -> str:
    by_template = Counter(one["template"] for one in found)
    parts = ", ".join(f"{count:,} {name}" for name, count in sorted(by_template.items()))
    held = sum(1 for one in found if one["waits_for_approval"])
    condition = "if each ESP is as quick as before" if as_before else "if nobody answers"
    said = f"In {days} days, {condition}: {len(found):,} letters" + (f" ({parts})" if parts else "") + "."
    return said + (f" {held:,} of them would wait for approval." if held else "")
