"""Microsoft's ways to an access token: the application for itself (msal), or a person's refresh token."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import msal

from daemon.accounts import _grants
from daemon.accounts.http import Answer, Web
from daemon.accounts.oauth import OAuthSettings
from daemon.accounts.quiet import silence
from daemon.accounts.tokens import Given, Use
from daemon.errors import ConfigError, NoticedError

_OUTLOOK = "https://outlook.office365.com"
_PERSONS = {
    Use.IMAP: "https://outlook.office.com/IMAP.AccessAsUser.All",
    Use.SMTP: "https://outlook.office.com/SMTP.Send",
    Use.EWS: "https://outlook.office.com/EWS.AccessAsUser.All",
}
_GRAPH = ("Mail.ReadWrite", "Mail.Send", "MailboxSettings.ReadWrite")


def asker(settings: OAuthSettings, use: Use, where: str, resource: str) -> Callable[[], Given]:
    web = Web(settings.login_url, where, ca_file=settings.ca_file)
    if settings.delegated:
        url = f"{settings.login_url}/{settings.tenant}/oauth2/v2.0/token"
        scope = settings.scope or _persons_scope(use, resource)
        return lambda: _grants.refreshed(settings, web, url, f"{scope} offline_access", where)
    credential = _credential(settings, where)
    scope = settings.scope or f"{resource or _OUTLOOK}/.default"
    return lambda: _for_itself(settings, credential, scope, web, where)


def _persons_scope(use: Use, resource: str) -> str:
    return " ".join(f"{resource}/{right}" for right in _GRAPH) if use is Use.GRAPH else _PERSONS[use]


def _credential(settings: OAuthSettings, where: str) -> str | dict[str, str]:
    if settings.client_secret:
        return settings.client_secret
    blocks = re.findall(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", settings.certificate_key, re.DOTALL)
    if "CERTIFICATE" not in blocks or not any(block.endswith("PRIVATE KEY") for block in blocks):
        raise ConfigError(f"{where}: certificate_key must be PEM with both the private key and the certificate")
    return {
        "private_key": _block("[A-Z ]*PRIVATE KEY", settings),
        "public_certificate": _block("CERTIFICATE", settings),
    }


def _block(name: str, settings: OAuthSettings) -> str:
    found = re.search(rf"-----BEGIN ({name})-----.*?-----END \1-----", settings.certificate_key, re.DOTALL)
    return found[0] + "\n" if found else ""


def _for_itself(settings: OAuthSettings, credential: str | dict[str, str], scope: str, web: Web, where: str) -> Given:
    """Sign in as the application (RFC 6749 section 4.4).

    A new msal application each time: what it keeps of tokens and refusals would outlive ours.
    """
    silence("msal")
    told = _Told(web, where)
    try:
        app = msal.ConfidentialClientApplication(
            settings.client_id,
            client_credential=credential,
            authority=f"{settings.login_url}/{settings.tenant}",
            instance_discovery=False,
            http_client=told,
        )
        found = app.acquire_token_for_client(scopes=[scope])
    except NoticedError:
        raise
    except (ValueError, TypeError, KeyError):
        if told.failed is not None:  # msal makes a fault of its own of it
            raise told.failed from None
        raise ConfigError(
            f"{where}: the sign-in was refused: check tenant, client_id and the secret or certificate"
        ) from None
    return _grants.given(found or {}, where)


class _Told:
    """What msal wants of an HTTP client, over ours; remembers why a call failed."""

    def __init__(self, web: Web, where: str) -> None:
        self._web, self._where = web, where
        self.failed: NoticedError | None = None

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> _Response:
        body = data if isinstance(data, str) else urlencode(data or {})
        kind = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self._ask("POST", _with(url, params), kind, body.encode())

    def get(self, url: str, params: Any = None, headers: Mapping[str, str] | None = None, **_: Any) -> _Response:
        return self._ask("GET", _with(url, params), headers or {}, b"")

    def close(self) -> None:
        self._web.close()

    def _ask(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> _Response:
        try:
            answer = self._web.ask(method, url, headers=headers, content=content)
            _grants.busy(answer, self._where)
            _grants.read(answer, self._where)
        except NoticedError as error:
            self.failed = error
            raise
        return _Response(answer)


class _Response:
    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.headers = dict(answer.headers)
        self.text = answer.body.decode("utf-8", "replace")

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            raise ValueError("status")


def _with(url: str, params: Mapping[str, str] | None) -> str:
    return f"{url}?{urlencode(params)}" if params else url
