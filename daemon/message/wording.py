"""The wording of a mail without what differs from one mail to the next: two receipts of one machine have the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

from daemon.message.message import Label, Labelled, Message

_CHANGING = re.compile(r"\S*(?:://|@|\d)\S*")  # addresses, and whatever holds a digit
_WORDS = re.compile(r"[^\W\d_]+")
_FEWEST = 5  # letters; less is no wording
_LONGEST = 20_000


def wording(message: Message, labelled: Iterable[Labelled]) -> str:
    """Return a digest (32 hex digits) of who writes and of the own words, "" where there are hardly any."""
    own = "\n".join(one.line.text for one in labelled if one.label is Label.OWN)[:_LONGEST]
    words = " ".join(_WORDS.findall(_CHANGING.sub(" ", own.lower())))
    if len(words) < _FEWEST or message.from_ is None:
        return ""
    subject = " ".join(_WORDS.findall(_CHANGING.sub(" ", message.subject.lower())))
    return sha256(f"{message.from_.domain}\n{subject}\n{words}".encode()).hexdigest()[:32]
