"""``noticed read``: shows how mails are read, line by line, without settings, database or rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.read import own_words, signals


def read_file(
    raw: bytes, known_addresses: frozenset[str] = frozenset(), number_format: str | None = None
) -> dict[str, Any]:
    """Return lines with labels, own text, kind, signals and bounced recipients of one mail as plain values."""
    message = parse(raw)
    labelled = label(message)
    told = signals(message, labelled, known_addresses, number_format)
    return {
        "lines": [{"text": one.line.text, "label": one.label.value} for one in labelled],
        "own_text": own_words(labelled),
        "kind": told.kind.value,
        "signals": list(told.names),
        "automatic": told.automatic,
        "ticket": told.ticket,
        "returns_on": told.returns_on.date().isoformat() if told.returns_on is not None else None,
        "bounce": [
            {"recipient": one.recipient, "class": one.klass.value, "status": one.status, "reason": one.reason}
            for one in told.bounced
        ],
        "attachments": [{"name": one.name, "type": one.content_type, "size": one.size} for one in message.attachments],
        "partial": message.partial_read,
        "defects": list(message.defects),
    }


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield files as given, and the files of folders in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        else:
            yield path


@click.command("read", short_help="Show how mails are read, line by line.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per file.")
@click.option("--known-address", "known", multiple=True, help="An address that we wrote to; bounces name only these.")
@click.option("--number-format", default=None, help="Regular expression of our notice numbers.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def command(as_json: bool, known: tuple[str, ...], number_format: str | None, paths: tuple[Path, ...]) -> None:
    """Show how mails are read: each line with its owner, the kind of mail, bounced recipients."""
    addresses = frozenset(one.lower() for one in known)
    for path in _files(paths):
        found = {"file": path.name, **read_file(path.read_bytes(), addresses, number_format)}
        if as_json:
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            _show(found)


def _show(found: dict[str, Any]) -> None:
    """Print one mail for a person."""
    click.echo(f"{found['file']}: {found['kind']}" + (f" ({', '.join(found['signals'])})" if found["signals"] else ""))
    for one in found["lines"]:
        click.echo(f"  {one['label']:>10}  {one['text']}")
    for one in found["bounce"]:
        click.echo(f"  bounced: {one['recipient']} {one['class']} {one['status']} {one['reason']}")
