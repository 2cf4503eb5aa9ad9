"""Reads our own form when it comes back: the one attachment whose content is looked at.

Whatever spreadsheets and mail programs do to a CSV is undone: another code page, another separator, columns left out at
the end of a row, apostrophes in front of cells.  A cell is text and nothing else, whatever it begins with.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from daemon.message.answer_words import ANSWER_WORDS, plain

MARK = "noticed-form:"
COLUMNS = ("notice", "item", "url", "outcome", "date", "remark")
NAME = "noticed-form"  # how the file's name begins
MAX_BYTES = 256 << 10
_MAX_ROWS = 2000
_MAX_CELL = 2000  # characters
_MARKED = MARK.encode()
_PAGES = ("cp1252", "cp1251", "cp1250", "cp1254", "cp1256", "cp932", "gb18030", "cp949")
_TOKEN = re.compile(r"[^\s<>@,;\"']{1,250}@[^\s<>@,;\"']{1,250}")


@dataclass(frozen=True, slots=True)
class FormRow:
    """One item as it was filled in; ``item`` is -1 where no number stands."""

    notice: str
    item: int
    url: str = field(repr=False)
    outcome: str = field(repr=False)
    date: str = field(default="", repr=False)
    remark: str = field(default="", repr=False)

    @property
    def is_filled(self) -> bool:
        return bool(self.outcome or self.remark)


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came back; ``token`` is the Message-ID of the letter it went with, as it stands there."""

    token: str = field(repr=False)
    rows: tuple[FormRow, ...] = ()
    whole: bool = True  # False: its columns or rows are not those that we sent


def read_form(data: bytes, declared: str | None = None) -> Form | None:
    """Read the bytes of a ``text/csv`` part; None if it is not a form of ours by its size and its first cell."""
    if len(data) > MAX_BYTES or not _is_marked(data[:200]):
        return None
    text = _decoded(data, declared)
    lines = text.splitlines()
    head = next((line for line in lines[1:6] if plain(line).strip('"').startswith(COLUMNS[0])), "")
    delimiter = max(",;\t", key=(head or lines[0]).count)
    try:
        rows = list(_rows(lines, delimiter))
    except csv.Error:
        rows = []
    token = _TOKEN.match(rows[0][0].removeprefix(MARK)) if rows and rows[0] else None
    if token is None:
        return None
    whole = len(rows) > 1 and tuple(plain(cell) for cell in rows[1][: len(COLUMNS)]) == COLUMNS
    return Form(token[0], tuple(map(_row, rows[2:])) if whole else (), whole and len(rows) < _MAX_ROWS)


def _is_marked(start: bytes) -> bool:
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe\"' \r\n").startswith(_MARKED)


def _decoded(data: bytes, declared: str | None) -> str:
    """Return the text in the code page under which the words that we offered can be read in its first line."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    best, most = data.decode(_PAGES[0], errors="replace"), 0
    for page in dict.fromkeys((declared or _PAGES[0], *_PAGES)):
        try:
            text = data.decode(page)
        except (UnicodeDecodeError, LookupError):
            continue
        offered = _offered(text.partition("\n")[0])
        if offered > most:
            best, most = text, offered
    return best


def _offered(line: str) -> int:
    """Return how many of the words behind the token are answers; 0 if most are none."""
    words = [plain(word.strip(" ,;\t\"'\r")) for word in line.split("/")]
    found = sum(word in ANSWER_WORDS for word in words[1:])
    return found if len(words) > 2 and found >= len(words) - 2 else 0


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the rows that hold anything, their cells cleaned."""
    reader = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter)
    for count, cells in enumerate(reader):
        if count >= _MAX_ROWS:
            return
        cleaned = [_cleaned(cell) for cell in cells]
        if any(cleaned):
            yield cleaned


def _cleaned(cell: str) -> str:
    return " ".join(cell[:_MAX_CELL].split()).lstrip("'").strip()


def _row(cells: list[str]) -> FormRow:
    notice, item, url, outcome, date, remark = (cells + [""] * len(COLUMNS))[: len(COLUMNS)]
    number = item.removesuffix(".0").strip(".# ")
    known = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else -1
    extra = " ".join(cell for cell in cells[len(COLUMNS) :] if cell)  # a remark with separators in it
    return FormRow(notice, known, url, outcome, date, f"{remark} {extra}".strip())
