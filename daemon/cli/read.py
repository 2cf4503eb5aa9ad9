"""``noticed read``: shows how mails are read, line by line, without settings, database or rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from daemon.message.own_text import label
from daemon.message.parse import parse
from daemon.message.read import own_words, signals

_TOP = re.compile(rb"(?:>?From [^\n]*\n)?(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*){1,200}")
_OF_MAIL = re.compile(
    rb"^(?:from|to|subject|date|received|message-id|return-path|delivered-to|mime-version|content-type|reply-to)\s?:",
    re.IGNORECASE | re.MULTILINE,
)


def as_mail(raw: bytes) -> bytes:
    """Return ``raw`` as a mail: a text or an HTML page without header lines becomes the body of one."""
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"<":
        return b"Content-Type: text/html\n\n" + raw
    top = _TOP.match(raw[:65536].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n"))
    return raw if top is not None and _OF_MAIL.search(top[0]) is not None else b"\n" + raw


def read_file(
    raw: bytes, known_addresses: frozenset[str] = frozenset(), number_format: str | None = None
) -> dict[str, Any]:
    """Return lines with labels, own text, kind, signals and bounced recipients of one mail as plain values."""
    message = parse(as_mail(raw))
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
    """Show how mails are read: each line with its owner, the kind of mail, bounced recipients.

    A text or an HTML page without header lines is read as the body of a mail.
    """
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
