"""The self-probe: what works is told step by step, what does not ends it, and nothing of it stays in the inbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from daemon.jobs.probe import FOLDER, Probe, letter
from daemon.mailer import Envelope, Result, Sending
from daemon.notices import token
from tests.memory import START, FakeClock, MemoryDraftMailer, MemoryMailbox, MemoryMailer, Server

KEY, US = b"k" * 32, "box@hotline.example"


@dataclass
class Arrives(MemoryMailer):
    """What is sent to us comes to our inbox."""

    def send(self, envelope: Envelope) -> Sending:
        ended = super().send(envelope)
        if ended.result is Result.SENT and self.sent is not None:
            self.sent.deliver(envelope.raw)
        return ended


class Impatient(FakeClock):
    """A minute goes by with each look at it."""

    def monotonic(self) -> float:
        self.advance(minutes=1)
        return super().monotonic()


def probe(mailer: MemoryMailer, server: Server) -> Probe:
    return Probe(MemoryMailbox(server), mailer, letter(US, US, KEY, START), Impatient())


def told(found: Probe) -> list[tuple[str, str]]:
    return [(step.how, step.text) for step in found.run()]


def test_a_good_mailbox_is_told_to_be_good_and_left_as_it_was() -> None:
    server = Server()
    server.folder("Sent")
    steps = told(probe(Arrives(sent=server), server))
    assert [how for how, _ in steps] == ["ok"] * 6, steps
    assert (server.count("INBOX"), server.count("Sent"), server.count(FOLDER)) == (0, 0, 2)


def test_a_mail_that_does_not_arrive_is_told() -> None:
    server = Server()
    assert [how for how, _ in told(probe(MemoryMailer(), server))] == ["ok", "problem"]


@pytest.mark.parametrize("result", [Result.REFUSED, Result.DEFERRED, Result.UNKNOWN])
def test_a_mail_that_does_not_leave_is_told(result: Result) -> None:
    server = Server()
    [(how, text)] = told(probe(Arrives(sent=server, answers=[Sending(result, "550 5.7.1")]), server))
    assert (how, "550 5.7.1" in text) == ("problem", True)
    assert server.count("INBOX") == 0


def test_what_leaves_as_a_draft_is_drafted_first() -> None:
    server, mailer = Server(), MemoryDraftMailer()
    told(probe(mailer, server))
    assert [one.draft for one in mailer.left] == ["draft-1"]


def test_missing_tags_and_copies_are_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    monkeypatch.setattr(MemoryMailbox, "tag", lambda *_: None)
    monkeypatch.setattr(MemoryMailbox, "sent_folder", lambda _: None)
    assert [how for how, _ in told(probe(Arrives(sent=server), server))] == [
        "ok",
        "ok",
        "ok",
        "warning",
        "ok",
        "warning",
    ]


def test_a_mail_that_cannot_be_filed_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    ordinary = MemoryMailbox.file

    def stuck(box: MemoryMailbox, places: Any, folder: str) -> Any:
        return {place: replace(how, moved=False) for place, how in ordinary(box, places, folder).items()}

    monkeypatch.setattr(MemoryMailbox, "file", stuck)
    assert "problem" in [how for how, _ in told(probe(Arrives(sent=server), server))]


def test_each_probe_is_known_as_ours_and_is_no_other() -> None:
    one, other = letter(US, US, KEY, START), letter(US, US, KEY, START)
    assert one.message_id != other.message_id
    found = token.verify(one.message_id, KEY)
    assert found is not None
    assert found.kind == "probe"
    assert b"Auto-Submitted: auto-generated" in one.raw
