"""``noticed status``: how the daemon is and what waits, on one screen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import overdue, overview, state


@click.command()
@as_json
@click.pass_obj
def command(config: Path | None, as_json: bool) -> None:
    """Show how the daemon is and what waits."""
    now = SystemClock().now()
    settings = settings_of(config)
    names = {box.common.name for box in settings.mailboxes}
    with store_of(settings).read() as conn:
        found = overview.figures(conn, now)
        found["overdue"] = asdict(overdue.counts(conn, now))
        found |= {
            "mode": state.mode(conn),
            "judged": {name: one["mails"] for name, one in overview.by_category(conn).items()},
            "down": {name: since for name, since in state.down(conn).items() if name in names},
            "paused": dict.fromkeys(("sending", "closing")) | state.pauses(conn),
        }
    if as_json:
        print_json(found)
        return
    for line in _lines(found, now):
        click.echo(line)


def _lines(found: dict[str, Any], now: datetime) -> list[str]:
    asleep = "" if found["mode"] == "live" else "  (nothing is filed, sent or changed)"
    mails = f"{sum(found['messages'].values()):,} recorded, {found['messages'].get('set_aside', 0):,} set aside"
    lines = [
        f"Mode        {found['mode']}{asleep}",
        f"Notices     {found['notices']:,}",
        f"Takedowns   {found['open']:,} open, {found['closed']:,} closed",
        f"Overdue     {_overdue(found['overdue'])}",
        f"Mails       {mails}, {found['filed']:,} filed, {found['filing']:,} being filed",
        f"For people  {_counts(found['reviews'], 'review', 'task', 'alert')}{_oldest(found)}",
        f"Letters     {_counts(found['outbox'], 'sent', 'queued', 'held', 'unknown', 'failed')}",
    ]
    if found["mode"] != "live" and found["judged"]:
        judged = ", ".join(f"{count:,} {name}" for name, count in found["judged"].items())
        lines.append(f"Judged      {judged}; URL by URL: noticed notices show NUMBER")
    lines += [f"PAUSED      {what}: {reason}" for what, reason in found["paused"].items() if reason is not None]
    for name, since in sorted(found["down"].items()):
        lines.append(
            f"DOWN        {name}: cannot be read for {_age((now - since).total_seconds())}; noticed doctor says why"
        )
    for name, at in sorted(found["mailboxes"].items()):
        lines.append(f"Last news   {name}: {_age((now - at).total_seconds())} ago")
    return lines


def _overdue(late: dict[str, dict[str, Any]]) -> str:
    """What is late, survivor-linked ones said apart."""
    linked = late["removal"]["linked"]
    said = (
        f"{late['first_response']['count']:,} notices without any answer, {late['removal']['count']:,} URLs not removed"
    )
    said += f" ({linked:,} survivor-linked)" if linked else ""
    ours = late["ours"]["count"]
    return said + (f"; {ours:,} URLs wait for an answer of ours" if ours else "")


def _counts(counted: dict[str, int], *words: str) -> str:
    return ", ".join(f"{counted.get(word, 0):,} {word}" for word in words)


def _oldest(found: dict[str, Any]) -> str:
    return f"; the oldest waits for {_age(found['oldest_review_seconds'])}" if found["reviews"].get("review") else ""


def _age(seconds: float) -> str:
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(seconds)} seconds"
