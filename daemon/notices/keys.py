"""Everything in a mail that may tell which notice it answers: what the store is asked for before a decision."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from daemon.message.message import Message
from daemon.notices import token
from daemon.notices.token import Token

_MESSAGE_ID = re.compile(r"[^\s<>()\[\],;:\"]{1,250}@[^\s<>()\[\],;:\"]{1,250}")
_HEADER_LINE = re.compile(
    r"^[>|\s]{0,20}(?:x-)?(?:original-|ms-exchange-parent-)?message-id\s{0,3}:\s{0,200}<?([^\s<>]{1,250}@[^\s<>]{1,250})>?",
    re.IGNORECASE | re.MULTILINE,
)
_DASHES = re.compile("[‐‑‒–—―−﹘﹣－]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NEXT_LINE = re.compile(r"\n[>|\s]{0,20}(?=\d)")
_ODD_DIGIT = re.compile(r"[^\D0-9]")
_LONGEST = 400_000  # characters of text that are searched
_MOST = 200  # of each kind


@dataclass(frozen=True, slots=True)
class Keys:
    """What was found, each kind in the order of its weight; Message-IDs without brackets, in lower case."""

    in_reply_to: tuple[str, ...] = field(default=(), repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)  # newest first
    returned_ids: tuple[str, ...] = field(default=(), repr=False)  # inside a DSN or a returned mail
    form_ids: tuple[str, ...] = field(default=(), repr=False)  # of our letters, in the forms that went with them
    numbers: tuple[str, ...] = field(default=(), repr=False)  # of our format, wherever they stand, in upper case
    tokens: tuple[Token, ...] = ()
    ticket: str | None = field(default=None, repr=False)
    domain: str = field(default="", repr=False)  # of the From address
    bounced: tuple[str, ...] = field(default=(), repr=False)  # addresses that a DSN names
    urls: tuple[str, ...] = field(default=(), repr=False)  # canonical

    @property
    def message_ids(self) -> tuple[str, ...]:
        return (*self.in_reply_to, *self.form_ids, *self.references, *self.returned_ids)


def number_pattern(number_format: str) -> re.Pattern[str]:
    """Return the pattern that finds notice numbers: the configured format alone, or with ``-R1`` for each referral."""
    return re.compile(rf"(?<![A-Za-z0-9])(?:{number_format})(?:-R\d{{1,3}}){{0,9}}(?![A-Za-z0-9])", re.IGNORECASE)


def keys(
    message: Message,
    pattern: re.Pattern[str],
    *,
    key: bytes = b"",
    ticket: str | None = None,
    bounced: Iterable[str] = (),
    urls: Iterable[str] = (),
) -> Keys:
    """Collect every key of ``message``; ``key`` is the secret of our tokens, the rest comes from reading it."""
    text = whole_text(message)
    return Keys(
        in_reply_to=_ids(message, "in-reply-to"),
        references=tuple(reversed(_ids(message, "references"))),
        returned_ids=_returned_ids(text),
        form_ids=tuple(dict.fromkeys(bare(form.token) for form in message.forms)),
        numbers=numbers(f"{message.subject}\n{text}", pattern),
        tokens=tuple(dict.fromkeys(_tokens(message, text, key))),
        ticket=ticket,
        domain=message.from_.domain if message.from_ else "",
        bounced=tuple(bounced),
        urls=tuple(dict.fromkeys(urls))[:_MOST],
    )


def _returned_ids(text: str) -> tuple[str, ...]:
    """Return the Message-IDs of header lines that stand in the text."""
    if "age-" not in text.lower():  # the letters of "Message-ID" that have one form each, whatever the case
        return ()
    return tuple(dict.fromkeys(bare(found) for found in _HEADER_LINE.findall(text)[:_MOST]))


def whole_text(message: Message) -> str:
    """Return all readable text of a mail, quotes and returned mail included."""
    lines = "\n".join(line.text for line in message.lines)
    return f"{lines}\n{message.report}\n{message.returned}"[:_LONGEST]


def numbers(text: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return the notice numbers in ``text`` in order and upper case; odd dashes, digits and breaks do not hide one."""
    plain = text[:_LONGEST]
    if not plain.isascii():
        plain = _INVISIBLE.sub("", _DASHES.sub("-", unicodedata.normalize("NFKC", plain)))
        plain = _ODD_DIGIT.sub(lambda found: str(unicodedata.digit(found.group())), plain)
    plain = _unbroken(plain)
    return tuple(dict.fromkeys(found.group().upper() for found in pattern.finditer(plain)))[:_MOST]


def _unbroken(text: str) -> str:
    """Join a number that was broken over two lines, behind a digit or a sign that numbers hold."""
    pieces: list[str] = []
    end = 0
    for found in _NEXT_LINE.finditer(text):
        start = found.start()
        head = text[max(end, start - 200) : start].removesuffix("\r").rstrip(" \t")
        if head and (head[-1] in "-/_." or head[-1].isdecimal()):
            pieces.append(text[end:start].removesuffix("\r").rstrip(" \t"))
            end = found.end()
    return "".join(pieces) + text[end:] if pieces else text


def bare(message_id: str) -> str:
    """Return a Message-ID for comparing: without brackets, however broken, in lower case."""
    return message_id.strip().strip("<>").strip().lower()


def _ids(message: Message, header: str) -> tuple[str, ...]:
    found = [bare(one) for value in message.all_headers(header) for one in _MESSAGE_ID.findall(value)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _tokens(message: Message, text: str, key: bytes) -> Iterator[Token]:
    """Yield our genuine tokens, those that the answer itself carries before those that it quotes."""
    for name in ("in-reply-to", "to", "cc", "delivered-to", "x-original-to", "references"):
        for value in message.all_headers(name):
            yield from token.find(value, key)
    yield from token.find(text, key)
