"""``noticed live`` and ``noticed live --observe``: from watching to acting, and back."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from daemon.cli._common import person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.errors import UsageError
from daemon.store import overview, state


@click.command()
@click.option("--observe", is_flag=True, help="Go back to observing: nothing is filed, sent or changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(config: Path | None, observe: bool, yes: bool) -> None:
    """Begin to act: file mail, change statuses, send letters.

    What was observed is judged again.  It asks before it begins; a program says --yes.
    """
    settings = settings_of(config)
    by = person(settings)
    store = store_of(settings)
    wanted = "observe" if observe else "live"
    with store.read() as conn:
        if state.mode(conn) == wanted:
            click.echo(f"Nothing to do: noticed is in {wanted} mode already.")
            return
        counts = overview.figures(conn, SystemClock().now())
    if not observe and not yes and not sys.stdin.isatty():
        raise UsageError("nobody is here to be asked; say: noticed live --yes")
    if not observe and not yes:
        observed = sum(counts["messages"].values())
        click.echo(f"Observed so far: {observed:,} mails, {counts['open']:,} open takedowns.")
        click.confirm(
            "From now on noticed files mail, closes takedowns on proof, and sends letters. Begin?", abort=True
        )
    with store.write() as conn:
        state.set_mode(conn, wanted, SystemClock().now(), by)
    again = "" if observe else " The next round begins with what was observed: it is judged again, and acted on."
    click.echo(f"noticed is in {wanted} mode.{again}")
