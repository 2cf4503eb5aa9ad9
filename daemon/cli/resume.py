"""``noticed resume``: ends a pause of sending or closing."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import state


@click.command()
@click.option("--sending", "what", flag_value="sending", help="Letters leave again.")
@click.option("--closing", "what", flag_value="closing", help="Mails close URLs again.")
@click.pass_obj
def command(config: Path | None, what: str | None) -> None:
    """End a pause of sending or closing."""
    if what is None:
        raise click.UsageError("say what to resume: --sending or --closing")
    settings = settings_of(config)
    by = person(settings)
    with store_of(settings).write() as conn:
        was = state.resume(conn, what, SystemClock().now(), by)
    click.echo(f"Resumed: {what}." if was else f"Nothing to do: {what} was not paused.")
