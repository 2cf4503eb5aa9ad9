"""Reads tables of notices from files: CSV in any common dialect, XLSX by python-calamine."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from daemon.errors import PermanentError
from daemon.notices.table import ODD

MAX_BYTES = 200_000_000
MAX_CELL = 16_000_000  # characters
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and every workbook with a password


def rows(path: Path) -> Iterator[Mapping[str, str]]:
    """Yield the rows of a CSV or XLSX file as column -> text; PermanentError in one sentence when it is neither."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PermanentError(f"{path.name}: is larger than {MAX_BYTES // 1_000_000} MB; split it")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise PermanentError(f"{path.name}: there is no such file") from None
    except OSError:
        raise PermanentError(f"{path.name}: cannot be read; is it a file, and may this user read it?") from None
    if raw.startswith(_OLE):
        raise PermanentError(f"{path.name}: is an old .xls or has a password; save it as .xlsx without one")
    yield from _sheet(path.name, raw) if raw.startswith(_ZIP) else _text(path.name, raw)


def _text(name: str, raw: bytes) -> Iterator[Mapping[str, str]]:
    text = _decoded(name, raw)
    head = text.partition("\n")[0]
    if not head.strip():
        raise PermanentError(f"{name}: is empty; its first row must name the columns")
    delimiter = max(",;\t|", key=head.count)
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = next(reader)
        _check_header(name, header)
        for cells in reader:
            row = dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=False))
            if len(cells) > len(header):
                row[ODD] = (
                    f"has {len(cells)} cells, but {len(header)} columns; put cells with a {delimiter!r} in quotes"
                )
            yield row
    except csv.Error as error:
        raise PermanentError(
            f"{name}: line {reader.line_num} is not valid CSV ({error}); is a quote missing?"
        ) from None


def _decoded(name: str, raw: bytes) -> str:
    """UTF-8, or UTF-16 with its mark as spreadsheets write it, else Windows' western code page."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\x00" in text[:4096]:
        raise PermanentError(f"{name}: is neither CSV nor XLSX; save it as one of these")
    return text


def _check_header(name: str, header: list[str]) -> None:
    twice = sorted({cell for cell in header if cell and header.count(cell) > 1})
    if twice:
        raise PermanentError(f'{name}: the column "{twice[0]}" stands twice in the first row')


def _sheet(name: str, raw: bytes) -> Iterator[Mapping[str, str]]:
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(raw))
        found = book.get_sheet_by_index(0).to_python(skip_empty_area=True) if book.sheet_names else []
    except (CalamineError, zipfile.BadZipFile, OSError):
        raise PermanentError(
            f"{name}: looks like XLSX but cannot be opened; save it anew, without a password"
        ) from None
    if not found:
        raise PermanentError(f"{name}: the first sheet is empty; its first row must name the columns")
    header = [_cell(cell) for cell in found[0]]
    _check_header(name, header)
    for cells in found[1:]:
        yield {head: _cell(cell) for head, cell in zip(header, cells, strict=False) if head}


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return "" if value is None else str(value)
