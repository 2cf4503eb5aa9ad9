# ruff: noqa: E501, SIM905 - word lists read best as words
"""Turns HTML into lines without recursion: keeps rows, items, headings, struck-out words; drops what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from daemon.message.html_style import STANDARD, Look, read_look
from daemon.message.html_table import Table, is_data_row
from daemon.message.message import Line, Shape

_SKIPPED = frozenset(
    "script style head title noscript template svg math object iframe select option textarea button audio video "
    "canvas map applet embed -comment !doctype meta link base".split()
)
_BLOCKS = frozenset(
    "p div table tr td th ul ol li dl dt dd h1 h2 h3 h4 h5 h6 blockquote pre hr center address article aside section header "
    "footer main nav figure figcaption form fieldset caption thead tbody tfoot body html details summary".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol table blockquote pre dl hr".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 caption summary".split())
_STRUCK = frozenset(("s", "del", "strike"))
_MAX_NODES = 200_000
_MAX_LINES = 20_000
_NESTING = re.compile(
    r"<(/?)(?:(div|blockquote|ul|ol|dl|section|article|center|table|span|fieldset|form)|a|b|big|code|em|font|i|nobr|s|small|"
    r"strike|strong|tt|u)(?=[\s>/])",
    re.IGNORECASE,
)
_MAX_OPEN = 400
_SPACE = re.compile(r"[ \t\r\n\f]+")


def lines_of(html: str, cap: int, tag_cap: int) -> tuple[list[Line], str]:
    """Return the lines of ``html`` and the name of what made part of it unreadable ("" if nothing)."""
    lost = ""
    if len(html) > cap:
        html, lost = html[:cap], "html_too_large"
    if len(html) > tag_cap:
        html, big = without_giant_tags(html, tag_cap)
        lost = lost or big
    if html.count("<") > _MAX_OPEN and (end := _too_nested(html)) is not None:
        html, lost = html[:end], lost or "html_too_nested"
    walk = _Walk()
    walk.run(LexborHTMLParser(html).root)
    return walk.lines, lost or walk.lost


def _too_nested(html: str) -> int | None:
    """Return where more elements stand open than a mail has; the parser's repair would repeat or climb them all."""
    blocks = formats = 0
    for found in _NESTING.finditer(html):
        step = -1 if found[1] else 1
        if found[2]:
            blocks = max(0, blocks + step)
        else:
            formats = max(0, formats + step)
        if blocks > 4 * _MAX_OPEN or formats > _MAX_OPEN:
            return found.start()
    return None


def without_giant_tags(html: str, tag_cap: int) -> tuple[str, str]:
    """Drop tags longer than ``tag_cap``; a picture's loss loses no text, any other is told."""
    if all(len(piece) <= tag_cap for piece in html.split(">")):
        return html, ""
    kept, lost = [], ""
    for piece in html.split(">"):
        start = piece.find("<")
        if start >= 0 and len(piece) - start > tag_cap:
            if piece[start : start + 4].lower() != "<img":
                lost = "tag_too_large"
            piece = piece[:start] + "<i"
        kept.append(piece)
    return ">".join(kept), lost


@dataclass(frozen=True, slots=True)
class _Context:
    """What an element hands down to what it holds."""

    look: Look = STANDARD
    struck: bool = False
    quoted: bool = False
    pre: bool = False
    heading: bool = False
    ordered: bool = False
    in_cell: bool = False


class _Walk:
    """One pass over the tree; the stack holds nodes to enter and marks for elements to leave."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.lost = ""
        self._text: list[tuple[str, bool, str]] = []  # words, struck, colour
        self._links: list[str] = []
        self._shape = Shape.TEXT
        self._prefix = ""
        self._quoted = False
        self._counters: list[int] = []
        self._tables: list[Table] = []

    def run(self, root: Any) -> None:
        """Walk everything below ``root``."""
        stack: list[tuple[Any, _Context, str]] = [(root, _Context(), "")] if root is not None else []
        left = _MAX_NODES
        while stack:
            node, context, closing = stack.pop()
            left -= 1
            if left < 0 or len(self.lines) > _MAX_LINES:
                self.lost = "html_too_many_nodes"
                break
            if closing:
                self._leave(closing, context)
                continue
            following = node.next
            if following is not None:
                stack.append((following, context, ""))
            self._enter(node, context, stack)
        self._flush(self._quoted)

    def _enter(self, node: Any, context: _Context, stack: list[tuple[Any, _Context, str]]) -> None:
        """Deal with one node and push what it holds."""
        tag = node.tag
        if tag == "-text":
            self._add(node.text_content or "", context)
        elif tag == "br":
            self._flush(context.quoted, at_break=True)
        elif tag not in _SKIPPED:
            inner = _inherit(node, tag, context)
            if inner is None:
                return
            block = tag in _BLOCKS
            if block:
                self._open(node, tag, context, inner)
            elif tag == "a":
                self._link(node)
            if tag == "tr" and self._row(node, inner):
                return
            if block:
                stack.append((node, context, tag))
            child = node.child
            if child is not None:
                stack.append((child, inner, ""))

    def _open(self, node: Any, tag: str, context: _Context, inner: _Context) -> None:
        """Begin a block: end the line before it, note its shape."""
        self._flush(context.quoted)
        if tag in _PARAGRAPHS or inner.quoted != context.quoted:
            self._blank(context.quoted)
        if tag in {"ol", "ul"}:
            start = node.attributes.get("start") or "1"
            self._counters.append(int(start) if tag == "ol" and start.isdecimal() and len(start) < 7 else 1)
        elif tag == "li":
            self._item(node, context)
        elif tag in _HEADINGS:
            self._shape = Shape.HEADING
        elif tag == "table":
            self._tables.append(Table())
        elif tag == "hr":
            self.lines.append(Line("", quoted=context.quoted))

    def _item(self, node: Any, context: _Context) -> None:
        """Begin a list item; an ordered list keeps its number in the text."""
        depth = "  " * (len(self._counters) - 1)
        self._shape, self._prefix = Shape.ITEM, f"{depth}- "
        if context.ordered and self._counters:
            value = node.attributes.get("value") or ""
            if value.isdecimal() and len(value) < 7:
                self._counters[-1] = int(value)
            self._prefix = f"{depth}{self._counters[-1]}. "
            self._counters[-1] += 1

    def _leave(self, tag: str, context: _Context) -> None:
        """End a block."""
        inner_quoted = self._quoted if self._text else context.quoted
        self._flush(inner_quoted)
        self._shape, self._prefix = Shape.TEXT, ""
        if tag in _PARAGRAPHS:
            self._blank(context.quoted)
        if tag in {"ol", "ul"} and self._counters:
            self._counters.pop()
        elif tag == "table" and self._tables:
            self._tables.pop()

    def _row(self, node: Any, context: _Context) -> bool:
        """Write a table row as one line if it holds data; False for rows that only lay out the page."""
        cells = is_data_row(node, bool(self._tables and self._tables[-1].width > 1))
        if cells is None:
            return False
        texts, struck, colours, heads = [], [], [], []
        for cell in cells:
            inner = _inherit(cell, cell.tag, context) or replace(context, look=replace(context.look, hidden=True))
            words, all_struck, colour, links = cell_text(cell, inner)
            texts.append(words)
            struck.append(all_struck or not words)
            if colour:
                colours.append(colour)
            heads.append(cell.tag == "th")
            self._links.extend(links)
        table = self._tables[-1] if self._tables else Table()
        full, header = table.add(cells, texts, heads)
        if any(full):
            self.lines.append(
                Line(
                    " | ".join(text for text in full if text), Shape.ROW, full, context.quoted,
                    all(struck), colours[0] if colours else "", header, tuple(self._links),
                )
            )  # fmt: skip
        self._links = []
        return True

    def _link(self, node: Any) -> None:
        href = node.attributes.get("href") or ""
        if href[:4].lower() in {"http", "hxxp"} and len(self._links) < 100:
            self._links.append(href[:4000])

    def _add(self, words: str, context: _Context) -> None:
        """Add text to the line being built."""
        if context.look.hidden or not words:
            return
        self._quoted = context.quoted
        if not context.pre:
            self._text.append((words, context.struck, context.look.shown))
            return
        first, *rest = words.replace("\r\n", "\n").split("\n")
        self._text.append((first, context.struck, context.look.shown))
        for one in rest[:_MAX_LINES]:
            self._flush(context.quoted, at_break=True, keep=True)
            self._text.append((one, context.struck, context.look.shown))

    def _blank(self, quoted: bool) -> None:
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", quoted=quoted and self.lines[-1].quoted))

    def _flush(self, quoted: bool, at_break: bool = False, keep: bool = False) -> None:
        """End the line being built."""
        if not self._text and not at_break:
            self._links.clear()
            return
        pieces, self._text = self._text, []
        links, self._links = tuple(self._links), []
        words, struck, colour = joined(pieces, keep)
        if not words:
            if at_break and self.lines and self.lines[-1].text:
                self.lines.append(Line("", quoted=quoted))
            return
        bare = words.lstrip()
        quoted = (self._quoted if pieces else quoted) or bare.startswith((">", "＞"))
        self.lines.append(Line(self._prefix + words, self._shape, (), quoted, struck, colour, (), links))
        self._prefix = ""
        if at_break and self._shape is not Shape.TEXT:
            self._shape = Shape.TEXT


def joined(pieces: list[tuple[str, bool, str]], keep: bool = False) -> tuple[str, bool, str]:
    """Return the words of a line, whether all are struck out, their common colour; some struck words are dropped."""
    if len(pieces) == 1 and not pieces[0][1]:
        text, _, own = pieces[0]
        return _tidied(text, keep), False, own if own and text.strip() else ""
    live = [piece for piece in pieces if piece[0].strip()]
    struck = bool(live) and all(piece[1] for piece in live)
    words = "".join(piece[0] for piece in pieces if struck or not piece[1])
    colours = {piece[2] for piece in live if piece[2]}
    whole = len(colours) == 1 and all(piece[2] for piece in live)
    return _tidied(words, keep), struck, colours.pop() if whole else ""


def _tidied(words: str, keep: bool) -> str:
    """Return the words of a line with single blanks, unless they are to be kept, and without invisible breaks."""
    words = words.rstrip() if keep else _SPACE.sub(" ", words).strip(" ")
    return words.replace("\xad", "").replace("\u200b", "")


def cell_text(cell: Any, context: _Context) -> tuple[str, bool, str, list[str]]:
    """Return the text of one table cell, whether it is struck, its colour and its links."""
    pieces: list[tuple[str, bool, str]] = []
    links: list[str] = []
    stack: list[tuple[Any, _Context]] = []
    if cell.child is not None:
        stack.append((cell.child, context))
    left = 5_000
    while stack and left:
        left -= 1
        node, inside = stack.pop()
        if node.next is not None:
            stack.append((node.next, inside))
        tag = node.tag
        if tag == "-text":
            if not inside.look.hidden:
                pieces.append((node.text_content or "", inside.struck, inside.look.shown))
        elif tag not in _SKIPPED:
            inner = _inherit(node, tag, inside)
            if tag == "br" or tag in _BLOCKS:
                pieces.append((" ", inside.struck, ""))
            if tag == "a" and (node.attributes.get("href") or "")[:4].lower() in {"http", "hxxp"}:
                links.append(node.attributes["href"][:4000])
            if inner is not None and node.child is not None:
                stack.append((node.child, inner))
    words, struck, colour = joined(pieces)
    return words, struck, colour, links


def _inherit(node: Any, tag: str, context: _Context) -> _Context | None:
    """Return the context inside an element, None when nothing in it is shown."""
    struck = context.struck or tag in _STRUCK
    quoted, pre, ordered = context.quoted, context.pre or tag == "pre", context.ordered
    if tag in {"ol", "ul"}:
        ordered = tag == "ol"
    attributes = node.attributes
    if attributes:
        look = read_look(tag, attributes, context.look)
        if look.hidden and not context.look.hidden:
            return None
        struck = struck or look.struck
        quoted = quoted or is_quote(tag, attributes)
    else:
        look = context.look
        quoted = quoted or tag == "blockquote"
    if (
        look is context.look and struck == context.struck and quoted == context.quoted
        and pre == context.pre and ordered == context.ordered
    ):  # fmt: skip
        return context
    return _Context(look, struck, quoted, pre, context.heading, ordered, context.in_cell)


_QUOTE_CLASSES = (
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "moz-cite",
    "gmail_quote_attribution",
)


def is_quote(tag: str, attributes: dict[str, str | None]) -> bool:
    """Return whether an element is laid out as a quotation of an earlier mail."""
    if tag != "blockquote":
        marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
        return any(name in marks for name in _QUOTE_CLASSES[:4])
    if "webkit-indent" in (attributes.get("class") or "").lower():
        return False  # an indented paragraph of the writer's own
    style = (attributes.get("style") or "").lower().replace(" ", "")
    return (
        bool(attributes.get("type") or attributes.get("cite") or attributes.get("class")) or "border:none" not in style
    )
