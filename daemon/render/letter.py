"""Letters as RFC 5322 bytes, built by hand: fast, and nothing in a value can become a header."""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from quopri import encodestring

from daemon.errors import PermanentError
from daemon.render.templates import Text

_LINE = 76
_HARD_LINE = 998  # RFC 5322 section 2.1.1
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[^\s<>\x00-\x1f\x7f]+@[^\s<>\x00-\x1f\x7f]+>")
_ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of ours that goes with a letter (the digest's workbook, a form)."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Head:
    """The header values of a letter; ``references`` oldest first, the last one is what it answers.

    ``list_id``: set for digests only.  ``automatic``: the word of Auto-Submitted (RFC 3834) for mail that says that a
    machine made it: digests, answers, and letters to an ESP that wants it so.  Other letters say no such thing: a
    helpdesk would drop them, and a person of ours answers for each.
    """

    message_id: str = field(repr=False)
    sender: str = field(repr=False)
    to: str = field(repr=False)
    date: datetime
    sender_name: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    references: tuple[str, ...] = field(default=(), repr=False)
    list_id: str = ""
    automatic: str = ""


def build(head: Head, text: Text, attached: Sequence[Attached] = ()) -> bytes:
    """Return the whole letter with CRLF; raises PermanentError when an address or id is none."""
    content = [_text_part("plain", text.text)]
    if text.html is not None:
        content = [_multipart("alternative", [*content, _text_part("html", text.html)], head.message_id)]
    if attached:
        content = [_multipart("mixed", [*content, *map(_file_part, attached)], head.message_id)]
    lines = [*_headers(head, text.subject), "MIME-Version: 1.0"]
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + content[0]


def clean(value: str) -> str:
    """Make one line of ``value``: no control, no invisible direction sign, no line break survives."""
    return " ".join(_CONTROLS.sub(" ", value).split())


def _headers(head: Head, subject: str) -> Iterable[str]:
    yield f"From: {_mailbox(head.sender_name, head.sender)}"
    yield f"To: {_address(head.to)}"
    if head.reply_to:
        yield f"Reply-To: {_address(head.reply_to)}"
    yield _unstructured("Subject", subject)
    yield f"Date: {format_datetime(head.date)}"
    yield f"Message-ID: {_id(head.message_id)}"
    known = [one for one in head.references if _MESSAGE_ID.fullmatch(one)]  # written by others: a bad one is left out
    if known:
        yield f"In-Reply-To: {known[-1]}"
        yield "References: " + "\r\n ".join(known)
    if head.list_id:
        yield f"List-Id: <{clean(head.list_id)}>"
    if head.automatic or head.list_id:
        yield f"Auto-Submitted: {head.automatic or 'auto-generated'}"
        yield "X-Auto-Response-Suppress: OOF, AutoReply"


def _unstructured(name: str, value: str) -> str:
    value = clean(value)
    if value.isascii():
        return _folded(f"{name}: {value}")
    return f"{name}: " + Header(value, "utf-8", header_name=name, maxlinelen=_LINE).encode(linesep="\r\n")


def _folded(line: str) -> str:
    """Fold a line at its blanks (RFC 5322 section 2.2.3); a word too long for any line is cut."""
    if len(line) <= _LINE:
        return line
    lines, rest = [], line
    while len(rest) > _LINE:
        at = rest.rfind(" ", 1, _LINE)
        at = at if at > 0 else rest.find(" ", _LINE)
        if at < 0:
            break
        lines.append(rest[:at])
        rest = rest[at:]
    return "\r\n".join(piece[:_HARD_LINE] for piece in [*lines, rest])


def _mailbox(name: str, address: str) -> str:
    name = clean(name)
    if not name:
        return _address(address)
    if not name.isascii():
        name = Header(name, "utf-8", header_name="From").encode(linesep="\r\n")
    elif not _ATOMS.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{_address(address)}>"


def _address(address: str) -> str:
    if not _ADDRESS.fullmatch(address) or not address.isascii():
        raise PermanentError("a letter's address is not one that mail can be sent to")
    return address


def _id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise PermanentError("a letter's Message-ID is not one")
    return message_id


def _text_part(kind: str, text: str) -> bytes:
    """One text part, in the encoding that keeps it readable and short enough per line."""
    lines = text.splitlines()
    data = "\r\n".join(lines).encode() + b"\r\n"
    if text.isascii() and all(len(line) <= _HARD_LINE for line in lines):
        return _part(f'text/{kind}; charset="us-ascii"', "7bit", data)
    if len(data) - sum(map(len, lines)) < len(data) // 4:
        encoded = encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        return _part(f'text/{kind}; charset="utf-8"', "quoted-printable", encoded)
    return _part(f'text/{kind}; charset="utf-8"', "base64", encodebytes(data).replace(b"\n", b"\r\n"))


def _file_part(file: Attached) -> bytes:
    name = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)
    head = f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()
    return head + _part(file.content_type, "base64", encodebytes(file.data).replace(b"\n", b"\r\n"))


def _part(content_type: str, encoding: str, data: bytes) -> bytes:
    return f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + data


def _multipart(kind: str, parts: Sequence[bytes], seed: str) -> bytes:
    """Join parts; the boundary follows from the Message-ID, so that a letter rendered again is the same letter."""
    boundary = f"={kind}={sha256((kind + seed).encode()).hexdigest()[:32]}="
    mark = f"--{boundary}".encode()
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
