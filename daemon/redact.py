"""Makes addresses and URLs safe for a person's eyes and keeps them out of logs."""

from __future__ import annotations

import re

_SCHEME = re.compile(r"^(h)tt(ps?)(?=:)", re.IGNORECASE)


def defang(url: str) -> str:
    """Return ``url`` so that no program links it: ``hxxps://a[.]example/x`` (scheme and host only)."""
    head = _SCHEME.sub(r"\1xx\2", url)
    start = head.find("://")
    start = start + 3 if start >= 0 else 0
    ends = [head.find(sign, start) for sign in "/?#"]
    end = min((found for found in ends if found >= 0), default=len(head))
    return head[:start] + head[start:end].replace(".", "[.]") + head[end:]


# up to the next one: an address may stand within another
_URL = re.compile(r"https?://(?:(?!https?://)[^\s<>\"'])*", re.IGNORECASE)


def shown(text: str) -> str:
    """Return what came in a mail as a person may see it: URLs defanged, nothing that a terminal would act on."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return _URL.sub(lambda found: defang(found[0]), plain)
