"""Reads a large message file line by line and keeps its headers and text only; memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message

from daemon.mailbox._parts import PARTS_LIMIT, TEXT_LIMIT, Reading, Unseen, is_text_leaf

_HEADER_LIMIT = 64 << 10


class _Reader:
    """One pass over the lines; ``open`` are the boundaries of the multiparts that we are in, outermost first."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self.unseen: list[Unseen] = []
        self.open: list[bytes] = []
        self.parts = 0
        self.cut = False
        self._header: list[bytes] | None = []
        self._held: bytes | None = None  # the delimiter line before a part that we do not know yet whether to keep
        self._part: Message | None = None
        self._keeping = True
        self._size = 0

    def line(self, line: bytes) -> None:
        ended = self._delimiter(line)
        if ended is not None:
            self._end_part()
            self._delimit(line, *ended)
        elif self._header is not None:
            self._header.append(line)
            if not line.strip(b"\r\n"):
                self._end_header(self._header)
        else:
            self._body_line(line)

    def close(self) -> None:
        if self._header:
            self._end_header(self._header)
        self._end_part()

    def _delimiter(self, line: bytes) -> tuple[int, bool] | None:
        """Return (depth, whether it closes) if ``line`` is a boundary of a multipart that we are in."""
        if not line.startswith(b"--"):
            return None
        text = line[2:].rstrip()
        for depth in range(len(self.open) - 1, -1, -1):
            if text == self.open[depth]:
                return depth, False
            if text == self.open[depth] + b"--":
                return depth, True
        return None

    def _delimit(self, line: bytes, depth: int, closes: bool) -> None:
        if closes:
            del self.open[depth:]
            self._header, self._keeping = None, False
            self.kept.append(line)
        else:
            del self.open[depth + 1 :]
            self._header, self._held = [], line

    def _end_header(self, lines: list[bytes]) -> None:
        """Judge a part by its header: keep it, step into it, or leave it unseen."""
        self._header = None
        part = message_from_bytes(b"".join(lines)[:_HEADER_LIMIT])
        kind = part.get_content_type()
        boundary = part.get_boundary()
        if kind.startswith("multipart/") and boundary:
            self._keep(lines)
            self.open.append(boundary.encode("utf-8", "surrogateescape"))
            self._part, self._keeping = None, False
        elif kind == "message/rfc822":
            self._keep(lines)
            self._header, self._held = [], None
        else:
            self._leaf(part, lines)

    def _leaf(self, part: Message, lines: list[bytes]) -> None:
        self.parts += 1
        self._part, self._size = part, 0
        self._keeping = is_text_leaf(part) and self.parts <= PARTS_LIMIT
        if self._keeping or not self.open:
            self._keep(lines)

    def _keep(self, lines: list[bytes]) -> None:
        if self._held is not None:
            self.kept.append(self._held)
        self.kept.extend(lines)
        self._held = None

    def _body_line(self, line: bytes) -> None:
        self._size += len(line)
        if self._keeping and self._size <= TEXT_LIMIT:
            self.kept.append(line)

    def _end_part(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        if self._keeping:
            self.cut = self.cut or self._size > TEXT_LIMIT
        else:
            self.cut = self.cut or is_text_leaf(part)
            self.unseen.append((part.get_filename() or "", part.get_content_type(), self._size))


def skeleton(chunks: Iterator[bytes]) -> Reading:
    """Return the message without its attachments; ``chunks`` are its lines, an endless one in pieces."""
    reader = _Reader()
    for line in chunks:
        reader.line(line)
    reader.close()
    return Reading(re.sub(rb"\r?\n", b"\r\n", b"".join(reader.kept)), tuple(reader.unseen), reader.cut)
