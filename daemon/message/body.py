"""Walks a MIME tree once: picks the readable text, lists attachments, sets reports and returned mail apart."""

from __future__ import annotations

from binascii import Error as BinasciiError
from binascii import a2b_qp, a2b_uu
from dataclasses import dataclass, field
from email import message as stdlib
from typing import Protocol

from daemon.message import headers as head
from daemon.message.charset import decode
from daemon.message.form import MAX_BYTES, Form, read_form
from daemon.message.html_marks import is_structured
from daemon.message.html_text import lines_of
from daemon.message.message import Attachment, Line, Shape
from daemon.message.mime import Node
from daemon.message.plain_text import plain_lines

_RETURNED_CAP = 64 * 1024
_MAX_FORMS = 3
_REPORTS = {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
            "message/global-disposition-notification", "message/feedback-report"}  # fmt: skip
_MAILS = {"message/rfc822", "message/global", "message/news"}
_HEADER_COPIES = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822"}


class Caps(Protocol):
    """The limits that walking a body needs (``parse.Limits``)."""

    @property
    def parts(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def html(self) -> int: ...
    @property
    def tag(self) -> int: ...
    @property
    def text(self) -> int: ...


@dataclass(slots=True)
class Body:
    """What was found in the MIME tree; built up while walking."""

    lines: tuple[Line, ...] = ()
    attachments: list[Attachment] = field(default_factory=list)
    content_type: str = "text/plain"
    report_type: str = ""
    report: str = ""
    returned: str = ""
    forms: list[Form] = field(default_factory=list)
    first_text: bytes = b""
    partial: bool = False
    defects: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Choice:
    """The alternatives of one text: plain and HTML as decoded; ``cut`` tells which one the download ended in."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    cut: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """One node of the tree with where it stands."""

    node: Tree
    depth: int
    choice: _Choice | None
    fields: dict[str, str]


Tree = stdlib.Message | Node


def payload_of(node: Tree) -> object:
    """Return the text or parts of a node; the library's own accessor decodes, and raises on odd charset parameters."""
    return node.payload if isinstance(node, Node) else vars(node).get("_payload")


def fields(node: Tree) -> dict[str, str]:
    """Return the raw headers by lower-case name, the first of each."""
    found: dict[str, str] = {}
    for name, value in node.raw_items():
        found.setdefault(name.lower(), str(value))
    return found


def content_type(node: Tree, found: dict[str, str]) -> tuple[str, str]:
    """Return (type in lower case, raw header value); what is missing or broken is text/plain (RFC 2045 section 5.2)."""
    raw = head.whole(found.get("content-type", ""))
    if not raw:
        return node.get_default_type(), ""
    kind = raw.partition(";")[0].strip().lower()
    return (kind if kind.count("/") == 1 else "text/plain"), raw


def gather(tree: Tree, limits: Caps, cut: bool) -> Body:
    """Walk ``tree`` without recursion; ``cut`` means that the bytes ended early."""
    body = Body()
    top = fields(tree)
    body.content_type, raw = content_type(tree, top)
    if ";" in raw and "report-type" in raw.lower():
        body.report_type = head.parameters(raw).get("report-type", "").lower()
    choices: list[_Choice] = []
    stack = [_Part(tree, 0, None, top)]
    seen, last = 0, ""
    while stack:
        part = stack.pop()
        seen += 1
        if seen > limits.parts or part.depth > limits.depth:
            body.partial = True
            body.defects.append("too_many_parts" if seen > limits.parts else "too_nested")
            break
        last = _take(part, body, choices, stack, first=not choices)
    if cut and choices and last in {"plain", "html"}:
        choices[-1].cut = last
    _choose(choices, body, limits)
    return body


def _take(part: _Part, body: Body, choices: list[_Choice], stack: list[_Part], first: bool) -> str:
    """Deal with one node; return what it was: "plain", "html" or ""."""
    node, found = part.node, part.fields
    kind, raw = content_type(node, found)
    payload = payload_of(node)
    if kind in _REPORTS:
        body.report = (body.report + "\n" + _report_text(payload))[:_RETURNED_CAP].strip("\n")
    elif kind in _MAILS or kind in _HEADER_COPIES:
        body.returned = (body.returned + _returned_text(node, payload))[:_RETURNED_CAP]
        if part.depth and kind in _MAILS:
            body.attachments.append(Attachment(_name(found, raw), kind, -1))
    elif isinstance(payload, list):
        choice = part.choice
        if kind == "multipart/alternative" and choice is None:
            choice = _Choice()
            choices.append(choice)
        stack.extend(_Part(child, part.depth + 1, choice, fields(child)) for child in reversed(payload))
    elif kind in {"text/plain", "text/html"} and not _is_attached(found, raw, first):
        return _text(part, kind, raw, payload, body, choices, found)
    elif kind.startswith("multipart/"):  # a multipart without its boundary: what there is, is text
        body.defects.append("no_boundary")
        return _text(part, "text/plain", raw, payload, body, choices, found)
    else:
        size = len(payload) if isinstance(payload, str) else -1
        if isinstance(payload, str) and isinstance(node, Node) and node.crlf:
            size += payload.count("\n")
        form = _form(kind, raw, found, payload) if size <= MAX_BYTES * 2 and len(body.forms) < _MAX_FORMS else None
        if form is not None:
            body.forms.append(form)
        else:
            body.attachments.append(Attachment(_name(found, raw), kind, size))
    return ""


def _form(kind: str, raw: str, found: dict[str, str], payload: object) -> Form | None:
    """Return our own form that came back as ``text/csv``; no other attachment is looked into."""
    if kind != "text/csv" or not isinstance(payload, str):
        return None
    return read_form(_transfer_decoded(found, payload), head.parameters(raw).get("charset"))


def _is_attached(found: dict[str, str], raw: str, first: bool) -> bool:
    """Return whether a text part is an attachment: it says so, or it has a file name and is not the first text."""
    disposition = found.get("content-disposition")
    if disposition is None:
        return not first and "name" in raw and bool(_name(found, raw))
    return disposition.strip().lower().startswith("attachment") or (not first and bool(_name(found, raw)))


def _name(found: dict[str, str], raw: str) -> str:
    """Return the file name that the part gives itself."""
    disposition = found.get("content-disposition")
    name = head.parameters(disposition).get("filename", "") if disposition is not None else ""
    if not name and "name" in raw:
        name = head.parameters(raw).get("name", "")
    return head.readable(name)[:255]


def _text(
    part: _Part, kind: str, raw: str, payload: object, body: Body, choices: list[_Choice], found: dict[str, str]
) -> str:
    """Decode one text part into its choice."""
    data = _transfer_decoded(found, payload if isinstance(payload, str) else "")
    if not body.first_text:
        body.first_text = data
    parameters = head.parameters(raw) if ";" in raw else {}
    text, defect = decode(data, parameters.get("charset"))
    if defect:
        body.defects.append(defect)
    choice = part.choice
    if choice is None:
        choice = _Choice()
        choices.append(choice)
    if kind == "text/html":
        choice.html.append(text)
        return "html"
    if parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, parameters.get("delsp", "").lower() == "yes")
    choice.plain.append(text)
    return "plain"


def _transfer_decoded(found: dict[str, str], payload: str) -> bytes:
    """Undo the Content-Transfer-Encoding (RFC 2045 section 6) as far as it goes."""
    data = (
        payload.encode("ascii", "surrogateescape") if payload.isascii() else payload.encode("utf-8", "surrogateescape")
    )
    encoding = found.get("content-transfer-encoding", "").strip().lower().partition(";")[0].strip()
    if encoding == "quoted-printable":
        return a2b_qp(data)
    if encoding == "base64":
        return head.base64_bytes(data)
    if encoding in {"x-uuencode", "uuencode", "uue", "x-uue"}:
        return _uudecoded(data)
    return data


def _uudecoded(data: bytes) -> bytes:
    """Undo uuencode line by line; lines that are none are skipped."""
    found = []
    for line in data.splitlines()[:50_000]:
        if line and not line.startswith((b"begin ", b"end")):
            try:
                found.append(a2b_uu(line))
            except (BinasciiError, ValueError):
                continue
    return b"".join(found)


def _report_text(payload: object) -> str:
    """Return the header blocks of a machine-readable report as text, one blank line between them."""
    if isinstance(payload, str):
        return head.whole(payload[:_RETURNED_CAP])
    blocks = []
    for block in (payload if isinstance(payload, list) else [])[:200]:
        fields = "\n".join(f"{name}: {head.readable(str(value))}" for name, value in list(block.raw_items())[:100])
        inner = payload_of(block)
        blocks.append(fields + ("\n" + head.whole(inner[:4096]) if isinstance(inner, str) and inner.strip() else ""))
    return "\n\n".join(blocks)


def _returned_text(node: Tree, payload: object) -> str:
    """Return headers and text of the mail that came back."""
    if isinstance(payload, str):
        text = _transfer_decoded(fields(node), payload).decode("utf-8", "replace")
        return text.replace("\r\n", "\n")[:_RETURNED_CAP]
    inner = payload[0] if isinstance(payload, list) and payload else None
    if inner is None:
        return ""
    top = "\n".join(f"{name}: {head.readable(str(value))}" for name, value in list(inner.raw_items())[:200])
    return top + "\n\n" + _first_text(inner)


def _first_text(tree: Tree) -> str:
    """Return the first text part of a returned mail, looking at no more than 50 parts."""
    stack: list[Tree] = [tree]
    seen = 0
    while stack and seen < 50:
        node = stack.pop()
        seen += 1
        payload = payload_of(node)
        found = fields(node)
        kind, raw = content_type(node, found)
        if isinstance(payload, list):
            stack.extend(reversed(payload[:50]))
        elif kind == "text/plain" and isinstance(payload, str):
            return decode(_transfer_decoded(found, payload), head.parameters(raw).get("charset"))[0][:_RETURNED_CAP]
    return ""


def _choose(choices: list[_Choice], body: Body, limits: Caps) -> None:
    """Turn every text into lines, taking of plain and HTML the one that keeps more structure."""
    lines: list[Line] = []
    for choice in choices:
        if lines and (choice.plain or choice.html):
            lines.append(Line(""))
        lines.extend(_lines(choice, body, limits))
    body.lines = tuple(lines)


def _lines(choice: _Choice, body: Body, limits: Caps) -> list[Line]:
    """Return the lines of one text."""
    plain, html = "\n".join(choice.plain), "\n".join(choice.html)
    has_plain = bool(plain.strip())
    if html and (not has_plain or (is_structured(html[: limits.html]) and choice.cut != "html")):
        rich, lost = lines_of(html, limits.html, limits.tag)
        if not has_plain or _richer(rich, lost):
            _note_loss(body, lost or ("html_cut" if choice.cut == "html" else ""))
            return rich
    if len(plain) > limits.text:
        plain = plain[: limits.text]
        _note_loss(body, "text_too_long")
    if choice.cut == "plain":
        _note_loss(body, "text_cut")
    return plain_lines(plain)


def _note_loss(body: Body, defect: str) -> None:
    if defect:
        body.partial = True
        body.defects.append(defect)


def _richer(rich: list[Line], lost: str) -> bool:
    """Return whether the HTML keeps rows, items, struck-out words or colours that the plain text cannot show."""
    return not lost and any(
        not line.quoted and (len(line.cells) > 1 or line.struck or line.colour or line.shape is Shape.ITEM)
        for line in rich
    )


def unflowed(text: str, delsp: bool) -> str:
    """Join the soft-broken lines of format=flowed (RFC 3676), each quote depth on its own."""
    joined: list[str] = []
    soft, depth = False, -1
    for line in text.replace("\r\n", "\n").split("\n"):
        content = line.lstrip(">")
        level = len(line) - len(content)
        content = content.removeprefix(" ")
        if soft and level == depth and content != "-- ":
            joined[-1] += content
        else:
            joined.append(">" * level + " " + content if level else content)
        soft, depth = content.endswith(" ") and content != "-- " and bool(content.strip()), level
        if soft and delsp:
            joined[-1] = joined[-1][:-1]
    return "\n".join(line.rstrip(" ") if line != "-- " else line for line in joined)
