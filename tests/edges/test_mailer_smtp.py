"""Sending by SMTP: of every letter it is known whether it left, did not, or may have."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, TransientError
from daemon.mailer import Envelope, Result, Sending
from daemon.mailer._smtp_letter import Letter, letter
from daemon.mailer.capture import CaptureMailer
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from tests.counts import count
from tests.servers.certificates import Authority
from tests.servers.ports import free_port
from tests.servers.smtp_sink import FAULTS, PASSWORD, STEPS, TOKEN, USER, SmtpSink

RAW = b"Message-ID: <n1@hotline.example>\r\nSubject: Reminder\r\n\r\nStill online?\r\n.a line with a dot\r\n"


def envelope(number: int = 1, raw: bytes = RAW, to: tuple[str, ...] = ("abuse@esp.example",)) -> Envelope:
    return Envelope(f"<n{number}@hotline.example>", "box@hotline.example", to, raw)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


@pytest.fixture
def settings(sink: SmtpSink) -> SmtpSettings:
    return SmtpSettings("out", "127.0.0.1", sink.port, Tls.NONE, command_seconds=5, final_seconds=5)


@pytest.fixture
def mailer(settings: SmtpSettings) -> Iterator[SmtpMailer]:
    mailer = SmtpMailer(settings)
    yield mailer
    mailer.close()


def test_a_letter_arrives_as_it_was_written(mailer: SmtpMailer, sink: SmtpSink) -> None:
    assert mailer.send(envelope()) == Sending(Result.SENT, "250 2.0.0")
    [letter] = sink.letters
    assert letter.content == RAW
    assert (letter.mail_from, letter.rcpt_tos) == ("box@hotline.example", ["abuse@esp.example"])


def test_many_letters_leave_over_one_connection(mailer: SmtpMailer, sink: SmtpSink) -> None:
    many = count(test=30, prove=500)
    assert all(mailer.send(envelope(number)).result is Result.SENT for number in range(many))
    assert len(sink.letters) == many
    assert sink.connections == 1 + (many - 1) // 200


@pytest.mark.parametrize(
    ("step", "fault", "expected"),
    [
        ("MAIL", "temporary", "451 4.3.0"), ("MAIL", "permanent", "550 5.7.1"), ("MAIL", "closing", "421 4.3.2"),
        ("RCPT", "temporary", "451 4.3.0"), ("RCPT", "permanent", "550 5.7.1"), ("RCPT", "closing", "421 4.3.2"),
        ("DATA", "temporary", "451 4.3.0"), ("DATA", "permanent", "550 5.7.1"), ("DATA", "closing", "421 4.3.2"),
        ("dot", "temporary", "451 4.3.0"), ("dot", "permanent", "550 5.7.1"), ("dot", "closing", "421 4.3.2"),
    ],
)  # fmt: skip
def test_a_clear_no_is_told_and_the_next_letter_leaves(
    mailer: SmtpMailer, sink: SmtpSink, step: str, fault: str, expected: str
) -> None:
    sink.fault = lambda at: fault if at == step else ""
    result = Result.REFUSED if fault == "permanent" else Result.DEFERRED
    assert mailer.send(envelope()) == Sending(result, expected)
    assert sink.letters == []
    sink.fault = lambda at: ""
    assert mailer.send(envelope()).result is Result.SENT
    assert len(sink.letters) == 1


@pytest.mark.parametrize("fault", ["drop", "garbage"])
def test_an_answer_lost_after_the_final_dot_is_unknown_and_nothing_is_repeated(
    mailer: SmtpMailer, sink: SmtpSink, fault: str
) -> None:
    mailer.send(envelope(1))
    sink.fault = lambda at: fault if at == "dot" else ""
    assert mailer.send(envelope(2)) == Sending(Result.UNKNOWN)
    assert len(sink.letters) == 2
    sink.fault = lambda at: ""
    assert mailer.send(envelope(3)).result is Result.SENT
    assert len(sink.letters) == 3


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("fault", ["drop", "garbage"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_letter_was_said_sent_nothing(
    mailer: SmtpMailer, sink: SmtpSink, step: str, fault: str, kept: bool
) -> None:
    if kept:
        mailer.send(envelope(1))
    sink.fault = lambda at: fault if at == step else ""
    with pytest.raises(TransientError):
        mailer.send(envelope(2))
    assert len(sink.letters) == int(kept)


def test_a_connection_that_died_while_kept_is_made_anew(mailer: SmtpMailer, sink: SmtpSink) -> None:
    mailer.send(envelope(1))
    strikes = iter(["drop"])
    sink.fault = lambda at: next(strikes, "") if at == "MAIL" else ""
    assert mailer.send(envelope(2)).result is Result.SENT
    assert (len(sink.letters), sink.connections) == (2, 2)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("step", ["connect", "EHLO"])
def test_a_server_that_does_not_greet_well_is_tried_later(
    mailer: SmtpMailer, sink: SmtpSink, step: str, fault: str
) -> None:
    sink.fault = lambda at: fault if at == step else ""
    with pytest.raises(TransientError):
        mailer.send(envelope())
    assert sink.letters == []


def test_whatever_fails_a_letter_said_to_be_not_sent_did_not_leave(mailer: SmtpMailer, sink: SmtpSink) -> None:
    """Every fault at every step: SENT and UNKNOWN are the only results after which the sink has the letter."""
    for step in STEPS:
        for fault in FAULTS:
            before = len(sink.letters)
            sink.fault = lambda at, step=step, fault=fault: fault if at == step else ""  # type: ignore[misc]
            mailer.close()
            try:
                result = mailer.send(envelope()).result
            except TransientError:
                result = Result.DEFERRED
            left = len(sink.letters) - before
            assert left == {Result.SENT: 1, Result.REFUSED: 0, Result.DEFERRED: 0}.get(result, left), (step, fault)
            assert left <= 1


def test_one_refused_recipient_refuses_the_letter_for_all(mailer: SmtpMailer, sink: SmtpSink) -> None:
    answers = iter(["", "permanent"])
    sink.fault = lambda at: next(answers, "") if at == "RCPT" else ""
    sent = mailer.send(envelope(to=("abuse@esp.example", "second@esp.example")))
    assert (sent.result, sink.letters) == (Result.REFUSED, [])


def test_a_silent_server_is_given_up(settings: SmtpSettings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = SmtpMailer(replace(settings, port=silent.getsockname()[1], connect_seconds=0.2))
        with pytest.raises(TransientError):
            mailer.send(envelope())


def test_a_server_silent_after_the_final_dot_is_unknown(settings: SmtpSettings, sink: SmtpSink) -> None:
    from tests.servers.relay import Relay

    relay = Relay(sink.port)
    mailer = SmtpMailer(replace(settings, port=relay.port, final_seconds=0.3))
    mailer.send(envelope(1))
    relay.cut_after = lambda line: (b"\r\n" + line).endswith(b"\r\n.\r\n")
    relay.silent = True
    assert mailer.send(envelope(2)).result is Result.UNKNOWN
    mailer.close()
    relay.close()


def test_nobody_there_is_tried_later(settings: SmtpSettings) -> None:
    with pytest.raises(TransientError) as raised:
        SmtpMailer(replace(settings, port=free_port())).send(envelope())
    assert "@" not in str(raised.value)


# what is said


def said(raw: bytes = RAW, to: str = "abuse@esp.example", sender: str = "box@hotline.example", **offers: str) -> Any:
    return letter(Envelope("<n1@hotline.example>", sender, (to,), raw), offers)


def test_bare_line_ends_never_leave_so_that_nobody_reads_two_letters_in_one() -> None:
    ready = said(b"Subject: x\r\n\r\nText\n.\nMAIL FROM:<x@y.example>\r.\r\nend")
    assert isinstance(ready, Letter)
    assert ready.body == b"Subject: x\r\n\r\nText\r\n..\r\nMAIL FROM:<x@y.example>\r\n..\r\nend\r\n"


def test_eight_bits_are_declared_or_not_sent() -> None:
    raw = "Subject: x\r\n\r\nGrüße\r\n".encode()
    assert said(raw).reply == "550 5.6.3"
    assert said(raw, **{"8bitmime": ""}).commands[0].endswith(" BODY=8BITMIME")


@pytest.mark.parametrize("to", ["jörg@esp.example", "用户@esp.example"])
def test_an_international_address_needs_a_server_that_takes_it(to: str) -> None:
    assert said(to=to).reply == "550 5.6.7"
    ready = said(to=to, smtputf8="")
    assert ready.commands[0].endswith(" SMTPUTF8")
    assert to in ready.commands[1]


def test_an_international_domain_needs_no_such_server() -> None:
    assert said(to="abuse@bücher.example").commands[1] == "RCPT TO:<abuse@xn--bcher-kva.example>"


@pytest.mark.parametrize(
    "to", ["a@esp.example>\r\nRCPT TO:<b@esp.example", "a b@esp.example", "a\x00@esp.example", "<a@b>"]
)
def test_an_address_cannot_say_a_command(to: str) -> None:
    assert said(to=to) == Sending(Result.REFUSED, "501 5.1.3")


def test_a_letter_larger_than_the_server_takes_is_not_begun() -> None:
    assert said(size="20").reply == "552 5.3.4"
    assert said(size="0").commands[0].endswith(f"SIZE={len(RAW)}")


def test_eight_bits_arrive_whole(mailer: SmtpMailer, sink: SmtpSink) -> None:
    raw = "Subject: Größe\r\n\r\nGrüße\r\n".encode()
    assert mailer.send(envelope(raw=raw, to=("jörg@esp.example",))).result is Result.SENT
    assert sink.letters[0].content == raw
    assert sink.letters[0].rcpt_tos == ["jörg@esp.example"]


# protection and login


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(params=[Tls.STARTTLS, Tls.IMPLICIT])
def protected(request: pytest.FixtureRequest, authority: Authority) -> Iterator[tuple[SmtpSink, SmtpSettings]]:
    implicit = request.param is Tls.IMPLICIT
    sink = SmtpSink(tls=authority.server_context(), implicit=implicit, login=True).start()
    yield (
        sink,
        SmtpSettings("out", "127.0.0.1", sink.port, request.param, authority.ca_file, user=USER, password=PASSWORD),
    )
    sink.stop()


def test_a_letter_leaves_protected_and_logged_in(protected: tuple[SmtpSink, SmtpSettings]) -> None:
    sink, settings = protected
    mailer = SmtpMailer(settings)
    assert mailer.send(envelope()).result is Result.SENT
    mailer.close()
    assert len(sink.letters) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(protected: tuple[SmtpSink, SmtpSettings]) -> None:
    _, settings = protected
    with pytest.raises(ConfigError, match="certificate"):
        SmtpMailer(replace(settings, ca_file=None)).send(envelope())


def test_a_certificate_for_another_name_is_refused(authority: Authority) -> None:
    sink = SmtpSink(tls=authority.server_context("127.0.0.2"), implicit=True).start()
    with pytest.raises(ConfigError, match="certificate"):
        SmtpMailer(SmtpSettings("out", "127.0.0.1", sink.port, Tls.IMPLICIT, authority.ca_file)).send(envelope())
    sink.stop()


def test_a_wrong_password_is_a_matter_for_an_administrator(protected: tuple[SmtpSink, SmtpSettings]) -> None:
    sink, settings = protected
    with pytest.raises(ConfigError, match="login") as raised:
        SmtpMailer(replace(settings, password="not this")).send(envelope())
    assert not any(word in str(raised.value) for word in (USER, "not this"))
    assert sink.letters == []


def test_a_token_is_asked_for_at_every_connect(protected: tuple[SmtpSink, SmtpSettings]) -> None:
    _, settings = protected
    tokens = iter(["old", TOKEN, TOKEN])
    mailer = SmtpMailer(replace(settings, auth="xoauth2", token=lambda: next(tokens)))
    with pytest.raises(ConfigError):
        mailer.send(envelope())
    assert mailer.send(envelope()).result is Result.SENT
    mailer.close()
    assert mailer.send(envelope()).result is Result.SENT
    mailer.close()
    assert list(tokens) == []


def test_no_password_is_sent_in_the_clear(settings: SmtpSettings) -> None:
    with pytest.raises(ConfigError, match="STARTTLS"):
        SmtpMailer(replace(settings, tls=Tls.STARTTLS, user=USER, password=PASSWORD)).send(envelope())
    with pytest.raises(ConfigError, match="this machine"):
        SmtpMailer(replace(settings, host="mail.hotline.example")).send(envelope())


def test_a_user_without_a_login_to_use_is_a_matter_for_an_administrator(settings: SmtpSettings) -> None:
    with pytest.raises(ConfigError, match="login"):
        SmtpMailer(replace(settings, user=USER)).send(envelope())


def test_settings_and_letters_show_no_secret() -> None:
    settings = SmtpSettings("out", "127.0.0.1", user=USER, password=PASSWORD, token=lambda: TOKEN)
    for text in (repr(settings), repr(envelope()), repr(said())):
        assert not any(word in text for word in (USER, PASSWORD, "abuse@", "Still online"))


# dry run


def test_captured_letters_are_kept_and_nothing_leaves(tmp_path: Path) -> None:
    mailer = CaptureMailer(tmp_path / "letters")
    for number in (1, 2, 2):
        assert mailer.send(envelope(number)).result is Result.SENT
    mailer.close()
    assert [letter.message_id for letter in mailer.letters] == [f"<n{n}@hotline.example>" for n in (1, 2, 2)]
    assert [path.read_bytes() for path in (tmp_path / "letters").iterdir()] == [RAW, RAW]
