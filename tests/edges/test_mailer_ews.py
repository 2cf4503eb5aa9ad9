"""Sending by EWS: a draft first, then that draft; of every letter it is known whether it left, did not, or may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from daemon.accounts.ews import EwsLogin
from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, NoticedError, TransientError
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer.ews import EwsMailer, open_mailer
from tests.servers.ews_server import PASSWORD, USER, EwsServer, cells, patience

STEPS = ("FindItem", "CreateItem", "GetItem", "SendItem")


def envelope(number: int = 1, to: str = "abuse@esp.example") -> Envelope:
    head = f"Message-ID: <n{number}@hotline.example>\r\nFrom: box@hotline.example\r\nTo: {to}\r\nSubject: Reminder\r\n"
    return Envelope(
        f"<n{number}@hotline.example>", "box@hotline.example", (to,), f"{head}\r\nStill online?\r\n".encode()
    )


@pytest.fixture
def server() -> Iterator[EwsServer]:
    server = EwsServer().start()
    yield server
    server.stop()
    assert server.slips == []


@pytest.fixture
def login(server: EwsServer) -> EwsLogin:
    return EwsLogin(
        "out", "127.0.0.1", server.store.address, USER, PASSWORD, "basic", port=server.port, tls=Tls.NONE,
        connect_seconds=5, command_seconds=30,
    )  # fmt: skip


@pytest.fixture
def mailer(login: EwsLogin) -> Iterator[EwsMailer]:
    mailer = open_mailer(login)
    yield mailer
    mailer.close()


def lying(server: EwsServer, role: str) -> list[str]:
    return [item.message_id for item in server.store.of(server.store.roles[role])]


def once(server: EwsServer, step: str, fault: str) -> None:
    """Strike at the first ``step`` only."""
    strikes = iter([fault])
    server.fault = lambda operation: next(strikes, "") if operation == step else ""


def test_a_letter_leaves_as_it_was_written_and_its_copy_lies_in_sent(mailer: EwsMailer, server: EwsServer) -> None:
    assert mailer.send(envelope()) == Sending(Result.SENT, "NoError")
    assert server.store.outgoing == [envelope().raw]
    assert (lying(server, "drafts"), lying(server, "sentitems")) == ([], ["<n1@hotline.example>"])


def test_a_draft_is_made_without_being_sent_and_is_what_leaves_then(mailer: EwsMailer, server: EwsServer) -> None:
    draft = mailer.draft(envelope())
    assert isinstance(draft, str)
    assert (lying(server, "drafts"), server.store.outgoing) == (["<n1@hotline.example>"], [])
    assert mailer.send(replace(envelope(), draft=draft)).result is Result.SENT
    assert len(server.store.outgoing) == 1


def test_many_letters_leave_over_one_connection(mailer: EwsMailer, server: EwsServer) -> None:
    assert {mailer.send(envelope(number)).result for number in range(20)} == {Result.SENT}
    assert (len(server.store.outgoing), server.connections) == (20, 1)


def test_a_draft_that_an_earlier_attempt_left_is_used_again(
    mailer: EwsMailer, server: EwsServer, login: EwsLogin
) -> None:
    mailer.draft(envelope())
    other = EwsMailer(login)
    assert other.send(envelope()).result is Result.SENT
    other.close()
    assert (lying(server, "drafts"), len(server.store.outgoing)) == ([], 1)


def test_a_letter_that_is_out_already_is_not_sent_again(mailer: EwsMailer, server: EwsServer) -> None:
    draft = mailer.draft(envelope())
    ready = replace(envelope(), draft=str(draft))
    assert mailer.send(ready).result is Result.SENT
    assert mailer.send(ready) == Sending(Result.SENT, "found")
    assert mailer.send(envelope()) == Sending(Result.SENT, "found")
    assert len(server.store.outgoing) == 1


def test_a_draft_that_a_person_threw_away_is_unknown(mailer: EwsMailer, server: EwsServer) -> None:
    draft = str(mailer.draft(envelope()))
    server.store.delete(draft)
    assert mailer.send(replace(envelope(), draft=draft)) == Sending(Result.UNKNOWN)
    assert server.store.outgoing == []


def test_a_draft_that_was_touched_is_sent_all_the_same(mailer: EwsMailer, server: EwsServer) -> None:
    draft = str(mailer.draft(envelope()))
    touched = iter([True])

    def touch(operation: str) -> str:
        if operation == "SendItem" and next(touched, False):
            server.store.change(server.store.items[draft])
        return ""

    server.fault = touch
    assert mailer.send(replace(envelope(), draft=draft)).result is Result.SENT


@pytest.mark.parametrize(
    "fault", ["503-after", "504-after", "cut-after", "garbage", "truncated", "hang-after", "fewer"]
)
def test_an_answer_lost_after_the_letter_left_heals_by_the_copy_in_sent(
    mailer: EwsMailer, server: EwsServer, login: EwsLogin, fault: str
) -> None:
    mailer.settings = replace(login, command_seconds=patience(fault))
    once(server, "SendItem", fault)
    assert mailer.send(envelope()) == Sending(Result.SENT, "found")
    assert len(server.store.outgoing) == 1


@pytest.mark.parametrize("fault", ["503", "504", "429", "cut", "busy", "hang"])
def test_an_answer_lost_before_the_letter_left_heals_by_the_draft(
    mailer: EwsMailer, server: EwsServer, login: EwsLogin, fault: str
) -> None:
    mailer.settings = replace(login, command_seconds=patience(fault))
    server.back_off, server.retry_after = 17_000, "17"
    once(server, "SendItem", fault)
    ended = mailer.send(envelope())
    assert ended.result is Result.DEFERRED
    assert ended.retry_after == (17.0 if fault in ("503", "504", "429", "busy") else None)
    assert server.store.outgoing == []
    assert mailer.send(envelope()).result is Result.SENT
    assert (len(server.store.outgoing), lying(server, "drafts")) == (1, [])


@pytest.mark.parametrize("fault", ["503-after", "504-after", "cut-after", "garbage", "truncated", "fewer"])
def test_a_draft_whose_making_was_not_answered_is_found(mailer: EwsMailer, server: EwsServer, fault: str) -> None:
    once(server, "CreateItem", fault)
    assert mailer.send(envelope()).result is Result.SENT
    assert (len(server.store.outgoing), lying(server, "drafts")) == (1, [])


@pytest.mark.parametrize("fault", ["503-after", "cut-after"])
def test_only_when_nothing_can_be_looked_at_is_it_unknown(mailer: EwsMailer, server: EwsServer, fault: str) -> None:
    sent: list[str] = []

    def strike(operation: str) -> str:
        sent.append(operation)
        return fault if operation == "SendItem" else "503" if "SendItem" in sent else ""

    server.fault = strike
    assert mailer.send(envelope()) == Sending(Result.UNKNOWN)
    assert len(server.store.outgoing) == 1
    server.fault = lambda operation: ""
    assert mailer.send(envelope()) == Sending(Result.SENT, "found")
    assert len(server.store.outgoing) == 1


def test_whatever_fails_no_letter_leaves_twice_and_what_is_said_is_true(server: EwsServer, login: EwsLogin) -> None:
    """Every fault at every step, then again without it: at most one copy, and one as soon as SENT is said."""
    for number, (step, fault) in enumerate(cells(STEPS)):
        before = len(server.store.outgoing)
        once(server, step, fault)
        results = []
        mailer = EwsMailer(replace(login, command_seconds=patience(fault)))
        for _ in range(3):
            try:
                results.append(mailer.send(envelope(number)).result)
            except NoticedError:
                results.append(Result.DEFERRED)
            left = len(server.store.outgoing) - before
            assert left <= 1, (step, fault)
            assert left == {Result.SENT: 1, Result.DEFERRED: 0, Result.REFUSED: 0}.get(results[-1], left), (step, fault)
        mailer.close()
        assert results[-1] is Result.SENT, (step, fault, results)
        assert lying(server, "drafts") == []


@pytest.mark.parametrize(
    ("code", "result"),
    [
        ("ErrorInvalidRecipients", Result.REFUSED), ("ErrorSendAsDenied", Result.REFUSED),
        ("ErrorMessageSizeExceeded", Result.REFUSED), ("ErrorSubmissionQuotaExceeded", Result.DEFERRED),
        ("ErrorInternalServerError", Result.DEFERRED),
    ],
)  # fmt: skip
def test_a_clear_no_is_told_by_its_code(mailer: EwsMailer, server: EwsServer, code: str, result: Result) -> None:
    server.exchange.broken = {"SendItem": code}
    assert mailer.send(envelope()) == Sending(result, code)
    assert server.store.outgoing == []


def test_a_full_mailbox_puts_a_letter_off(mailer: EwsMailer, server: EwsServer) -> None:
    server.store.quota = 0
    assert mailer.send(envelope()) == Sending(Result.DEFERRED, "ErrorQuotaExceeded")
    server.store.quota = None
    assert mailer.send(envelope()).result is Result.SENT


def test_a_letter_whose_headers_name_others_than_its_envelope_is_refused(mailer: EwsMailer, server: EwsServer) -> None:
    assert mailer.send(replace(envelope(), recipients=("other@esp.example",))).result is Result.REFUSED
    assert (server.store.outgoing, lying(server, "drafts")) == ([], [])


def test_a_server_that_is_not_there_is_tried_later_and_nothing_was_said(server: EwsServer, mailer: EwsMailer) -> None:
    server.stop()
    with pytest.raises(TransientError):
        mailer.send(envelope())
    server.start()
    assert mailer.send(envelope()).result is Result.SENT
    assert len(server.store.outgoing) == 1


def test_a_kept_connection_that_died_is_made_anew(server: EwsServer, mailer: EwsMailer) -> None:
    mailer.send(envelope(1))
    server.stop()
    server.start()
    assert mailer.send(envelope(2)).result is Result.SENT
    assert len(server.store.outgoing) == 2


def test_a_refused_login_is_an_administrators_matter(login: EwsLogin, server: EwsServer) -> None:
    mailer = EwsMailer(replace(login, password="wrong"))
    with pytest.raises(ConfigError, match="refused the login: check user and password"):
        mailer.open()
    mailer.close()


def test_exchange_online_is_refused_before_anything_is_sent(login: EwsLogin) -> Any:
    with pytest.raises(ConfigError, match="1 October 2026 and ends on 1 April 2027"):
        open_mailer(replace(login, host="outlook.office365.com", tls=Tls.IMPLICIT))


def test_a_draft_that_got_another_message_id_gets_ours_back_before_it_leaves(
    mailer: EwsMailer, server: EwsServer
) -> None:
    server.exchange.renames_drafts = True
    assert mailer.send(envelope()).result is Result.SENT
    assert server.store.left == ["<n1@hotline.example>"]
    assert lying(server, "sentitems") == ["<n1@hotline.example>"]


def test_no_draft_leaves_without_our_message_id(mailer: EwsMailer, server: EwsServer) -> None:
    server.exchange.renames_drafts = True
    server.exchange.broken = {"UpdateItem": "ErrorAccessDenied"}
    with pytest.raises(TransientError, match="no Message-ID of ours"):
        mailer.send(envelope())
    assert server.store.left == []


def test_a_copy_for_ourselves_is_the_one_in_sent(mailer: EwsMailer, server: EwsServer) -> None:
    both = replace(envelope(), recipients=("abuse@esp.example", "box@hotline.example"))
    assert mailer.send(both).result is Result.SENT
    assert lying(server, "sentitems") == ["<n1@hotline.example>"]


def test_a_look_tells_where_the_letter_of_a_draft_is_and_sends_nothing(mailer: EwsMailer, server: EwsServer) -> None:
    made = mailer.draft(envelope())
    assert isinstance(made, str)
    ready = replace(envelope(), draft=made)
    assert mailer.look_at(ready) is Result.DEFERRED
    assert mailer.look_at(replace(ready, draft="A-another")) is Result.UNKNOWN
    on_its_way = server.store.move(made, server.store.roles["outbox"])
    assert mailer.look_at(ready) is Result.UNKNOWN
    back = server.store.move(on_its_way.id, server.store.roles["drafts"])
    assert server.store.outgoing == []
    assert mailer.send(replace(ready, draft=back.id)).result is Result.SENT
    assert mailer.look_at(ready) is Result.SENT
    assert mailer.look_at(replace(envelope(2), draft=made)) is Result.UNKNOWN
    assert len(server.store.outgoing) == 1
