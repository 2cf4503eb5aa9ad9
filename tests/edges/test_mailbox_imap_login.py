"""Logging in to a real Dovecot: protected, refused, out of reach; each told in one sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, TransientError
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from tests.edges.mailbox_promises import INBOX, ids, mail, read, with_attachment
from tests.servers import dovecot
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.relay import Relay

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("imap_login")]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def server(authority: Authority) -> Iterator[Dovecot]:
    server = Dovecot(cert=authority.issue(), extra="disable_plaintext_auth = no")
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(params=[Tls.IMPLICIT, Tls.STARTTLS])
def settings(request: pytest.FixtureRequest, server: Dovecot, authority: Authority) -> ImapSettings:
    port = server.tls_port if request.param is Tls.IMPLICIT else server.port
    user, password = server.new_user(), dovecot.PASSWORD
    return ImapSettings("box", "127.0.0.1", user, password, port, request.param, authority.ca_file, idle_slice=0.3)


def test_the_whole_walk_works_protected(settings: ImapSettings, server: Dovecot) -> None:
    other = OtherProgram(server.port, settings.user, dovecot.PASSWORD)
    other.deliver(mail(1), with_attachment(2, 3_000_000))
    box = ImapMailbox(settings)
    found = box.changes(INBOX, None)
    assert read(box, found.new) == ids(1, 2)
    assert all(how.moved for how in box.file(found.new, "Done").values())
    assert box.wait(0.7) is False  # through silence, and the proof of life after it
    other.deliver(mail(3))
    assert any(box.wait(20) for _ in range(2))
    assert read(box, box.changes(INBOX, found.state).new) == ids(3)
    box.close()


def test_a_protected_connection_that_dies_while_idling_is_noticed(settings: ImapSettings, server: Dovecot) -> None:
    relay = Relay(settings.port)
    box = ImapMailbox(replace(settings, port=relay.port, idle_answer=0.3, command_seconds=5))
    state = box.changes(INBOX, None).state
    relay.stalled.set()
    assert box.wait(2) is False
    relay.stalled.clear()
    OtherProgram(server.port, settings.user, dovecot.PASSWORD).deliver(mail(1))
    assert read(box, box.changes(INBOX, state).new) == ids(1)
    relay.cut()
    assert box.wait(0.5) is False
    assert box.changes(INBOX, None).new
    box.close()
    relay.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="certificate") as raised:
        ImapMailbox(replace(settings, ca_file=None)).open()
    assert settings.user not in str(raised.value)


def test_a_certificate_for_another_name_is_refused(settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="certificate"):
        ImapMailbox(replace(settings, host="localhost")).open()


def test_a_file_of_certificates_that_is_missing_is_said_to_be(settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="ca_file"):
        ImapMailbox(replace(settings, ca_file="/nowhere/ca.pem")).open()


def test_a_wrong_password_is_told_from_a_server_out_of_reach(settings: ImapSettings) -> None:
    with pytest.raises(ConfigError, match="password") as raised:
        ImapMailbox(replace(settings, password="not this")).open()
    assert not any(text in str(raised.value) for text in (settings.user, "not this"))
    with pytest.raises(TransientError):
        ImapMailbox(replace(settings, port=1)).open()


def test_a_server_that_was_restarted_is_found_again() -> None:
    server = Dovecot()
    relay = Relay(server.port)  # Dovecot's sessions outlive its master
    try:
        server.start()
        other = OtherProgram(server.port, server.new_user(), dovecot.PASSWORD)
        box = ImapMailbox(ImapSettings("box", "127.0.0.1", "box0", dovecot.PASSWORD, relay.port, Tls.NONE))
        state = box.changes(INBOX, None).state
        server.stop()
        relay.cut()
        with pytest.raises(TransientError):
            box.changes(INBOX, state)
        server.start()
        other.deliver(mail(1))
        assert read(box, box.changes(INBOX, state).new) == ids(1)
        box.close()
    finally:
        relay.close()
        server.remove()
