"""How a mailbox in Exchange Online is reached by Microsoft Graph; nothing is connected and no library loaded yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.patience import Bell, Patience
from daemon.accounts.tls import secure
from daemon.errors import ConfigError

if TYPE_CHECKING:
    from daemon.accounts.graph_http import Graph


@dataclass(frozen=True)
class GraphLogin:
    """One mailbox in Exchange Online.  ``token`` gives an access token in place of ``oauth``; times are in seconds."""

    name: str
    address: str = field(repr=False)
    oauth: OAuthSettings | None = None
    token: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    url: str = "https://graph.microsoft.com"  # other clouds have others
    ca_file: str | None = None
    call_seconds: float = 60.0
    patience: Callable[[], Patience] = field(default=Patience, repr=False, compare=False)

    def slips(self) -> Iterator[tuple[str, str]]:
        """What no single value shows: (the setting, what is wrong with it)."""
        if self.oauth is None:
            yield "oauth", 'is missing; kind = "graph" needs a table [mailbox.oauth]'
        elif self.oauth.provider != "microsoft":
            yield "oauth.provider", 'must be "microsoft"; for Google write kind = "imap" with auth = "xoauth2"'
        if not secure(self.url):
            yield "url", 'must begin with "https://"'


def check(login: GraphLogin) -> None:
    """Raise ConfigError when a package that Graph needs is missing."""
    try:
        import_module("daemon.accounts.graph_http")
    except ModuleNotFoundError as error:
        raise ConfigError(
            f'mailbox {login.name}: kind = "graph" needs {error.name}; install noticed with its extra "graph"'
        ) from None


def connect(login: GraphLogin, bell: Bell | None = None) -> Graph:
    """Return the way to the server; httpx and msal are loaded only now, and nothing is said to the server yet."""
    check(login)
    from daemon.accounts.graph_http import Graph

    return Graph(login, bell or Bell())
