"""``noticed pause``: stops sending or closing until ``noticed resume``."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import state


@click.command()
@click.option("--sending", "what", flag_value="sending", help="No letter leaves.")
@click.option("--closing", "what", flag_value="closing", help="No mail closes a URL; closings wait for a person.")
@click.option("--reason", required=True, help="Why; shown by noticed status.")
@click.pass_obj
def command(config: Path | None, what: str | None, reason: str) -> None:
    """Stop sending or closing until noticed resume is said."""
    if what is None:
        raise click.UsageError("say what to pause: --sending or --closing")
    settings = settings_of(config)
    by = person(settings)
    with store_of(settings).write() as conn:
        state.pause(conn, what, reason, SystemClock().now(), by)
    click.echo(f"Paused: {what}. Go on with: noticed resume --{what}")
