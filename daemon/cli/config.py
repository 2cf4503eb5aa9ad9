"""``noticed config show``: every setting in force and where it came from; secrets as ***."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from daemon.cli._common import table
from daemon.config.load import find, load


@click.group()
def command() -> None:
    """Look at the settings."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
@click.pass_obj
def show(config: Path | None, as_json: bool) -> None:
    """Show every setting and where its value came from; secrets are shown as ***."""
    loaded = load(find(config, os.environ), os.environ)
    if as_json:
        click.echo(json.dumps([asdict(origin) for origin in loaded.origins], indent=1))
        return
    rows = [(origin.key, origin.value, origin.source) for origin in loaded.origins]
    click.echo(table(("Setting", "Value", "From"), rows))
