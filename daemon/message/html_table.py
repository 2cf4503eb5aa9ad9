# ruff: noqa: SIM905 - word lists read best as words
"""Tells data rows from layout rows, and carries header cells and spanning cells down a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_BREAKING = frozenset("table ul ol blockquote h1 h2 h3 h4 h5 h6 hr pre".split())
_LOOK_AHEAD = 200
_MAX_CELLS = 100


@dataclass(slots=True)
class Table:
    """What is known of the table being read."""

    header: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    width: int = 0
    spans: dict[int, tuple[int, str]] = field(default_factory=dict)  # column -> rows left, text

    def add(self, cells: list[Any], texts: list[str], heads: list[bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the row with spanning cells filled in, and the header cells above it."""
        row = self._spread(cells, texts)
        if all(heads) and not self.header:
            self.header = row
            self.width = len(row)
            return row, ()
        if not self.header and self.first and _is_title(self.first) and not _is_title(row):
            self.header = self.first
        self.first = self.first or row
        self.width = max(self.width, len(row))
        return row, self.header

    def _spread(self, cells: list[Any], texts: list[str]) -> tuple[str, ...]:
        """Place cells in columns, honouring rowspan and colspan."""
        row: list[str] = []
        for cell, text in zip(cells, texts, strict=True):
            self._carry(row)
            tall, wide = _number(cell, "rowspan"), _number(cell, "colspan")
            for number in range(min(wide, 20)):
                if tall > 1:
                    self.spans[len(row)] = (min(tall, 1000) - 1, text if not number else "")
                row.append(text if not number else "")
        self._carry(row)
        return tuple(row)

    def _carry(self, row: list[str]) -> None:
        """Fill in cells that reach down from rows above."""
        while len(row) in self.spans and len(row) < _MAX_CELLS:
            left, text = self.spans.pop(len(row))
            if left > 1:
                self.spans[len(row)] = (left - 1, text)
            row.append(text)


def _number(cell: Any, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return int(value) if value.isdecimal() and 0 < len(value) < 6 else 1


def _is_title(row: tuple[str, ...]) -> bool:
    """Return whether no cell holds a digit or an address, as in a row of column titles."""
    return not any(any(sign.isdecimal() for sign in cell) or "/" in cell for cell in row) and sum(map(bool, row)) > 1


def is_data_row(row: Any, in_data: bool) -> list[Any] | None:
    """Return the cells of a row that holds data, None for one that lays out the page or has a single cell."""
    cells: list[Any] = []
    child = row.child
    while child is not None and len(cells) < _MAX_CELLS:
        if child.tag in {"td", "th"}:
            cells.append(child)
        child = child.next
    if len(cells) < 2 and not (in_data and cells):
        return None
    filled = sum(1 for cell in cells if cell.child is not None)
    return cells if filled and all(_is_plain(cell) for cell in cells) else None


def _is_plain(cell: Any) -> bool:
    """Return whether a cell holds a few words only: no nested table or list, at most two paragraphs."""
    stack = [cell.child] if cell.child is not None else []
    left, paragraphs, letters = _LOOK_AHEAD, 0, 0
    while stack:
        left -= 1
        node = stack.pop()
        if left < 0 or node.tag in _BREAKING:
            return False
        if node.next is not None:
            stack.append(node.next)
        if node.tag == "p":
            paragraphs += 1
        if node.tag == "-text":
            letters += len(node.text_content or "")
        elif node.child is not None:
            stack.append(node.child)
    return paragraphs <= 3 and letters < 2000
