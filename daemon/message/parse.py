"""From raw bytes to a Message: stdlib MIME with caps, our own tolerant headers, one readable text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import message as stdlib
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32

from daemon.message import headers as head
from daemon.message.body import Body, Tree, gather
from daemon.message.message import Address, Attachment, Line, Message
from daemon.message.mime import plain_tree

FINGERPRINT_VERSION = 1
_MAX_HEADERS = 1000
_HEADER_CAP = 20 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a mail is read; bytes, or characters for texts."""

    mail: int = 30 * 1024 * 1024
    parts: int = 500
    depth: int = 50
    header: int = _HEADER_CAP  # fixed: the parser's policy is shared
    html: int = 300 * 1024
    tag: int = 16 * 1024
    text: int = 200 * 1024


class _Capped(Compat32):
    """compat32 that cuts every header at its cap before anything looks into it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = sourcelines[0].split(":", 1)
        if len(sourcelines) > 1:
            value = value.lstrip(" \t") + "".join(sourcelines[1 : _HEADER_CAP // 2])
        else:
            value = value.lstrip(" \t")
        return name, value[:_HEADER_CAP].rstrip("\r\n")


_POLICY = _Capped()
DEFAULT_LIMITS = Limits()
_READ = frozenset(
    ("message-id", "from", "date", "reply-to", "to", "return-path", "subject", "in-reply-to", "references")
)


def parse(
    raw: bytes,
    limits: Limits = DEFAULT_LIMITS,
    unseen_parts: Sequence[tuple[str, str, int]] = (),
    complete: bool = True,
) -> Message:
    """Read ``raw``.  Never raises: ``defects`` name what cannot be read, ``partial_read`` tells that text was lost.

    ``unseen_parts`` are (name, type, size) of parts not downloaded; ``complete`` is False when ``raw`` was cut.
    """
    defects: list[str] = []
    if len(raw) > limits.mail:
        raw, complete = raw[: limits.mail], False
        defects.append("mail_too_large")
    try:
        tree = plain_tree(raw, _HEADER_CAP) or _tree(raw, limits, defects)
        body = gather(tree, limits, cut=not complete)
    except Exception as error:  # noqa: BLE001 - any fault of the libraries must leave a message to be shown
        tree = _headers_only(raw, defects)
        body = Body(partial=True)
        defects.append(f"unparsable_{type(error).__name__}")
    return _message(tree, body, defects, unseen_parts)


def _tree(raw: bytes, limits: Limits, defects: list[str]) -> Tree:
    """Return the MIME tree, or the headers alone when its nesting would be too costly to follow."""
    low = raw.lower() if len(raw) > 4096 else b""
    nests = low.count(b"multipart/") + low.count(b"message/rfc822") + low.count(b"message/delivery")
    if nests > limits.parts or (nests > limits.depth and len(raw) > 1024 * 1024):
        defects.append("too_nested")
        return _headers_only(raw, defects)
    try:
        return BytesParser(policy=_POLICY).parsebytes(raw)
    except RecursionError:
        defects.append("too_nested")
        return _headers_only(raw, defects)


def _headers_only(raw: bytes, defects: list[str]) -> stdlib.Message:
    """Return the top headers with a body that nobody looks into."""
    end = re.search(rb"\r?\n\r?\n", raw[: 1024 * 1024])
    try:
        tree: stdlib.Message = BytesHeaderParser(policy=_POLICY).parsebytes(raw[: end.end() if end else 65536])
    except Exception:  # noqa: BLE001 - see parse
        defects.append("headers_unreadable")
        tree = stdlib.Message(policy=_POLICY)
    del tree["Content-Type"]
    tree["Content-Type"] = "application/x-unread"
    tree.set_payload("")
    return tree


def _message(tree: Tree, body: Body, defects: list[str], unseen: Sequence[tuple[str, str, int]]) -> Message:
    """Put headers and body together."""
    raws = [(name.lower(), str(value)) for name, value in tree.raw_items()]
    if len(raws) > _MAX_HEADERS:
        raws = raws[:_MAX_HEADERS]
        defects.append("too_many_headers")
    first: dict[str, str] = {}
    for name, value in raws:
        first.setdefault(name, value)
    raw_identity = first.get("date", ""), first.get("from", ""), first.get("subject", "")
    first = {name: first[name] if first[name].isascii() else head.whole(first[name]) for name in _READ & first.keys()}
    unread_text = "too_nested" in defects or any(
        kind.lower() in {"text/plain", "text/html"} and not name for name, kind, _ in unseen
    )
    ids = head.message_ids(first.get("message-id", ""))
    from_ = head.addresses(first["from"]) if "from" in first else ()
    return Message(
        message_id=ids[0] if ids else (head.unfold(first["message-id"]) or None if "message-id" in first else None),
        fingerprint=fingerprint(*raw_identity, body.first_text),
        date=head.date(first["date"]) if "date" in first else None,
        from_=from_[0] if from_ else None,
        reply_to=head.addresses(first["reply-to"]) if "reply-to" in first else (),
        to=head.addresses(first["to"]) if "to" in first else (),
        return_path=_return_path(first.get("return-path")),
        subject=head.readable(first.get("subject", "")),
        in_reply_to=head.message_ids(first.get("in-reply-to", "")),
        references=head.message_ids(first.get("references", "")),
        headers=tuple((name, head.readable(value)) for name, value in raws),
        lines=body.lines,
        attachments=(*body.attachments, *(Attachment(name, kind.lower(), size) for name, kind, size in unseen)),
        content_type=body.content_type,
        report_type=body.report_type,
        report=body.report,
        returned=body.returned,
        forms=tuple(body.forms),
        partial_read=body.partial or unread_text,
        defects=(*defects, *body.defects),
    )


def _return_path(value: str | None) -> str | None:
    """Return the envelope sender: "" for the null sender, None when the header is missing."""
    if value is None:
        return None
    text = head.unfold(value).strip()
    return text[text.find("<") + 1 :].partition(">")[0].strip() if "<" in text else text


def fingerprint(date: str, from_: str, subject: str, first_text: bytes) -> str:
    """Return the identity of a mail beside its Message-ID: SHA-256 over what no better reading will ever change.

    Raw header values are unfolded, never decoded; of the first text part (transfer encoding undone, charset not) the
    first 4 KiB with white space folded count, so that a download cut at 64 KiB gives the same value.
    """
    digest = hashlib.sha256()
    for value in (date, from_, subject):
        digest.update(head.unfold(value).encode("utf-8", "surrogateescape") + b"\0")
    digest.update(b" ".join(first_text[:16384].split())[:4096])
    return digest.hexdigest()


__all__ = ["FINGERPRINT_VERSION", "Address", "Limits", "Line", "Message", "fingerprint", "parse"]
