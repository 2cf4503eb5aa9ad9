"""``noticed audit verify``: proves that no journal row was changed, removed or inserted."""

from __future__ import annotations

from pathlib import Path

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of
from daemon.store import journal

_WHY = {
    "changed": "what it says was changed after it was written.",
    "removed": "it was removed.",
    "inserted": "it does not follow from the row before it; a row was inserted, removed or moved here.",
    "cut": "the journal ends before the end that was noted; its last rows were removed, or the note was changed.",
}


@click.group()
def command() -> None:
    """Prove that the records were not altered."""


@command.command()
@as_json
@click.pass_obj
def verify(config: Path | None, as_json: bool) -> int:
    """Check the whole hash chain of the journal; exit code 1 if it is broken."""
    with store_of(settings_of(config)).read() as conn:
        broken = journal.verify(conn)
    if as_json:
        print_json({"ok": broken is None, "broken": broken._asdict() if broken else None})
    elif broken is None:
        click.echo("The journal is whole: no row was changed, removed or inserted.")
    else:
        click.echo(f"The journal is broken at its row {broken.seq}: {_WHY[broken.why]}")
        click.echo("Keep the database as it is, compare it with the last backup, and find out who could write to it.")
    return 0 if broken is None else 1
