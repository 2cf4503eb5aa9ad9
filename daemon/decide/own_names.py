"""What a mail's sender goes by: the names in its address, its display name, its signature, and the ESP's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.message.message import Label, Labelled, Message
from daemon.notices.esp import Esp

_NAME = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_BEHIND_FROM = re.compile(r"\b(?:[Ff]rom|FROM|[Oo]ff|OFF)\b.*")
_NO_NAME = re.compile(r"[:\d/]|[.!?]\s*$")
_LAST_LINES, _WORDS_OF_A_NAME = 4, 6


def own_names(message: Message, labelled: Sequence[Labelled], esp: Esp | None) -> frozenset[str]:
    """Return the words, in lower case, by which the sender may speak of its own house: "removed from Pixmoor"."""
    names = set(message.from_.domain.split(".")[:-1]) if message.from_ else set()
    told = [message.from_.name if message.from_ else "", esp.name if esp else "", *_signed(labelled)]
    names.update(word.lower() for text in told for word in _NAME.findall(text))
    return frozenset(names)


def _signed(labelled: Sequence[Labelled]) -> Iterator[str]:
    """The lines of the signature, and of the sender's last lines those that are as short as a name.

    What stands behind "from" there is none: "Removed from Pixmoor" can be all that a mail says.
    """
    for each in labelled:
        if each.label is Label.SIGNATURE:
            yield _BEHIND_FROM.sub("", each.line.text)
    own = [each.line.text for each in labelled if each.label is Label.OWN and each.line.text.strip()]
    for text in own[1:][-_LAST_LINES:]:
        if len(text.split()) <= _WORDS_OF_A_NAME and not _NO_NAME.search(text):
            yield _BEHIND_FROM.sub("", text)
