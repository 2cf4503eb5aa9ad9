"""The bytes of an IMAP connection: a deadline on every command, and a look at what has arrived without waiting."""

from __future__ import annotations

import imaplib
import io
import select
import socket
import ssl
from time import monotonic
from typing import Any, cast

from imapclient import IMAPClient, SocketTimeout

from daemon.accounts.quiet import silence

_LINE = 16 << 20  # a search result of a million messages; imaplib's own limit ends at about 150,000
_LOGGERS = ("imapclient", "imapclient.imapclient", "imapclient.imaplib", "imapclient.util")
_LITERAL = 8 << 20  # nothing that we ask for is larger


class _Stream(io.RawIOBase):
    """Reads a socket until a deadline; with ``waiting`` False it returns None instead of waiting."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.waiting = True
        self.ended = False
        self.deadline = monotonic() + 60

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.deadline - monotonic() if self.waiting else 0.0
        if self.waiting and left <= 0:
            raise TimeoutError("deadline")
        self.sock.settimeout(left)
        try:
            count = self.sock.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            if self.waiting:
                raise TimeoutError("deadline") from None
            return None
        self.ended = count == 0
        return count


class Wire(imaplib.IMAP4):
    """imaplib over our own stream; ``patience`` is the time in seconds that one command may take."""

    patience: float = 60.0

    def __init__(self, host: str, port: int, connect: float, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._connect_seconds = connect
        self.patience = connect
        super().__init__(host, port, timeout=connect)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        sock = socket.create_connection((host, port), timeout or self._connect_seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # imapclient writes a line in two pieces
        try:
            self._use(self._tls.wrap_socket(sock, server_hostname=host) if self._tls else sock)
        except BaseException:
            sock.close()
            raise

    def _use(self, sock: socket.socket) -> None:
        self.sock = sock
        self._stream = _Stream(sock)
        self._stream.deadline = monotonic() + self.patience
        self._buffer = io.BufferedReader(self._stream, 65536)

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """Upgrade (RFC 3501 section 6.2.1).  Plain text that came after the answer is an injection and ends it."""
        if ssl_context is None or "STARTTLS" not in self.capabilities:
            raise self.error("no STARTTLS")
        typ, data = self._simple_command("STARTTLS")
        if typ != "OK":
            raise self.error("STARTTLS refused")
        if self.pending():
            raise self.abort("plain text after STARTTLS")
        sock = self.sock
        sock.settimeout(self.patience)
        self._use(ssl_context.wrap_socket(sock, server_hostname=self.host))
        self.untagged_responses.clear()
        self._get_capabilities()
        return typ, data

    def read(self, size: int) -> bytes:
        if size > _LITERAL:
            raise self.abort("literal too large")
        data = self._buffer.read(size) or b""
        if len(data) < size:
            raise self.abort("socket error: EOF")
        return data

    def readline(self) -> bytes:
        line = self._buffer.readline(_LINE + 1)
        if len(line) > _LINE:
            raise self.abort("line too long")
        return line

    def send(self, data: Any) -> None:
        self._stream.deadline = monotonic() + self.patience
        sock = self.sock
        sock.settimeout(self.patience)
        sock.sendall(data)

    def shutdown(self) -> None:
        sock = cast("socket.socket | None", getattr(self, "sock", None))
        if sock is not None:
            sock.close()

    def pending(self) -> bool:
        """Return True if bytes (or the end of the connection) can be read without waiting."""
        self._stream.waiting = False
        try:
            return bool(self._buffer.peek(1)) or self._stream.ended
        except OSError:
            return True  # reading on will tell the error
        finally:
            self._stream.waiting = True

    def wait(self, seconds: float, also: int) -> bool:
        """Wait until something can be read (True), or descriptor ``also`` becomes readable or time is up (False)."""
        end = monotonic() + seconds
        poller = select.poll()
        poller.register(self.sock.fileno(), select.POLLIN)
        poller.register(also, select.POLLIN)
        while True:
            if self.pending():
                return True
            ready = dict(poller.poll(max(0, int((end - monotonic()) * 1000))))
            if also in ready or not ready:
                return False


class Client(IMAPClient):  # type: ignore[misc]
    """imapclient over a ``Wire``: it logs nothing, and a folder's name or a mail's text never reaches a logger."""

    def __init__(self, host: str, port: int, connect: float, tls: ssl.SSLContext | None) -> None:
        silence(*_LOGGERS)
        self._wire_tls = tls
        self._wire_connect = connect
        # SocketTimeout: only the connect time counts, reading has the wire's own deadline
        super().__init__(host, port, ssl=False, timeout=SocketTimeout(connect, connect))
        self.normalise_times = False  # INTERNALDATE as aware times
        self.wire.debug = 0  # imapclient's 5 formats every literal for a log: six times slower, and all mail text in it

    def _create_IMAP4(self) -> Wire:  # noqa: N802 - imapclient's name
        return Wire(self.host, self.port, self._wire_connect, self._wire_tls)

    def ask_capabilities(self) -> None:
        """Learn what the server offers now: more than before the login, as a rule."""
        self._cached_capabilities = None
        self.capabilities()

    @property
    def wire(self) -> Wire:
        return cast("Wire", self._imap)

    @property
    def untagged(self) -> dict[str, list[Any]]:
        return self.wire.untagged_responses
