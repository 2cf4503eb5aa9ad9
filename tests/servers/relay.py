"""A TCP relay that counts bytes and IMAP commands, and can cut the line, stall it, or answer in the server's place."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable

_COMMAND = re.compile(rb"^[A-Z]{4,5}\d+ (UID )?([A-Z]+)", re.MULTILINE)


class Relay:
    """Listens at ``port`` and passes everything on to ``target``."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.down = 0  # bytes from the server
        self.commands: list[str] = []
        self.stalled = threading.Event()  # set: bytes are swallowed, the line stays open (half-open TCP)
        self.cut_before: Callable[[bytes], bool] | None = None  # cut when a line of the client answers to this
        self.cut_after: Callable[[bytes], bool] | None = None  # pass it on, and cut before the answer comes back
        self.meets: Callable[[bytes], str | bytes] = lambda line: ""  # "cut", "cut after", "silent", or an answer
        self.silent = False  # with cut_after: keep the line open and pass no answer on
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        self.down, self.commands = 0, []

    def close(self) -> None:
        self._socket.close()
        self.cut()

    def cut(self) -> None:
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for sock in pair:
                _end(sock)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 10)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self.connections += 1
            pair = (client, server)
            self._pairs.append(pair)
            deaf, mute = threading.Event(), threading.Event()  # cut, or no longer passed on, with the next answer
            threading.Thread(target=self._up, args=(pair, deaf, mute), daemon=True).start()
            threading.Thread(target=self._down, args=(pair, deaf, mute), daemon=True).start()

    def _up(self, pair: tuple[socket.socket, socket.socket], deaf: threading.Event, mute: threading.Event) -> None:
        client, server = pair
        try:
            while data := client.recv(1 << 16):
                self.commands += [
                    (b"UID " * bool(found[1]) + found[2]).decode() for found in _COMMAND.finditer(data)
                ] + (["DONE"] if data.startswith(b"DONE") else [])
                if self.stalled.is_set():
                    continue
                if self.cut_before and self.cut_before(data):
                    self.cut_before = None
                    break
                if self.cut_after and self.cut_after(data):
                    self.cut_after = None
                    deaf.set()
                what = self.meets(data)
                if isinstance(what, bytes):
                    client.sendall(what)
                    continue
                if what == "cut":
                    break
                if what == "silent":
                    mute.set()
                if what == "cut after":
                    deaf.set()
                server.sendall(data)
        except OSError:
            pass
        _end(client)
        _end(server)

    def _down(self, pair: tuple[socket.socket, socket.socket], deaf: threading.Event, mute: threading.Event) -> None:
        client, server = pair
        try:
            while data := server.recv(1 << 16):
                if mute.is_set() or (deaf.is_set() and self.silent):
                    continue
                if deaf.is_set():
                    break
                if not self.stalled.is_set():
                    self.down += len(data)
                    client.sendall(data)
        except OSError:
            pass
        _end(client)
        _end(server)


def _end(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()
