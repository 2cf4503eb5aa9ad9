"""``noticed simulate``: which letters would leave in the next days if nobody answered; nothing is sent or changed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of, table
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.followups.forecast import Foreseen, forecast
from daemon.store import clocks

_MOST_NOTICES = 1_000_000


@click.command(short_help="Show the letters of the next days.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="How far to look ahead.")
@as_json
@click.pass_obj
def command(config: Path | None, days: int, as_json: bool) -> int:
    """Show the letters that would leave if nobody answered, with the clock run forward.

    Addressees are shown by their domain only.
    """
    settings = settings_of(config)
    desk, now = desk_of(settings), SystemClock().now()
    until = now + timedelta(days=days)
    with store_of(settings).read() as conn:
        notices = clocks.due(conn, until, _MOST_NOTICES)
    found = list(forecast(notices, desk.rules, now, until))
    if as_json:
        print_json({"days": days, "notices": len(notices), "letters": [_plain(one) for one in found]})
        return 0
    zone = ZoneInfo(desk.rules.working.zone)
    rows = [(f"{one.at.astimezone(zone):%a %Y-%m-%d %H:%M}", *_cells(one)) for one in found]
    if rows:
        click.echo(table(("When", "To", "Letter", "Notices", "URLs", "Rungs", "Note"), rows, frozenset({3, 4})))
        click.echo()
    click.echo(_summary(found, days))
    return 0


def _cells(one: Foreseen) -> tuple[object, ...]:
    letter = one.letter
    notes = ["survivor-linked"] * letter.survivor_linked + ["waits for approval"] * letter.held
    urls = sum(part.items for part in letter.parts)
    return _domain(one), letter.template, len(letter.parts), urls, _rungs(one), ", ".join(notes)


def _domain(one: Foreseen) -> str:
    return one.letter.to.rpartition("@")[2]


def _rungs(one: Foreseen) -> str:
    rungs = {part.rung for part in one.letter.parts}
    return str(min(rungs)) if len(rungs) == 1 else f"{min(rungs)}-{max(rungs)}"


def _plain(one: Foreseen) -> dict[str, object]:
    letter = one.letter
    return {
        "at": one.at,
        "to_domain": _domain(one),
        "template": letter.template,
        "to": letter.target.value,
        "notices": [part.number for part in letter.parts],
        "rungs": [part.rung for part in letter.parts],
        "urls": sum(part.items for part in letter.parts),
        "survivor_linked": letter.survivor_linked,
        "waits_for_approval": letter.held,
    }


def _summary(found: list[Foreseen], days: int) -> str:
    by_template = Counter(one.letter.template for one in found)
    parts = ", ".join(f"{count:,} {name}" for name, count in sorted(by_template.items()))
    held = sum(1 for one in found if one.letter.held)
    said = f"In {days} days, if nobody answers: {len(found):,} letters" + (f" ({parts})" if parts else "") + "."
    return said + (f" {held:,} of them would wait for approval." if held else "")
