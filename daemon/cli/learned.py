"""``noticed learned ESP``: what is learned of one ESP, and what follows for its reminders."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of
from daemon.cli._desk import desk_of
from daemon.jobs import learning
from daemon.store import register


@click.command(short_help="Show what is learned of an ESP.")
@click.argument("esp")
@as_json
@click.pass_obj
def command(config: Path | None, esp: str, as_json: bool) -> None:
    """Show how long an ESP takes to answer and to remove, what its receipts and tickets look like, and trust.

    "noticed esps set ESP learning no" switches it off for one ESP.
    """
    settings = settings_of(config)
    with store_of(settings).read() as conn:
        row = register.find(conn, esp)
        if as_json:
            print_json(learning.plain(conn, row))
            return
        rules = desk_of(settings).rules
        click.echo(f"{row.name} ({row.key})")
        for line in learning.said(conn, row, rules):
            click.echo(line)
