"""A large mail read without its attachments parses like the whole mail."""

from __future__ import annotations

import io
import re
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mailbox._imap_structure import tree
from daemon.mailbox._parts import TEXT_LIMIT, Part, Reading, from_prefix, is_text_leaf, join, sections
from daemon.mailbox._skeleton import skeleton
from daemon.message.parse import parse
from tests.counts import count

PREFIX = 65536
CORPUS = sorted((Path(__file__).parents[1] / "corpus/public").glob("*.eml"))


def structure(part: Message) -> tuple[Any, ...]:
    """The BODYSTRUCTURE that an IMAP server would give, as imapclient parses it."""
    parameters = tuple(item.encode() for pair in part.get_params([])[1:] for item in pair)
    kind = (part.get_content_maintype().encode(), part.get_content_subtype().encode())
    word = part.get_content_disposition()
    name = part.get_filename()
    disposition = (word.encode(), (b"filename", name.encode()) if name else None) if word else None
    payload = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(payload, list):
        return ([structure(child) for child in payload], kind[1], parameters, disposition, None)
    size = len(_body_bytes(part))
    facts = (*kind, parameters or None, None, None, b"7BIT", size)
    if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
        return (*facts, (b"envelope",), structure(payload[0]), 9, None, disposition, None)
    return (*facts, 1, None, disposition, None) if kind[0] == b"text" else (*facts, None, disposition, None)


def _body_bytes(part: Message) -> bytes:
    return _split(part.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[1]


def _split(raw: bytes) -> tuple[bytes, bytes]:
    head, _, body = raw.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


def _numbered(part: Message, number: str) -> Message:
    """The part with an IMAP number: a mail within the mail hands its numbers on."""
    for step in filter(None, number.split(".")):
        if part.get_content_type() == "message/rfc822":
            part = part.get_payload()[0]  # type: ignore[assignment, index]
        if part.get_content_maintype() == "multipart":
            part = part.get_payload()[int(step) - 1]  # type: ignore[assignment, index]
    return part


def serve(whole: Message, items: list[str]) -> dict[str, bytes]:
    """Answer fetch items as a server does."""
    found: dict[str, bytes] = {}
    for item in items:
        name, _, limit = item.removeprefix("BODY.PEEK[").partition("]")
        number, _, what = (name, "", "") if name[-1].isdigit() else name.rpartition(".")
        part = _numbered(whole, number)
        if what == "HEADER":
            value = _split(_crlf(part.get_payload()[0]))[0]  # type: ignore[index]
        else:
            head, body = _split(_crlf(part))
            value = head if what == "MIME" else body
        found[name] = value[:TEXT_LIMIT] if limit else value
    return found


def _crlf(part: Message) -> bytes:
    return part.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def by_imap(raw: bytes) -> Reading:
    whole = message_from_bytes(raw)
    parts = tree(structure(whole))
    return from_prefix(raw[:PREFIX], parts) or join(raw[:PREFIX], parts, serve(whole, sections(parts)))


def by_file(raw: bytes) -> Reading:
    return skeleton(iter(io.BytesIO(raw).readline, b""))


def text_of(raw: bytes, unseen: Any = (), complete: bool = True) -> Any:
    """What reading makes of a mail, attachments' sizes apart."""
    found = parse(raw, unseen_parts=unseen, complete=complete)
    names = sorted((one.name, one.content_type) for one in found.attachments)
    lines = [line for line in found.lines if line.text.strip()]
    return lines, found.report, found.returned.split("\n\n")[0], found.subject, found.partial_read, names


def assert_same(raw: bytes) -> None:
    whole = text_of(raw)
    for how in (by_imap, by_file):
        reading = how(raw)
        assert text_of(reading.raw, reading.unseen, not reading.text_cut) == whole, how.__name__
        assert len(reading.raw) <= max(PREFIX, len(raw) // 2) or not reading.unseen


PAPER = b"JVBERi0xLjQK" * 9000


def attachment(name: str = "letter.pdf", size: int = len(PAPER)) -> MIMEApplication:
    part = MIMEApplication(PAPER[:size], "pdf")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def with_papers(raw: bytes, *, first: bool) -> bytes:
    """A corpus mail sent with a large attachment behind or before its text."""
    head, body = _split(re.sub(rb"\r?\n", b"\r\n", raw))
    fields = re.findall(rb"[^\r\n]+\r\n(?:[ \t][^\r\n]*\r\n)*", head)
    inner = [one for one in fields if one.lower().startswith(b"content-")]
    outer = [one for one in fields if one not in inner and not one.lower().startswith(b"mime-version")]
    outer.append(b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="paper-clip"\r\n')
    pieces = [b"".join(inner) + b"\r\n" + body, _crlf(attachment())]
    parts = b"".join(b"--paper-clip\r\n" + piece + b"\r\n" for piece in (reversed(pieces) if first else pieces))
    return b"".join(outer) + b"\r\n" + parts + b"--paper-clip--\r\n"


@pytest.mark.parametrize("first", [False, True])
def test_a_corpus_mail_with_a_large_attachment_reads_like_without_the_cut(first: bool) -> None:
    tried = 0
    for path in CORPUS:
        raw = path.read_bytes()
        if message_from_bytes(raw).get_content_maintype() in ("text", "multipart"):
            assert_same(with_papers(raw, first=first))
            tried += 1
    assert tried > 150


TEXTS = st.sampled_from(["It was removed.", "Grüße – entfernt", "", "x" * 300 + "\n" + "-- \nDesk", "-- b\n--paper"])


@st.composite
def leaves(draw: st.DrawFn) -> Message:
    kind = draw(st.sampled_from(["plain", "html", "paper", "small", "mail", "csv"]))
    if kind in ("plain", "html", "csv"):
        return MIMEText(draw(TEXTS) * draw(st.sampled_from([1, 1, 400])), kind)
    if kind == "mail":
        inner = EmailMessage()
        inner["Subject"] = "The notice"
        inner["Message-ID"] = "<n@hotline.example>"
        inner.set_content(draw(TEXTS) or "x")
        return MIMEMessage(message_from_bytes(inner.as_bytes()))
    return attachment(draw(st.sampled_from(["a.pdf", "b c.pdf"])), 300 if kind == "small" else len(PAPER))


def bundles(children: st.SearchStrategy[Message]) -> st.SearchStrategy[Message]:
    return st.builds(_bundle, st.sampled_from(["mixed", "related"]), st.lists(children, min_size=1, max_size=4))


def _bundle(kind: str, parts: list[Message]) -> Message:
    outer = MIMEMultipart(kind)
    for part in parts:
        outer.attach(part)
    return outer


@settings(max_examples=count(test=60, prove=2000), deadline=None)
@given(st.recursive(leaves(), bundles, max_leaves=8))
def test_any_mail_reads_like_the_whole_one(part: Message) -> None:
    mail = _bundle("mixed", [part, attachment()])
    mail["Subject"] = "Re: [HLN-2026-104233]"
    mail["Message-ID"] = "<m@esp.example>"
    raw = _crlf(mail)
    if len(raw) < PREFIX:
        return
    whole = message_from_bytes(raw)
    expected = [
        (found.get_content_type(), found.get_payload(decode=True))
        for found in whole.walk()
        if not found.is_multipart() and is_text_leaf(found)
    ]
    for how in (by_imap, by_file):
        reading = how(raw)
        got = [
            (found.get_content_type(), found.get_payload(decode=True))
            for found in message_from_bytes(reading.raw).walk()
            if not found.is_multipart() and is_text_leaf(found)
        ]
        assert got == expected, how.__name__
        seen, papers = _papers(message_from_bytes(reading.raw)), _papers(whole)
        assert len(seen) + len(reading.unseen) == len(papers)


def _papers(mail: Message) -> list[Message]:
    leaves = (one for one in mail.walk() if not one.is_multipart() and one.get_content_maintype() != "multipart")
    return [one for one in leaves if not is_text_leaf(one)]


def test_memory_stays_flat_whatever_is_attached() -> None:
    """A line that never ends, too, is read in pieces."""
    head = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nText\r\n'
    paper = b'--b\r\nContent-Type: application/pdf; name="a.pdf"\r\n\r\n'
    pieces = [head, paper, *[b"x" * PREFIX] * count(test=50, prove=3000), b"\r\n", b"--b--\r\n"]
    reading = skeleton(line for piece in pieces for line in io.BytesIO(piece))
    assert len(reading.raw) < 1000
    assert reading.unseen[0][:2] == ("a.pdf", "application/pdf")


def test_a_structure_of_absurd_depth_is_refused() -> None:
    node: Any = (b"TEXT", b"PLAIN", None, None, None, b"7BIT", 1, 1)
    for _ in range(100):
        node = ([node], b"mixed", (b"boundary", b"b"), None)
    with pytest.raises(ValueError, match="BODYSTRUCTURE"):
        tree(node)


def test_a_file_name_in_any_of_its_forms_is_read() -> None:
    def named(*pairs: bytes) -> str:
        return tree((b"application", b"pdf", None, None, None, b"base64", 9, None, (b"attachment", pairs))).name

    assert named(b"filename", b"a.pdf") == "a.pdf"
    assert named(b"filename*", b"UTF-8''gr%C3%BC%C3%9Fe.pdf") == "grüße.pdf"
    assert named(b"filename", b"=?utf-8?b?Z3LDvMOfZS5wZGY=?=") == "grüße.pdf"
    assert named() == ""


def test_a_tree_shows_no_name() -> None:
    assert "secret" not in repr(Part("1", "application/pdf", name="secret.pdf"))
