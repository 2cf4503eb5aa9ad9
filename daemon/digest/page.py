"""Lays a digest out as HTML that Outlook shows as meant, and as plain text that says the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import css_inline

from daemon.digest.blocks import Cell, Column, Paragraph, Section, Table
from daemon.digest.view import View
from daemon.render.templates import Templates, Text

MAX_HTML = 100_000  # Gmail cuts off a longer mail
_TEXT_BAR = 20  # characters of the longest bar


@dataclass(frozen=True, slots=True)
class Digest:
    """The sections in order, and how their figures are counted."""

    sections: tuple[Section, ...]
    how: tuple[str, ...] = ()
    found: Mapping[str, object] = field(default_factory=dict, repr=False)  # what each section was told, for its sheet

    def headline(self, name: str) -> int | None:
        return next((one.headline[name] for one in self.sections if name in one.headline), None)


def page(digest: Digest, view: View, templates: Templates) -> Text:
    """Render ``digest``; the HTML stays under 100 KB, if need be by leaving the ends of tables to the workbook."""
    subject = subject_of(digest, view)
    for rows in (None, 15, 5):
        sections = [_shown(section, rows) for section in digest.sections]
        values = _values(subject, sections, digest, view)
        text = templates.render("digest", "en", values)
        html = _inlined(text.html or "")
        if len(html.encode()) < MAX_HTML:
            break
    return Text(subject, text.text, html)


def subject_of(digest: Digest, view: View) -> str:
    """``Notice Tracking week 47: 3 things need you, 1,102 removed, 612 open``."""
    needs = digest.headline("needs")
    parts = []
    if needs is not None:
        parts.append(f"{needs:,} thing{' needs' if needs == 1 else 's need'} you" if needs else "nothing needs you")
    parts += [f"{count:,} {name}" for name in ("removed", "open") if (count := digest.headline(name)) is not None]
    late = " (late)" if view.late else ""
    said = f": {', '.join(parts)}" if parts else ""
    return f"{view.organisation} week {view.week.number}{late}{said}"


def sample() -> Mapping[str, Any]:
    """Values to try the digest's templates with."""
    from datetime import UTC, datetime

    from daemon.digest.view import Week

    view = View(Week(2026, 47), datetime(2026, 11, 23, 6, tzinfo=UTC))
    table = Table("Open URLs by age", (Column("Age"), Column("URLs", right=True)), ((Cell("new"), Cell("3", bar=9)),))
    sections = [Section("Open by age", (Paragraph("Three."), table))]
    return _values("A week", sections, Digest(tuple(sections), ("Counted so.",)), view)


def _values(subject: str, sections: Sequence[Section], digest: Digest, view: View) -> dict[str, Any]:
    return {
        "subject": subject,
        "organisation": view.organisation,
        "week": view.week.number,
        "year": view.week.year,
        "since": view.day(view.since),
        "until": view.last_day,
        "made": view.day(view.now),
        "late": view.late,
        "sections": [{"title": one.title, "blocks": [_block(block) for block in one.blocks]} for one in sections],
        "how": list(digest.how),
    }


def _block(block: Paragraph | Table) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text, "loud": block.loud, "plain": block.text}
    return {
        "kind": "table",
        "caption": block.caption,
        "columns": [{"title": one.title, "right": one.right} for one in block.columns],
        "rows": [[{"text": cell.text, "bar": cell.bar, "loud": cell.loud} for cell in row] for row in block.rows],
        "plain": plain_table(block),
    }


def plain_table(table: Table) -> str:
    """The table as aligned text; a bar becomes a row of signs."""
    largest = max((cell.bar or 0 for row in table.rows for cell in row), default=0)
    lines = [[column.title for column in table.columns]]
    lines += [[_plain(cell, largest) for cell in row] for row in table.rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.columns))]
    rule = ["-" * width for width in widths]
    return "\n".join(_aligned(line, widths, table.columns) for line in (lines[0], rule, *lines[1:]))


def _plain(cell: Cell, largest: int) -> str:
    if cell.bar is None:
        return cell.text
    signs = -(-cell.bar * _TEXT_BAR // largest) if largest else 0
    return f"{cell.text:>7} {'#' * signs}".rstrip()


def _aligned(line: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    cells = (
        text.rjust(width) if column.right else text.ljust(width)
        for text, width, column in zip(line, widths, columns, strict=True)
    )
    return "  ".join(cells).rstrip()


def _shown(section: Section, rows: int | None) -> Section:
    if rows is None:
        return section
    blocks = tuple(_cut(block, rows) if isinstance(block, Table) else block for block in section.blocks)
    return Section(section.title, blocks, section.headline)


def _cut(table: Table, rows: int) -> Table:
    if len(table.rows) <= rows:
        return table
    caption = f"{table.caption} (the first {rows} of {len(table.rows)})"
    return Table(caption, table.columns, table.rows[:rows])


def _inlined(html: str) -> str:
    """Move the style sheet into the elements: Outlook and Gmail read no other; nothing is ever fetched."""
    inlined = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(html)
    return _CLASS.sub("", inlined)


_CLASS = re.compile(r' class="[a-z ]*"')  # of our own template: what came from elsewhere is escaped
