"""``noticed status``: how the daemon is and what waits, on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import overview, state


@click.command()
@as_json
@click.pass_obj
def command(config: Path | None, as_json: bool) -> None:
    """Show how the daemon is and what waits."""
    now = SystemClock().now()
    with store_of(settings_of(config)).read() as conn:
        found = overview.figures(conn, now)
        found |= {
            "mode": state.mode(conn),
            "paused": {what: state.paused(conn, what) for what in ("sending", "closing")},
        }
    if as_json:
        print_json(found)
        return
    for line in _lines(found, now):
        click.echo(line)


def _lines(found: dict[str, Any], now: Any) -> list[str]:
    queue, outbox = found["reviews"], found["outbox"]
    lines = [
        f"Mode        {found['mode']}" + ("" if found["mode"] == "live" else "  (nothing is filed, sent or changed)"),
        f"Notices     {found['notices']:,}",
        f"Takedowns   {found['open']:,} open, {found['closed']:,} closed",
        f"Mails       {sum(found['messages'].values()):,} recorded, {found['messages'].get('set_aside', 0):,} set aside, "
        f"{found['filed']:,} filed, {found['filing']:,} being filed",
        f"For people  {queue.get('review', 0):,} reviews, {queue.get('task', 0):,} tasks, {queue.get('alert', 0):,} alerts"
        + (f"; the oldest review waits for {_age(found['oldest_review_seconds'])}" if queue.get("review") else ""),
        f"Letters     {outbox.get('sent', 0):,} sent, {outbox.get('queued', 0):,} queued, {outbox.get('held', 0):,} held, "
        f"{outbox.get('unknown', 0):,} unknown, {outbox.get('failed', 0):,} failed",
    ]
    lines += [f"PAUSED      {what}: {reason}" for what, reason in found["paused"].items() if reason is not None]
    for name, at in sorted(found["mailboxes"].items()):
        lines.append(f"Read        {name}: {_age((now - at).total_seconds())} ago")
    return lines


def _age(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} seconds"
