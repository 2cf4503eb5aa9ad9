"""``noticed pause``: stops sending, closing or the reading of a mailbox until ``noticed resume``."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import paused_thing, person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.store import state


@click.command()
@click.option("--sending", "what", flag_value="sending", help="No letter leaves.")
@click.option("--closing", "what", flag_value="closing", help="No mail closes a URL; closings wait for a person.")
@click.option("--mailbox", metavar="NAME", help="This mailbox is neither read nor filed.")
@click.option("--reason", required=True, help="Why; shown by noticed status.")
@click.pass_obj
def command(config: Path | None, what: str | None, mailbox: str | None, reason: str) -> None:
    """Stop sending, closing or a mailbox until noticed resume is said."""
    settings = settings_of(config)
    key = paused_thing(settings, what, mailbox, "pause")
    by = person(settings)
    with store_of(settings).write() as conn:
        state.pause(conn, key, reason, SystemClock().now(), by)
    how = f"--{what}" if what else f"--mailbox {mailbox}"
    click.echo(f"Paused: {what or mailbox}. Go on with: noticed resume {how}")
