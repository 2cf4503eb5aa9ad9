"""Makes of an envelope the commands and bytes that SMTP wants (RFC 5321, 6152, 6531), or says why that cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from daemon.mailer import Envelope, Result, Sending

_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """``commands`` are MAIL and RCPT; ``body`` is dot-stuffed, ends with CRLF and lacks the final dot only."""

    commands: tuple[str, ...] = field(repr=False)
    body: bytes = field(repr=False)


def letter(envelope: Envelope, offers: Mapping[str, str]) -> Letter | Sending:
    """Prepare ``envelope`` for a server that ``offers`` these extensions (lower-case).

    A bare CR or LF would let a letter be read differently by the next server, so every line end becomes CRLF.
    """
    raw = _LINE_END.sub(b"\r\n", envelope.raw)
    raw = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    addresses = [_idna(address) for address in (envelope.sender, *envelope.recipients)]
    if not envelope.recipients or any(_unsafe(address) for address in addresses):
        return Sending(Result.REFUSED, "501 5.1.3")
    head = raw.partition(b"\r\n\r\n")[0]
    international = not head.isascii() or not all(address.isascii() for address in addresses)
    if international and "smtputf8" not in offers:
        return Sending(Result.REFUSED, "550 5.6.7")
    if not raw.isascii() and "8bitmime" not in offers:
        return Sending(Result.REFUSED, "550 5.6.3")
    limit = offers.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(raw):
        return Sending(Result.REFUSED, "552 5.3.4")
    options = [
        *([f"SIZE={len(raw)}"] if "size" in offers else []),
        *(["BODY=8BITMIME"] if not raw.isascii() else []),
        *(["SMTPUTF8"] if international else []),
    ]
    mail = " ".join([f"MAIL FROM:<{addresses[0]}>", *options])
    return Letter((mail, *(f"RCPT TO:<{address}>" for address in addresses[1:])), _DOT.sub(b"..", raw))


def _idna(address: str) -> str:
    """Return the address with its domain in ASCII, where IDNA can say it."""
    local, sign, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + sign + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address


def _unsafe(address: str) -> bool:
    return any(sign in address for sign in "<>\r\n") or any(ord(sign) < 33 or ord(sign) == 127 for sign in address)
