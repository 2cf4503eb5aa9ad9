"""``noticed esps import|export``: the register as a table that spreadsheets read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from daemon.cli._common import as_json, person, print_json, settings_of, store_of
from daemon.clock import SystemClock
from daemon.errors import PermanentError
from daemon.jobs import esp_table
from daemon.jobs.esp_table import Outcome
from daemon.notices.esp_table import COLUMNS

MAX_SHOWN = 20  # slips told one by one; the rest is counted


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export(config: Path | None, file: Path) -> None:
    """Write the register into FILE: .csv or .xlsx; "-" prints CSV."""
    ending = file.suffix.lower()
    if str(file) != "-" and ending not in (".csv", ".xlsx"):
        raise click.UsageError("the file must end in .csv or .xlsx")
    with store_of(settings_of(config)).read() as conn:
        table = esp_table.export(conn)
    if str(file) == "-":
        click.echo(esp_table.as_csv(table).replace("\r\n", "\n"), nl=False)
        return
    data = esp_table.as_xlsx(table) if ending == ".xlsx" else b"\xef\xbb\xbf" + esp_table.as_csv(table).encode()
    try:
        file.write_bytes(data)
    except OSError:
        raise PermanentError(f"{file.name}: cannot be written; is the folder there, and yours?") from None
    click.echo(f"{_many(len(table) - 1, 'ESP')} in {file.name}.")


@click.command("import", help=f"Bring the ESPs of a CSV or XLSX FILE in.\n\nColumns: {', '.join(COLUMNS)}.")
@click.argument("file", type=click.Path(path_type=Path, readable=False))
@click.option("--write", is_flag=True, help="Do it; without this it is only told what would change.")
@as_json
@click.pass_obj
def import_(config: Path | None, file: Path, write: bool, as_json: bool) -> int:
    """Bring ESPs in: new ones whole; of known ones the settings, while contacts and domains become proposals."""
    settings = settings_of(config)
    by = person(settings) if write else ""
    new, slips = esp_table.read(file)
    store = store_of(settings)
    now = SystemClock().now()
    with store.read() as conn:
        done = esp_table.bring_in(conn, new, slips, now, by, write=False)
    if write and not done.slips:
        with store.write() as conn:
            done = esp_table.bring_in(conn, new, slips, now, by, write=True)
    if as_json:
        print_json({"written": write and not done.slips, **asdict(done)})
    else:
        _tell(done, file.name, write)
    return 1 if done.slips else 0


def _tell(done: Outcome, name: str, write: bool) -> None:
    for slip in done.slips[:MAX_SHOWN]:
        click.echo(f"{name}, {slip}", err=True)
    if len(done.slips) > MAX_SHOWN:
        click.echo(f"... and {len(done.slips) - MAX_SHOWN:,} more", err=True)
    if done.slips:
        click.echo(f"Nothing was changed: {_many(len(done.slips), 'problem')}.", err=True)
        return
    said = f"{_many(len(done.added), 'new ESP')}, {_many(len(done.set), 'setting')} changed, "
    said += f"{_many(len(done.proposed), 'proposal')} for a second person, {done.unchanged:,} as they were."
    click.echo(said if write else f"It would give: {said} Do it with --write.")


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" + "s" * (count != 1)


COMMANDS = (export, import_)
