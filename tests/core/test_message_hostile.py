"""Hostile mail: whatever the bytes, reading ends, raises nothing and loses nothing unsaid."""

from __future__ import annotations

import random
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.message.authenticate import authenticate
from daemon.message.message import Kind, Label, Message, Sentence
from daemon.message.own_text import label
from daemon.message.parse import Limits, parse
from daemon.message.read import signals
from daemon.message.sentences import sentences
from tests.counts import count

CORPUS = sorted((Path(__file__).parents[1] / "corpus" / "public").glob("*.eml"))
NOTICE = "Takedown notice\n\n1. hxxps://a[.]example/i/1\n2. hxxps://a[.]example/i/2\n\nPlease tell us when the content has been removed from your servers."
ITEMS = ((1, "https://a.example/i/1"), (2, "https://a.example/i/2"))
NUMBERS = r"HLN-20\d\d-\d{6}"
SPICES = (
    b">", b"<", b"\r\n", b"\n\n", b"=", b"=?utf-8?q?", b"?=", b"--", b";", b'"', b"(", b"\x00", b"\xff\xfe", b"Content-Type: multipart/mixed; boundary=x\n", b"charset=utf-7",
    b'charset="idna"', b"Content-Transfer-Encoding: base64\n", b"Content-Type: message/rfc822\n\n", b"Content-Type: text/html\n\n", b"<table><tr><td>", b"<blockquote>", b"&#xD800;",
    b"+2AA-", b"\xed\xa0\x80", b"From: ", b"1. ", b"https://", b"...", b"[", b"\xe2\x80\xa6", b"\xc2\xb3", b"Auto-Submitted: auto-replied\n", b"Action: failed\n",
)  # fmt: skip


def read(raw: bytes) -> tuple[Message, tuple[Sentence, ...]]:
    """Read a mail through every step, as the daemon does."""
    message = parse(raw)
    assert is_sound(message)
    labelled = label(message, NOTICE)
    signals(message, labelled, frozenset({"abuse@a.example"}), NUMBERS)
    authenticate(message, "mx.hotline.example")
    return message, sentences(message, labelled, ITEMS, NUMBERS)


def is_sound(value: object) -> bool:
    """Tell whether every text in a value can be written down (no lone surrogate)."""
    if isinstance(value, str):
        return not any("\ud800" <= sign <= "\udfff" for sign in value)
    if isinstance(value, tuple):
        return all(is_sound(one) for one in value)
    return not is_dataclass(value) or all(is_sound(getattr(value, one.name)) for one in fields(value))


REPORT = (
    b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\nMessage-ID: <\xff@x>\nSubject: Undelivered \xff\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    b"--b\nContent-Type: text/plain\n\nx \xff\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@a.example\nAction: failed\n"
    b"Diagnostic-Code: smtp; 550 \xd0\x9f\xff\xed\xa0\x80\n\n--b--\n"
)


def test_raw_bytes_in_a_report_are_read() -> None:
    message, _ = read(REPORT)
    assert signals(message, label(message)).kind is Kind.BOUNCE


@given(st.binary(max_size=3000))
@settings(max_examples=count(test=150, prove=20_000), deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    message, _ = read(raw)
    assert len(message.fingerprint) == 64


@given(
    st.lists(st.sampled_from(SPICES), max_size=40).map(b"".join),
    st.sampled_from(["text/plain", "text/html", "multipart/mixed; boundary=x", "message/rfc822"]),
    st.text(max_size=200),
)
@settings(max_examples=count(test=150, prove=20_000), deadline=None)
def test_any_mixture_of_dangerous_pieces_is_read(body: bytes, kind: str, subject: str) -> None:
    read(b"Subject: " + subject.encode("utf-8", "replace") + b"\nContent-Type: " + kind.encode() + b"\n\n" + body)


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_mail_is_read(seed: int) -> None:
    chance = random.Random(seed)
    mails = [path.read_bytes() for path in CORPUS]
    for _ in range(count(test=60, prove=25_000)):
        message, _ = read(mutated(chance.choice(mails), mails, chance))
        assert not any(defect.startswith("unparsable") for defect in message.defects)


def mutated(raw: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Change a mail in up to twelve places: bytes flipped, cut, doubled, spiced, grafted from another mail."""
    body = bytearray(raw)
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(body) + 1)
        kind = chance.randrange(6)
        if kind == 0 and body:
            body[place % len(body)] = chance.randrange(256)
        elif kind == 1:
            del body[place : place + chance.randint(1, 200)]
        elif kind == 2:
            body[place:place] = chance.choice(SPICES) * chance.choice((1, 1, 300))
        elif kind == 3:
            body[place:place] = body[place : place + chance.randint(1, 300)] * chance.randint(1, 8)
        elif kind == 4:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            body[place:place] = other[start : start + chance.randint(1, 800)]
        else:
            body = body[: max(place, 20)]
    return bytes(body)


DEEP = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(1200))
BOMBS = {
    "parameters": b"Content-Type: text/plain" + b"".join(b"; a%d=b" % n for n in range(20_000)) + b"\n\nhi",
    "nested parts": DEEP + b"\n\nhi",
    "nested mails": b"Content-Type: message/rfc822\n\n" * 3000,
    "many parts": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 20_000,
    "many headers": b"X: y\n" * 100_000 + b"\nhi",
    "long header": b"Subject: " + b"a" * 3_000_000 + b"\n\nhi",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nhi",
    "folded header": b"Subject: a\n" + b" b\n" * 100_000 + b"\nhi",
    "addresses": b"From: " + b'<@,"' * 5000 + b"\n\nhi",
    "comments": b"Authentication-Results: mx.hotline.example; " + b"(" * 10_000 + b"\n\nhi",
    "one line": b"\n\n" + b"a " * 1_500_000,
    "dots": b"\n\n" + b"." * 200_000,
    "quotes": b"\n\n" + b">" * 200_000,
    "heads": b"\n\n" + b"On 1.1.2026 x@y.example\n" * 8000 + b"wrote:",
    "fields": b"\n\n" + b"From: a\n" * 25_000,
    "rules": b"\n\n" + b"--- a\n" * 33_000,
    "digits": b"\n\n" + b"1" * 200_000,
    "items": b"\n\n" + b"item 1, 2 and 3 " * 12_000,
    "addresses in text": b"\n\n" + b"https://a.example/i/1 " * 9000,
    "brackets": b"\n\n" + b"[.]" * 60_000,
    "at signs": b"\n\n" + b"a@b." * 50_000,
    "pipes": b"\n\n" + b"|a" * 90_000,
    "initials": b"\n\n" + b"AB> x\n" * 20_000,
    "punycode": b"Content-Type: text/plain; charset=punycode\n\n" + b"\xff" * 100_000,
    "utf-7": b"Content-Type: text/plain; charset=utf-7\n\n" + b"+2AA-" * 20_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_within_bounds(name: str) -> None:
    message, found = read(b"From: a@b.example\n" + BOMBS[name])
    assert len(message.lines) <= 20_000
    assert sum(len(line.text) for line in message.lines) <= Limits().text + 1
    assert len(found) <= 6000


def test_too_deep_a_mail_keeps_its_headers_and_says_that_its_text_is_unread() -> None:
    message, found = read(b"From: a@b.example\nSubject: Deep\n" + DEEP + b"\n\nAll removed.")
    assert message.subject == "Deep"
    assert message.partial_read
    assert not any("removed" in one.text for one in found)


def test_every_line_that_was_read_has_an_owner() -> None:
    for path in CORPUS[:: count(test=6, prove=1)]:
        message = parse(path.read_bytes())
        labelled = label(message)
        assert [one.line for one in labelled] == list(message.lines)
        assert {one.label for one in labelled} <= set(Label)
