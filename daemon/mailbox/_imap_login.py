"""Connects and logs in to an IMAP server, and says in one sentence why it could not."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from daemon.accounts import bearer
from daemon.accounts.oauth import Auth, OAuthSettings, auth_slips
from daemon.accounts.tls import Tls, context
from daemon.errors import ConfigError, TransientError
from daemon.mailbox._imap_wire import Client

# RFC 5530: these say "not now", everything else that refuses a login says "not you"
_NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")


@dataclass(frozen=True)
class ImapSettings:
    """One IMAP account.  ``token`` gives an access token and is asked at every connect; times are in seconds."""

    name: str
    host: str
    user: str = field(repr=False)
    password: str = field(default="", repr=False)
    port: int = 993
    tls: Tls = Tls.IMPLICIT
    ca_file: str | None = None
    auth: Auth = "password"
    oauth: OAuthSettings | None = None
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    inbox: str = "INBOX"
    sent: str | None = None  # None: found by role (RFC 6154)
    connect_seconds: float = 20.0
    login_seconds: float = 60.0  # servers answer a wrong password late on purpose; never below 30
    command_seconds: float = 60.0
    idle_slice: float = 90.0  # with idle_answer: a dead connection is noticed within two minutes
    idle_answer: float = 20.0

    def slips(self) -> Iterator[tuple[str, str]]:
        return auth_slips(self.auth, self.oauth)


def connect(settings: ImapSettings) -> Client:
    """Return a logged-in client.  ConfigError: an administrator must act; TransientError: try again later."""
    client = _reach(settings)
    try:
        client.wire.patience = settings.login_seconds
        _protect(client, settings)
        _log_in(client, settings)
        client.wire.patience = settings.command_seconds
    except BaseException:
        client.wire.shutdown()
        raise
    return client


def _reach(settings: ImapSettings) -> Client:
    where = f"mailbox {settings.name}: {settings.host} port {settings.port}"
    protection = context(settings.host, settings.tls, settings.ca_file)
    try:
        return Client(
            settings.host, settings.port, settings.connect_seconds, protection if settings.tls is Tls.IMPLICIT else None
        )
    except ssl.SSLCertVerificationError as error:
        raise ConfigError(f"{where}: the certificate is not trusted ({error.verify_message})") from None
    except ssl.SSLError:
        raise ConfigError(f'{where} does not speak TLS as configured: is it tls = "starttls"?') from None
    except TimeoutError:
        raise TransientError(f"{where} did not answer within {settings.connect_seconds:g} s") from None
    except (OSError, UnicodeError):
        text = "cannot be reached: are name and port right, and may this machine connect there?"
        raise TransientError(f"{where} {text}") from None
    except imaplib.IMAP4.error:
        raise TransientError(f"{where} turned the connection down, or is no IMAP server") from None


def _protect(client: Client, settings: ImapSettings) -> None:
    if settings.tls is not Tls.STARTTLS:
        return
    where = f"mailbox {settings.name}: {settings.host} port {settings.port}"
    if not client.has_capability("STARTTLS"):
        raise ConfigError(f"{where} does not offer STARTTLS: the password is not sent in the clear")
    try:
        client.starttls(context(settings.host, settings.tls, settings.ca_file))
    except ssl.SSLCertVerificationError as error:
        raise ConfigError(f"{where}: the certificate is not trusted ({error.verify_message})") from None
    except (OSError, imaplib.IMAP4.error):
        raise TransientError(f"{where}: STARTTLS failed") from None


def _log_in(client: Client, settings: ImapSettings) -> None:
    where = f"mailbox {settings.name}: {settings.host}"
    try:
        _say_login(client, settings)
    except TimeoutError:
        raise TransientError(f"{where} did not answer the login within {settings.login_seconds:g} s") from None
    except (OSError, imaplib.IMAP4.abort):
        raise TransientError(f"{where} closed the connection during the login") from None
    except imaplib.IMAP4.error as error:
        if any(code in str(error) for code in _NOT_NOW):
            raise TransientError(f"{where} cannot log anybody in at the moment") from None
        raise ConfigError(f"{where} refused the login: check user and {_secret(settings)}") from None
    except UnicodeError:
        raise ConfigError(f"{where} takes only ASCII in user and password") from None


def _secret(settings: ImapSettings) -> str:
    return "password" if settings.auth == "password" else "access token"


def _say_login(client: Client, settings: ImapSettings) -> None:
    """Log in by imaplib itself: imapclient's own calls make a lost connection look like a refusal."""
    if settings.auth == "password":
        if client.has_capability("AUTH=PLAIN"):  # no quoting trouble, and UTF-8
            said = f"\0{settings.user}\0{settings.password}".encode()
            client.wire.authenticate("PLAIN", lambda _challenge: said)
        else:
            client.wire.login(_quoted(settings.user), settings.password)
    else:
        _bearer(client, settings)
    client.ask_capabilities()


def _quoted(user: str) -> str:
    return '"' + user.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bearer(client: Client, settings: ImapSettings) -> None:
    if settings.token is None:
        raise ConfigError(f'mailbox {settings.name}: auth = "{settings.auth}" needs a source of access tokens')
    first, last = bearer.said(settings.auth, settings.user, settings.token())
    answers = iter((first,))
    client.wire.authenticate(settings.auth.upper(), lambda _challenge: next(answers, last))
