"""Reading in a child process: no mail holds the daemon up, whatever it does to its reader."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from daemon.app.apart import Apart
from daemon.errors import UnreadError
from daemon.message.parse import parse

MAIL = b"From: a@pix.example\nSubject: =?utf-8?q?Gel=C3=B6scht?=\nDate: Mon, 5 Jan 2026 10:00:00 +0100\nContent-Type: text/html\n\n<p>All <b>gone</b>.<ul><li>1"
ODD = b"From: \xff\xfe\nSubject: \xed\xa0\x80\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n\xff\n--b\nContent-Type: application/zip; name=a.zip\n\nPK\n--b--\n"

FORM = b"Subject: form\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/csv; name=noticed-form.csv\n\nnoticed-form:letter.a.b@hotline.example,REMOVED\nnotice,item,url,outcome,date,remark\nHL-1,1,,REMOVED\n--b--\n"


@pytest.fixture
def child() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


@pytest.fixture
def rogue() -> Iterator[Apart]:
    made = Apart(limit=5.0, entry="tests.edges.slow_reader:serve")
    yield made
    made.close()


@pytest.mark.parametrize("raw", [MAIL, ODD, FORM, b"", b"\x00" * 5000, MAIL + b"<p>x" * 300_000])
def test_a_mail_read_apart_is_the_same_message(child: Apart, raw: bytes) -> None:
    assert child.read(raw) == parse(raw)
    assert child.read(raw, [("a.pdf", "application/pdf", 7)], False) == parse(
        raw, unseen_parts=[("a.pdf", "application/pdf", 7)], complete=False
    )


@pytest.mark.parametrize("word", [b"HANG", b"DIE", b"LIE"])
def test_a_mail_that_holds_or_ends_its_reader_is_given_up_and_the_next_is_read(rogue: Apart, word: bytes) -> None:
    rogue._limit = 0.3 if word == b"HANG" else 5.0
    with pytest.raises(UnreadError):
        rogue.read(b"Subject: " + word + b"\n\nx")
    rogue._limit = 20.0
    assert rogue.read(MAIL) == parse(MAIL)


def test_a_child_that_was_killed_is_replaced(child: Apart) -> None:
    child.read(MAIL)
    assert child._child is not None
    os.kill(child._child.pid, 9)
    assert child.read(MAIL) == parse(MAIL)


def test_mailboxes_share_one_child(child: Apart) -> None:
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(child.read(MAIL) == parse(MAIL))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [True] * 4


def test_the_child_ends_with_its_parent_and_knows_no_secret(child: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTICED_KEY", "secret")
    child.read(MAIL)
    assert child._child is not None
    assert child._line is not None
    with open(f"/proc/{child._child.pid}/environ", "rb") as file:
        assert b"NOTICED_KEY" not in file.read()
    child._line.close()
    assert child._child.wait(timeout=30) == 0
