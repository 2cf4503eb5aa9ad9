"""What a section says, before anybody knows whether it becomes HTML or plain text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BAR = 160  # pixels of the longest bar: Outlook knows no percentages


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``bar`` is a bar's length in pixels (beside its text, which says the same), ``loud`` is set in bold."""

    text: str = field(repr=False)
    bar: int | None = None
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    right: bool = False  # figures are set flush right


@dataclass(frozen=True, slots=True)
class Table:
    """``caption`` says what the table shows; the first cell of a row names the row."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str = field(repr=False)
    loud: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """``headline`` gives figures to the subject by name."""

    title: str
    blocks: tuple[Paragraph | Table, ...]
    headline: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook; ``rows`` hold texts, numbers, aware times or None, ``widths`` are in characters.

    ``chart``: "line" or "bar" of the figures right of the first column.
    """

    name: str
    heads: tuple[str, ...]
    rows: Iterable[Sequence[Any]] = field(repr=False)
    widths: tuple[int, ...] = ()
    chart: str = ""


def columns(*titles: str) -> tuple[Column, ...]:
    """Columns by their titles; a ">" in front sets the column flush right."""
    return tuple(Column(title.removeprefix(">"), title.startswith(">")) for title in titles)


def row(*values: object) -> tuple[Cell, ...]:
    """A row of plain cells; counts get their thousands' commas."""
    return tuple(value if isinstance(value, Cell) else Cell(said(value)) for value in values)


def said(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def bar(value: int, largest: int) -> Cell:
    """A count with its bar; anything above nothing shows at least a sliver."""
    length = round(BAR * value / largest) if largest else 0
    return Cell(said(value), max(length, 2) if value else 0)


def hours(number: float | None) -> str:
    """A duration as people say it; None: not reached yet, within what was observed."""
    if number is None:
        return "not yet"
    if number < 1:
        return "under 1 h"
    return f"{number:.0f} h" if number < 72 else f"{number / 24:.1f} days"


def share(part: float) -> str:
    return f"{100 * part:.0f} %"
