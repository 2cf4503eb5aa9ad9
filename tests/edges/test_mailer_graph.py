"""Sending by Graph: a draft first, then that draft; of every letter it is known whether it left, did not, or may have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from daemon.accounts.patience import Patience
from daemon.errors import ConfigError, NoticedError, TransientError
from daemon.mailbox.graph import GraphSettings
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer.graph import GraphMailer, open_mailer
from tests.servers.graph_server import ADDRESS, TOKEN, GraphServer
from tests.servers.graph_store import DELETED, DRAFTS, SENT
from tests.servers.ports import free_port

PATIENT = Patience(tries=4, first=0.001, longest=0.2, total=5)
ID = "<n1@hotline.example>"


def envelope(number: int = 1, to: str = "abuse@esp.example", **more: Any) -> Envelope:
    head = f"Message-ID: <n{number}@hotline.example>\r\nFrom: {ADDRESS}\r\nTo: {to}\r\nSubject: Reminder\r\n"
    raw = f"{head}\r\nStill online?\r\n".encode()
    return Envelope(f"<n{number}@hotline.example>", ADDRESS, more.pop("recipients", (to,)), raw, **more)


@pytest.fixture
def server() -> Iterator[GraphServer]:
    server = GraphServer()
    yield server
    server.stop()


@pytest.fixture
def login(server: GraphServer) -> GraphSettings:
    return GraphSettings(
        "out", ADDRESS, token=lambda: TOKEN, url=server.url, call_seconds=2, patience=lambda: PATIENT
    )  # fmt: skip


@pytest.fixture
def mailer(login: GraphSettings) -> Iterator[GraphMailer]:
    mailer = open_mailer(login)
    yield mailer
    mailer.close()


def lying(server: GraphServer, role: str) -> list[str]:
    return [item.message_id for item in server.store.of(server.store.roles[role])]


def drafted(mailer: GraphMailer, number: int = 1) -> Envelope:
    made = mailer.draft(envelope(number))
    assert isinstance(made, str)
    return envelope(number, draft=made)


def test_a_letter_leaves_as_it_was_written_and_its_copy_lies_in_sent(mailer: GraphMailer, server: GraphServer) -> None:
    mailer.open()
    assert mailer.send(envelope()) == Sending(Result.SENT, "202")
    assert server.left == [envelope().raw]
    assert (lying(server, DRAFTS), lying(server, SENT)) == ([], [ID])


def test_a_draft_has_our_message_id_whatever_the_server_gave_it(mailer: GraphMailer, server: GraphServer) -> None:
    for server.keeps_message_id in (False, True):
        ready = drafted(mailer)
        [item] = server.store.of(server.store.roles[DRAFTS])
        assert (item.message_id, item.is_draft, server.left) == (ID, True, [])
        assert mailer.send(ready).result is Result.SENT
        server.left.clear()


def test_a_draft_that_does_not_take_our_message_id_does_not_leave(mailer: GraphMailer, server: GraphServer) -> None:
    server.strike("PATCH .*/messages/", 400, code="ErrorInvalidPropertySet")
    with pytest.raises(TransientError):
        mailer.send(envelope())
    assert server.left == []


def test_a_letter_that_is_out_already_is_not_sent_again(mailer: GraphMailer, server: GraphServer) -> None:
    for server.renews_sent in (False, True):
        ready = drafted(mailer)
        assert mailer.send(ready) == Sending(Result.SENT, "202")
        assert mailer.send(ready) == Sending(Result.SENT, "found")
        assert len(server.left) == 1
        server.left.clear()


@pytest.mark.parametrize("gone", [False, True])
def test_a_draft_that_a_person_threw_away_is_unknown_and_does_not_leave(
    mailer: GraphMailer, login: GraphSettings, server: GraphServer, gone: bool
) -> None:
    ready = drafted(mailer)
    item = server.store.find(ready.draft)
    assert item is not None
    if gone:
        server.store.delete(item)
    else:
        server.store.move(item, server.store.roles[DELETED])
    assert open_mailer(login).send(ready) == Sending(Result.UNKNOWN)
    assert server.left == []


def test_an_accepted_letter_that_has_not_left_yet_is_not_sent_again(mailer: GraphMailer, server: GraphServer) -> None:
    server.sends_late = True
    ready = drafted(mailer)
    assert mailer.send(ready).result is Result.SENT
    assert mailer.send(ready) == Sending(Result.UNKNOWN)
    server.deliver()
    assert mailer.send(ready) == Sending(Result.SENT, "found")
    assert len(server.left) == 1


def test_an_acceptance_that_asks_to_wait_is_an_acceptance(mailer: GraphMailer, server: GraphServer) -> None:
    server.strike("/send$", 202, headers={"Retry_After": "30"}, after=True)
    assert mailer.send(envelope()) == Sending(Result.SENT, "202")
    assert len(server.left) == 1


AFTER = [
    {"status": 503}, {"status": 504}, {"status": 500}, {"status": 502}, {"how": "cut"}, {"how": "stall"},
    {"status": 503, "headers": {"Retry_After": "2"}},
]  # fmt: skip


@pytest.mark.parametrize("fault", AFTER, ids=str)
def test_a_letter_whose_acceptance_was_lost_is_found_and_leaves_once(
    mailer: GraphMailer, server: GraphServer, fault: dict[str, Any]
) -> None:
    server.strike("/send$", **fault, after=True)
    ready = drafted(mailer)
    assert mailer.send(ready) == Sending(Result.SENT, "found")
    assert mailer.send(ready) == Sending(Result.SENT, "found")
    assert len(server.left) == 1


@pytest.mark.parametrize("fault", AFTER, ids=str)
def test_a_letter_that_was_not_accepted_is_the_same_draft_still_and_leaves_once(
    mailer: GraphMailer, server: GraphServer, fault: dict[str, Any]
) -> None:
    server.strike("/send$", **fault)
    ready = drafted(mailer)
    assert mailer.send(ready).result is Result.DEFERRED
    assert (server.left, lying(server, DRAFTS)) == ([], [ID])
    assert mailer.send(ready).result is Result.SENT
    assert len(server.left) == 1


@pytest.mark.parametrize("late", [False, True])
def test_a_letter_that_nobody_can_be_asked_about_is_unknown(
    mailer: GraphMailer, server: GraphServer, late: bool
) -> None:
    server.sends_late = late
    ready = drafted(mailer)
    server.strike("/send$", 504, after=True)
    server.strike("GET .*/messages/", 503, times=100) if not late else None
    assert mailer.send(ready) == Sending(Result.UNKNOWN)
    server.faults.clear()
    server.deliver()
    assert mailer.send(ready) == Sending(Result.SENT, "found")
    assert len(server.left) == 1


@pytest.mark.parametrize(("headers", "seconds"), [({"Retry_After": "17"}, 17.0), ({}, None)])
def test_a_throttled_letter_waits_as_long_as_asked(
    mailer: GraphMailer, server: GraphServer, headers: dict[str, str], seconds: float | None
) -> None:
    server.strike("/send$", 429, headers=headers)
    ready = drafted(mailer)
    assert mailer.send(ready) == Sending(Result.DEFERRED, "429", seconds)
    assert mailer.send(ready).result is Result.SENT
    assert len(server.left) == 1


def test_a_letter_that_the_server_does_not_want_is_refused(mailer: GraphMailer, server: GraphServer) -> None:
    server.strike("/send$", 400, code="ErrorInvalidRecipients")
    assert mailer.send(drafted(mailer)) == Sending(Result.REFUSED, "400")
    server.strike("POST .*/messages$", 413)
    assert mailer.draft(envelope()) == Sending(Result.REFUSED, "413")
    assert server.left == []


def test_a_letter_larger_than_graph_takes_is_not_begun(mailer: GraphMailer, server: GraphServer) -> None:
    large = replace(envelope(), raw=envelope().raw + b"x" * 3_000_000)
    assert mailer.send(large) == Sending(Result.REFUSED, "413")
    assert server.asked == []


def test_a_letter_goes_to_nobody_but_its_recipients(mailer: GraphMailer, server: GraphServer) -> None:
    for others in (("other@esp.example",), ("abuse@esp.example", "other@esp.example"), ()):
        assert mailer.send(envelope(recipients=others)) == Sending(Result.REFUSED, "recipients")
    assert server.asked == []
    assert mailer.send(envelope(recipients=("ABUSE@esp.example", ADDRESS))).result is Result.SENT


def test_a_full_mailbox_puts_letters_off(mailer: GraphMailer, server: GraphServer) -> None:
    server.full = True
    with pytest.raises(TransientError, match="full"):
        mailer.send(envelope())
    server.full = False
    assert mailer.send(envelope()).result is Result.SENT


def test_a_draft_whose_answer_was_lost_is_tried_anew_and_leaves_once(mailer: GraphMailer, server: GraphServer) -> None:
    server.strike("POST .*/messages$", how="cut", after=True)
    with pytest.raises(TransientError):
        mailer.send(envelope())
    assert server.left == []
    assert mailer.send(envelope()).result is Result.SENT
    assert len(server.left) == 1


def test_a_missing_permission_is_a_matter_for_an_administrator(mailer: GraphMailer, server: GraphServer) -> None:
    server.strike("/send$", 403, code="ErrorAccessDenied")
    ready = drafted(mailer)
    with pytest.raises(ConfigError, match="permission"):
        mailer.send(ready)
    server.strike("POST .*/messages$", 403, code="ErrorAccessDenied")
    with pytest.raises(ConfigError, match="permission"):
        mailer.draft(envelope(2))
    server.strike("GET .*/drafts", 403, code="ErrorAccessDenied")
    with pytest.raises(ConfigError, match="permission"):
        mailer.open()
    assert server.left == []


def test_a_token_that_ended_is_replaced_and_the_letter_leaves_once(login: GraphSettings, server: GraphServer) -> None:
    tokens = iter(["ended", TOKEN, TOKEN, TOKEN])
    mailer = open_mailer(replace(login, token=lambda: next(tokens)))
    assert mailer.send(envelope()).result is Result.SENT
    mailer.close()
    with pytest.raises(ConfigError, match="access token"):
        open_mailer(replace(login, token=lambda: "another")).send(envelope(2))
    assert len(server.left) == 1


def test_a_server_that_is_away_is_tried_later(login: GraphSettings) -> None:
    with pytest.raises(TransientError) as raised:
        open_mailer(replace(login, url=f"http://127.0.0.1:{free_port()}")).send(envelope())
    assert "@" not in str(raised.value)


def test_whatever_fails_and_wherever_a_letter_leaves_at_most_once(mailer: GraphMailer, server: GraphServer) -> None:
    """Each fault at each step, before and after it was carried out, with as many attempts as it takes."""
    steps = ("POST .*/messages$", "PATCH .*/messages/", "/send$", "GET .*/messages/", "GET .*/drafts")
    number = 0
    for step in steps:
        for fault in ({"status": 503}, {"status": 504}, {"status": 429}, {"how": "cut"}, {"status": 401}):
            for after in (False, True):
                number += 1
                server.left.clear()
                server.faults.clear()
                server.strike(step, after=after, times=2, **fault)  # type: ignore[arg-type]
                ended = attempts(mailer, number)
                assert (len(server.left), ended) == (1, Result.SENT), (step, fault, after)


def attempts(mailer: GraphMailer, number: int) -> Result:
    """What the outbox does: the draft's id is kept, what is put off is tried again, what is unknown is not."""
    draft = ""
    for _ in range(8):
        try:
            made = draft or mailer.draft(envelope(number))
            assert isinstance(made, str)
            draft = made
            result = mailer.send(envelope(number, draft=draft)).result
        except NoticedError:
            continue
        if result is not Result.DEFERRED:
            return result
    return Result.DEFERRED


def test_a_wait_for_a_busy_server_is_ended_from_another_thread(login: GraphSettings, server: GraphServer) -> None:
    mailer = open_mailer(replace(login, patience=lambda: Patience(longest=300, total=300)))
    server.strike("GET .*/drafts", 503, headers={"Retry_After": "300"}, times=10)
    mailer.wake()
    with pytest.raises(TransientError):
        mailer.open()
    assert server.faults[0].times == 9


def test_settings_and_letters_show_no_secret(login: GraphSettings) -> None:
    assert not any(word in repr(login) for word in (ADDRESS, TOKEN))


def test_a_look_tells_where_the_letter_of_a_draft_is_and_sends_nothing(
    mailer: GraphMailer, login: GraphSettings, server: GraphServer
) -> None:
    ready = drafted(mailer)
    later = open_mailer(login)  # as after a restart
    assert later.look_at(ready) is Result.DEFERRED
    server.sends_late = True
    mailer.send(ready)
    assert later.look_at(ready) is Result.UNKNOWN  # accepted, and about to leave
    server.deliver()
    assert later.look_at(ready) is Result.SENT
    thrown = drafted(mailer, 2)
    item = server.store.find(thrown.draft)
    assert item is not None
    server.store.move(item, server.store.roles[DELETED])
    assert later.look_at(thrown) is Result.UNKNOWN
    assert len(server.left) == 1
