"""How a mailbox on an Exchange Server is reached and logged in to; nothing is connected and no library loaded yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from daemon.accounts.tls import Tls, is_loopback
from daemon.errors import ConfigError

if TYPE_CHECKING:
    from daemon.accounts.ews_wire import Wire

_ONLINE = ("office365.com", "office.com", "outlook.com", "office365.us", "outlook.us", "outlook.cn", "office.de")


@dataclass(frozen=True)
class EwsLogin:
    """One Exchange account.  ``token`` gives an access token and is asked for every request; times are in seconds."""

    name: str
    host: str
    address: str = field(repr=False)  # of the mailbox; a shared one is opened with the login of ``user``
    user: str = field(default="", repr=False)  # DOMAIN\user or user@domain
    password: str = field(default="", repr=False)
    auth: Literal["ntlm", "basic", "oauth"] = "ntlm"
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    port: int = 443
    tls: Tls = Tls.IMPLICIT
    ca_file: str | None = None
    path: str = "/EWS/Exchange.asmx"
    impersonate: bool = False  # act as ``address`` by the role ApplicationImpersonation
    allow_listed: bool = False  # Microsoft lets this app use EWS on Exchange Online for a while
    connect_seconds: float = 20.0
    command_seconds: float = 60.0  # for one whole answer
    stream_seconds: float = 80.0  # silence on a stream of notifications after which it is dead; one lasts a minute

    def slips(self) -> Iterator[tuple[str, str]]:
        """What no single value shows: (the setting, what is wrong with it)."""
        if is_online(self.host) and not self.allow_listed:
            since = "is Exchange Online, where EWS is blocked since 1 October 2026 and ends on 1 April 2027"
            way = 'write kind = "graph" (or allow_listed = true if Microsoft has allow-listed your app)'
            yield "host", f"{self.host} {since}: {way}"
        if self.tls is Tls.STARTTLS:
            yield "tls", 'must be "implicit": EWS is spoken over HTTPS and knows no STARTTLS'
        elif self.tls is Tls.NONE and not is_loopback(self.host):
            yield "tls", f'"none" is only allowed on this machine, not to {self.host}: write "implicit"'
        if self.auth != "oauth" and not self.user:
            yield "user", f'is missing; auth = "{self.auth}" needs it'
        if self.auth != "oauth" and not self.password:
            yield "password", f'is missing; auth = "{self.auth}" needs it (password_file)'
        if not self.path.startswith("/"):
            yield "path", 'must begin with "/", like "/EWS/Exchange.asmx"'


def is_online(host: str) -> bool:
    """Whether ``host`` is one of Exchange Online's."""
    name = host.lower().rstrip(".")
    return any(name == one or name.endswith("." + one) for one in _ONLINE)


def check(login: EwsLogin) -> None:
    """Raise ConfigError for what can be told before anything is connected."""
    problems = [f"mailbox {login.name}: {name} {text}" for name, text in login.slips()]
    if problems:
        raise ConfigError(*problems)


def connect(login: EwsLogin) -> Wire:
    """Return the way to the server; exchangelib is loaded only now, and nothing is said to the server yet."""
    check(login)
    if login.auth == "oauth" and login.token is None:
        raise ConfigError(f'mailbox {login.name}: auth = "oauth" needs a source of access tokens')
    try:
        import_module("exchangelib")
    except ImportError:
        raise ConfigError(
            f'mailbox {login.name}: kind = "ews" needs exchangelib; install noticed with its extra "exchange"'
        ) from None
    from daemon.accounts.ews_wire import Wire

    return Wire(login)
