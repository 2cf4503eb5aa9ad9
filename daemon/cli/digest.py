"""``noticed digest --preview FILE``: shows the weekly digest without sending it."""

from __future__ import annotations

import re
from pathlib import Path

import click

from daemon.cli._common import as_json, print_json, settings_of, store_of
from daemon.cli._desk import desk_of
from daemon.clock import SystemClock
from daemon.digest.view import Week, ended
from daemon.errors import PermanentError, UsageError
from daemon.jobs import digest as job

_WEEK = re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])")


@click.command(short_help="Show the weekly digest as it would leave.")
@click.option(
    "--preview",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the HTML here; the plain text goes beside it as .txt, the workbook as .xlsx.",
)
@click.option("--week", help="An ISO week like 2026-W47; else the last one that is over.")
@click.option("--for", "scope", multiple=True, metavar="ESP", help="Only this ESP (its key); may be repeated.")
@as_json
@click.pass_obj
def command(config: Path | None, file: Path | None, week: str | None, scope: tuple[str, ...], as_json: bool) -> int:
    """Show the weekly digest of the leads as it would leave; nothing is sent and nothing is recorded.

    Without --preview the plain text is printed.
    """
    settings = settings_of(config)
    desk, now = desk_of(settings), SystemClock().now()
    asked = _week(week) if week else ended(now, desk.rules.working.zone)
    with store_of(settings).read() as conn:
        unknown = job.unknown_esps(conn, scope)
        if unknown:
            raise UsageError(f"no ESP has the key {', '.join(unknown)}; write it as rules.yaml does")
        made = job.make(conn, asked, desk, now, scope)
    written = _write(file, {".html": made.text.html or "", ".txt": made.text.text}, made.workbook) if file else []
    if as_json:
        print_json({"week": str(asked), "subject": made.text.subject, "files": [str(one) for one in written]})
    elif written:
        click.echo(made.text.subject)
        for one in written:
            click.echo(f"  {one}")
    else:
        click.echo(f"{made.text.subject}\n\n{made.text.text}", nl=False)
    return 0


def _week(text: str) -> Week:
    try:
        if not _WEEK.fullmatch(text):
            raise ValueError
        week = Week.parse(text)
        week.monday  # noqa: B018 - week 53 is not in every year
    except ValueError:
        raise UsageError(f'"{text}" is not a week; write it like 2026-W47') from None
    return week


def _write(file: Path, texts: dict[str, str], workbook: bytes) -> list[Path]:
    """Write the parts side by side: the HTML at ``file`` itself, whatever its ending."""
    paths = {file: texts[".html"].encode(), file.with_suffix(".txt"): texts[".txt"].encode()}
    paths[file.with_suffix(".xlsx")] = workbook
    try:
        for path, data in paths.items():
            path.write_bytes(data)
    except OSError:
        raise PermanentError(
            f"{file}: cannot be written; does its folder exist, and may this user write there?"
        ) from None
    return list(paths)
