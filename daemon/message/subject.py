# ruff: noqa: E501 - one list of prefixes
"""The part of a subject that is the sender's own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.message.message import Message
from daemon.message.read import compiled

_PREFIX = re.compile(
    r"^\s*(?:\[(?:ext(?:ern(?:al)?)?|caution|spam\??|suspected spam)\]\s*)?([^\W\d_]{1,4}(?:\[\d+\])?|antw|antwort|回复|回覆|答复|答覆|转发|轉寄|返信|転送|회신|전달|رد|إعادة توجيه|tr|rif|doorst|απ|πρθ)\s*[:：]\s*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[[^\]]{0,80}\]|【[^】]{0,80}】|\([^)]*\d[^)]*\)|##[^#]{1,60}##")
_WORD = re.compile(r"[^\W_]+")
_LEADING = re.compile(r"^[\s:：,;|/–—-]+|[\s:：,;|/–—-]+$")


def own_subject(message: Message, our_subjects: Sequence[str] = (), number_format: str | None = None) -> str:
    """Return the subject without reply prefixes, tags in brackets, our notice number and the words of our own subject."""
    text = message.subject[:500]
    stripped = _PREFIX.sub("", text)
    answered = stripped != text or bool(message.in_reply_to)
    for _ in range(10):
        shorter = _PREFIX.sub("", stripped)
        if shorter == stripped:
            break
        stripped = shorter
    ours = {word for subject in our_subjects for word in _WORD.findall(subject.casefold())}
    if ours:
        return _own_words(stripped, ours)
    pattern = compiled(number_format)
    found = pattern.search(stripped) if pattern is not None else None
    if found is not None and answered:
        stripped = stripped[: found.start()].rstrip("[( ")
    return _LEADING.sub("", _BRACKETS.sub(" ", stripped)).strip()


def _own_words(text: str, ours: set[str]) -> str:
    """Drop the words that stand in our own subject; what is left is the sender's if it is more than signs."""
    text = _BRACKETS.sub(" ", text)
    kept = [
        piece
        for piece in text.split()
        if not (found := _WORD.findall(piece.casefold())) or not all(word in ours for word in found)
    ]
    words = " ".join(kept)
    return _LEADING.sub("", words).strip() if _WORD.search(words) else ""
