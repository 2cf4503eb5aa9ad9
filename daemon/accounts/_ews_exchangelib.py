"""exchangelib with its own ways of retrying, caching, guessing and logging switched off: it carries what we write."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import requests
from exchangelib import Account, Configuration
from exchangelib.credentials import DELEGATE, IMPERSONATION
from exchangelib.ewsdatetime import UTC
from exchangelib.protocol import Protocol, RetryPolicy
from exchangelib.services import GetStreamingEvents
from exchangelib.services.common import EWSAccountService
from exchangelib.transport import NOAUTH
from exchangelib.version import EXCHANGE_2016, Version

from daemon.accounts.ews import EwsLogin
from daemon.accounts.ews_http import Adapter, authentication
from daemon.accounts.ews_xml import Xml, first, parsed, text_of
from daemon.accounts.patience import retry_after
from daemon.accounts.quiet import silence

_NOSY = ("exchangelib", "requests", "requests_ntlm", "requests_oauthlib", "oauthlib", "spnego", "urllib3")


def be_quiet() -> None:
    """exchangelib logs requests and answers whole, at ERROR too; its friends log headers and names."""
    silence(*_NOSY)


class Refused(Exception):
    """The server answered with an HTTP status that is no EWS answer; ``retry_after`` in seconds."""

    def __init__(self, status: int, retry_after: float | None, token: str = "") -> None:
        super().__init__(status)
        self.status, self.retry_after, self.token = status, retry_after, token


class _Policy(RetryPolicy):  # type: ignore[misc]
    """Never sleeps and never repeats: the daemon's own loops wait, and can be woken."""

    fail_fast = True
    back_off_until = None

    def back_off(self, _seconds: float) -> None:
        """Nothing is waited for here."""

    def raise_response_errors(self, response: requests.Response) -> None:
        fault = response.status_code == 500 and b"Envelope" in response.content[:400]
        if response.status_code != 200 and not fault:
            asked = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
            said = str(response.request.headers.get("Authorization", ""))
            raise Refused(response.status_code, asked, said.removeprefix("Bearer "))


class _Protocol(Protocol):  # type: ignore[misc]
    """One connection of one login, shared with nobody."""

    login: EwsLogin

    def create_session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no proxy and no password of the environment
        session.headers.update(
            {"Content-Type": "text/xml; charset=utf-8", "Accept-Encoding": "gzip", "User-Agent": "noticed"}
        )
        session.auth = authentication(self.login)
        session.mount("https://", Adapter(self.login))
        session.mount("http://", Adapter(self.login))
        session.session_id, session.usage_count = 0, 0  # type: ignore[attr-defined]
        return session


class _Account(Account):  # type: ignore[misc]
    """exchangelib keeps one protocol for all who use the same login, and its faults with it: ours is our own."""

    def __init__(self, login: EwsLogin, config: Configuration) -> None:
        access = IMPERSONATION if login.impersonate else DELEGATE
        super().__init__(login.address, access_type=access, config=config, default_timezone=UTC, locale="en")
        del Protocol[config]
        self.protocol = type.__call__(_Protocol, config=config)
        self.protocol.login = login
        self.protocol.TIMEOUT = (login.connect_seconds, login.command_seconds)


def account_of(login: EwsLogin) -> Account:
    scheme = "https" if login.tls.value == "implicit" else "http"
    return _Account(
        login,
        Configuration(
            service_endpoint=f"{scheme}://{login.host}:{login.port}{login.path}",
            auth_type=NOAUTH,  # the session logs in by itself
            version=Version(build=EXCHANGE_2016),
            retry_policy=_Policy(),
            max_connections=1,
        ),
    )


class _Service(EWSAccountService):  # type: ignore[misc]
    """One operation: the request as we write it, the answers as the server writes them."""

    def messages(self, request: Xml) -> list[Xml]:
        return list(self._get_response_xml(payload=request))

    @property
    def _timezone(self) -> None:
        return None

    def _api_versions_to_try(self) -> tuple[str, ...]:
        return (EXCHANGE_2016.api_version(),)

    def _update_api_version(self, api_version: str, header: Xml) -> None:
        """What we say is the same to every server."""

    @classmethod
    def _get_soap_parts(cls, response: requests.Response) -> tuple[Xml, Xml]:
        root = parsed(response.content)
        body = first(root, "s:Body")
        if body is None:
            raise ValueError("no body")
        return None, body


@cache
def operation_of(name: str) -> type[_Service]:
    """The service of one operation.  A subscription lives on one of several servers, and its stream must reach that."""
    return type(name, (_Service,), {"SERVICE_NAME": name, "prefer_affinity": name == "Subscribe"})


class Stream(GetStreamingEvents):  # type: ignore[misc]
    """Notifications as they come."""

    def messages(self, subscription: str, minutes: int, login: EwsLogin) -> Iterator[Xml]:
        self.streaming, self.timeout = True, (login.connect_seconds, login.stream_seconds)
        try:
            for message in self._get_response_xml(payload=self.get_payload([subscription], minutes)):
                yield message
                if text_of(message, "m:ConnectionStatus") == "Closed":
                    return
        finally:
            self.stop_streaming()

    @property
    def _timezone(self) -> None:
        return None

    def _api_versions_to_try(self) -> tuple[str, ...]:
        return (EXCHANGE_2016.api_version(),)
