"""Turns a plain text into lines."""

from __future__ import annotations

import re

from daemon.message.message import Line

_ODD_BREAKS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x00": ""}
)
_ODD = re.compile("[\r\x0b\x0c\x00\x85\u2028\u2029]")
_BLANK = Line("")
_MAX_LINES = 20_000


def plain_lines(text: str) -> list[Line]:
    """Return the lines of ``text``; a line that begins with ">" is quoted by its layout."""
    text = text.replace("\r\n", "\n")
    if _ODD.search(text) is not None:
        text = text.translate(_ODD_BREAKS)
    lines = []
    for one in text.strip("\n").split("\n")[:_MAX_LINES]:
        bare = one.lstrip()
        if not bare:
            lines.append(_BLANK)
            continue
        lines.append(Line(one.rstrip() if bare != "-- " else one, quoted=bare.startswith((">", "＞", "›"))))
    return lines
