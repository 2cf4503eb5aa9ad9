"""Reads a message without its attachments: which parts are text, which stay unseen, how to join what was read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value, decode_params

TEXT_LIMIT = 256 << 10  # bytes read of one text part
PARTS_LIMIT = 60  # parts read of one message

Unseen = tuple[str, str, int]


@dataclass(frozen=True)
class Part:
    """One node of a MIME tree; ``number`` as IMAP counts (RFC 3501 section 6.4.5), "" for the message itself."""

    number: str
    type: str
    size: int = 0
    name: str = field(default="", repr=False)
    attached: bool = False
    boundary: bytes = field(default=b"", repr=False)
    children: tuple[Part, ...] = ()

    @property
    def is_text(self) -> bool:
        """Text that belongs to the mail, a machine's report, or a small CSV (our own form may come back)."""
        if self.type == "text/csv":
            return self.size <= TEXT_LIMIT
        return not self.children and not self.attached and self.type.startswith(("text/", "message/"))

    def leaves(self) -> Iterator[Part]:
        if not self.children and not self.type.startswith("multipart/"):
            yield self
        for child in self.children:
            yield from child.leaves()

    @property
    def kept(self) -> bool:
        return any(leaf.is_text for leaf in self.leaves())


@dataclass(frozen=True)
class Reading:
    """What was read of a message: ``raw`` parses like the whole message, apart from the parts named in ``unseen``."""

    raw: bytes = field(repr=False)
    unseen: tuple[Unseen, ...] = field(default=(), repr=False)
    text_cut: bool = False


def is_text_leaf(found: Message) -> bool:
    """Say the same as ``Part.is_text`` about a part that the email package has parsed."""
    kind = found.get_content_type()
    attached = found.get_content_disposition() == "attachment"
    return kind == "text/csv" or (not attached and kind.startswith(("text/", "message/")))


def from_prefix(prefix: bytes, tree: Part) -> Reading | None:
    """Return the message as far as it lies whole in ``prefix``; None if some of its text does not."""
    whole = _up_to_last_boundary(prefix, tree)
    found = list(_leaves(message_from_bytes(whole)))
    leaves = list(tree.leaves())
    if not tree.children:
        return None if tree.is_text else Reading(_header(prefix), (_unseen(tree),))
    if sum(map(is_text_leaf, found)) < sum(leaf.is_text for leaf in leaves):
        return None
    return Reading(whole, tuple(_unseen(leaf) for leaf in leaves[len(found) :]))


def _leaves(part: Message) -> Iterator[Message]:
    """Yield the leaves as IMAP counts them: a delivery status is one, a multipart that lost all its parts is none."""
    payload = part.get_payload()
    if isinstance(payload, list) and (part.get_content_maintype() == "multipart" or _is_mail(part)):
        for child in payload:
            if isinstance(child, Message):
                yield from _leaves(child)
    elif part.get_content_maintype() != "multipart":
        yield part


def _is_mail(part: Message) -> bool:
    return part.get_content_type() == "message/rfc822"


def _up_to_last_boundary(prefix: bytes, tree: Part) -> bytes:
    """Cut off the part that ``prefix`` ends in."""
    signs = sorted({part.boundary for part in _nodes(tree) if part.boundary}, key=len, reverse=True)
    if not signs:
        return prefix
    lines = re.compile(rb"\r?\n--(?:" + b"|".join(map(re.escape, signs)) + rb")(--)?[ \t]*\r?\n")
    found = list(lines.finditer(prefix))
    if not found:
        return _header(prefix)
    last = found[-1]
    return prefix[: last.end() if last[1] else last.start() + last[0].index(b"\n") + 1]


def _nodes(tree: Part) -> Iterator[Part]:
    yield tree
    for child in tree.children:
        yield from _nodes(child)


def _header(raw: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", raw)
    return raw[: end.end()] if end else raw


def _unseen(leaf: Part) -> Unseen:
    return leaf.name, leaf.type, leaf.size


# a message whose text does not lie in its beginning: the text parts are asked for one by one


def sections(tree: Part) -> list[str]:
    """Return the IMAP fetch items that ``join`` needs."""
    items: list[str] = []
    for part in _kept_nodes(tree)[:PARTS_LIMIT]:
        if part.number:
            items.append(f"BODY.PEEK[{part.number}.MIME]")
        if part.type == "message/rfc822" and part.children:
            items.append(f"BODY.PEEK[{part.number}.HEADER]<0.{TEXT_LIMIT}>")
        elif not part.children:
            items.append(f"BODY.PEEK[{part.number or '1'}]<0.{TEXT_LIMIT}>")
    return items


def _kept_nodes(tree: Part) -> list[Part]:
    return [part for part in _nodes(tree) if part.kept or not part.number]


def join(prefix: bytes, tree: Part, found: Mapping[str, bytes]) -> Reading:
    """Put the message together from its header (in ``prefix``) and the sections ``found``, by name without "<0>"."""
    unseen = tuple(_unseen(leaf) for leaf in tree.leaves() if not leaf.is_text)
    read = [leaf for leaf in tree.leaves() if leaf.is_text]
    cut = len(_kept_nodes(tree)) > PARTS_LIMIT or any(leaf.size > TEXT_LIMIT for leaf in read)
    return Reading(_header(prefix) + _body(tree, found), unseen, cut)


def _body(part: Part, found: Mapping[str, bytes]) -> bytes:
    if part.type == "message/rfc822" and part.children:
        return found.get(f"{part.number}.HEADER", b"") + _body(part.children[0], found)
    if not part.boundary:
        return found.get(part.number or "1", b"")
    pieces = [found.get(f"{child.number}.MIME", b"\r\n") + _body(child, found) for child in part.children if child.kept]
    return (
        b"".join(b"--" + part.boundary + b"\r\n" + piece + b"\r\n" for piece in pieces)
        + b"--"
        + part.boundary
        + b"--\r\n"
    )


def file_name(parameters: list[tuple[str, str]]) -> str:
    """Return the file name that a part's parameters give (RFC 2231 or encoded words), "" if none."""
    decoded = decode_params([("", ""), *parameters])
    for key, value in decoded:
        if key.lower() in ("filename", "name"):
            text = collapse_rfc2231_value(value).strip('"')
            try:
                return str(make_header(decode_header(text)))
            except (ValueError, LookupError):
                return text
    return ""
