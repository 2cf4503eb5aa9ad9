"""How a mailbox on an Exchange Server is reached and logged in to; nothing is connected and no library loaded yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeVar

from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.tls import Tls, is_loopback
from daemon.accounts.tokens import Use, source
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
    oauth: OAuthSettings | None = None
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
        if "/" in self.host or "@" in self.host:
            yield "host", 'must be the name only, like "mail.hotline.example"; path and port have settings of their own'
        if self.tls is Tls.STARTTLS:
            yield "tls", 'must be "implicit": EWS is spoken over HTTPS and knows no STARTTLS'
        elif self.tls is Tls.NONE and not is_loopback(self.host):
            yield "tls", f'"none" is only allowed on this machine, not to {self.host}: write "implicit"'
        yield from self._oauth_slips() if self.auth == "oauth" else self._password_slips()
        if not self.path.startswith("/"):
            yield "path", 'must begin with "/", like "/EWS/Exchange.asmx"'

    def _password_slips(self) -> Iterator[tuple[str, str]]:
        if self.oauth is not None:
            yield "auth", 'must be "oauth" where an oauth table is given'
        if not self.user:
            yield "user", f'is missing; auth = "{self.auth}" needs it'
        if not self.password:
            yield "password", f'is missing; auth = "{self.auth}" needs it (password_file)'

    def _oauth_slips(self) -> Iterator[tuple[str, str]]:
        if self.oauth is None and self.token is None:
            yield "oauth", 'is missing; auth = "oauth" needs an oauth table with a provider'
        if self.oauth is not None and self.oauth.provider != "microsoft":
            yield "oauth", 'must have provider = "microsoft": no other gives tokens for Exchange'
        elif self.oauth is not None and not self.oauth.delegated and not self.impersonate:
            yield "impersonate", "must be true where the application signs in for itself: it acts for this address"


def is_online(host: str) -> bool:
    """Whether ``host`` is one of Exchange Online's."""
    name = host.lower().rstrip(".")
    return any(name == one or name.endswith("." + one) for one in _ONLINE)


L = TypeVar("L", bound=EwsLogin)


def check(login: EwsLogin) -> None:
    """Raise ConfigError for what can be told before anything is connected."""
    problems = [f"mailbox {login.name}: {name} {text}" for name, text in login.slips()]
    if problems:
        raise ConfigError(*problems)


def signed_in(login: L) -> L:
    """Give a checked login its source of tokens, which all its connections then share."""
    check(login)
    if login.oauth is None or login.token is not None:
        return login
    resource = f"https://{login.host}"
    rights = f"{resource}/EWS.AccessAsUser.All" if login.oauth.delegated and not is_online(login.host) else ""
    settings = replace(login.oauth, scope=login.oauth.scope or rights)
    return replace(login, token=source(settings, Use.EWS, login.user, f"mailbox {login.name}", resource))


def connect(login: EwsLogin) -> Wire:
    """Return the way to the server; exchangelib is loaded only now, and nothing is said to the server yet."""
    try:
        import_module("exchangelib")
    except ImportError:
        raise ConfigError(
            f'mailbox {login.name}: kind = "ews" needs exchangelib; install noticed with its extra "exchange"'
        ) from None
    from daemon.accounts.ews_wire import Wire

    return Wire(login)
