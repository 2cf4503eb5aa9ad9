"""Whether a text contains one of our notices, however its lines were wrapped anew."""

from __future__ import annotations

import re
from functools import lru_cache

from daemon.notices.notice import Notice

SHARE = 0.8  # of a notice's lines
_SHORTEST = 8  # squeezed characters: shorter lines are in every mail
_ODD = re.compile(r"[^\w]+")
_ODD_ASCII = {code: None for code in range(128) if not (chr(code).isalnum() or chr(code) == "_")}


def squeeze(text: str) -> str:
    """Return only the letters and digits of ``text``, lower-case: quote signs, wrapping and defanging do not matter."""
    low = text.lower().replace("hxxp", "http")
    return low.translate(_ODD_ASCII) if low.isascii() else _ODD.sub("", low)


@lru_cache(maxsize=1024)
def _lines(body: str) -> tuple[str, ...]:
    """Return the lines that we sent, squeezed; many mails quote one letter."""
    return tuple(line for line in map(squeeze, body.splitlines()) if len(line) >= _SHORTEST)


def share(notice: Notice, squeezed: str) -> float:
    """Return which share of the lines that we sent stands in a squeezed text, 0 when we do not know what we sent."""
    lines = _lines(notice.body)
    return sum(line in squeezed for line in lines) / len(lines) if lines else 0.0


def is_quoted(notice: Notice, squeezed: str) -> bool:
    """Tell whether a squeezed text quotes this notice, not its neighbour: enough of its lines and of its own URLs."""
    urls = [squeeze(item.url) for item in notice.items]
    if not urls or sum(url in squeezed for url in urls) < SHARE * len(urls):
        return False
    return share(notice, squeezed) >= SHARE
