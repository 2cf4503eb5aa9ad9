"""``noticed notices still-reachable``: a list of addresses that somebody looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from daemon.cli._common import as_json, person, print_json, settings_of, store_of
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.jobs import checking
from daemon.jobs.checking import Outcome, Wish

_SAID = (
    ("reopened", "found up although closed: opened anew"),
    ("still_open", "found up, and chased already"),
    ("verified", "found gone: closing verified"),
    ("gone", "found gone: noted; a list closes nothing"),
    ("outdated", "looked at before they were closed: left alone"),
    ("settled", "withdrawn by us: left alone"),
    ("unknown", "not in any notice"),
)


def made(zone_of: Callable[[str | None], ZoneInfo | None], tell: Callable[..., None]) -> click.Command:
    """The command; ``zone_of`` reads a zone, ``tell`` prints slips."""

    @click.command("still-reachable")
    @click.argument("file", type=click.Path(path_type=Path, readable=False))
    @click.option("--zone", help="The time zone of times that name none, like Europe/Oslo.")
    @click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
    @as_json
    @click.pass_obj
    def command(config: Path | None, file: Path, zone: str | None, dry_run: bool, as_json: bool) -> int:
        """Take a CSV or XLSX FILE of URLs that were looked at: what is up although closed is opened anew.

        Columns: url, and if known found (up, gone; left out: up), checked_at, esp.  The ESPs get one letter for each
        address; a closing that waited for a check is verified by "gone"; nothing is ever closed by a list.
        """
        settings = settings_of(config)
        wish = Wish(person(settings), SystemClock().now(), zone_of(zone), dry_run)
        with store_of(settings).write() as conn:
            done = checking.take(conn, file, desk_of(settings), wish)
        if as_json:
            print_json(asdict(done))
        elif done.slips:
            tell(done.slips)
            click.echo("Nothing was taken: mend the file first.", err=True)
        else:
            click.echo("\n".join(_lines(done)) or "The list is empty.")
        return 1 if done.slips else 0

    return command


def _lines(done: Outcome) -> list[str]:
    counts = ((getattr(done, name), said) for name, said in _SAID)
    lines = [f"{count:,} {said}" for count, said in counts if count]
    return [*lines, f"{done.letters:,} letters queued"] if done.letters else lines
