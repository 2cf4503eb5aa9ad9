"""The HTTP below EWS: how we log in, whom we trust, and a deadline on every answer as a whole."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import requests
import requests_ntlm
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.exceptions import NewConnectionError

from daemon.accounts.ews import EwsLogin
from daemon.accounts.tls import context

_MOST_BYTES = 64 << 20  # of one answer
_CHUNK = 1 << 16


class Adapter(HTTPAdapter):
    """One kept connection.  An answer must have come whole within the login's ``command_seconds``."""

    def __init__(self, login: EwsLogin) -> None:
        self._context = context(login.host, login.tls, login.ca_file)
        self._seconds, self._ntlm = login.command_seconds, login.auth == "ntlm"
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self._context is not None:
            kwargs["ssl_context"] = self._context
        super().init_poolmanager(*args, **kwargs)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """The context says whom we trust."""

    def send(self, request: Any, stream: bool = False, *args: Any, **kwargs: Any) -> requests.Response:
        end = monotonic() + self._seconds
        response = super().send(request, True, *args, **kwargs)
        binding = self._ntlm and response.status_code == 401  # NTLM binds itself to the channel, which reading lets go
        if not stream and not binding:
            self._read(response, end)
        return response

    def _read(self, response: requests.Response, end: float) -> None:
        """A server that drips keeps every single read alive, so the whole is timed."""
        chunks, size = [], 0
        try:
            while chunk := response.raw.read1(_CHUNK, decode_content=True):
                chunks.append(chunk)
                size += len(chunk)
                if monotonic() > end or size > _MOST_BYTES:
                    raise requests.ReadTimeout
        except requests.RequestException:
            response.close()
            raise
        except Exception:  # noqa: BLE001 - urllib3's errors and the socket's own: the answer is lost
            response.close()
            raise requests.ConnectionError from None
        response._content, response._content_consumed = b"".join(chunks), True  # noqa: SLF001 - as requests itself does
        response.raw.release_conn()


def authentication(login: EwsLogin) -> AuthBase:
    if login.auth == "oauth" and login.token is not None:
        return _Bearer(login.token)
    if login.auth == "basic":
        return HTTPBasicAuth(login.user.encode(), login.password.encode())
    ntlm: AuthBase = requests_ntlm.HttpNtlmAuth(login.user, login.password)
    return ntlm


class _Bearer(AuthBase):
    """Asks for the access token at every request: it may have been renewed meanwhile."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        return request


def was_said(error: BaseException | None) -> bool:
    """Whether a request that failed so may have reached the server."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    reason = getattr(error.args[0], "reason", None) if error is not None and error.args else None
    return not isinstance(reason, NewConnectionError)


def is_mistrust(error: BaseException | None) -> bool:
    return isinstance(error, requests.exceptions.SSLError)
