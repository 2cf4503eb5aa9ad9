"""Access tokens: asked for at every connect, kept while they are good, asked anew a while before they end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic

from daemon.accounts.oauth import OAuthSettings
from daemon.errors import ConfigError, TransientError

_EARLY = 300.0  # seconds before its end at which a token is replaced


class Use(StrEnum):
    """What a token is for."""

    IMAP = "imap"
    SMTP = "smtp"
    EWS = "ews"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Given:
    """A token as it was given; ``seconds`` is how long it is good."""

    token: str = field(repr=False)
    seconds: float


class Tokens:
    """Gives an access token when called; may be called from several threads."""

    def __init__(self, ask: Callable[[], Given], now: Callable[[], float] = monotonic) -> None:
        self._ask, self._now = ask, now
        self._lock = threading.Lock()
        self._kept = ""
        self._ends = 0.0

    def __call__(self) -> str:
        """Return a token that is good for a while.  ConfigError: the sign-in is refused; TransientError: try later."""
        with self._lock:
            left = self._ends - self._now()
            if self._kept and left > _EARLY:
                return self._kept
            try:
                given = self._ask()
            except TransientError:
                if self._kept and left > 0:
                    return self._kept  # still good: the next call asks again
                raise
            self._kept, self._ends = given.token, self._now() + given.seconds
            return self._kept

    def forget(self, token: str) -> None:
        """Never give ``token`` again: a server refused it."""
        with self._lock:
            if token == self._kept:
                self._kept = ""


def source(settings: OAuthSettings, use: Use, user: str, where: str, resource: str = "") -> Tokens:
    """Return the source of tokens for one ``user``'s mailbox; ``resource``: the host they are for, if not usual."""
    try:
        if settings.provider == "google":
            from daemon.accounts import _google

            return Tokens(_google.asker(settings, user, where))
        from daemon.accounts import _microsoft

        return Tokens(_microsoft.asker(settings, use, where, resource))
    except ModuleNotFoundError as error:
        raise ConfigError(f"{where}: signing in needs the package {error.name}, which is not installed") from None
