"""The wording of a mail without what differs from one mail to the next: two receipts of one machine have the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from daemon.message.message import Label, Labelled, Message

_CHANGING = re.compile(r"://|@|\d")  # in addresses and numbers
_WORDS = re.compile(r"[^\W\d_]+")
_FEWEST = 5  # letters; less is no wording
_LONGEST = 20_000


def wording(message: Message, labelled: Iterable[Labelled]) -> str:
    """Return a digest (32 hex digits) of who writes and of the own words, "" where there are hardly any."""
    own = "\n".join(one.line.text for one in labelled if one.label is Label.OWN)[:_LONGEST]
    words = _plain(own)
    if len(words) < _FEWEST or message.from_ is None:
        return ""
    subject = _plain(message.subject[:_LONGEST])
    return sha256(f"{message.from_.domain}\n{subject}\n{words}".encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    """Return the words of ``text`` that do not change from one mail to the next."""
    stable = (part for part in text.lower().split() if _CHANGING.search(part) is None)
    return " ".join(_WORDS.findall(" ".join(stable)))
