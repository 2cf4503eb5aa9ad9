"""``noticed resume``: ends a pause of sending, closing or a mailbox."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import paused_thing, person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import state


@click.command()
@click.option("--sending", "what", flag_value="sending", help="Letters leave again.")
@click.option("--closing", "what", flag_value="closing", help="Mails close URLs again.")
@click.option("--mailbox", metavar="NAME", help="This mailbox is read and filed again.")
@click.pass_obj
def command(config: Path | None, what: str | None, mailbox: str | None) -> None:
    """End a pause of sending, closing or a mailbox."""
    settings = settings_of(config)
    key = paused_thing(settings, what, mailbox, "resume")
    by = person(settings)
    with store_of(settings).write() as conn:
        was = state.resume(conn, key, SystemClock().now(), by)
    click.echo(f"Resumed: {what or mailbox}." if was else f"Nothing to do: {what or mailbox} was not paused.")
