"""Reads what a program wrote, JSON or XML in the text of a mail, as entries: "url: ..." and "status: removed"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from daemon.message.message import Line, Shape

_NAME = r"[A-Za-z_][\w.:-]{0,40}"
_ENTRY = re.compile(
    rf'"(?P<member>[\w .-]{{1,40}})"\s*:\s*(?:"(?P<text>(?:[^"\\]|\\.){{0,2000}})"|(?P<word>[\w.+-]{{1,40}}))'
    rf"|<(?P<element>{_NAME})(?:\s[^<>]{{0,400}})?>(?P<inside>[^<>]{{0,2000}})</(?P=element)>"
    rf'|(?<=\s)(?P<attribute>{_NAME})="(?P<value>[^"<>]{{0,2000}})"'
)
_AROUND = re.compile(
    rf'(?:[\s{{}}\[\],;]|"[\w .-]{{1,40}}"\s*:\s*(?=[\[{{])|</?{_NAME}\s*/?>|<{_NAME}(?=\s)|/?>|<[?!][^<>]{{0,400}}>)*'
)


def lines_of(line: Line) -> list[Line]:
    """Return the lines that a line stands for: a row for each set of entries, none for mere brackets and tags."""
    text = line.text
    if line.shape is not Shape.TEXT or ('"' not in text and text.strip()[:1] not in set("<{}[]")):
        return [line]
    if _AROUND.fullmatch(_ENTRY.sub(" ", text)) is None:
        return [line]
    return [_made(line, row) for row in _rows(text)] or [replace(line, text="")]


def _rows(text: str) -> Iterator[dict[str, str]]:
    """Yield the entries row by row: a row ends where one of its keys comes again."""
    row: dict[str, str] = {}
    for found in _ENTRY.finditer(text):
        key = found["member"] or found["element"] or found["attribute"]
        value = found["text"] or found["word"] or found["inside"] or found["value"] or ""
        if key in row:
            yield row
            row = {}
        row[key] = value.replace("\\/", "/").replace('\\"', '"').strip()
    if row:
        yield row


def _made(line: Line, row: dict[str, str]) -> Line:
    keys, values = tuple(row), tuple(row.values())
    if len(row) == 1:
        return replace(line, text=f"{keys[0]}: {values[0]}")
    return replace(line, text=" | ".join(values), shape=Shape.ROW, cells=values, header=keys)
