"""Importing notices by CSV and XLSX beside the bare bulk insert of the same rows; checking the journal's chain."""

from __future__ import annotations

import csv
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import insert, select

from bench.figures import Sheet
from bench.timing import interleaved, wall
from daemon.jobs import importing
from daemon.jobs.importing import Import
from daemon.store import Settings, Store, journal, open_store, schema, tables

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
_HEAD = ("notice_id", "message_id", "esp", "esp_domain", "contact_email", "sent_at", "priority", "survivor_linked",
         "subject", "url_count", "urls")  # fmt: skip
_WRITTEN = ("esps", "esp_domains", "contacts", "notices", "takedowns", "notice_items", "journal", "imports")
_URLS = 4  # of each notice

Rows = dict[str, list[dict[str, Any]]]


class Places:
    """Fresh databases in one folder; the schema is made once and copied."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="nb"))
        self._made = 0
        self._empty = self.home / "empty.db"
        schema.upgrade(Settings(f"sqlite:///{self._empty}"))

    def fresh(self) -> Store:
        self._made += 1
        path = self.home / f"{self._made}.db"
        shutil.copy(self._empty, path)
        return open_store(Settings(f"sqlite:///{path}"))

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)


def run(sheet: Sheet, options: Namespace) -> None:
    places = Places()
    try:
        _imports(sheet, places, options)
    finally:
        places.remove()


def _imports(sheet: Sheet, places: Places, options: Namespace) -> None:
    csv_file, xlsx_file = places.home / "notices.csv", places.home / "notices.xlsx"
    _write_csv(csv_file, options.urls)
    _write_xlsx(xlsx_file, options.urls)
    first = places.fresh()
    outcome = importing.import_file(first, csv_file, Import("bench", NOW))
    sheet.check(f"{outcome.done.opened} of {options.urls} URLs opened", outcome.done.opened == options.urls)
    again = importing.import_file(first, csv_file, Import("bench", NOW))
    sheet.check("the same file again changes nothing", again.done.added == 0 and not again.refused)
    rows = _rows(first)
    took = interleaved(
        {
            "bare": lambda: _bare(places, rows),
            "CSV": lambda: _import(places, csv_file),
            "XLSX": lambda: _import(places, xlsx_file),
        },
        max(1, min(options.runs, 3)),
    )
    for name, seconds in took.items():
        sheet.cost(f"{options.urls:,} URLs by {name}", seconds, options.urls, "URL")
    sheet.mark("import by CSV : bare bulk insert of the same rows", took["CSV"] / took["bare"], most=3)
    sheet.note("import by XLSX : by CSV", ratio=round(took["XLSX"] / took["CSV"], 2))
    _chain(sheet, first, len(rows["journal"]))


def _import(places: Places, file: Path) -> None:
    outcome = importing.import_file(places.fresh(), file, Import("bench", NOW))
    assert not outcome.refused


def _rows(store: Store) -> Rows:
    """Return everything that an import wrote."""
    with store.read() as conn:
        found = {name: tables.metadata.tables[name] for name in _WRITTEN}
        return {name: [dict(row) for row in conn.execute(select(table)).mappings()] for name, table in found.items()}


def _bare(places: Places, rows: Rows) -> None:
    """Write the same rows in one transaction, thinking nothing."""
    with places.fresh().write() as conn:
        for name, some in rows.items():
            conn.execute(insert(tables.metadata.tables[name]), some)


def _chain(sheet: Sheet, store: Store, rows: int) -> None:
    with store.read() as conn:
        sheet.check(f"the chain of {rows:,} journal rows is whole", journal.verify(conn) is None)
        sheet.cost("checking the journal's chain", wall(lambda: journal.verify(conn)), rows, "row")


def _lines(urls: int) -> Iterator[tuple[str, ...]]:
    for number in range(urls // _URLS):
        esp = f"host{number % 400}"
        sent = NOW - timedelta(minutes=number)
        addresses = " ".join(f"https://{esp}.example/p/{number:08x}/{place}" for place in range(_URLS))
        yield (
            f"HLN-2026-{number:06d}", f"<hln-{number}@hotline.example>", esp.title(), f"{esp}.example",
            f"abuse@{esp}.example", sent.isoformat(), "2", "no", f"Notice HLN-2026-{number:06d}", str(_URLS), addresses,
        )  # fmt: skip


def _write_csv(path: Path, urls: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEAD)
        writer.writerows(_lines(urls))


def _write_xlsx(path: Path, urls: int) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    page = book.add_worksheet()
    page.write_row(0, 0, _HEAD)
    for place, line in enumerate(_lines(urls), 1):
        page.write_row(place, 0, line)
    book.close()
