"""The self-probe on a real Dovecot, with an SMTP server that brings the mail there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from daemon.accounts.tls import Tls
from daemon.clock import SystemClock
from daemon.jobs.probe import FOLDER, Probe, letter
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.dovecot, pytest.mark.system]
US = "box@hotline.example"


class Brings(list[Any]):
    """Letters that are delivered as they come."""

    def __init__(self, other: OtherProgram) -> None:
        super().__init__()
        self._other = other

    def append(self, one: Any) -> None:
        super().append(one)
        self._other.deliver(one.content)


@pytest.fixture
def server() -> Iterator[Dovecot]:
    server = Dovecot()
    try:
        yield server.start()
    finally:
        server.remove()


def test_a_mail_to_ourselves_goes_the_whole_way(server: Dovecot) -> None:
    user, sink, clock = server.new_user(), SmtpSink().start(), SystemClock()
    other = OtherProgram(server.port, user, dovecot.PASSWORD)
    sink.letters = Brings(other)
    box = ImapMailbox(ImapSettings("box", "127.0.0.1", user, dovecot.PASSWORD, port=server.port, tls=Tls.NONE))
    mailer = SmtpMailer(SmtpSettings("out", "127.0.0.1", sink.port, Tls.NONE))
    steps = list(Probe(box, mailer, letter(US, US, b"k" * 32, clock.now()), clock).run())
    mailer.close()
    box.close()
    sink.stop()
    assert [step.how for step in steps] == ["ok"] * 5 + ["warning"], steps  # plain SMTP keeps no copy in Sent
    assert (other.message_ids("INBOX"), len(other.message_ids(FOLDER))) == ([], 1)
