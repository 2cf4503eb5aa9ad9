"""A small HTTP server on loopback whose answers a test writes, and which can cut, stall and drip."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Told:
    """``how``: "" answers, "cut" closes without a word, "stall" says nothing until the server stops, "drip" never ends."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    how: str = ""

    @classmethod
    def of(cls, value: Any, status: int = 200, **headers: str) -> Told:
        kind = {"Content-Type": "application/json"}
        return cls(status, json.dumps(value).encode(), {**kind, **{k.replace("_", "-"): v for k, v in headers.items()}})


class Web:
    """``answer`` is asked in the thread of each connection; ``tls`` makes it an https server."""

    def __init__(self, answer: Callable[[Asked], Told], tls: ssl.SSLContext | None = None) -> None:
        owner = self
        self.stopping = threading.Event()
        self.connections = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def setup(self) -> None:
                owner.connections += 1
                super().setup()
                owner.open.append(self.connection)

            def log_message(self, *_: Any) -> None:
                """Nothing of it is of interest."""

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                told = answer(Asked(self.command, parts.path, query, self.headers, body))
                if told.how == "cut":
                    self.close_connection = True
                elif told.how == "stall":
                    owner.stopping.wait(60)
                    self.close_connection = True
                elif told.how == "drip":
                    self._drip()
                else:
                    self._tell(told)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

            def _tell(self, told: Told) -> None:
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(told.body)))
                self.end_headers()
                self.wfile.write(told.body)
                self.wfile.flush()

            def _drip(self) -> None:
                self.close_connection = True
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not owner.stopping.wait(0.02):
                    self.wfile.write(b"x")
                    self.wfile.flush()

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: Any) -> None:
                """A client that went away is no news."""

        self.open: list[Any] = []
        self._server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = int(self._server.server_address[1])
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self.cut()

    def cut(self) -> None:
        """Close every connection, as a restart does."""
        connections, self.open = self.open, []
        for connection in connections:
            try:
                connection.close()
            except OSError:
                pass
