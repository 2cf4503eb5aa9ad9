"""``[mailbox.oauth]``: who signs in where to get access tokens; Microsoft and Google are known by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from daemon.accounts.tls import secure

Auth = Literal["password", "xoauth2", "oauthbearer"]  # how a mail program logs in; the last two by RFC 7628
_LOGIN = {"microsoft": "https://login.microsoftonline.com", "google": "https://oauth2.googleapis.com"}


@dataclass(frozen=True)
class OAuthSettings:
    """One sign-in.  Microsoft: a secret, certificate or refresh token; Google: a refresh token or service account.

    ``certificate_key`` is PEM with the private key and the certificate; ``service_account_key`` is Google's JSON.
    ``keep_at``: a file that the daemon writes, for refresh tokens that are replaced with each use.
    """

    provider: Literal["microsoft", "google"]
    tenant: str = ""  # Microsoft: the directory's id or domain
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    certificate_key: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    service_account_key: str = field(default="", repr=False)
    keep_at: Path | None = None
    login: str = ""  # "": the provider's own; another cloud's address otherwise
    scope: str = ""  # "": what the use needs
    ca_file: str | None = None

    @property
    def login_url(self) -> str:
        return (self.login or _LOGIN[self.provider]).rstrip("/")

    @property
    def delegated(self) -> bool:
        """Whether a person signed in once (refresh token), instead of the application for itself."""
        return bool(self.refresh_token)

    def slips(self) -> Iterator[tuple[str, str]]:
        if self.login and not secure(self.login):
            yield "login", 'must begin with "https://"'
        yield from self._microsoft() if self.provider == "microsoft" else self._google()

    def _microsoft(self) -> Iterator[tuple[str, str]]:
        if not re.fullmatch(r"[A-Za-z0-9.-]+", self.tenant):
            yield "tenant", "is missing or no directory; write its id or a domain of it"
        if not self.client_id:
            yield "client_id", "is missing; write the application's id"
        if self.service_account_key:
            yield (
                "service_account_key",
                "is Google's; for Microsoft give client_secret, certificate_key or refresh_token",
            )
        if (
            sum(map(bool, (self.client_secret and not self.refresh_token, self.certificate_key, self.refresh_token)))
            != 1
        ):
            yield "client_secret", "must be the one way in; give one of client_secret, certificate_key, refresh_token"

    def _google(self) -> Iterator[tuple[str, str]]:
        if self.certificate_key:
            yield "certificate_key", "is Microsoft's; for Google give refresh_token or service_account_key"
        if bool(self.refresh_token) == bool(self.service_account_key):
            yield "refresh_token", "must be the one way in; give one of refresh_token, service_account_key"
        elif self.refresh_token and not (self.client_id and self.client_secret):
            yield "client_secret", "is missing; a refresh token of Google needs client_id and client_secret"


def auth_slips(auth: Auth, oauth: OAuthSettings | None) -> Iterator[tuple[str, str]]:
    """What does not fit between the way to log in and its source of tokens."""
    if auth == "password" and oauth is not None:
        yield "auth", 'must be "xoauth2" or "oauthbearer" where an oauth table is given'
    if auth != "password" and oauth is None:
        yield "oauth", f'is missing; auth = "{auth}" needs an oauth table with a provider'
