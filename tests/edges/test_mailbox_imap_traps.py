"""Every trap that servers, libraries and networks set for an IMAP client, and that we do not fall into it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, PermanentError, TransientError
from daemon.mailbox import Place
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from tests.edges.mailbox_promises import INBOX, ids, mail, read
from tests.servers.faulty_imap import PASSWORD, USER, FaultyImap, Line


@pytest.fixture
def server() -> Iterator[FaultyImap]:
    server = FaultyImap()
    yield server
    server.close()


@pytest.fixture
def settings(server: FaultyImap) -> ImapSettings:
    return ImapSettings(
        "box", "127.0.0.1", USER, PASSWORD, port=server.port, tls=Tls.NONE,
        connect_seconds=0.5, command_seconds=0.5, idle_slice=0.2, idle_answer=0.5,
    )  # fmt: skip


@pytest.fixture
def box(settings: ImapSettings) -> Iterator[ImapMailbox]:
    box = ImapMailbox(settings)
    yield box
    box.close()


def polled(box: ImapMailbox) -> ImapMailbox:
    """The mailbox as it is between two polls."""
    box.changes(INBOX, None)
    return box


def saying(server: FaultyImap, *segments: bytes) -> Callable[[Line, str, str], None]:
    """IDLE with something to say: the first segment starts with the continuation."""

    def twist(line: Line, tag: str, _rest: str) -> None:
        line.send(*segments)
        line.read()
        server.ok(line, tag)

    return twist


def once(server: FaultyImap, word: str, twist: Callable[[Line, str, str], Any]) -> None:
    """Set a trap that works one time."""

    def first(line: Line, tag: str, rest: str) -> Any:
        del server.twists[word]
        return twist(line, tag, rest)

    server.twists[word] = first


def dying(line: Line, *_: str) -> None:
    line.hang_up()


# IDLE


def test_news_in_the_segment_of_the_continuation_are_a_hint(server: FaultyImap, box: ImapMailbox) -> None:
    polled(box)
    once(server, "IDLE", saying(server, b"+ idling\r\n* 1 EXISTS\r\n"))
    assert box.wait(30) is True


def test_a_line_in_two_segments_is_one_hint_and_no_end(server: FaultyImap, box: ImapMailbox) -> None:
    polled(box)
    once(server, "IDLE", saying(server, b"+ idling\r\n", b"* 1 EX", b"ISTS\r\n"))
    assert box.wait(30) is True
    assert server.connections == 1


def test_still_here_is_no_hint(server: FaultyImap, box: ImapMailbox) -> None:
    polled(box)
    server.twists["IDLE"] = saying(server, b"+ idling\r\n", b"* OK Still here\r\n")
    assert box.wait(0.6) is False
    assert server.connections == 1


def test_a_mail_gone_is_a_hint_too(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    polled(box)
    once(server, "IDLE", saying(server, b"+ idling\r\n", b"* 1 EXPUNGE\r\n"))
    assert box.wait(30) is True


def test_a_connection_that_ends_while_idling_is_noticed_and_made_anew(server: FaultyImap, box: ImapMailbox) -> None:
    state = polled(box).changes(INBOX, None).state
    once(server, "IDLE", lambda line, tag, rest: (line.send(b"+ idling\r\n"), line.hang_up()))
    assert box.wait(1.0) is False
    server.add(mail(1))
    assert read(box, box.changes(INBOX, state).new) == ids(1)
    assert server.connections == 2
    assert server.commands.count("IDLE") == 1


def test_a_line_that_is_half_open_is_given_up(server: FaultyImap, box: ImapMailbox) -> None:
    polled(box)

    def silent(line: Line, _tag: str, _rest: str) -> None:
        line.send(b"+ idling\r\n")
        while line.read():
            pass

    once(server, "IDLE", silent)
    assert box.wait(2.0) is False
    assert box.changes(INBOX, None).new == ()
    assert server.connections == 2


def test_a_connection_that_answers_done_but_nothing_more_is_given_up(server: FaultyImap, box: ImapMailbox) -> None:
    polled(box)
    once(server, "NOOP", lambda line, tag, rest: line.read())
    assert box.wait(2.0) is False
    assert box.changes(INBOX, None).new == ()
    assert server.connections == 2


@pytest.mark.parametrize("word", ["NO", "BAD"])
def test_a_server_that_refuses_idle_is_polled(server: FaultyImap, box: ImapMailbox, word: str) -> None:
    polled(box)
    server.twists["IDLE"] = lambda line, tag, rest: line.send(f"{tag} {word} not now\r\n".encode())
    for _ in range(3):
        assert box.wait(0.1) is False
        box.changes(INBOX, None)


def test_a_server_without_idle_is_slept_over(server: FaultyImap, box: ImapMailbox) -> None:
    server.capability = "IMAP4rev1 MOVE UIDPLUS AUTH=PLAIN"
    polled(box)
    threading.Timer(0.1, box.wake).start()
    assert box.wait(60) is False
    assert "IDLE" not in server.commands


def test_news_told_between_two_waits_are_not_slept_over(server: FaultyImap, box: ImapMailbox) -> None:
    uid = server.add(mail(1))
    polled(box)

    def arriving(line: Line, tag: str, _rest: str) -> None:
        server.add(mail(2))
        server.ok(line, tag, "2 EXISTS")

    once(server, "UID STORE", arriving)
    box.tag([Place(INBOX, f"7:{uid}")], frozenset({"$NoticedClosed"}), frozenset())
    assert box.wait(30) is True


# listing


def test_a_server_that_says_nothing_unasked_is_searched_now_and_then(server: FaultyImap, box: ImapMailbox) -> None:
    state = box.changes(INBOX, None).state
    server.add(mail(1))
    found: list[Place] = []
    for _ in range(25):
        changes = box.changes(INBOX, state)
        state = changes.state
        found.extend(changes.new)
    assert read(box, tuple(found)) == ids(1)


@pytest.mark.parametrize("told", [("1 EXPUNGE", "2 EXISTS"), ("3 EXISTS", "1 EXPUNGE")])
def test_come_and_gone_in_one_answer_are_told_apart(
    server: FaultyImap, box: ImapMailbox, told: tuple[str, str]
) -> None:
    for number in (1, 2):
        server.add(mail(number))
    first = box.changes(INBOX, None)

    def both(line: Line, tag: str, _rest: str) -> None:
        del server.mails[1]
        server.add(mail(3))
        server.ok(line, tag, *told)

    once(server, "NOOP", both)
    later = box.changes(INBOX, first.state)
    assert read(box, later.new) == ids(3)
    assert later.gone == (first.new[0],)


def test_a_kept_connection_that_died_is_made_anew_within_the_poll(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    first = box.changes(INBOX, None)
    once(server, "NOOP", lambda line, tag, rest: (line.send(b"* BYE timeout\r\n"), line.hang_up()))
    assert box.changes(INBOX, first.state).state == first.state
    assert server.connections == 2


# fetching


def test_a_mail_expunged_meanwhile_comes_without_a_body_and_is_left_out(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2):
        server.add(mail(number))
    found = box.changes(INBOX, None)

    def nothing(line: Line, tag: str, rest: str) -> None:
        line.send(
            b'* 1 FETCH (UID 1 FLAGS () INTERNALDATE "12-Oct-2026 10:00:00 +0200" RFC822.SIZE 9 BODY[]<0> NIL)\r\n'
        )
        line.send(server.fetched(2, rest))
        server.ok(line, tag)

    once(server, "UID FETCH", nothing)
    assert read(box, found.new) == ids(2)


@pytest.mark.parametrize("word", ["NO", "BAD"])
def test_one_mail_that_the_server_cannot_give_stops_no_other(server: FaultyImap, box: ImapMailbox, word: str) -> None:
    for number in (1, 2, 3):
        server.add(mail(number))
    found = box.changes(INBOX, None)

    def poisoned(line: Line, tag: str, rest: str) -> bool | None:
        if 2 not in server._named(rest):
            return False
        line.send(f"{tag} {word} Command Error. 10\r\n".encode())
        return None

    server.twists["UID FETCH"] = poisoned
    came = list(box.fetch(found.new))
    assert [one.place for one in came] == list(found.new)
    assert [one.unreadable for one in came] == [False, True, False]


def test_a_server_that_gives_nothing_at_all_is_tried_later(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2, 3):
        server.add(mail(number))
    found = box.changes(INBOX, None)
    server.twists["UID FETCH"] = lambda line, tag, rest: line.send(f"{tag} NO [UNAVAILABLE] later\r\n".encode())
    with pytest.raises(TransientError):
        list(box.fetch(found.new))


def test_a_note_of_the_server_in_place_of_a_mail_is_said_to_be_one(server: FaultyImap, box: ImapMailbox) -> None:
    subject = b"Subject: Retrieval using the IMAP4 protocol failed for the following message: 17\r\n"
    server.add(b"From: postmaster@hotline.example\r\n" + subject + b"\r\nThe server couldn't retrieve it.\r\n")
    server.add(b"Subject: Re: x\r\n\r\nSubject: retrieval using the IMAP4 protocol failed\r\n")
    assert [one.unreadable for one in box.fetch(box.changes(INBOX, None).new)] == [True, False]


def test_flags_told_unasked_of_another_mail_are_not_taken_for_this_ones(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2, 3):
        server.add(mail(number))
    del server.mails[1]  # now number 2 is UID 3
    found = box.changes(INBOX, None)
    once(server, "NOOP", lambda line, tag, rest: server.ok(line, tag, r"2 FETCH (FLAGS ($Other \Seen))"))
    box.changes(INBOX, found.state)
    assert [one.flags for one in box.fetch(found.new)] == [frozenset(), frozenset()]


def test_times_are_aware_and_a_broken_one_is_none_of_ours(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1), date="12-Oct-2026 10:00:00 +0200")
    server.add(mail(2), date="yesterday")
    first, second = box.fetch(box.changes(INBOX, None).new)
    assert first.received_at == datetime(2026, 10, 12, 8, tzinfo=UTC)
    assert second.received_at.tzinfo is not None


def test_an_absurd_literal_is_not_waited_for(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    found = box.changes(INBOX, None)
    server.twists["UID FETCH"] = lambda line, tag, rest: line.send(b"* 1 FETCH (UID 1 BODY[]<0> {99999999999}\r\nabc")
    with pytest.raises(TransientError):
        list(box.fetch(found.new))


def test_a_structure_that_cannot_be_read_gives_the_beginning_of_the_mail(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1, "word " * 20_000))
    found = box.changes(INBOX, None)

    def broken(line: Line, tag: str, rest: str) -> bool | None:
        if "BODYSTRUCTURE" not in rest:
            return False
        line.send(b'* 1 FETCH (UID 1 BODYSTRUCTURE ("TEXT"))\r\n')
        server.ok(line, tag)
        return None

    server.twists["UID FETCH"] = broken
    [one] = box.fetch(found.new)
    assert (len(one.raw), one.complete) == (65536, False)


# filing


def test_a_move_of_what_vanished_is_answered_ok_and_not_believed(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2):
        server.add(mail(number))
    found = box.changes(INBOX, None)
    del server.mails[2]
    filed = box.file(found.new, "Done")
    assert filed[found.new[0]].moved
    assert filed[found.new[0]].place == Place("Done", "9:101")
    assert (filed[found.new[1]].moved, filed[found.new[1]].vanished) == (False, True)


def test_proof_of_an_earlier_move_is_no_proof_of_this_one(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2):
        server.add(mail(number))
    found = box.changes(INBOX, None)
    assert box.file(found.new[:1], "Done")[found.new[0]].moved
    del server.mails[2]
    once(server, "UID MOVE", lambda line, tag, rest: server.ok(line, tag))
    assert box.file(found.new[1:], "Done")[found.new[1]].vanished


def test_a_move_whose_answer_was_lost_is_repeated_without_harm(server: FaultyImap, box: ImapMailbox) -> None:
    for number in (1, 2):
        server.add(mail(number))
    found = box.changes(INBOX, None)

    def lost(line: Line, _tag: str, _rest: str) -> None:
        server.mails.clear()
        line.hang_up()

    once(server, "UID MOVE", lost)
    with pytest.raises(TransientError):
        box.file(found.new, "Done")
    assert all(how.vanished for how in box.file(found.new, "Done").values())


def test_a_refused_move_leaves_the_mail_and_copies_nothing(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    found = box.changes(INBOX, None)
    server.twists["UID MOVE"] = lambda line, tag, rest: line.send(f"{tag} NO [OVERQUOTA] full\r\n".encode())
    filed = box.file(found.new, "Done")[found.new[0]]
    assert (filed.moved, filed.vanished) == (False, False)
    assert "UID COPY" not in server.commands


@pytest.mark.parametrize("copyuid", ["9 1 1:4000000000", "9 1:4000000000 1", "9 1 5,6", "nonsense"])
def test_absurd_proof_is_no_proof(server: FaultyImap, box: ImapMailbox, copyuid: str) -> None:
    server.add(mail(1))
    found = box.changes(INBOX, None)

    def absurd(line: Line, tag: str, _rest: str) -> None:
        server.mails.clear()
        server.ok(line, tag, f"OK [COPYUID {copyuid}] moved", "1 EXPUNGE")

    once(server, "UID MOVE", absurd)
    filed = box.file(found.new, "Done")[found.new[0]]
    assert (filed.moved, filed.vanished) == (False, True)  # it will be found by its identity


def test_only_lists_of_numbers_are_ever_sent(server: FaultyImap, box: ImapMailbox) -> None:
    for number in range(3):
        server.add(mail(number))
    named: list[str] = []
    for word in ("UID FETCH", "UID MOVE", "UID STORE"):
        server.twists[word] = lambda line, tag, rest: bool(named.append(rest.split(" ", 1)[0]))
    found = box.changes(INBOX, None)
    list(box.fetch(iter(found.new)))  # type: ignore[arg-type]
    box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())
    box.file(found.new, "Done")
    assert named == ["1,2,3"] * 3


def test_no_keyword_is_set_where_the_server_would_forget_it(server: FaultyImap, box: ImapMailbox) -> None:
    server.permanent = r"\Deleted \Seen"
    server.add(mail(1))
    box.tag(box.changes(INBOX, None).new, frozenset({"$NoticedClosed"}), frozenset())
    assert "UID STORE" not in server.commands


def test_a_mail_that_was_searched_for_and_cannot_be_looked_at_counts_as_found(
    server: FaultyImap, box: ImapMailbox
) -> None:
    server.add(mail(1))
    once(server, "UID FETCH", lambda line, tag, rest: line.send(f"{tag} NO not now\r\n".encode()))
    assert len(box.find(INBOX, "<m1@esp.example>")) == 1  # else a copy would be stored once more


def test_a_server_that_refuses_to_tag_is_told_of(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    found = box.changes(INBOX, None)
    once(server, "UID STORE", lambda line, tag, rest: line.send(f"{tag} NO not now\r\n".encode()))
    assert box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset()) == frozenset(found.new)
    assert box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset()) == frozenset()


def test_a_full_mailbox_refuses_a_copy_and_still_files(server: FaultyImap, box: ImapMailbox) -> None:
    server.add(mail(1))
    found = box.changes(INBOX, None)
    server.twists["APPEND"] = lambda line, tag, rest: line.send(f"{tag} NO [OVERQUOTA] full\r\n".encode())
    with pytest.raises(PermanentError, match="refused to store a copy"):
        box.append("Done", mail(7))
    assert box.file(found.new, "Done")[found.new[0]].moved


def test_searches_are_plain_ascii_and_ask_for_nothing_but_numbers(server: FaultyImap, box: ImapMailbox) -> None:
    """Exchange's newer searches (RFC 9051) are broken in ways of their own, however much a server offers."""
    server.capability = "IMAP4rev1 IMAP4rev2 ESEARCH SEARCHRES CONDSTORE ENABLE UTF8=ACCEPT MOVE UIDPLUS AUTH=PLAIN"
    server.add(mail(1))
    asked: list[str] = []
    server.twists["UID SEARCH"] = lambda line, tag, rest: bool(asked.append(rest))
    state = box.changes(INBOX, None).state
    server.add(mail(2))
    for _ in range(25):
        state = box.changes(INBOX, state).state
    for odd in ("<m1@esp.example>", "<\u00fc.1@esp.example>", '<a"b@esp.example>'):
        box.find(INBOX, odd)
    assert len(asked) > 3
    assert not any(word in one for one in asked for word in ("CHARSET", "RETURN", "{", "$"))
    assert all(one.isascii() for one in asked)


# time-outs and logins


def test_a_dead_connection_is_noticed_within_two_minutes() -> None:
    usual = ImapSettings("box", "imap.hotline.example", USER)
    assert usual.idle_slice + usual.idle_answer <= 120


def everything(box: ImapMailbox) -> None:
    found = box.changes(INBOX, None)
    list(box.fetch(found.new))
    box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())
    box.file(found.new, "Done")


@pytest.mark.parametrize("word", ["SELECT", "UID SEARCH", "UID FETCH", "UID MOVE", "UID STORE", "CREATE"])
def test_a_server_that_does_not_answer_is_given_up(
    server: FaultyImap, box: ImapMailbox, settings: ImapSettings, word: str
) -> None:
    server.add(mail(1))
    server.twists["LIST"] = lambda line, tag, rest: (
        server.ok(line, tag) if "Done" in rest and word == "CREATE" else server.do_list(line, tag, rest)
    )
    server.twists[word] = lambda line, tag, rest: line.read()
    with pytest.raises(TransientError) as raised:
        everything(box)
    assert not any(text in str(raised.value) for text in (USER, PASSWORD))


def test_a_server_that_dribbles_is_given_up_all_the_same(server: FaultyImap, box: ImapMailbox) -> None:
    def dribbling(line: Line, tag: str, rest: str) -> None:
        for _ in range(40):
            line.send(b"* OK wait\r\n")
            time.sleep(0.05)
        server.do_select(line, tag, rest)

    server.twists["SELECT"] = dribbling
    with pytest.raises(TransientError):
        box.changes(INBOX, None)


def test_a_poll_without_an_answer_is_repeated_on_a_new_connection(server: FaultyImap, box: ImapMailbox) -> None:
    state = polled(box).changes(INBOX, None).state
    server.twists["NOOP"] = lambda line, tag, rest: line.read()
    server.add(mail(1))
    assert read(box, box.changes(INBOX, state).new) == ids(1)
    assert server.connections == 2


def test_a_server_that_does_not_greet_is_given_up(server: FaultyImap, box: ImapMailbox) -> None:
    server.twists[""] = lambda line, tag, rest: line.read()
    with pytest.raises(TransientError, match="did not answer"):
        box.open()


@pytest.mark.parametrize("greeting", [b"* BYE too many\r\n", b"220 mail ready\r\n", b"\x16\x03\x01\r\n"])
def test_a_greeting_that_is_none_is_tried_later(server: FaultyImap, box: ImapMailbox, greeting: bytes) -> None:
    server.twists[""] = lambda line, tag, rest: line.send(greeting)
    with pytest.raises(TransientError):
        box.open()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("NO [AUTHENTICATIONFAILED] box@hotline.example: wrong", ConfigError),
        ("NO LOGIN failed.", ConfigError),
        ("BAD no", ConfigError),
        ("NO [UNAVAILABLE] the directory is down", TransientError),
        ("NO [LIMIT] too many connections", TransientError),
    ],
)
@pytest.mark.parametrize("capability", ["IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"])
def test_a_refused_login_is_told_from_a_server_in_trouble(
    server: FaultyImap, box: ImapMailbox, answer: str, error: type[Exception], capability: str
) -> None:
    server.capability = capability
    for word in ("AUTHENTICATE", "LOGIN"):
        server.twists[word] = lambda line, tag, rest: line.send(f"{tag} {answer}\r\n".encode())
    with pytest.raises(error) as raised:
        box.open()
    assert not any(text in str(raised.value) for text in (USER, PASSWORD, "wrong", "directory"))


def test_a_connection_lost_in_the_login_is_tried_later(server: FaultyImap, box: ImapMailbox) -> None:
    server.twists["AUTHENTICATE"] = dying
    with pytest.raises(TransientError):
        box.open()


def test_a_login_may_take_half_a_minute() -> None:
    box = ImapMailbox(ImapSettings("box", "127.0.0.1", USER, PASSWORD, login_seconds=1))
    assert box.settings.login_seconds >= 30


@pytest.mark.parametrize("auth", ["xoauth2", "oauthbearer"])
def test_a_token_is_asked_for_at_every_connect_and_a_refused_one_is_said(
    server: FaultyImap, settings: ImapSettings, auth: str
) -> None:
    import base64

    said: list[bytes] = []
    tokens = iter(["one", "two", "bad"])

    def login(line: Line, tag: str, _rest: str) -> None:
        line.send(b"+ \r\n")
        said.append(base64.b64decode(line.read()))
        if b"bad" in said[-1]:
            line.send(b"+ eyJzdGF0dXMiOiI0MDEifQ==\r\n")
            said.append(base64.b64decode(line.read()))
            line.send(f"{tag} NO AUTHENTICATE failed.\r\n".encode())
        else:
            server.ok(line, tag)

    server.twists["AUTHENTICATE"] = login
    box = ImapMailbox(replace(settings, auth=auth, token=lambda: next(tokens)))
    for _ in range(2):
        box.open()
        box.close()
    with pytest.raises(ConfigError, match="token"):
        box.open()
    assert [b"Bearer " + word in text for word, text in zip((b"one", b"two", b"bad"), said, strict=False)] == [True] * 3
    assert said[3] == (b"" if auth == "xoauth2" else b"\1")


def test_settings_show_no_secret() -> None:
    settings = ImapSettings("box", "mail.hotline.example", USER, PASSWORD, token=lambda: "a-token")
    assert not any(text in repr(settings) for text in (USER, PASSWORD, "a-token"))


def test_no_password_is_sent_in_the_clear(server: FaultyImap, settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="STARTTLS"):
        ImapMailbox(replace(settings, tls=Tls.STARTTLS)).open()
    with pytest.raises(ConfigError, match="this machine"):
        ImapMailbox(replace(settings, host="mail.hotline.example")).open()
    assert not {"LOGIN", "AUTHENTICATE"} & set(server.commands)


def test_words_slipped_in_before_the_protection_end_the_connection(server: FaultyImap, settings: ImapSettings) -> None:
    server.capability = "IMAP4rev1 STARTTLS AUTH=PLAIN"
    server.twists["STARTTLS"] = lambda line, tag, rest: line.send(
        f"{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n".encode()
    )
    with pytest.raises(TransientError):
        ImapMailbox(replace(settings, tls=Tls.STARTTLS)).open()
    assert not {"LOGIN", "AUTHENTICATE"} & set(server.commands)


def test_a_server_that_speaks_no_tls_is_said_to(settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="TLS"):
        ImapMailbox(replace(settings, tls=Tls.IMPLICIT)).open()


def test_nobody_there_is_tried_later(settings: ImapSettings, server: FaultyImap) -> None:
    from tests.servers.ports import free_port

    with pytest.raises(TransientError, match="cannot be reached"):
        ImapMailbox(replace(settings, port=free_port())).open()
