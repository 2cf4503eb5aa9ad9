"""With every logger at DEBUG, nothing of a mail, an address, a token or a password reaches a log or an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.patience import Patience
from daemon.accounts.tls import Tls
from daemon.errors import NoticedError
from daemon.mailbox import Mailbox
from daemon.mailbox.ews import EwsMailbox, EwsSettings
from daemon.mailbox.graph import GraphMailbox, GraphSettings
from daemon.mailbox.imap import ImapMailbox, ImapSettings
from daemon.mailer import Envelope
from daemon.mailer.ews import EwsMailer
from daemon.mailer.graph import GraphMailer
from daemon.mailer.smtp import SmtpMailer, SmtpSettings
from tests.canary import Cage, caged, described
from tests.servers import dovecot, pymap
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.ews_server import FAULTS as EWS_FAULTS
from tests.servers.ews_server import PASSWORD, TOKEN, USER, EwsServer, ntlm_users
from tests.servers.faulty_imap import FaultyImap
from tests.servers.graph_server import ADDRESS, GraphServer
from tests.servers.imap_account import OtherProgram
from tests.servers.pymap import Pymap
from tests.servers.sign_in import CLIENT, SECRET, TENANT, SignIn
from tests.servers.smtp_sink import FAULTS, STEPS, SmtpSink

CANARY = "canary-7f3a"
RAW = (
    f"Message-ID: <{CANARY}-id@esp.example>\r\nFrom: {CANARY}@esp.example\r\nSubject: {CANARY} ü\r\n\r\n"
    f"{CANARY} https://{CANARY}.example/\r\n"
).encode()


def work(box: Mailbox) -> None:
    """Use every part of the port."""
    found = box.changes("INBOX", None)
    list(box.fetch(found.new))
    box.tag(found.new, frozenset({"$NoticedClosed"}), frozenset())
    box.find("INBOX", f"<{CANARY}-id@esp.example>")
    box.find("INBOX", f"<{CANARY}-ü@esp.example>")
    box.file(found.new, "Done ü")
    box.append("Gesendet", RAW)
    box.sent_folder()
    box.wait(0.05)
    box.close()


def told(act: Callable[[], object], cage: Cage, *secrets: str) -> None:
    """Do it, and look at what was logged and raised."""
    raised = ""
    try:
        act()
    except NoticedError as error:
        raised = described(error)
    assert not any(word in raised for word in (CANARY, *secrets))
    assert cage.heard(CANARY, *secrets) == []


def test_the_cage_itself_hears(caplog: pytest.LogCaptureFixture) -> None:
    with caged() as cage:
        logging.getLogger("imapclient.other").debug("> %s", CANARY)
    assert cage.heard(CANARY) == ["imapclient.other"]


@pytest.mark.dovecot
def test_nothing_is_told_on_dovecot() -> None:
    server = Dovecot()
    try:
        server.start()
        user = server.new_user()
        OtherProgram(server.port, user, dovecot.PASSWORD).deliver(RAW)
        settings = ImapSettings("box", "127.0.0.1", user, dovecot.PASSWORD, port=server.port, tls=Tls.NONE)
        with caged() as cage:
            told(lambda: work(ImapMailbox(settings)), cage, user, dovecot.PASSWORD)
            wrong = replace(settings, password=f"{CANARY} wrong")
            told(ImapMailbox(wrong).open, cage, user)
    finally:
        server.remove()


def test_nothing_is_told_on_pymap() -> None:
    server = Pymap()
    OtherProgram(server.port, pymap.USER, pymap.PASSWORD).deliver(RAW)
    settings = ImapSettings("other", "127.0.0.1", pymap.USER, pymap.PASSWORD, port=server.port, tls=Tls.NONE)
    with caged() as cage:
        told(lambda: work(ImapMailbox(settings)), cage, pymap.PASSWORD)
    server.stop()


@pytest.mark.parametrize("word", ["AUTHENTICATE", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "UID MOVE", "NOOP"])
@pytest.mark.parametrize("answer", ["{tag} NO canary-7f3a", "{tag} BAD canary-7f3a", "* canary-7f3a", "+ canary-7f3a"])
def test_a_server_that_tells_it_in_its_own_words_is_not_repeated(word: str, answer: str) -> None:
    server = FaultyImap()
    server.add(RAW)
    server.twists[word] = lambda line, tag, rest: (line.send(answer.format(tag=tag).encode() + b"\r\n"), line.hang_up())
    settings = ImapSettings("box", "127.0.0.1", f"{CANARY}@x.example", "pw", port=server.port, tls=Tls.NONE)
    with caged() as cage:
        told(lambda: work(ImapMailbox(replace(settings, connect_seconds=1, command_seconds=1))), cage)
    server.close()


@pytest.mark.parametrize("fault", ["", "429", "403", "503 after", "cut", "cut after"])
def test_nothing_is_told_on_graph(fault: str, tmp_path: Path) -> None:
    """With a sign-in and a Graph of our own, whatever fails; address and letters tell nothing either."""
    sign_in, server = SignIn(Authority(tmp_path)), GraphServer()
    server.store.add(server.store.at("INBOX").id, RAW)
    server.tokens = sign_in.tokens
    ca = sign_in.authority.ca_file
    oauth = OAuthSettings("microsoft", TENANT, CLIENT, client_secret=SECRET, login=sign_in.url, ca_file=ca)
    settings = GraphSettings("box", ADDRESS, oauth, url=server.url, patience=lambda: Patience(tries=3, first=0.001))
    letter = Envelope(
        f"<{CANARY}@x.example>", ADDRESS, (f"{CANARY}@esp.example",), b"To: canary-7f3a@esp.example\r\n" + RAW
    )
    if fault:
        status, after = fault.split()[0], "after" in fault
        more = {"how": "cut"} if status == "cut" else {"status": int(status)}
        server.strike("mailFolders/delta|messages|value$|send$|move$", after=after, times=3, **more)
    with caged() as cage:
        for _ in range(3):
            told(lambda: work(GraphMailbox(settings)), cage, ADDRESS, SECRET)
            told(lambda: GraphMailer(settings).send(letter), cage, ADDRESS, SECRET)
    assert sign_in.given
    assert cage.heard(*sign_in.given, "reporter") == []
    server.stop()
    sign_in.stop()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    sink = SmtpSink().start()
    yield sink
    sink.stop()


def test_nothing_is_told_when_a_letter_leaves_or_fails(sink: SmtpSink) -> None:
    settings = SmtpSettings("out", "127.0.0.1", sink.port, Tls.NONE, command_seconds=2, final_seconds=2)
    letter = Envelope(f"<{CANARY}@x.example>", f"{CANARY}@hotline.example", (f"{CANARY}@esp.example",), RAW)
    with caged() as cage:
        for step in ("", *STEPS):
            for fault in FAULTS:
                sink.fault = lambda at, step=step, fault=fault: fault if at == step else ""  # type: ignore[misc]
                mailer = SmtpMailer(settings)
                told(lambda mailer=mailer: mailer.send(letter), Quiet(cage))
                mailer.close()


LETTER = (
    f"Message-ID: <{CANARY}-2@x.example>\r\nTo: {CANARY}@esp.example\r\nSubject: {CANARY}\r\n\r\n{CANARY}\r\n".encode()
)
EWS_OPERATIONS = (
    "GetFolder",
    "SyncFolderItems",
    "GetItem",
    "UpdateItem",
    "MoveItem",
    "CreateItem",
    "FindItem",
    "SendItem",
)


def ews_work(login: EwsSettings) -> None:
    """Use every part of the port, and send a letter."""
    mailer = EwsMailer(login)
    letter = Envelope(f"<{CANARY}-2@x.example>", f"{CANARY}@hotline.example", (f"{CANARY}@esp.example",), LETTER)
    box = EwsMailbox(login)
    try:
        work(box)
        mailer.send(letter)
    finally:
        mailer.close()
        box.close()


@pytest.mark.parametrize("auth", ["basic", "ntlm", "oauth"])
def test_nothing_is_told_on_exchange(tmp_path: Path, auth: str) -> None:
    for _ in ntlm_users(tmp_path):
        server = EwsServer(auth=auth).start()
        server.store.add(server.store.at("INBOX").id, RAW)
        server.store.add(server.store.at("INBOX").id, RAW + b"x" * (1 << 20))
        where = {"port": server.port, "tls": Tls.NONE, "token": lambda: TOKEN, "command_seconds": 5.0}
        login = EwsSettings("box", "127.0.0.1", server.store.address, USER, PASSWORD, auth, **where)  # type: ignore[arg-type]
        with caged() as cage:
            told(partial(ews_work, login), cage, USER, PASSWORD, TOKEN, server.store.address)
            wrong = replace(login, password=f"{CANARY} wrong", token=lambda: f"{CANARY}-wrong")
            told(EwsMailbox(wrong).open, cage, USER)
        server.stop()
        assert len(server.store.outgoing) == 1


@pytest.mark.parametrize("operation", EWS_OPERATIONS)
def test_whatever_fails_on_exchange_nothing_is_told(operation: str) -> None:
    server = EwsServer().start()
    server.store.add(server.store.at("INBOX").id, RAW)
    where = {"port": server.port, "tls": Tls.NONE, "command_seconds": 1.0}
    login = EwsSettings("box", "127.0.0.1", server.store.address, USER, PASSWORD, "basic", **where)  # type: ignore[arg-type]
    with caged() as cage:
        for fault in EWS_FAULTS:
            server.fault = lambda asked, fault=fault: fault if asked == operation else ""  # type: ignore[misc]
            told(partial(ews_work, login), cage, USER, PASSWORD, server.store.address)
        server.fault = lambda asked: ""
        server.exchange.broken = {operation: "ErrorInvalidPropertyRequest"}
        told(partial(ews_work, login), cage, USER, PASSWORD, server.store.address)
    server.stop()


class Quiet(Cage):
    """The sink's own words are not ours: aiosmtpd logs in this same process."""

    def __init__(self, cage: Cage) -> None:
        super().__init__()
        self.lines = cage.lines

    def heard(self, *words: str) -> list[str]:
        return [name for name in super().heard(*words) if not name.startswith(("mail.", "aiosmtpd", "asyncio"))]
