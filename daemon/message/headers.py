"""Tolerant reading of headers: RFC 2047 words however broken, raw 8-bit, addresses, Message-IDs, dates."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as BinasciiError
from binascii import a2b_qp
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from daemon.message.charset import decode
from daemon.message.message import Address

_FOLD = re.compile(r"\r?\n[ \t]*|\r[ \t]*")
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?\r\n]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_SPACES = re.compile(r"[ \t]{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,995}>")
_PARAMETER = re.compile(r";\s*([^\s=;*]{1,40})(\*?\d{0,2}\*?)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)", re.DOTALL)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}
_PLAIN_DATE = re.compile(
    rf"\s*(?:[A-Z][a-z][a-z],\s+)?(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+(20\d\d)\s+"
    r"(\d\d):(\d\d)(?::(\d\d))?\s+([+-])(\d\d)(\d\d)\b"
)
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\]{1,320}@[^\s<>()\[\],;:\"\\@]{1,255}")


def unfold(value: str) -> str:
    """Return ``value`` on one line (RFC 5322 section 2.2.3)."""
    if "\n" in value or "\r" in value:
        value = value.replace("\r\n", "\n").replace("\n\t", " ").replace("\n ", " ")
        if "\n" in value or "\r" in value:
            value = _FOLD.sub(" ", value)
    return value.strip()


def whole(text: str) -> str:
    """Return ``text`` with raw 8-bit bytes read as the characters they most likely are."""
    return text if text.isascii() or not _has_raw(text) else decode(text.encode("utf-8", "surrogateescape"), None)[0]


def readable(value: str) -> str:
    """Return a raw header value as a person reads it; whatever cannot be decoded stays as it is."""
    if value.isascii() and value.isprintable() and "=?" not in value:
        return value.strip(" ")
    text = unfold(value)
    if text.isascii() and "=?" not in text and text.isprintable():
        return text
    if not text.isascii():
        text = whole(text)
    if "=?" in text:
        text = _decoded_words(text)
    return _CONTROL.sub(" ", text) if not text.isprintable() else text


def _has_raw(text: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in text)


def _decoded_words(text: str) -> str:
    """Decode the words of RFC 2047; neighbours of one charset are joined as bytes, since mailers cut characters."""
    if text.count("=?") > 2000:
        return text
    text = _BETWEEN.sub(r"\1", text)
    parts: list[str] = []
    pending, charset, end = b"", "", 0
    for found in _WORD.finditer(text):
        label = found[1].partition("*")[0].lower()
        if pending and (found.start() != end or label != charset or label.startswith("iso-2022")):
            parts.append(decode(pending, charset)[0])
            pending = b""
        if found.start() != end:
            parts.append(text[end : found.start()])
        pending += _word_bytes(found[2], found[3])
        charset, end = label, found.end()
    if pending:
        parts.append(decode(pending, charset)[0])
    parts.append(text[end:])
    return _FOLD.sub(" ", "".join(parts)).replace("\n", " ")


def _word_bytes(kind: str, body: str) -> bytes:
    """Return the bytes of one encoded word; broken Base64 gives what can be read of it."""
    raw = body.encode("ascii", "replace")
    if kind in "qQ":
        return a2b_qp(raw.replace(b" ", b"_"), header=True)
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """Decode Base64 as far as it goes: foreign signs are skipped, a broken end is cut."""
    try:
        return b64decode(raw)
    except (BinasciiError, ValueError):
        clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        clean = clean[: len(clean) - (1 if len(clean) % 4 == 1 else 0)]
        return b64decode(clean + b"=" * (-len(clean) % 4))


def addresses(value: str) -> tuple[Address, ...]:
    """Return the mailboxes of a raw From, To or Reply-To value (at most 100)."""
    text = unfold(value)
    found = [one for piece in _mailboxes(text)[:100] if (one := _mailbox(piece)) is not None]
    return tuple(found)


def _mailboxes(text: str) -> list[str]:
    """Split at commas and semicolons that stand outside quotes, angle brackets and comments."""
    if "," not in text and ";" not in text:
        return [text]
    pieces, start, quoted, angle = [], 0, False, False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in "<>":
            angle = sign == "<"
        elif not quoted and not angle and sign in ",;":
            pieces.append(text[start:place])
            start = place + 1
    return [*pieces, text[start:]]


def _mailbox(piece: str) -> Address | None:
    """Read ``Name <local@domain>``, ``local@domain (Name)`` or a bare address; the last angle bracket counts."""
    opening = piece.rfind("<")
    if opening >= 0:
        closing = piece.find(">", opening)
        inner = piece[opening + 1 : closing if closing >= 0 else len(piece)].strip()
        name = piece[:opening]
    else:
        hit = _ADDRESS.search(piece)
        inner = hit[0] if hit is not None else ""
        name = piece.replace(inner, "", 1).strip(" ()") if inner else piece
    name = readable(name.strip()).strip().strip('"').replace('\\"', '"').strip()
    inner = readable(inner).strip(" '\"")
    if "@" not in inner:
        return Address(name, "") if name and opening >= 0 else None
    local, _, domain = inner.rpartition("@")
    return Address(name, f"{local}@{domain.lower().rstrip('.')}")


def message_ids(value: str) -> tuple[str, ...]:
    """Return the last 100 Message-IDs in a raw In-Reply-To or References value, with their angle brackets."""
    joined = _FOLD.sub("", value) if "<" in value and "\n" in value else value
    found = _MESSAGE_ID.findall(unfold(value)) or _MESSAGE_ID.findall(joined)
    return tuple(found[-100:])


def date(value: str) -> datetime | None:
    """Return a Date value as aware UTC; None when it cannot be read."""
    plain = _PLAIN_DATE.match(value)
    try:
        if plain is not None:
            return _quick_date(plain)
        stamp = parsedate_to_datetime(unfold(value)[:100])
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
        return None


def _quick_date(found: re.Match[str]) -> datetime:
    """Read the usual form of RFC 5322 section 3.3 without trying the unusual ones."""
    day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    shift = timedelta(hours=int(hours), minutes=int(minutes))
    local = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), min(int(second or 0), 59), tzinfo=UTC)
    return local - shift if sign == "+" else local + shift


@lru_cache(maxsize=512)
def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a Content-Type or Content-Disposition (RFC 2045, 2231), names in lower case."""
    if ";" not in value:
        return {}
    plain: dict[str, str] = {}
    pieces: dict[str, list[tuple[int, str, bool]]] = {}
    for found in _PARAMETER.finditer(unfold(value[:4096])):
        name, ext, text = found[1].lower(), found[2], found[3]
        if text.startswith('"'):
            text = re.sub(r"\\(.)", r"\1", text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:])
        if not ext:
            plain.setdefault(name, text)
        else:
            digits = ext.strip("*")
            pieces.setdefault(name, []).append((int(digits) if digits else 0, text, ext.endswith("*")))
    for name, chunks in pieces.items():
        plain[name] = _rfc2231(chunks)
    return plain


def _rfc2231(chunks: list[tuple[int, str, bool]]) -> str:
    """Join the continuations of one parameter and decode its charset."""
    chunks.sort(key=lambda chunk: chunk[0])
    charset, data = "utf-8", b""
    for number, (_, text, extended) in enumerate(chunks):
        if extended and number == 0 and text.count("'") >= 2:
            charset, _, text = text.split("'", 2)
        data += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return decode(data, charset)[0]
