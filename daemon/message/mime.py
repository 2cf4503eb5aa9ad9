"""A short way through plainly written MIME (RFC 2045, 2046); whatever is not plain is left to the standard library.

Most mail is one text, or a few parts between well-formed boundaries.  Reading that needs no state machine; a test
shows that both ways give the same message.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from daemon.message import headers as head

_FIELD = re.compile(r"([!-9;-~]+):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)")
_BLOCK = re.compile(r"(?:[!-9;-~]++:[^\n]*+(?:\n[ \t][^\n]*+)*+(?:\n|\Z))*+")
_BLANK_FOLD = re.compile(r"\n[ \t][^\S\n]*(?:\n|\Z)")
_SIMPLE_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+\Z")
_MAX_DEPTH = 8
_MAX_PARTS = 40
_MAX_SIZE = 512 * 1024


@dataclass(slots=True)
class Node:
    """One part: its raw headers in order, and its text or its parts."""

    items: list[tuple[str, str]] = field(repr=False)
    payload: str | list[Node] = field(default="", repr=False)
    crlf: bool = False  # its lines ended in two bytes

    def raw_items(self) -> Sequence[tuple[str, str]]:
        return self.items

    def get_default_type(self) -> str:
        return "text/plain"


def plain_tree(raw: bytes, header_cap: int) -> Node | None:
    """Return the tree of a plainly written mail, None for any other."""
    pairs, lone = raw.count(b"\r\n"), raw.count(b"\r")
    if len(raw) > _MAX_SIZE or lone != pairs or (pairs and raw.count(b"\n") != pairs):
        return None
    text = raw.decode("ascii", "surrogateescape").replace("\r\n", "\n")
    return _node(text, header_cap, 0, [_MAX_PARTS], b"\r\n" in raw)


def _node(text: str, header_cap: int, depth: int, budget: list[int], crlf: bool) -> Node | None:
    """Read headers and body of one part."""
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:
        return None
    top, blank, body = ("", "\n", text[1:]) if text[:1] == "\n" else _halves(text)
    items = _headers(top, header_cap)
    if items is None or not blank:
        return None
    kind = next((value for name, value in items if name.lower() == "content-type"), "")
    low = kind.partition(";")[0].strip().lower()
    if low and _SIMPLE_TYPE.match(low) is None:
        return None
    if low.startswith("message/"):
        return None
    if not low.startswith("multipart/"):
        return Node(items, body, crlf)
    parts = _parts(body, head.parameters(kind).get("boundary", ""), low)
    if parts is None:
        return None
    nodes = []
    for part in parts:
        node = _node(part, header_cap, depth + 1, budget, crlf)
        if node is None:
            return None
        nodes.append(node)
    return Node(items, list(nodes), crlf)


def _halves(text: str) -> tuple[str, str, str]:
    top, blank, body = text.partition("\n\n")
    return top, blank, body


def _headers(top: str, cap: int) -> list[tuple[str, str]] | None:
    """Return the header fields with their folding kept, None if any line is no header."""
    if _BLOCK.fullmatch(top) is None or _BLANK_FOLD.search(top) is not None:
        return None
    items = _FIELD.findall(top)
    return [(name, value[:cap]) for name, value in items] if len(top) > cap else items


def _parts(body: str, boundary: str, kind: str) -> list[str] | None:
    """Cut a multipart body at its boundary lines; None unless every one of them is plain and the last one closes."""
    if not boundary or kind == "multipart/digest" or boundary != boundary.strip():
        return None
    pieces = ("\n" + body).split("\n--" + boundary)
    if len(pieces) < 3 or not pieces[-1].startswith("--"):
        return None
    parts = []
    for piece in pieces[1:-1]:
        if piece[:1] != "\n":
            return None
        parts.append(piece[1:])
    return parts
