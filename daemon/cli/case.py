"""``noticed case``: everything on record about one notice or one ESP, as a bundle that others can check."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import click

from daemon.cli._common import login, person, settings_of, store_of
from daemon.clock import SystemClock
from daemon.errors import PermanentError
from daemon.jobs import case as job
from daemon.jobs.case_found import find, gather
from daemon.store import journal
from daemon.store.case import EXPORTED
from daemon.store.journal import Entry


@click.command()
@click.argument("name")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The ZIP file to write.")
@click.option("--with-text", "texts", is_flag=True, help="The words of letters and mails as well (the team only).")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Of an ESP: only notices sent from this day on (UTC).",
)
@click.option("--open", "open_only", is_flag=True, help="Of an ESP: only notices with open URLs.")
@click.pass_obj
def command(config: Path | None, name: str, out: Path, texts: bool, since: datetime | None, open_only: bool) -> None:
    """Write an evidence bundle about a notice or an ESP (NAME).

    It holds every letter with its Message-ID and proof, returns, receipts, answers, clocks and journal rows with their
    hashes, as tables and as a summary.  URLs are defanged.
    """
    settings = settings_of(config)
    by = person(settings) if texts else login()
    store = store_of(settings)
    packed = io.BytesIO()
    with store.read() as conn:
        about = find(conn, name, since.replace(tzinfo=UTC) if since else None, open_only=open_only)
        count = job.write(store, gather(conn, about), packed, texts=texts)
    notice = None if about.whole else about.notice_ids[0]
    with store.write() as conn:
        details = {"texts": texts}
        journal.append(conn, [Entry(SystemClock().now(), by, EXPORTED, about.esp.id, notice, details=details)])
    _save(out, packed.getvalue())
    click.echo(
        f"{count} files in {out.name}. It holds addresses{' and the words of mails' if texts else ''}: keep it safe."
    )


def _save(out: Path, data: bytes) -> None:
    """Write a file that only its owner may read."""
    try:
        out.touch(mode=0o600)
        out.chmod(0o600)
        out.write_bytes(data)
    except OSError:
        raise PermanentError(f"{out.name}: cannot be written; is the folder there, and yours?") from None
