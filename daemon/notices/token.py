"""Our keyed token: it stands in our Message-IDs, reply addresses and letters, and proves which of them is answered."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

REPLY = "r"  # the kind of a token that stands in a reply address
ONBOARD = "onboard"  # the kind of the token in an introduction
_MAC = 20  # letters of base32: 100 bits, of HMAC-SHA256 (RFC 2104)
_SHAPE = re.compile(
    rf"(?<![a-z0-9_-])([a-z]{{1,20}})\.([a-z0-9_-]{{1,200}})\.([a-z2-7]{{{_MAC}}})(?![a-z0-9_-])", re.IGNORECASE
)
_UNSAFE = re.compile(r"[^a-z0-9-]")
_ESCAPED = re.compile(r"_([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Token:
    """What a genuine token stands for: a kind of letter and its id, both in lower case."""

    kind: str
    id: str = field(repr=False)


def tag(kind: str, id_: str, key: bytes) -> str:
    """Return the token itself, ``kind.id.mac``; it survives programs that change the case."""
    kind, safe = kind.lower(), _escape(id_.lower())
    return f"{kind}.{safe}.{_mac(kind, safe, key)}"


def reply_id(row: int, key_of_letter: str) -> str:
    """Return the id of a token for a reply address, which must be short: the letter's row, and a check of its key."""
    return f"{row}-{sha256(key_of_letter.encode()).hexdigest()[:8]}"


def make(kind: str, id_: str, key: bytes, domain: str) -> str:
    """Return the Message-ID of one letter: always the same for the same letter, so that a resend is the same mail."""
    return f"<{tag(kind, id_, key)}@{domain}>"


def verify(message_id: str, key: bytes) -> Token | None:
    """Return what ``message_id`` stands for if it is ours, with or without its brackets and domain."""
    return next(find(message_id, key), None)


def find(text: str, key: bytes) -> Iterator[Token]:
    """Yield the genuine tokens in ``text`` (an address, a header or a letter) in order."""
    if not key:
        return
    for kind, safe, mac in _SHAPE.findall(text):
        if hmac.compare_digest(_mac(kind.lower(), safe.lower(), key), mac.lower()):
            yield Token(kind.lower(), _unescape(safe.lower()))


def _mac(kind: str, safe: str, key: bytes) -> str:
    digest = hmac.new(key, f"{kind}\n{safe}".encode(), sha256).digest()
    return b32encode(digest).decode("ascii").lower()[:_MAC]


def _escape(id_: str) -> str:
    return _UNSAFE.sub(lambda found: "".join(f"_{byte:02x}" for byte in found.group().encode()), id_)


def _unescape(safe: str) -> str:
    return re.sub(
        r"(?:_[0-9a-f]{2})+",
        lambda run: bytes(int(two, 16) for two in _ESCAPED.findall(run.group())).decode("utf-8", "replace"),
        safe,
    )
