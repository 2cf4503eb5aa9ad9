"""Message-IDs as a search needs them: what a server can look for in plain ASCII, and the exact value of a header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_SAFE = re.compile(r"[!#-\[\]-~]+")  # printable ASCII but for the quote and the backslash


def searchable(message_id: str) -> str:
    """Return the longest piece of ``message_id`` that every server can search for; a search only narrows down."""
    return max(_SAFE.findall(message_id.strip().strip("<>")), key=len, default="")


def same_id(one: str, other: str) -> bool:
    return one.strip().strip("<>").strip() == other.strip().strip("<>").strip() != ""


def header_id(data: Mapping[bytes, Any]) -> str:
    """Return the unfolded Message-ID in an answer to ``BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]``; "" if there is none."""
    for key, value in data.items():
        if key.startswith(b"BODY[HEADER.FIELDS") and isinstance(value, bytes):
            return id_in(value)
    return ""


def id_in(header: bytes) -> str:
    found = re.search(rb"(?im)^message-id:((?:[^\r\n]|\r?\n[ \t])*)", header)
    return re.sub(rb"\r?\n[ \t]+", b"", found[1]).decode("utf-8", "surrogateescape").strip() if found else ""
