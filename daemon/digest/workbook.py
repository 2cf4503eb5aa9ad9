"""The workbook beside the digest: the sections' tables and the open URLs, for whoever wants to sort and filter."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from daemon.digest.blocks import Sheet
from daemon.digest.view import View

_MOST_ROWS = 1_048_575  # of a sheet, below its header
_OPTIONS = {
    "constant_memory": True,
    "strings_to_urls": False,  # an address must never become a link
    "strings_to_formulas": False,  # an ESP's "=HYPERLINK(...)" stays text
    "strings_to_numbers": False,
    "remove_timezone": True,
    "default_date_format": "yyyy-mm-dd hh:mm",
}


def workbook(sheets: Iterable[Sheet], view: View) -> bytes:
    """Return an XLSX file; memory does not grow with its rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    made = view.now.replace(tzinfo=None)
    book.set_properties({"title": f"{view.organisation} {view.week}", "author": view.organisation, "created": made})
    book.set_size(1600, 1000)
    head = book.add_format({"bold": True, "bg_color": "#e6edf3", "font_color": "#12344d", "bottom": 1})
    zone = ZoneInfo(view.zone)
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:31])
        rows = _fill(page, sheet, head, zone)
        if sheet.chart and rows:
            _draw(book, page, sheet, rows)
    book.close()
    return out.getvalue()


def _fill(page: Any, sheet: Sheet, head: Any, zone: ZoneInfo) -> int:
    """Write a sheet; return how many rows it has below its header."""
    page.freeze_panes(1, 0)
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.write_row(0, 0, sheet.heads, head)
    last = 0
    for last, row in enumerate(_at_most(sheet.rows), 1):
        for column, value in enumerate(row):
            _write(page, last, column, value, zone)
    page.autofilter(0, 0, max(last, 1), len(sheet.heads) - 1)
    return last


def _draw(book: Any, page: Any, sheet: Sheet, rows: int) -> None:
    """A chart of Excel's own right of the table: one series for each column of figures."""
    chart = book.add_chart({"type": sheet.chart})
    for column in range(1, len(sheet.heads)):
        name = [sheet.name, 0, column]
        values = [sheet.name, 1, column, rows, column]
        chart.add_series({"name": name, "categories": [sheet.name, 1, 0, rows, 0], "values": values})
    chart.set_title({"name": sheet.name, "overlay": False})
    chart.set_size({"width": 720, "height": 360})
    page.insert_chart(1, len(sheet.heads) + 1, chart)


def _at_most(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            return
        yield row


def _write(page: Any, row: int, column: int, value: Any, zone: ZoneInfo) -> None:
    """Write one cell by its type; text is always text."""
    if value is None:
        return
    if isinstance(value, bool):
        page.write_string(row, column, "yes" if value else "no")
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None))
    else:
        page.write_string(row, column, str(value)[:32_000])
