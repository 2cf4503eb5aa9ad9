"""Answers /livez, /readyz and /metrics on loopback or a unix socket; tells no names and no addresses."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from daemon.errors import ConfigError

Probe = Callable[[], tuple[bool, str]]  # (is it well, one line of closed words)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_WRONG = "cannot be used: is it a port that this user may use, or a file in a folder that is there and may be written?"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 16
    answers: dict[str, Callable[[], tuple[int, bytes]]]


class _Server6(_Server):
    address_family = socket.AF_INET6


class _UnixServer(_Server):
    address_family = socket.AF_UNIX

    def server_bind(self) -> None:
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "noticed", 0

    def get_request(self) -> tuple[Any, Any]:
        request, _ = self.socket.accept()
        return request, ("unix", 0)


class _Handler(BaseHTTPRequestHandler):
    timeout = 5
    server: _Server

    def do_GET(self) -> None:
        answer = self.server.answers.get(self.path)
        code, body = answer() if answer else (404, b"not found\n")
        self.send_response(code)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Requests are not logged."""


def serve(listen: str, live: Probe, ready: Probe, metrics: Callable[[], bytes]) -> Callable[[], None]:
    """Serve in a thread of its own; return what stops it.  ``listen``: "127.0.0.1:9464" or "unix:/path"."""
    server = _bind(listen)
    server.answers = {
        "/livez": lambda: _probe(live),
        "/readyz": lambda: _probe(ready),
        "/metrics": lambda: (200, metrics()),
    }
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()

    def stop() -> None:
        server.shutdown()
        server.server_close()

    return stop


def _probe(probe: Probe) -> tuple[int, bytes]:
    well, text = probe()
    return (200 if well else 503), text.encode() + b"\n"


def _bind(listen: str) -> _Server:
    try:
        if listen.startswith("unix:"):
            path = Path(listen.removeprefix("unix:"))
            _remove_stale(path)
            return _UnixServer(str(path), _Handler)  # type: ignore[arg-type]  # a unix address is a path
        host, _, port = listen.rpartition(":")
        if host.strip("[]") not in _LOOPBACK or not port.isdigit():
            raise ConfigError('health.listen: must be like "127.0.0.1:9464" (this machine only) or "unix:/path"')
        return (_Server6 if ":" in host else _Server)((host.strip("[]"), int(port)), _Handler)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is taken by another program; name another one, or end that program" if taken else _WRONG
        raise ConfigError(f"health.listen: {listen} {why}") from None


def _remove_stale(path: Path) -> None:
    """Take away the socket of a dead process; one that somebody still answers at is left alone."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            if not path.is_socket():
                raise OSError(errno.EADDRINUSE, "another file") from None
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        else:
            raise OSError(errno.EADDRINUSE, "in use")
