"""A question is answered by the letter that a rule names: once for each notice, to the ESP alone, and never to a machine."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from daemon.app.wiring import Judge
from daemon.jobs import letters, replying
from daemon.jobs.desk import Later, Withdrawn
from daemon.jobs.folders import Folders
from daemon.jobs.intake import Intake, Watch
from daemon.rulefile.load import load
from daemon.rules.ruleset import compile as compiled
from daemon.store import notices, outbox, reviews
from tests.jobs.letterhouse import House, house
from tests.jobs.registerhouse import POLICY
from tests.jobs.test_followups import become
from tests.memory import FakeClock, MemoryMailbox, Server

RULES = """
version: 1
rules:
  asks:
    means: info_needed
    reply_with: more-info
    says:
      en:
        - which page do you mean
    examples:
      - Which page do you mean?
"""
MAIL = """Received: from mail.host.example by mx.hotline.example; Mon, 16 Nov 2026 09:00:00 +0000
Authentication-Results: mx.hotline.example; dmarc={dmarc} header.from=host.example; dkim={dmarc} header.d=host.example
From: Abuse <abuse@host.example>
To: notices@hotline.example
Subject: Re: [HL-1] Takedown notice
Date: Mon, 16 Nov 2026 09:00:00 +0000
Message-ID: <question-{number}@host.example>
In-Reply-To: <hl-1@hotline.example>
{more}Content-Type: text/plain

{text}
"""


class Desk:
    """A house with a mailbox that is read by a rule which asks for an answer."""

    def __init__(self, home: Path) -> None:
        file = load(RULES).file
        assert file is not None
        self.house: House = house(home)
        self.house.esp("host", ("abuse@host.example", "primary"), language="de")
        self.server = Server()
        self.box = MemoryMailbox(self.server, "esp")
        self.intake = Intake(self.house.store, Judge(compiled(file), POLICY), Folders(), FakeClock(self.house.now))
        self.mails = 0

    def mail(self, text: str = "Which page do you mean?", *, dmarc: str = "pass", more: str = "") -> None:
        """A mail arrives and is recorded."""
        self.mails += 1
        raw = MAIL.format(dmarc=dmarc, more=more, text=text, number=self.mails)
        self.server.deliver(raw.replace("\n", "\r\n").encode())
        self.intake.walk(self.box, Watch(folders=Folders().all, junk="Junk"))

    def tick(self) -> int:
        return replying.tick(self.house.store, self.house.desk, self.house.now)

    def statuses(self, notice_id: int) -> list[str]:
        with self.house.store.read() as conn:
            return [one.status for one in notices.items_of(conn, notice_id)]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_question_is_answered_in_its_thread_and_language(desk: Desk) -> None:
    desk.house.notice(1, urls=2)
    desk.mail()
    assert desk.tick() == 1
    desk.house.post()
    ((_, row, letter),) = desk.house.sent
    assert (row.kind, row.template, row.to_address) == ("answer", "more-info", "abuse@host.example")
    assert "Ihre Rückfrage" in letter.subject
    assert b"In-Reply-To: <question-1@host.example>" in letter.raw
    assert b"Auto-Submitted: auto-replied" in letter.raw
    assert "2. hxxps://host[.]example/1/2" in letter.body


def test_it_is_answered_once_however_often_it_is_asked(desk: Desk) -> None:
    desk.house.notice(1)
    desk.mail()
    assert desk.tick() == 1
    assert desk.tick() == 0
    desk.mail("Again: which page do you mean?")
    assert desk.tick() == 0
    desk.house.post()
    assert len(desk.house.sent) == 1


@pytest.mark.parametrize(
    "more",
    ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "List-Id: <desk.host.example>\n", "Return-Path: <>\n"],
)
def test_a_machine_or_a_list_is_never_answered(desk: Desk, more: str) -> None:
    desk.house.notice(1)
    desk.mail(more=more)
    assert desk.tick() == 0
    with desk.house.store.read() as conn:
        assert outbox.counts(conn) == {}


def test_whoever_is_not_proven_is_not_answered(desk: Desk) -> None:
    desk.house.notice(1)
    desk.mail(dmarc="fail")
    assert desk.tick() == 0


def test_what_no_rule_answers_is_left_to_a_person(desk: Desk) -> None:
    desk.house.notice(1)
    desk.mail("Good morning.")
    assert desk.tick() == 0


def test_the_task_is_gone_once_the_letter_is_queued(desk: Desk) -> None:
    desk.house.notice(1)
    desk.mail()
    with desk.house.store.read() as conn:
        assert len(reviews.with_reason(conn, replying.WAITS)) == 1
    desk.tick()
    with desk.house.store.read() as conn:
        assert reviews.with_reason(conn, replying.WAITS) == []


def test_an_answer_waits_for_working_time(desk: Desk) -> None:
    desk.house.notice(1)
    desk.mail()
    desk.tick()
    night = desk.house.now + timedelta(hours=12)
    with desk.house.store.write() as conn:
        (row,) = outbox.due(conn, night)
        assert isinstance(letters.ready(conn, row, desk.house.desk, night), Later)


def test_what_was_closed_meanwhile_needs_no_answer(desk: Desk) -> None:
    one = desk.house.notice(1)
    desk.mail()
    desk.tick()
    become(desk.house, one, "removed")
    with desk.house.store.write() as conn:
        (row,) = outbox.due(conn, desk.house.now)
        assert isinstance(letters.ready(conn, row, desk.house.desk, desk.house.now), Withdrawn)
    assert desk.statuses(one) == ["removed"]
