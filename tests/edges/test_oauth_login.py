"""IMAP and SMTP with access tokens: a real Dovecot that checks their signatures, and a server of our own that sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.tls import Tls
from daemon.errors import ConfigError, TransientError
from daemon.mailbox.imap import ImapSettings, open_mailbox
from daemon.mailer import Envelope, Result
from daemon.mailer.smtp import SmtpSettings, open_mailer
from tests.canary import caged, described
from tests.edges.mailbox_promises import INBOX, ids, mail, read
from tests.servers import dovecot
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.imap_account import OtherProgram
from tests.servers.sign_in import CLIENT, REFRESH, SECRET, TENANT, SignIn
from tests.servers.smtp_sink import USER, SmtpSink
from tests.servers.web import Told

pytestmark = pytest.mark.xdist_group("oauth_login")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def signs(authority: Authority) -> Iterator[SignIn]:
    server = SignIn(authority)
    yield server
    server.stop()


@pytest.fixture
def sign_in(signs: SignIn) -> SignIn:
    signs.refresh, signs.next, signs.seconds = REFRESH, [], 3600
    return signs


@pytest.fixture(params=["secret", "refresh token"])
def oauth(request: pytest.FixtureRequest, sign_in: SignIn) -> OAuthSettings:
    ca = sign_in.authority.ca_file
    found = OAuthSettings("microsoft", TENANT, CLIENT, client_secret=SECRET, login=sign_in.url, ca_file=ca)
    return found if request.param == "secret" else replace(found, client_secret="", refresh_token=REFRESH)


@pytest.fixture(scope="module")
def server(signs: SignIn) -> Iterator[Dovecot]:
    server = Dovecot(token_key=signs.public)
    try:
        yield server.start()
    finally:
        server.remove()


@pytest.fixture(params=["xoauth2", "oauthbearer"])
def imap(request: pytest.FixtureRequest, server: Dovecot, sign_in: SignIn, oauth: OAuthSettings) -> ImapSettings:
    user = sign_in.speaks_for = server.new_user()
    return ImapSettings("box", "127.0.0.1", user, port=server.port, tls=Tls.NONE, auth=request.param, oauth=oauth)


@pytest.mark.dovecot
class TestDovecot:
    def test_a_mailbox_is_read_with_a_token(self, imap: ImapSettings, server: Dovecot) -> None:
        OtherProgram(server.port, imap.user, dovecot.PASSWORD).deliver(mail(1))
        box = open_mailbox(imap)
        assert read(box, box.changes(INBOX, None).new) == ids(1)
        box.close()

    def test_a_token_is_asked_for_at_every_connect_and_replaced_early(
        self, imap: ImapSettings, sign_in: SignIn
    ) -> None:
        sign_in.seconds, before = 299, len(sign_in.given)  # ends too soon to be used twice
        sign_in.rotates = False
        box = open_mailbox(imap)
        for connects in (1, 2, 3):
            box.open()
            box.close()
            assert len(sign_in.given) == before + connects
        sign_in.seconds = 3600
        box.open()
        box.close()
        box.open()
        box.close()
        assert len(sign_in.given) == before + 4

    def test_a_token_that_has_ended_or_is_for_somebody_else_or_of_somebody_else_is_refused(
        self, imap: ImapSettings, sign_in: SignIn, authority: Authority
    ) -> None:
        stranger = SignIn(authority)
        stranger.stop()
        user = imap.user
        for bad in (sign_in.token(user, -60), sign_in.token("box499"), stranger.token(user), "no token at all"):
            box = open_mailbox(replace(imap, token=lambda bad=bad: bad))
            with pytest.raises(ConfigError, match="access token") as raised:
                box.open()
            assert not any(word in described(raised.value) for word in (bad, user))
        box = open_mailbox(replace(imap, token=lambda: sign_in.token(user)))
        box.open()
        box.close()

    def test_a_sign_in_server_that_is_away_is_tried_later(self, imap: ImapSettings, sign_in: SignIn) -> None:
        box = open_mailbox(imap)
        sign_in.next = [Told(503, headers={"Retry-After": "9"})]
        with pytest.raises(TransientError) as raised:
            box.open()
        assert raised.value.retry_after == 9.0
        box.open()
        box.close()

    def test_no_token_is_shown_or_logged(self, imap: ImapSettings, sign_in: SignIn) -> None:
        with caged() as cage:
            box = open_mailbox(imap)
            box.changes(INBOX, None)
            box.close()
            assert sign_in.given[-1] not in repr(box.settings)
        assert cage.heard(*sign_in.given, SECRET, REFRESH, imap.user) == []


LETTER = Envelope("<n1@hotline.example>", USER, ("abuse@esp.example",), b"Subject: Reminder\r\n\r\nStill online?\r\n")


@pytest.fixture(params=["xoauth2", "oauthbearer"])
def smtp(
    request: pytest.FixtureRequest, authority: Authority, sign_in: SignIn, oauth: OAuthSettings
) -> Iterator[tuple[SmtpSink, SmtpSettings]]:
    sink = SmtpSink(tls=authority.server_context(), login=True).start()
    ca = authority.ca_file
    yield sink, SmtpSettings("out", "127.0.0.1", sink.port, ca_file=ca, user=USER, auth=request.param, oauth=oauth)
    sink.stop()


def test_a_letter_leaves_with_a_token(smtp: tuple[SmtpSink, SmtpSettings], sign_in: SignIn) -> None:
    sink, settings = smtp
    sink.tokens = sign_in.tokens
    mailer = open_mailer(settings)
    assert mailer.send(LETTER).result is Result.SENT
    mailer.close()
    assert len(sink.letters) == 1


def test_a_token_that_the_sending_server_refuses_is_a_matter_for_an_administrator(
    smtp: tuple[SmtpSink, SmtpSettings], sign_in: SignIn
) -> None:
    sink, settings = smtp
    with caged() as cage, pytest.raises(ConfigError, match="access token") as raised:
        open_mailer(settings).send(LETTER)
    assert sink.letters == []
    assert sign_in.given[-1] not in described(raised.value)
    told = [name for name in cage.heard(sign_in.given[-1]) if not name.startswith(("mail.", "asyncio"))]
    assert told == []  # the sink itself logs in this process
