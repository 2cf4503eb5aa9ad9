"""``noticed db upgrade``: brings the database to the schema of this version."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import settings_of, store_settings
from daemon.store import schema


@click.group()
def command() -> None:
    """Look after the database."""


@command.command()
@click.pass_obj
def upgrade(config: Path | None) -> None:
    """Bring the database's schema to this version; may be repeated.  Make a backup first."""
    revision = schema.upgrade(store_settings(settings_of(config)))
    click.echo(f"The database stands at revision {revision}.")
