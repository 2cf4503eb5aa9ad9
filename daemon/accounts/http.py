"""The only HTTP client: verified TLS, a deadline on every call as a whole, no redirects, no proxies, nothing logged."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from daemon.accounts.patience import retry_after
from daemon.accounts.quiet import silence
from daemon.accounts.tls import Tls, context, secure
from daemon.errors import ConfigError, TransientError

_LARGEST = 64 << 20  # bytes of one answer
_CHUNK = 1 << 16


class Lost(TransientError):
    """No answer came.  ``said``: whether the other side may have heard the request."""

    def __init__(self, text: str, *, said: bool) -> None:
        super().__init__(text)
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``retry_after``: seconds that the other side asks us to wait."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    retry_after: float | None = None


class _Deadline:
    """When the present call must be over, by the monotonic clock."""

    def __init__(self) -> None:
        self.at = 0.0

    def left(self, timeout: float | None) -> float:
        rest = self.at - monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout("deadline")
        return rest if timeout is None else min(rest, timeout)


class _Stream(httpcore.NetworkStream):
    """A connection on which no single byte that trickles in prolongs the call."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        inner = super().connect_tcp(host, port, self._deadline.left(timeout), local_address, socket_options)
        return _Stream(inner, self._deadline)


class Web:
    """One host, kept connected; used by one thread at a time.  ``where`` names it in errors."""

    def __init__(self, base: str, where: str, *, ca_file: str | None = None, seconds: float = 60.0) -> None:
        parts = urlsplit(base)
        if not secure(base):
            raise ConfigError(f"{where}: the address must begin with https://")
        self._origin = (parts.scheme, parts.netloc)
        self._where, self._seconds = where, seconds
        self._deadline = _Deadline()
        tls = context(parts.hostname or "", Tls.IMPLICIT, ca_file) or ssl.create_default_context()
        transport = httpx.HTTPTransport(verify=tls, trust_env=False)
        backend = _Backend(self._deadline)
        # httpx gives no other way to a connection of one's own making
        transport._pool = httpcore.ConnectionPool(ssl_context=tls, network_backend=backend, max_connections=4)  # noqa: SLF001
        timeout = httpx.Timeout(seconds, connect=min(20.0, seconds))
        self._client = httpx.Client(transport=transport, timeout=timeout, trust_env=False, follow_redirects=False)
        silence("httpx", "httpcore")

    def close(self) -> None:
        """Let go of the connections; a next call makes new ones.  Never raises."""
        try:
            self._client._transport.close()  # noqa: SLF001 - the client itself could not be opened again
        except (httpx.HTTPError, OSError, RuntimeError):
            pass

    def ask(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes = b"") -> Answer:
        """Make one call to this host.  Raises Lost when no answer came, ConfigError when it is not to be trusted."""
        if urlsplit(url)[:2] != self._origin:
            raise TransientError(f"{self._where}: the server names an address at another host; it is not followed")
        self._deadline.at = monotonic() + self._seconds
        try:
            request = self._client.build_request(method, url, headers=dict(headers or {}), content=content or None)
            answer = self._client.send(request, stream=True)
            try:
                return self._answer(answer)
            finally:
                answer.close()
        except (httpx.HTTPError, httpcore.ReadTimeout, OSError) as error:
            raise self._lost(error) from None
        except (ValueError, RuntimeError, httpx.InvalidURL):
            raise Lost(f"{self._where}: the answer could not be read", said=True) from None

    def _answer(self, answer: httpx.Response) -> Answer:
        body = bytearray()
        for piece in answer.iter_bytes(_CHUNK):
            body += piece
            if len(body) > _LARGEST:
                raise Lost(f"{self._where}: the answer is too large", said=True)
        asked = retry_after(answer.headers.get("retry-after"), answer.headers.get("date"))
        return Answer(answer.status_code, answer.headers, bytes(body), asked)

    def _lost(self, error: BaseException) -> Exception:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return ConfigError(f"{self._where}: the certificate is not trusted ({cause.verify_message})")
            cause = cause.__cause__ or cause.__context__
        unsaid = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        if isinstance(error, httpx.TimeoutException | httpcore.ReadTimeout):
            return Lost(f"{self._where} did not answer within {self._seconds:g} s", said=not unsaid)
        text = "cannot be reached" if unsaid else "closed the connection without an answer"
        return Lost(f"{self._where} {text}", said=not unsaid)
